"""What stands open: invoices by state, and those whose time runs out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, F, QuerySet

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.stages import UNISSUED, Stage, condition
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today

#: A draft whose 발급기한 is further away is nothing to hurry about yet, in days.
AHEAD = 14
#: Drafts written longer ago were forgotten or are kept on purpose, in days.
_BACK = 365
_AT_MOST = 20
#: The columns of a `Due`; the documents themselves are long.
_DUE = ("buyer_name", "total_amount", "state", "issue_by", "transmit_by")


class Limit(StrEnum):
    """Which term runs."""

    ISSUE = "issue"  # 발급기한
    TRANSMIT = "transmit"  # 전송기한


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice and the last day of what has to be done with it."""

    invoice_id: int
    buyer_name: str
    total_amount: int
    state: State
    limit: Limit
    on: date
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether that day has passed."""
        return self.days_left < 0


OPEN = (
    State.DRAFT, State.AWAITING_APPROVAL, State.READY, State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.REJECTED,
)  # fmt: skip
"""States that ask for something; of the others, where most invoices end, nobody counts all."""


def state_counts(business_ids: Collection[int]) -> dict[State, int]:
    """How many invoices of these businesses stand in each open state; states without one are left out."""
    rows = _of(business_ids).filter(state__in=OPEN).values_list("state").annotate(Count("id")).order_by()
    return {State(state): count for state, count in rows}


def deadlines(business_ids: Collection[int], *, now: datetime) -> list[Due]:
    """What these businesses have to send or issue, most urgent first; at most 20 of each kind.

    Signed but not yet with the NTS: 전송기한 (부가가치세법 §32③). Written but not signed: 발급기한 (§34③), where it
    has passed or is not further away than `AHEAD` days.
    """
    found = [*_unsent(business_ids, now), *_unissued(business_ids, now)]
    return sorted(found, key=lambda due: (due.on, due.invoice_id))


def has_any(business_ids: Collection[int]) -> bool:
    """Whether anything was ever written."""
    return _of(business_ids).exists()


def due_on(business_ids: Collection[int], first: date, last: date) -> dict[date, int]:
    """How many signed invoices have to be with the NTS by each day between two."""
    rows = _of(business_ids).filter(state=State.ISSUED, transmit_by__range=(first, last))
    return dict(rows.order_by().values_list("transmit_by").annotate(Count("id")))


def unissued_between(business_ids: Collection[int], first: date, last: date) -> int:
    """How many drafts have a 작성일자 between two days."""
    return unissued(business_ids).filter(written_on__range=(first, last)).count()


def unissued(business_ids: Collection[int]) -> QuerySet[Invoice]:
    """What nobody has signed yet."""
    return _of(business_ids).filter(state__in=UNISSUED)


def stage_count(stage: Stage, business_ids: Collection[int], *, day: date) -> int:
    """How many stand at one stage, as the list's condition of that name says, on a day in Korea."""
    return _of(business_ids).filter(condition(stage, day)).count()


def _of(business_ids: Collection[int]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(deleted_at__isnull=True, business_id__in=business_ids)


def _unsent(business_ids: Collection[int], now: datetime) -> Iterator[Due]:
    waiting = _of(business_ids).filter(state__in=[State.ISSUED, State.REJECTED])
    for one in waiting.order_by(F("issued_at").asc(nulls_last=True), "id").only(*_DUE)[:_AT_MOST]:
        if one.transmit_by is not None:
            yield _due(one, Limit.TRANSMIT, one.transmit_by, now)


def _unissued(business_ids: Collection[int], now: datetime) -> Iterator[Due]:
    written = unissued(business_ids).filter(
        written_on__range=(today(now) - timedelta(days=_BACK), today(now))
    )
    for one in written.order_by("written_on", "id").only(*_DUE)[:_AT_MOST]:
        if one.issue_by is not None:
            due = _due(one, Limit.ISSUE, one.issue_by, now)
            if due.days_left <= AHEAD:
                yield due


def _due(invoice: Invoice, limit: Limit, on: date, now: datetime) -> Due:
    return Due(
        invoice_id=invoice.pk,
        buyer_name=invoice.buyer_name,
        total_amount=invoice.total_amount,
        state=State(invoice.state),
        limit=limit,
        on=on,
        days_left=(on - today(now)).days,
    )
