"""What the home page counts of other apps' rows. What leads to a list is counted by the list's own conditions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.returns import Filing, filing
from dojang.service.amendments.finding import unfinished
from dojang.service.amendments.halves import halves
from dojang.service.certificates.selectors import businesses_with_certificate
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.selectors import has_any, stage_count
from dojang.service.invoices.stages import Stage
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.notices import selectors as mails
from dojang.service.records.selectors import refused_deliveries
from dojang.service.reports.choosing import facts_of
from dojang.service.reports.running import unchecked
from dojang.service.reverse.selectors import unanswered
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business


def kept_up(business_ids: Collection[int]) -> list[Business]:
    """Those of the businesses that are not archived: of these there are returns and figures."""
    return list(Business.objects.filter(pk__in=business_ids, archived_at=None).order_by("id"))


def done(business_ids: Collection[int], *, now: datetime) -> set[str]:
    """Which of the first steps were taken, by the names of `cards.STEPS`."""
    steps = {
        "business": bool(business_ids),
        "certificate": bool(businesses_with_certificate(business_ids, now=now)),
        "counterparty": Counterparty.objects.exists(),
        "invoice": has_any(business_ids),
    }
    return {name for name, is_done in steps.items() if is_done}


def others(member: Member, business_ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """What there is to do that is no state of an invoice, by the names of `cards.OTHERS`."""
    day = today(now)
    # Those that the log shows this member: the others' are none of their business, nor is there a page of them.
    lost = mails.log(member, state=mails.BAD, since=now - mails.LATELY)
    return {
        "due": stage_count(Stage.DUE, business_ids, day=day),
        "records": unchecked(business_ids),
        "reverse": unanswered(business_ids),
        "amendments": unfinished(business_ids).count() + len(halves(business_ids)),
        "deliveries": refused_deliveries(business_ids).count(),
        "mails": lost.count() if mails.may_see_log(member, business_ids) else 0,
        "held": stage_count(Stage.HELD, business_ids, day=day),
    }


def filings(businesses: Sequence[Business], first: date) -> list[Filing]:
    """The returns that end, are due or are sent for in a month."""
    days = [months_after(first, -back) for back in (1, 4)]
    return [filing(day, facts_of(one), law=law()) for one in businesses for day in days]
