"""The NTS's certificate for encryption: fetched, checked, and fetched again well before it ends."""

from datetime import datetime, timedelta

from dojang.errors import DojangError
from dojang.npki.certificates import Certificate
from dojang.nts.connection import Connection
from dojang.nts.errors import RecipientRefused
from dojang.service.transmission import conditions, system
from dojang.service.transmission.carrying import Clock
from dojang.service.transmission.models import NtsCertificate

#: Messages that were prepared before a change can still be opened for a while; ours should never be the last ones.
RENEW_BEFORE = timedelta(days=30)


def refresh(*, clock: Clock) -> bool:
    """Ask the NTS for its certificate now and keep it, if it is newer than the one at hand; whether all is well.

    An old answer cannot be told from a new one (these messages have no number), so nothing older is ever taken.
    """
    now = clock()
    try:
        connection = system.connection(now=now)
        with connection.client(clock=clock) as client:
            der = client.km_certificate(client.certificates())
        _keep(der, connection, now)
    except DojangError as error:
        conditions.bad(conditions.NTS_CERTIFICATE, error, at=now)
        return False
    conditions.good(conditions.NTS_CERTIFICATE, at=now)
    return True


def refresh_when_due(*, clock: Clock) -> None:
    """Ask where there is none, or where the one at hand ends soon or was fetched long ago."""
    now = clock()
    newest = NtsCertificate.objects.filter(not_after__gte=now).order_by("-not_before", "-id").first()
    if newest is None or newest.not_after <= now + RENEW_BEFORE or newest.fetched_at <= now - RENEW_BEFORE:
        refresh(clock=clock)


def _keep(der: bytes, connection: Connection, now: datetime) -> None:
    """Store it.

    Raises:
        RecipientRefused: older than the one at hand, not in force, or nothing can be encrypted to it.
        NpkiError: it cannot be read.
    """
    found = Certificate.load(der)
    if not found.valid_from <= now <= found.valid_to:
        raise RecipientRefused(why_ko="유효기간이 아닙니다", why_en="it is not in force")
    at_hand = connection.settings.nts_km_certificate
    if at_hand is not None and at_hand != der and Certificate.load(at_hand).valid_from > found.valid_from:
        raise RecipientRefused(
            why_ko="가지고 있는 것보다 오래되었습니다", why_en="it is older than the one at hand"
        )
    NtsCertificate.objects.update_or_create(
        fingerprint=found.fingerprint,
        defaults={
            "der": der,
            "not_before": found.valid_from,
            "not_after": found.valid_to,
            "fetched_at": now,
        },
    )
