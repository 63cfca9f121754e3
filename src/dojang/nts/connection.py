"""The settings file that says how to reach 국세청, or a sandbox: `client.json`.

Its keys are the fields of `NtsSettings`; certificates and keys are named as files beside it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dojang.etax.format_findings import findings_of
from dojang.npki.certificates import Certificate
from dojang.npki.files import read_file
from dojang.npki.identity import open_identity
from dojang.nts.client import NtsClient
from dojang.nts.errors import SettingsFileRefused
from dojang.nts.settings import NtsSettings
from dojang.nts.wsse import Signer

_PLACES = ("", "client.json", "client/client.json")
_MAX_BYTES = 1 << 20


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
    """Settings with the key of the transmitting system, and the folder that they stand in."""

    settings: NtsSettings
    sign: Callable[[bytes], bytes]
    home: Path

    @property
    def signer(self) -> Signer:
        """What signs messages: the system's certificate and key."""
        return self.settings.signer(self.sign)

    def client(
        self, *, clock: Callable[[], datetime], random: Callable[[int], bytes] = os.urandom
    ) -> NtsClient:
        """A client that asks `clock` for the time; close it."""
        return NtsClient(self.settings, self.sign, clock=clock, random=random)


def find_settings(path: Path) -> Path:
    """The client.json itself, or the one in a folder (a sandbox's data folder, for example)."""
    return next((path / place for place in _PLACES if (path / place).is_file()), path)


def connect(path: Path, *, passphrase: Callable[[Path | None], str]) -> Connection:
    """From a client.json, or the folder that has one.

    Args:
        path: see `find_settings`.
        passphrase: gives the passphrase of the system's key, from the file that the settings name, if they do.

    Raises:
        SettingsFileRefused: the file cannot be used.
        NpkiError, InvalidSettings: what it names cannot be.
    """
    file = find_settings(path)
    try:
        named = _File.model_validate_json(read_file(file, limit=_MAX_BYTES))
    except ValidationError as error:
        finding = findings_of(error)[0]
        raise SettingsFileRefused(
            name=file, why_ko=finding.located("ko"), why_en=finding.located("en")
        ) from None
    home = file.parent
    opened = passphrase(home / named.passphrase_file if named.passphrase_file else None)
    system = open_identity(home / named.certificate, opened)
    settings = NtsSettings(
        **named.model_dump(exclude=_FILES),
        certificate=system.certificate.der,
        nts_certificates=tuple(_certificate(home / name) for name in named.nts_certificates),
        nts_km_certificate=_certificate(home / named.nts_km_certificate)
        if named.nts_km_certificate
        else None,
    )
    return Connection(settings, system.sign, home)


def _certificate(path: Path) -> bytes:
    return Certificate.load(read_file(path, limit=_MAX_BYTES)).der
