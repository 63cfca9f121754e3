"""Telling owners and administrators by mail that a certificate ends: 30, 7 and 1 days before, each once."""

from datetime import datetime

from dojang.service.certificates.models import Certificate, ExpiryNotice
from dojang.service.certificates.selectors import expiring
from dojang.service.notices import outbox, people
from dojang.service.notices.models import Kind
from dojang.service.tenancy.scope import current_workspace

DAYS = (30, 7, 1)


def untold(*, now: datetime) -> list[tuple[Certificate, int]]:
    """The certificates of the open workspace whose end is near and was not told yet, with the step of `DAYS`.

    Who was asleep for a week is told once, of the nearest step, not of each that was missed.
    """
    told = set(ExpiryNotice.objects.values_list("certificate_id", "days"))
    near = [(row, _step(row, now)) for row in expiring(DAYS[0], now=now)]
    return [(row, days) for row, days in near if (row.pk, days) not in told]


def tell(certificate_id: int, days: int, *, now: datetime) -> int:
    """Put down the mails about the end of one certificate, with the note that it was told; to how many people."""
    _, fresh = ExpiryNotice.objects.get_or_create(
        certificate_id=certificate_id,
        days=days,
        defaults={"workspace_id": current_workspace(), "sent_at": now},
    )
    if not fresh:
        return 0
    mails = [
        outbox.NewMail(
            Kind.CERTIFICATE_EXPIRES,
            key=f"{certificate_id}:{days}:{person.pk}",
            to=person.email,
            language=person.language,
            person_id=person.pk,
            facts={"certificate": certificate_id},
        )
        for person in people.managers()
    ]
    outbox.put_all(mails, now=now)
    return len(mails)


def _step(certificate: Certificate, now: datetime) -> int:
    left = (certificate.not_after - now).days
    return min(days for days in DAYS if left <= days)
