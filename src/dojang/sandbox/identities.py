"""Who the sandbox is: its keys as 국세청, and the transmitting system that is registered from the beginning.

Made once by a test CA of its own, in one step, and kept in the data folder; every name says TEST. What a client
needs to speak with this sandbox lies in `client/`, as files that the command line and the library read.
"""

import base64
import json
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from dojang.errors import DojangError
from dojang.npki import keys
from dojang.npki.certificates import Certificate
from dojang.npki.identity import open_identity
from dojang.npki.keys import PrivateKey
from dojang.npki.testca import SERVER_POLICY, TestCA
from dojang.nts.wsse import Signer
from dojang.sandbox.errors import DataFolderUnusable
from dojang.sandbox.files import write_private
from dojang.sandbox.settings import System

NTS_REGISTRATION = "40000000"
NTS_NAME = "모의국세청"
DEFAULT_REGISTRATION = "41000000"
DEFAULT_BUSINESS_NUMBER = "9998600010"
DEFAULT_NAME = "도장 모의전송"
EMAIL = "sandbox@example.com"

SUBMIT_PATH = "/services/SubmitEtaxInvoice"
RESULTS_PATH = "/services/RequestResults"
CERTIFICATES_PATH = "/services/RequestCert"

CLIENT_FILE = "client.json"

_KEYS = "keys"
_CLIENT = "client"
# The scripted clock may stand years away from the real one.
_EITHER_SIDE = timedelta(days=10 * 365)
_SCHEME = "test CA, unencrypted"
_SERVERS: tuple[tuple[str, str, Literal["signature", "encryption"]], ...] = (
    ("nts-signature", NTS_NAME, "signature"),
    ("nts-encryption", NTS_NAME, "encryption"),
    ("stranger", "다른 곳", "signature"),
)


@dataclass(frozen=True, slots=True)
class Identities:
    """The sandbox's keys.

    Attributes:
        signer: signs as 국세청.
        stranger: signs as somebody else, for the fault of that name.
        km_certificate: packages are encrypted to it, DER.
        system: the transmitting system registered from the beginning.
    """

    signer: Signer
    stranger: Signer
    km_certificate: bytes = field(repr=False)
    km_key: PrivateKey = field(repr=False)
    system: System
    folder: Path

    def decrypt(self, data: bytes) -> bytes:
        """RSA PKCS#1 v1.5 decryption with the km key; a ValueError when it cannot be."""
        try:
            return self.km_key.decrypt(data)
        except DojangError:
            raise ValueError("not encrypted to this key") from None


def load_or_create(data: Path, authority: TestCA, *, now: datetime) -> Identities:
    """The identities of a data folder, made when there are none.

    Raises:
        DataFolderUnusable: the keys lying there cannot be used.
    """
    folder = data / _KEYS
    if not folder.exists():
        _create(folder, authority, now)
    try:
        return _load(folder)
    except (DojangError, OSError, ValueError):
        raise DataFolderUnusable(folder=folder, why="keys") from None


def _create(folder: Path, authority: TestCA, now: datetime) -> None:
    """All keys in a draft beside their place, moved there in one step: a kill leaves all of them or none."""
    draft = Path(tempfile.mkdtemp(prefix=f".{_KEYS}-", dir=folder.parent))
    begin, days = now - _EITHER_SIDE, 2 * _EITHER_SIDE.days
    try:
        for file, name, usage in _SERVERS:
            pair = authority.issue_server(name, usage=usage, valid_from=begin, days=days)
            write_private(draft / f"{file}.der", pair.certificate.der)
            write_private(draft / f"{file}.key", pair.private_key_info)
        passphrase = secrets.token_urlsafe(12)
        system = authority.issue(
            DEFAULT_BUSINESS_NUMBER,
            DEFAULT_NAME,
            passphrase=passphrase,
            policy=SERVER_POLICY,
            with_km=True,
            valid_from=begin,
            days=days,
        )
        write_private(draft / "system.pfx", system.pfx)
        write_private(draft / "system.passphrase", passphrase.encode() + b"\n")
        write_private(draft / "system-km.der", system.km.certificate.der if system.km else b"")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _load(folder: Path) -> Identities:
    km_certificate, km_key = _load_pair(folder, "nts-encryption")
    passphrase = (folder / "system.passphrase").read_text("utf-8").strip()
    certificate = open_identity(folder / "system.pfx", passphrase).certificate
    km = Certificate.load((folder / "system-km.der").read_bytes())
    system = System(
        registration=DEFAULT_REGISTRATION,
        business_number=DEFAULT_BUSINESS_NUMBER,
        name=DEFAULT_NAME,
        certificate=_text(certificate),
        km_certificate=_text(km),
        email=EMAIL,
    )
    return Identities(
        signer=_signer(folder, "nts-signature"),
        stranger=_signer(folder, "stranger"),
        km_certificate=km_certificate.der,
        km_key=km_key,
        system=system,
        folder=folder,
    )


def _text(certificate: Certificate) -> str:
    return base64.b64encode(certificate.der).decode()


def _signer(folder: Path, name: str) -> Signer:
    certificate, key = _load_pair(folder, name)
    return Signer(certificate.der, key.sign)


def _load_pair(folder: Path, name: str) -> tuple[Certificate, PrivateKey]:
    certificate = Certificate.load((folder / f"{name}.der").read_bytes())
    key = keys.from_private_key_info((folder / f"{name}.key").read_bytes(), scheme=_SCHEME)
    keys.require_pair(key, certificate.public_key_info)
    return certificate, key


def write_client(identities: Identities, data: Path, base_address: str) -> Path:
    """Write what a client needs, with the addresses as they are now; returns its `client.json`."""
    home = data / _CLIENT
    home.mkdir(mode=0o700, exist_ok=True)
    for name in ("system.pfx", "system.passphrase"):
        write_private(home / name, (identities.folder / name).read_bytes())
    write_private(home / "nts-signature.der", identities.signer.certificate)
    write_private(home / "nts-encryption.der", identities.km_certificate)
    settings = {
        "registration": identities.system.registration,
        "business_number": identities.system.business_number,
        "name": identities.system.name,
        "submit_address": base_address + SUBMIT_PATH,
        "results_address": base_address + RESULTS_PATH,
        "certificates_address": base_address + CERTIFICATES_PATH,
        "reply_to": None,
        "nts_registration": NTS_REGISTRATION,
        "nts_certificates": ["nts-signature.der"],
        "nts_km_certificate": "nts-encryption.der",
        "certificate": "system.pfx",
        "passphrase_file": "system.passphrase",
    }
    file = home / CLIENT_FILE
    write_private(file, json.dumps(settings, ensure_ascii=False, indent=2).encode() + b"\n")
    return file
