"""The return that is being filled right now: how much is in it, until when, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from dojang.etax.returns import NOTHING, Filing, Side, Sums, earlier, filing
from dojang.service.invoices import selectors
from dojang.service.invoices.consigned import IS_CONSIGNED
from dojang.service.law import law
from dojang.service.records.models import Check, Record
from dojang.service.reports import selecting
from dojang.service.reports.choosing import facts_of
from dojang.service.reports.figures import Month
from dojang.service.workspaces.facts import returns_marked
from dojang.service.workspaces.models import Business

#: Businesses whose return is shown on the home page; others have their reports.
MOST = 3

Months = dict[int, dict[date, Month]]


@dataclass(frozen=True, slots=True)
class Running:
    """One business's return.

    Attributes:
        business: whose.
        filing: the return.
        days_left: until its period ends, or once it has, until it is due.
        is_over: whether its period has ended and it is to be filed.
        sales, purchases: so far.
        missed: 예정신고 누락분 by side, which are in this return and not in `sales` and `purchases`; only where there
            are any.
        consigned: issued for others as their broker in the period: in no figure here.
        unissued: drafts of the period.
        unsent: signed and not with 국세청.
        unchecked: purchases that nobody looked at.
    """

    business: Business
    filing: Filing
    days_left: int
    is_over: bool
    sales: Sums
    purchases: Sums
    missed: Mapping[Side, Sums]
    consigned: Sums
    unissued: int
    unsent: int
    unchecked: int


def running(businesses: Sequence[Business], sales: Months, purchases: Months, *, day: date) -> list[Running]:
    """The returns of the first businesses.

    Args:
        businesses: those the member may see.
        sales: months of each business, from a year before `day` on.
        purchases: the same of purchases.
        day: today in Korea.
    """
    chosen = {one.pk: _to_think_of(one, day) for one in businesses[:MOST]}
    unissued = _counts(selectors.unissued(chosen).exclude(IS_CONSIGNED), chosen)
    unsent = _counts(selecting.unfinished(chosen), chosen)
    to_check = _counts(_unchecked(chosen), chosen)
    missed = {side: _missed(chosen, side) for side in Side}
    consigned = selecting.sums_by(_of_periods(selecting.consigned(chosen), chosen), "business_id")
    return [
        Running(
            business=one,
            filing=chosen[one.pk],
            days_left=(_next_day(chosen[one.pk], day) - day).days,
            is_over=chosen[one.pk].end < day,
            sales=_so_far(sales.get(one.pk, {}), chosen[one.pk]),
            purchases=_so_far(purchases.get(one.pk, {}), chosen[one.pk]),
            missed={side: sums[one.pk] for side, sums in missed.items() if one.pk in sums},
            consigned=consigned.get(one.pk, NOTHING),
            unissued=unissued.get(one.pk, 0),
            unsent=unsent.get(one.pk, 0),
            unchecked=to_check.get(one.pk, 0),
        )
        for one in businesses[:MOST]
    ]


def _to_think_of(business: Business, day: date) -> Filing:
    """The return of the running period; until the last one is filed (신고 완료) or due, that."""
    facts = facts_of(business)
    found = filing(day, facts, law=law())
    before = earlier(found, facts, law=law())
    is_filed = before.key in returns_marked(business.facts)
    return before if day <= before.due and not is_filed else found


def _next_day(chosen: Filing, day: date) -> date:
    return chosen.due if chosen.end < day else chosen.end


def _counts(rows: QuerySet[Any], chosen: Mapping[int, Filing]) -> dict[int, int]:
    """How many rows are in each business's return, in one question."""
    found = _of_periods(rows, chosen).order_by()
    return dict(found.values_list("business_id").annotate(Count("id")))


def _of_periods(rows: QuerySet[Any], chosen: Mapping[int, Filing]) -> QuerySet[Any]:
    """The rows that were written in the period of their business's return."""
    if not chosen:
        return rows.none()
    own = Q(pk__in=())
    for business_id, one in chosen.items():
        own |= Q(business_id=business_id, written_on__range=(one.start, one.end))
    first, last = min(one.start for one in chosen.values()), max(one.end for one in chosen.values())
    return rows.filter(own, written_on__range=(first, last))


def _missed(chosen: Mapping[int, Filing], side: Side) -> dict[int, Sums]:
    """예정신고 누락분 of each return that has any, in one question a table."""
    conditions = [
        Q(
            business_id=business_id,
            written_on__range=(before.start, before.end),
            issued__gt=before.closed_on,
            issued__lte=one.closed_on,
        )
        for business_id, one in chosen.items()
        if (before := one.missed)
    ]
    if not conditions:
        return {}
    late = reduce(or_, conditions)
    found: dict[int, Sums] = {}
    for rows in selecting.documents(chosen, side):
        for business_id, sums in selecting.sums_by(rows.filter(late), "business_id").items():
            found[business_id] = found.get(business_id, NOTHING) + sums
    return found


def _so_far(months: dict[date, Month], chosen: Filing) -> Sums:
    return Sums.of(
        month.total for first, month in months.items() if chosen.start.replace(day=1) <= first <= chosen.end
    )


def unchecked(business_ids: Sequence[int]) -> int:
    """Purchases that nobody looked at, of any time."""
    return _unchecked(business_ids).count()


def _unchecked(business_ids: Iterable[int]) -> QuerySet[Record]:
    """As the list of purchases has them under 확인 필요."""
    rows = Record.objects.filter(
        deleted_at=None, business_id__in=list(business_ids), side=Side.PURCHASE.value
    )
    return rows.filter(check_state=Check.TO_CHECK)
