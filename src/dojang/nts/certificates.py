"""The archive that 국세청 answers a certificate request with: everybody's certificate for encryption.

A zip of `<registration number>_<e-mail>.der` files and an .ini index. Names of folders in it mean nothing
and nothing is ever written to disk.

Source: KEC 표준전자세금계산서 v3.0, 인증서 요청.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.nts.errors import ArchiveRefused, NoCertificateFor

MAX_ARCHIVE_BYTES = 16 << 20
MAX_FILES = 10_000
MAX_FILE_BYTES = 64 << 10
MAX_TOTAL_BYTES = 64 << 20

_INDEX_NAME = "certificates.ini"
_FILE_NAME = re.compile(r"([0-9]{8})_([^/\\\x00-\x1f]{1,200})\.der", re.IGNORECASE)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_OLDEST = (1980, 1, 1, 0, 0, 0)
# What the standard library lets out on hostile archives.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """A registered system's certificate for encryption: 국세청 등록번호, e-mail address, DER."""

    registration: str
    email: str
    certificate: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificateArchive:
    """All certificates, and the index as it is (its form is not published)."""

    certificates: tuple[RegisteredCertificate, ...]
    index: bytes = field(default=b"", repr=False)

    def current(self, registration: str, at: datetime) -> bytes:
        """The newest certificate of a registration that is in force and for encryption (DER).

        Raises:
            NoCertificateFor: there is none.
        """
        usable = [
            (certificate.valid_from, certificate.der)
            for registered in self.certificates
            if registered.registration == registration
            for certificate in _loaded(registered.certificate)
            if certificate.valid_from <= at <= certificate.valid_to
            and (not certificate.key_usage or "keyEncipherment" in certificate.key_usage)
        ]
        if not usable:
            raise NoCertificateFor(registration=registration)
        return max(usable)[1]


def _loaded(data: bytes) -> Iterator[Certificate]:
    """The certificate; nothing for bytes that are none, since one bad file must not hide the others."""
    try:
        yield Certificate.load(data)
    except NpkiError:
        return


def read(data: bytes) -> CertificateArchive:
    """Read an archive.

    Raises:
        ArchiveRefused: no zip, encrypted, too large, or one that unpacks to too much.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        raise _refused("너무 큽니다", "it is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _BROKEN:
        raise _refused("zip 형식이 아니거나 손상되었습니다", "it is no zip, or damaged") from None


def _read(archive: zipfile.ZipFile) -> CertificateArchive:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise _refused("파일이 너무 많습니다", "it holds too many files")
    found: list[RegisteredCertificate] = []
    index = b""
    total = 0
    for entry in entries:
        name = re.split(r"[/\\]", entry.filename)[-1]
        match = _FILE_NAME.fullmatch(name)
        is_index = name.lower().endswith(".ini")
        if match is None and not is_index:
            continue
        content = _content(archive, entry)
        total += len(content)
        if total > MAX_TOTAL_BYTES:
            raise _refused("풀린 크기가 너무 큽니다", "it unpacks to too much")
        if match is None:
            index = content
        else:
            found.append(RegisteredCertificate(match[1], match[2], content))
    return CertificateArchive(tuple(found), index)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What is in a file; its stated size may lie, so no more than the bound is ever unpacked."""
    if entry.compress_type not in _METHODS:
        raise _refused("모르는 압축 방식입니다", "it is compressed in an unknown way")
    with archive.open(entry) as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise _refused("인증서라기엔 너무 큰 파일이 있습니다", "it holds a file too large for a certificate")
    return content


def write(certificates: Iterable[RegisteredCertificate]) -> bytes:
    """An archive as the NTS sends it; equal certificates give equal bytes.

    Raises:
        ArchiveRefused: for a registration or e-mail that makes no file name.
    """
    buffer = io.BytesIO()
    index: list[str] = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for registered in certificates:
            name = f"{registered.registration}_{registered.email}.der"
            if not _FILE_NAME.fullmatch(name):
                raise _refused("등록번호나 이메일이 올바르지 않습니다", "a registration or e-mail is wrong")
            archive.writestr(zipfile.ZipInfo(name, _OLDEST), registered.certificate, zipfile.ZIP_DEFLATED)
            index += (f"[{registered.registration}]", f"email={registered.email}", f"file={name}")
        archive.writestr(zipfile.ZipInfo(_INDEX_NAME, _OLDEST), "\r\n".join([*index, ""]))
    return buffer.getvalue()


def _refused(why_ko: str, why_en: str) -> ArchiveRefused:
    return ArchiveRefused(why_ko=why_ko, why_en=why_en)
