"""The first page, and the home of a workspace: what has to be done, and until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.service.certificates.selectors import businesses_with_certificate, expiring_certificates
from dojang.service.invoices.selectors import deadlines, state_counts
from dojang.service.tenancy import crossing
from dojang.service.web.addresses import page_of
from dojang.service.web.todo import cards, first_steps
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


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
    every = list(Business.objects.filter(archived_at__isnull=True).values_list("id", flat=True))
    seen = member.businesses_with(Right.VIEW, every)
    counts = state_counts(seen)
    certified = businesses_with_certificate(seen, now=now)
    page = {
        "cards": list(cards(counts, slug)),
        "deadlines": deadlines(seen, now=now),
        "expiring": expiring_certificates(seen, now=now),
        "steps": first_steps(
            slug, businesses=bool(seen), certificate=bool(certified), invoices=bool(sum(counts.values()))
        ),
        "new_invoice": page_of("invoice_new", slug) if any(member.businesses_with(Right.WRITE, seen)) else "",
        "certificates": page_of("certificate_list", slug),
    }
    return render(request, "web/workspace_home.html", page)
