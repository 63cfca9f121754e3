"""The settings file that says how to reach 국세청, or a sandbox: `client.json`.

Its keys are the fields of `NtsSettings`; certificates and keys are named as files beside it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dojang.cli import options
from dojang.cli.errors import BadSettings
from dojang.cli.files import read
from dojang.cli.language import language
from dojang.etax.format_findings import findings_of
from dojang.npki.certificates import Certificate
from dojang.npki.identity import open_identity
from dojang.nts.client import NtsClient
from dojang.nts.settings import NtsSettings

_PLACES = ("", "client.json", "client/client.json")


class _File(BaseModel):
    """client.json."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    registration: str
    business_number: str
    name: str
    submit_address: str
    results_address: str
    certificates_address: str
    reply_to: str | None = None
    nts_registration: str = "40000000"
    certificate: str
    passphrase_file: str | None = None
    nts_certificates: list[str]
    nts_km_certificate: str | None = None
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    write_timeout: float = 60.0
    reply_timeout: float = 120.0
    verify_tls: bool = True
    ca_file: str | None = None


# Fields of the file that name files, and what tells where to find them; the others are settings as they are.
_FILES = {"certificate", "passphrase_file", "nts_certificates", "nts_km_certificate"}


@dataclass(frozen=True, slots=True)
class Connection:
    """Settings with the key of the transmitting system, and the folder where submissions are kept."""

    settings: NtsSettings
    sign: Callable[[bytes], bytes]
    store: Path

    def client(self) -> NtsClient:
        return NtsClient(self.settings, self.sign, clock=options.now, random=os.urandom)


def connect(path: Path) -> Connection:
    """From a client.json, or the folder that has one (a sandbox's data folder, for example).

    Raises:
        BadSettings: it cannot be used.
        NpkiError, InvalidSettings: what it names cannot be.
    """
    file = next((path / place for place in _PLACES if (path / place).is_file()), path)
    try:
        named = _File.model_validate_json(read(file))
    except ValidationError as error:
        raise BadSettings(name=file, why=findings_of(error)[0].located(language())) from None
    home = file.parent
    passphrase = options.passphrase(home / named.passphrase_file if named.passphrase_file else None)
    system = open_identity(home / named.certificate, passphrase)
    settings = NtsSettings(
        **named.model_dump(exclude=_FILES),
        certificate=system.certificate.der,
        nts_certificates=tuple(_certificate(home / name) for name in named.nts_certificates),
        nts_km_certificate=_certificate(home / named.nts_km_certificate)
        if named.nts_km_certificate
        else None,
    )
    return Connection(settings, system.sign, home / "submissions")


def _certificate(path: Path) -> bytes:
    return Certificate.load(read(path)).der
