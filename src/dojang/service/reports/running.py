"""The return that is being filled right now: how much is in it, until when, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dojang.etax.returns import Filing, Side, Sums, earlier, filing
from dojang.service.invoices.selectors import unissued_between
from dojang.service.law import law
from dojang.service.records.models import Check, Record
from dojang.service.reports import selecting
from dojang.service.reports.choosing import facts_of
from dojang.service.reports.figures import Month
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
    return [_running(one, sales, purchases, day) for one in businesses[:MOST]]


def _running(business: Business, sales: Months, purchases: Months, day: date) -> Running:
    facts = facts_of(business)
    found = filing(day, facts, law=law())
    before = earlier(found, facts, law=law())
    # Until the last return is due, that is the one to think of.
    is_over = day <= before.due
    chosen = before if is_over else found
    seen = [business.pk]
    return Running(
        business=business,
        filing=chosen,
        days_left=((chosen.due if is_over else chosen.end) - day).days,
        is_over=is_over,
        sales=_so_far(sales.get(business.pk, {}), chosen),
        purchases=_so_far(purchases.get(business.pk, {}), chosen),
        unissued=unissued_between(seen, chosen.start, chosen.end),
        unsent=sum(one.sums.count for one in selecting.left_out(business.pk, chosen)),
        unchecked=selecting.records(seen, Side.PURCHASE)
        .filter(written_on__range=(chosen.start, chosen.end), check_state=Check.TO_CHECK)
        .count(),
    )


def _so_far(months: dict[date, Month], chosen: Filing) -> Sums:
    return Sums.of(
        month.total for first, month in months.items() if chosen.start.replace(day=1) <= first <= chosen.end
    )


def unchecked(business_ids: Sequence[int]) -> int:
    """Purchases that nobody looked at, of any time."""
    rows = Record.objects.filter(deleted_at=None, business_id__in=business_ids, side=Side.PURCHASE.value)
    return rows.filter(check_state=Check.TO_CHECK).count()
