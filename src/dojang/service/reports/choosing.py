"""What a report is asked about: a business, a return's period, a year, a side. Read from the address, never trusted."""

import json
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from dojang.etax.facts import Facts, InvalidFacts
from dojang.etax.returns import Filing, Side, filings
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

#: So many returns have a button: two years of them.
BUTTONS = 9
#: Years one can go back to: 경정청구 reaches five (국세기본법 §45의2).
_YEARS = 6


@dataclass(frozen=True)
class Chosen:
    """What was asked, with everything that can be asked instead.

    Attributes:
        business: the one whose report it is.
        businesses: those that the member may see.
        facts: what the law engine knows of it.
        filing: the return.
        filings: those with a button, latest first.
        year: of reports by month and party.
        years: those that can be chosen.
        side: sales or purchases.
        day: today in Korea.
    """

    business: Business
    businesses: list[Business]
    facts: Facts
    filing: Filing
    filings: tuple[Filing, ...]
    year: int
    years: list[int]
    side: Side
    day: date


def businesses_of(member: Member) -> list[Business]:
    """The businesses that a member may see, archived ones last: their returns are still asked about."""
    every = list(Business.objects.order_by("archived_at", "id"))
    seen = set(member.businesses_with(Right.VIEW, [one.pk for one in every]))
    return [one for one in every if one.pk in seen]


def facts_of(business: Business) -> Facts:
    """What a business says of itself; the usual case where settings of another version cannot be read."""
    try:
        return Facts.from_json(json.dumps(business.facts))
    except InvalidFacts:
        return Facts()


def choose(asked: QueryDict, member: Member) -> Chosen | None:
    """What the address, or a form, asks for; what it does not say, or says wrongly, is what one most likely wants.

    None where the member may see no business.
    """
    found = businesses_of(member)
    if not found:
        return None
    day = today(timezone.now())
    business = next((one for one in found if str(one.pk) == asked.get("business")), found[0])
    facts = facts_of(business)
    known = filings(day, facts, law=law(), count=BUTTONS)
    filing = next((one for one in known if one.key == asked.get("period")), known[0])
    years = list(range(day.year, day.year - _YEARS, -1))
    year = next((one for one in years if str(one) == asked.get("year")), day.year)
    side = Side.PURCHASE if asked.get("side") == Side.PURCHASE else Side.SALES
    return Chosen(business, found, facts, filing, known, year, years, side, day)
