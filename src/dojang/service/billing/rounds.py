"""What time makes of requests, seen to by the worker: in each workspace by itself, twice is once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from dojang.service.audit.actor import WORKER
from dojang.service.billing import asking, terms
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


@transaction.atomic
def lapse(*, now: datetime) -> int:
    """Erase what customers filled in and nobody took over in time; how many. The requests stay, ended.

    In a closed workspace too, where nothing runs out by itself: what was sent back and not mended goes then.
    """
    before = terms.answered_too_long_ago(now)
    rows = BillingRequest.objects.select_for_update(of=("self",)).filter(
        Q(state=State.ANSWERED, answered_at__lt=before, expires_at__lte=now)
        | Q(state=State.ASKED, answered_at__isnull=False, expires_at__lt=before)
    )
    ended = list(rows.order_by("pk"))
    for row in ended:
        asking.end(row, State.EXPIRED, now)
        note(row, "lapsed", actor=WORKER, now=now)
    return len(ended)


ROUNDS: Final = (expire, remind)
