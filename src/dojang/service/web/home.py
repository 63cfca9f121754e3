"""The first page, and the home of a workspace: what has to be done, and until when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.returns import Filing, Side, Sums, filing
from dojang.service.certificates.selectors import businesses_with_certificate, expiring_certificates
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.selectors import Limit, deadlines, has_any, state_counts
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.notices import selectors as mails
from dojang.service.records.models import Delivery
from dojang.service.reports import figures, selecting
from dojang.service.reports.choosing import facts_of
from dojang.service.reports.figures import Month
from dojang.service.reports.running import Months, running, unchecked
from dojang.service.tenancy import crossing
from dojang.service.transmission.models import HeldInvoice
from dojang.service.web import charts, month
from dojang.service.web.addresses import page_of
from dojang.service.web.charts import Chart, Series
from dojang.service.web.say import say
from dojang.service.web.todo import cards, first_steps, other_cards
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_MONTHS_SHOWN = 12
#: Drafts count as pressing so many days before 발급기한.
_PRESSING = 7
_MAILS_BACK = timedelta(days=14)
_WEEKDAYS = {"ko": "일월화수목금토", "en": ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")}
_DAYS = {
    "ko": [f"{day}요일" for day in "일월화수목금토"],
    "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who is logged in goes to their workspace; who has none, makes one; everybody else reads what this is."""
    if not request.user.is_authenticated:
        return render(request, "web/landing.html")
    found = crossing.memberships(request.user.pk)
    return redirect("workspace_home", found[0].slug) if found else redirect("workspace_new")


@require_safe
def workspace_home(request: HttpRequest) -> HttpResponse:
    """Counts by state, terms that run out, certificates that end, of the businesses this member may see."""
    member = member_of(request)
    slug, now = member.workspace.slug, timezone.now()
    businesses = _seen(member)
    seen = [one.pk for one in businesses]
    day = today(now)
    found = deadlines(seen, now=now)

    def may(right: Right) -> bool:
        return any(member.offers(right, one) for one in seen)

    page: dict[str, Any] = {
        "cards": [
            *cards(state_counts(seen), slug, may=may),
            *other_cards(_others(member, seen, found, now), slug, may=may),
        ],
        "deadlines": found,
        "expiring": expiring_certificates(seen, now=now),
        "steps": first_steps(slug, may=may, done=_done(seen, now)),
        "new_invoice": page_of("invoice_new", slug) if may(Right.WRITE) else "",
        "certificates": page_of("certificate_list", slug) if may(Right.MANAGE) else "",
        "is_empty": not has_any(seen),
        "weekdays": list(zip(_WEEKDAYS[say("ko", "en")], _DAYS[say("ko", "en")], strict=True)),
        "is_sandbox": selecting.is_sandbox(),
    }
    first = month.asked_month(request.GET.get("month", ""), day)
    page["calendar"] = month.sheet(
        first, today=day, slug=slug, business_ids=seen, filings=_filings(businesses, first)
    )
    return render(request, "web/workspace_home.html", page | _figures(businesses, day))


def _seen(member: Member) -> list[Business]:
    every = list(Business.objects.filter(archived_at__isnull=True))
    seen = set(member.businesses_with(Right.VIEW, [one.pk for one in every]))
    return [one for one in every if one.pk in seen]


def _done(seen: list[int], now: datetime) -> set[str]:
    steps = {
        "business": bool(seen),
        "certificate": bool(businesses_with_certificate(seen, now=now)),
        "counterparty": Counterparty.objects.exists(),
        "invoice": has_any(seen),
    }
    return {name for name, is_done in steps.items() if is_done}


def _others(member: Member, seen: list[int], found: list[Any], now: datetime) -> dict[str, int]:
    """What else there is to do, by the names of `todo.OTHERS`."""
    # Those that the log shows this member: the others' are none of their business, nor is there a page of them.
    lost = mails.log(member, state=mails.BAD).filter(created_at__gt=now - _MAILS_BACK)
    # These rows name their place by numbers, for the operator.
    held = HeldInvoice.objects.filter(workspace_number=member.workspace.pk).values_list(
        "invoice_number", flat=True
    )
    return {
        "due": sum(1 for due in found if due.limit == Limit.ISSUE and due.days_left <= _PRESSING),
        "records": unchecked(seen),
        "deliveries": Delivery.objects.filter(business_id__in=seen).exclude(refused="").count(),
        "mails": lost.count() if mails.may_see_log(member, seen) else 0,
        "held": Invoice.objects.filter(
            pk__in=list(held[:1000]), business_id__in=seen, state=State.ISSUED, deleted_at=None
        ).count(),
    }


def _filings(businesses: list[Business], first: date) -> list[Filing]:
    """The returns that end, are due or are sent for in a month."""
    days = [months_after(first, -back) for back in (1, 4)]
    return [filing(day, facts_of(one), law=law()) for one in businesses for day in days]


# --- figures ---


@dataclass(frozen=True, slots=True)
class Compared:
    """This month against the last: amounts in won, and the difference."""

    name: str
    now: Sums
    before: Sums

    @property
    def more(self) -> int:
        """How much more 공급가액, negative if less."""
        return self.now.supply_amount - self.before.supply_amount


def _figures(businesses: list[Business], day: date) -> dict[str, Any]:
    seen = [one.pk for one in businesses]
    this = day.replace(day=1)
    start = months_after(this, 1 - _MONTHS_SHOWN)
    # The return to be filed can reach further back than the chart: a simplified taxpayer's year.
    reach = min(start, date(day.year - 1, 1, 1)) if _is_yearly(businesses, day) else start
    last = months_after(this, 1) - timedelta(days=1)
    months = {side: figures.months_of_each(seen, side, reach, last) for side in Side}
    firsts = [months_after(start, place) for place in range(_MONTHS_SHOWN)]
    by_side = {side: [_total(months[side], first) for first in firsts] for side in Side}
    names = {Side.SALES: say("매출", "Sales"), Side.PURCHASE: say("매입", "Purchases")}
    return {
        "compared": [Compared(names[side], sums[-1], sums[-2]) for side, sums in by_side.items()],
        "chart": _chart(firsts, by_side, names),
        "chart_rows": list(zip([_month_name(each) for each in firsts], *by_side.values(), strict=True)),
        "chart_totals": [Sums.of(sums) for sums in by_side.values()],
        "running": running(businesses, months[Side.SALES], months[Side.PURCHASE], day=day),
    }


def _is_yearly(businesses: list[Business], day: date) -> bool:
    return any(filing(day, facts_of(one), law=law()).start.month == 1 for one in businesses)


def _total(months: Months, first: date) -> Sums:
    return Sums.of(by_month.get(first, Month(first)).total for by_month in months.values())


def _month_name(first: date) -> str:
    return say(f"{first.year}년 {first.month}월", f"{first:%b %Y}")


def _chart(firsts: list[date], by_side: dict[Side, list[Sums]], names: dict[Side, str]) -> Chart:
    return charts.bars(
        [say(f"{first.month}월", f"{first:%b}") for first in firsts],
        [
            Series(side.value, names[side], [one.supply_amount for one in sums])
            for side, sums in by_side.items()
        ],
    )
