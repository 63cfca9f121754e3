"""What time makes of requests, seen to by the worker: in each workspace by itself, twice is once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dojang.service.audit.actor import WORKER
from dojang.service.billing import asking
from dojang.service.billing.models import BillingRequest, State
from dojang.service.links.events import note
from dojang.service.notices import outbox
from dojang.service.notices.models import Kind

#: A customer that was given less time than twice this is not reminded.
REMINDED_BEFORE: Final = timedelta(days=1)


@transaction.atomic
def expire(*, now: datetime) -> int:
    """End requests whose time is over; how many. Whoever answers right now is first or last, by the row's lock."""
    rows = BillingRequest.objects.select_for_update(of=("self",)).filter(
        state=State.ASKED, expires_at__lte=now
    )
    ended = list(rows.order_by("pk"))
    for row in ended:
        asking.end(row, State.EXPIRED, now)
        note(row, "expired", actor=WORKER, now=now)
    return len(ended)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Write to customers once more, a day before their time is over; to how many."""
    rows = BillingRequest.objects.select_for_update(of=("self",)).filter(
        state=State.ASKED, reminded_at=None, expires_at__gt=now, expires_at__lte=now + REMINDED_BEFORE
    )
    reminded = 0
    for row in rows.order_by("pk"):
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        if row.expires_at - row.changed_at < 2 * REMINDED_BEFORE:
            continue
        outbox.put(
            Kind.BILLING_REMINDER,
            key=f"{row.pk}:{row.expires_at.date()}",
            to=row.email,
            facts={"request": row.pk},
            now=now,
        )
        note(row, "reminded", actor=WORKER, now=now)
        reminded += 1
    return reminded


ROUNDS: Final = (expire, remind)
