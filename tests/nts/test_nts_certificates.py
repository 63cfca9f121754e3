import io
import struct
import zipfile
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import NOW, certificate

from dojang.nts import certificates
from dojang.nts.certificates import CertificateArchive, RegisteredCertificate
from dojang.nts.errors import ArchiveRefused, NoCertificateFor, NtsError

NTS = RegisteredCertificate("40000000", "nts@example.com", certificate("km", key_encipherment=True))
OTHER = RegisteredCertificate("41000001", "a.b+c@example.com", certificate("asp", key_encipherment=True))
WHOLE = certificates.write([NTS, OTHER])


def zipped(*files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content, **options)
    return buffer.getvalue()


def test_what_is_written_is_read_back_with_its_index():
    archive = certificates.read(WHOLE)
    assert archive.certificates == (NTS, OTHER)
    assert archive.index.splitlines()[:3] == [
        b"[40000000]",
        b"email=nts@example.com",
        b"file=40000000_nts@example.com.der",
    ]
    assert certificates.write([NTS, OTHER]) == WHOLE


def test_an_archive_of_nobody_is_an_archive():
    assert certificates.read(certificates.write([])) == CertificateArchive(())


@pytest.mark.parametrize(
    "registered", [("4000000", "a@b"), ("40000000", "a/b"), ("40000000", "a\n"), ("40000000", "")]
)
def test_a_registration_or_address_that_makes_no_file_name_is_refused(registered):
    with pytest.raises(ArchiveRefused):
        certificates.write([RegisteredCertificate(*registered, b"")])


def test_folders_in_names_mean_nothing_and_other_files_are_passed_over():
    archive = certificates.read(
        zipped(
            ("../../etc/40000000_a@b.der", b"1"),
            ("C:\\x\\41000001_c@d.DER", b"2"),
            ("folder/", b""),
            ("readme.txt", b"x" * 1_000_000),
            ("kmCert.der", b"3"),
            ("Index.INI", b"4"),
        )
    )
    assert archive.certificates == (
        RegisteredCertificate("40000000", "a@b", b"1"),
        RegisteredCertificate("41000001", "c@d", b"2"),
    )
    assert archive.index == b"4"


def test_the_newest_certificate_in_force_that_is_for_encryption_is_taken():
    old = certificate("old", key_encipherment=True, not_before=NOW - timedelta(days=300))
    new = certificate("new", key_encipherment=True, not_before=NOW - timedelta(days=10))
    candidates = [
        old,
        new,
        certificate("late", key_encipherment=True, not_before=NOW - timedelta(days=9), days=5),
        certificate("soon", key_encipherment=True, not_before=NOW + timedelta(days=1)),
        certificate("sign", key_encipherment=False, not_before=NOW - timedelta(days=1)),
        b"damaged",
    ]
    archive = CertificateArchive(
        (*(RegisteredCertificate("40000000", "n", der) for der in candidates), OTHER)
    )
    assert archive.current("40000000", NOW) == new
    assert archive.current("41000001", NOW) == OTHER.certificate
    assert archive.current("40000000", NOW - timedelta(days=20)) == old


def test_no_usable_certificate_is_said_so():
    with pytest.raises(NoCertificateFor, match="40000001"):
        certificates.read(WHOLE).current("40000001", NOW)
    with pytest.raises(NoCertificateFor):
        certificates.read(WHOLE).current("40000000", NOW + timedelta(days=5000))


def test_a_certificate_that_says_nothing_of_its_use_is_taken():
    plain = RegisteredCertificate("40000000", "n", certificate("plain km"))
    assert CertificateArchive((plain,)).current("40000000", NOW) == plain.certificate


def lying(stated: int) -> bytes:
    """A bomb whose header says that it is small."""
    bomb = zipped(("40000000_a@b.der", bytes(10_000_000)))
    return bomb.replace(struct.pack("<L", 10_000_000), struct.pack("<L", stated))


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"PK",
        b"garbage" * 100,
        WHOLE[:-30],
        WHOLE[:40] + b"\xff\xff\xff" + WHOLE[43:],
        zipped(("40000000_a@b.der", bytes(10_000_000))),
        lying(10),
        zipped(("40000000_a@b.der", b"x" * 1000), compress_type=zipfile.ZIP_LZMA),
        bytes(certificates.MAX_ARCHIVE_BYTES + 1),
    ],
)
def test_no_zip_a_damaged_one_and_a_bomb_are_refused(hostile):
    with pytest.raises(ArchiveRefused):
        certificates.read(hostile)


def test_number_of_files_and_what_they_unpack_to_are_bounded(monkeypatch):
    monkeypatch.setattr(certificates, "MAX_FILES", 2)
    with pytest.raises(ArchiveRefused):
        certificates.read(WHOLE)
    monkeypatch.setattr(certificates, "MAX_FILES", 100)
    monkeypatch.setattr(certificates, "MAX_TOTAL_BYTES", 1000)
    with pytest.raises(ArchiveRefused):
        certificates.read(WHOLE)


def test_an_encrypted_archive_is_refused():
    flagged = bytearray(zipped(("40000000_a@b.der", b"x" * 100)))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(signature) + at] |= 1
    with pytest.raises(ArchiveRefused):
        certificates.read(bytes(flagged))


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=6))
def test_a_damaged_archive_is_read_or_refused(at, noise):
    with suppress(NtsError):
        certificates.read(WHOLE[:at] + noise + WHOLE[at + len(noise) :])


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(noise):
    with pytest.raises(ArchiveRefused):
        certificates.read(noise)
