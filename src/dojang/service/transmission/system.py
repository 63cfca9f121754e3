"""The operator's transmitting system: its settings and key, and the NTS's certificate as it was last fetched."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from dojang.npki.files import read_file
from dojang.nts.connection import Connection, connect
from dojang.nts.errors import InvalidSettings
from dojang.service.transmission.models import NtsCertificate

RESULTS_PATH = "/nts/results"
_MAX_PASSPHRASE = 4096


def connection(*, now: datetime) -> Connection:
    """How to reach the NTS, or the sandbox, at this time.

    Raises:
        InvalidSettings, NpkiError: the operator has to mend the settings.
    """
    found = _of_file()
    km_certificate = newest_nts_certificate(now=now) or found.settings.nts_km_certificate
    return replace(found, settings=replace(found.settings, nts_km_certificate=km_certificate))


def newest_nts_certificate(*, now: datetime) -> bytes | None:
    """The km certificate in force that was fetched, DER."""
    in_force = NtsCertificate.objects.filter(not_before__lte=now, not_after__gte=now)
    newest = in_force.order_by("-not_before", "-id").values_list("der", flat=True).first()
    return None if newest is None else bytes(newest)


@cache
def _of_file() -> Connection:
    file = settings.ENVIRONMENT.nts_settings
    if file is None:
        raise InvalidSettings(
            why_ko="DOJANG_NTS_SETTINGS가 없습니다", why_en="DOJANG_NTS_SETTINGS is not set"
        )
    found = connect(file, passphrase=_passphrase)
    if found.settings.reply_to is None and settings.ENVIRONMENT.nts == "sandbox":
        # The NTS tells results only to an address that was registered with it; the sandbox to any.
        address = settings.ENVIRONMENT.origin + RESULTS_PATH
        found = replace(found, settings=replace(found.settings, reply_to=address))
    return found


def _passphrase(file: Path | None) -> str:
    if file is None:
        raise InvalidSettings(why_ko="passphrase_file이 없습니다", why_en="passphrase_file is missing")
    return read_file(file, limit=_MAX_PASSPHRASE).decode().split("\n", 1)[0].removesuffix("\r")


def forget() -> None:
    """Read the settings anew."""
    _of_file.cache_clear()
