"""An identity: a certificate and the opened private key that belongs to it, from wherever the owner keeps them.

One folder holds one identity: `signCert.der` and `signPri.key` for signing (서명용) and, with some authorities,
`kmCert.der` and `kmPri.key` for receiving encrypted messages (암호화용) under the same passphrase. The exchange format is
`.pfx`. Files are known by their content; only inside a folder do their names say which is which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dojang.npki import armor, certificates, der, files, keys, pbe, pfx
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NotACertificateFolder
from dojang.npki.keys import PrivateKey

SIGNING_FILES: Final = ("signcert.der", "signpri.key")
ENCRYPTION_FILES: Final = ("kmcert.der", "kmpri.key")

_SIGNING_USAGES: Final = frozenset({"digitalSignature", "nonRepudiation"})
_ENCRYPTION_USAGES: Final = frozenset({"keyEncipherment"})


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key, proven to belong together.

    `encryption` is the 암호화용 pair of the same owner, if there is one.
    """

    certificate: Certificate
    key: PrivateKey
    encryption: "Identity | None" = None

    def sign(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over `data`."""
        return self.key.sign(data)


def open_identity(path: Path, passphrase: str, *, key: Path | None = None) -> Identity:
    """Open a certificate folder, a `.pfx`/`.p12` file, or a certificate file with its `key` file.

    Of a `.pfx` with several keys the first for signing is taken. Trust, validity and revocation are not looked at.

    Raises:
        FileMissing, FileUnreadable, FileTooLarge: see `files.read_file`.
        NotACertificateFolder: a folder without signing pair, or a lone certificate.
        KeyDoesNotMatchCertificate: certificate and key do not belong together.
        NpkiError: what `Certificate.load`, `keys.open_private_key` and `pfx.read` refuse.
    """
    path = files.locate(path)
    if key is not None:
        return _open_pair(path, files.locate(key), passphrase)
    if files.is_folder(path):
        return _open_folder(path, passphrase)
    return _open_pfx(path, passphrase)


def has_pair(names: Mapping[str, Path], pair: Sequence[str]) -> bool:
    """Whether a folder listed by `files.entries` holds both files of a pair."""
    return all(name in names for name in pair)


def _open_folder(folder: Path, passphrase: str) -> Identity:
    names = files.entries(folder)
    if not has_pair(names, SIGNING_FILES):
        raise NotACertificateFolder(name=files.shown(folder))
    certificate, key = (names[name] for name in SIGNING_FILES)
    encryption = None
    if has_pair(names, ENCRYPTION_FILES):
        km_certificate, km_key = (names[name] for name in ENCRYPTION_FILES)
        encryption = _open_pair(km_certificate, km_key, passphrase)
    signing = _open_pair(certificate, key, passphrase)
    return Identity(signing.certificate, signing.key, encryption)


def _open_pair(certificate_file: Path, key_file: Path, passphrase: str) -> Identity:
    certificate = Certificate.load(files.read_file(certificate_file, certificates.MAX_SIZE))
    key = keys.open_private_key(files.read_file(key_file, pbe.MAX_SIZE), passphrase)
    return _proven(certificate, key)


def _open_pfx(path: Path, passphrase: str) -> Identity:
    data = files.read_file(path, pfx.MAX_SIZE)
    if not _is_pfx(data):
        Certificate.load(data)
        raise NotACertificateFolder(name=files.shown(path))
    found = [_proven(Certificate.load(entry.certificate), entry.key) for entry in pfx.read(data, passphrase)]
    signing = next((one for one in found if _may(one, _SIGNING_USAGES)), found[0])
    encryption = next((one for one in found if one is not signing and _may(one, _ENCRYPTION_USAGES)), None)
    return Identity(signing.certificate, signing.key, encryption)


def _is_pfx(data: bytes) -> bool:
    """A PFX begins with its version number, a certificate or a key with another SEQUENCE."""
    return der.parse(armor.to_der(data)).fields().next().tag == der.INTEGER


def _may(identity: Identity, usages: frozenset[str]) -> bool:
    usage = identity.certificate.key_usage
    return not usage or not usage.isdisjoint(usages)


def _proven(certificate: Certificate, key: PrivateKey) -> Identity:
    keys.require_pair(key, certificate.public_key_info)
    return Identity(certificate, key)
