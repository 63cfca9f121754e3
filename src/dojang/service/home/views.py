"""The first page, and the home of a workspace: what has to be done, and until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.service.certificates.selectors import expiring_certificates
from dojang.service.home import month, selectors
from dojang.service.home.cards import cards, consigned, first_steps, gaps, other_cards
from dojang.service.home.figures import figures
from dojang.service.invoices.selectors import deadlines, has_any, state_counts
from dojang.service.invoices.timing import today
from dojang.service.reports import selecting
from dojang.service.tenancy import crossing
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

_WEEKDAYS = {"ko": "일월화수목금토", "en": ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")}
_DAYS = {
    "ko": [f"{day}요일" for day in "일월화수목금토"],
    "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who is logged in goes to their workspace; who has none, makes one; everybody else reads what this is."""
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    found = crossing.memberships(request.user.pk)
    return redirect("workspace_home", found[0].slug) if found else redirect("workspace_new")


@require_safe
def workspace_home(request: HttpRequest) -> HttpResponse:
    """Counts by state, terms that run out, certificates that end, of the businesses this member may see."""
    member = member_of(request)
    slug, now = member.workspace.slug, timezone.now()
    day = today(now)
    # What stands open counts in archived businesses, too, as in the lists that it leads to.
    seen = businesses_with(member, Right.VIEW)
    kept_up = selectors.kept_up(seen)
    active = [one.pk for one in kept_up]

    def may(right: Right) -> bool:
        return any(member.offers(right, one) for one in active)

    first = month.asked_month(request.GET.get("month", ""), day)
    page = {
        "cards": [
            *cards(state_counts(seen), slug, may=may),
            *other_cards(selectors.others(member, seen, now=now), slug, may=may),
        ],
        "deadlines": deadlines(seen, now=now),
        "expiring": expiring_certificates(active, now=now),
        "steps": first_steps(slug, may=may, done=selectors.done(active, now=now)),
        "new_invoice": page_of("invoice_new", slug) if may(Right.WRITE) else "",
        "certificates": page_of("certificate_list", slug) if may(Right.MANAGE) else "",
        "is_empty": not has_any(seen),
        "weekdays": list(zip(_WEEKDAYS[say("ko", "en")], _DAYS[say("ko", "en")], strict=True)),
        "is_sandbox": selecting.is_sandbox(),
        "calendar": month.sheet(
            first, today=day, slug=slug, business_ids=seen, filings=selectors.filings(kept_up, first)
        ),
    }
    shown = figures(kept_up, day)
    returns = [(one, gaps(one, slug), consigned(one, slug)) for one in shown["running"]]
    return render(request, "home/workspace.html", page | shown | {"returns": returns})
