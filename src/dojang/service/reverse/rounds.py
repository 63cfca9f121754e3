"""What time and others make of requests, seen to by the worker: in each workspace by itself, twice is once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dojang.service.audit.actor import WORKER
from dojang.service.invoices.changes import lock
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.links.events import note
from dojang.service.notices import outbox, people
from dojang.service.notices.models import Kind
from dojang.service.reverse import terms
from dojang.service.reverse.answering import UNSIGNED, throw_away
from dojang.service.reverse.models import IncomingReverse, ReverseRequest, State
from dojang.service.tenancy import crossing

#: A supplier that was given less time than twice this is not reminded.
REMINDED_BEFORE: Final = timedelta(days=1)


@transaction.atomic
def expire(*, now: datetime) -> int:
    """End requests whose time is over; how many. Whoever signs right now is first or last, by the row's lock."""
    rows = ReverseRequest.objects.select_for_update(of=("self",)).filter(
        state=State.REQUESTED, expires_at__lte=now
    )
    ended = list(rows.order_by("pk"))
    for row in ended:
        row.state, row.untold = State.EXPIRED, State.EXPIRED
        row.version, row.changed_at = row.version + 1, now
        row.save(update_fields=["state", "untold", "version", "changed_at"])
        note(row, "expired", actor=WORKER, now=now)
        crossing.echo_reverse(row.pk)
    return len(ended)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Write to suppliers once more, a day before their time is over; to how many."""
    rows = ReverseRequest.objects.select_for_update(of=("self",)).filter(
        state=State.REQUESTED, reminded_at=None, expires_at__gt=now, expires_at__lte=now + REMINDED_BEFORE
    )
    reminded = 0
    for row in rows.order_by("pk"):
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        if row.expires_at is None or row.requested_at is None:
            continue
        if row.expires_at - row.requested_at < 2 * REMINDED_BEFORE:
            continue
        outbox.put(
            Kind.REVERSE_REMINDER,
            key=str(row.pk),
            to=row.supplier_email,
            facts={"request": row.pk},
            now=now,
        )
        note(row, "reminded", actor=WORKER, now=now)
        reminded += 1
    return reminded


@transaction.atomic
def tell(*, now: datetime) -> int:
    """Write to those who asked how their requests ended; how many requests."""
    rows = (
        ReverseRequest.objects.select_for_update(of=("self",))
        .select_related("requested_by")
        .exclude(untold="")
    )
    told = list(rows.order_by("pk"))
    mails = []
    for row in told:
        person = row.requested_by
        if person is not None and people.is_member(person.pk):
            mails.append(
                outbox.NewMail(
                    Kind.REVERSE_ANSWERED,
                    key=f"{row.pk}:{row.untold}",
                    to=person.email,
                    language=person.language,
                    person_id=person.pk,
                    facts={"request": row.pk, "state": row.untold},
                )
            )
        row.untold = ""
        row.save(update_fields=["untold"])
    outbox.put_all(mails, now=now)
    return len(told)


def clear(*, now: datetime) -> int:
    """Throw away what was made ready of requests that ended otherwise; how many."""
    stale = IncomingReverse.objects.exclude(state=State.REQUESTED).filter(
        invoice__deleted_at=None, invoice__state__in=UNSIGNED
    )
    with transaction.atomic():
        rows = lock(pk for pk in stale.values_list("invoice_id", flat=True) if pk is not None)
        thrown = [row for row in rows.values() if InvoiceState(row.state) in UNSIGNED]
        throw_away(thrown, WORKER, now)
    return len(thrown)


def fail(*, now: datetime) -> int:
    """Tell buyers of what the tax office did not take; how many."""
    rejected = IncomingReverse.objects.filter(state=State.SIGNED, invoice__state=InvoiceState.REJECTED)
    return sum(
        crossing.settle_reverse(
            incoming_id, State.FAILED.value, now, actor_kind=WORKER.kind, address=WORKER.address
        )
        for incoming_id in rejected.order_by("origin_request").values_list("pk", flat=True)
    )


def lay(*, now: datetime) -> None:
    """Lay in the open workspace what was asked of its businesses before they were here or proved their number."""
    crossing.lay_reverse_here(now)


def remove(*, now: datetime) -> bool:
    """Remove the open workspace, a guest's, where nothing was ever issued in it and its request has long ended."""
    return crossing.remove_guest(now - terms.GUEST_KEPT)


#: Each in a transaction of its own: they lock requests of this workspace, its invoices, and requests of others.
ROUNDS: Final = (expire, remind, tell, clear, fail)
