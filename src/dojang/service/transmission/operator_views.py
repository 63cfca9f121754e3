"""The operator's page: for people of staff alone, of no workspace."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.errors import DojangError
from dojang.service.transmission import operating
from dojang.service.transmission.way_out import way_out
from dojang.service.web.health import oldest_waiting


@require_safe
@login_required
def operator(request: HttpRequest) -> HttpResponse:
    """Registration, certificates, clock, queue, and what does not move. Others find nothing here."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    now = timezone.now()
    try:
        overdue = operating.overdue(now=now)
        registration = way_out().registration
    except DojangError:
        overdue, registration = 0, ""
    context = {
        "nts": settings.ENVIRONMENT.nts,
        "registration": registration,
        "system": operating.the_system(now=now),
        "conditions": operating.conditions(),
        "stuck": operating.stuck(now=now),
        "held": operating.held(),
        "overdue": overdue,
        "workers": operating.workers(now=now),
        "queue_seconds": oldest_waiting(now),
        "now": now,
    }
    return render(request, "transmission/operator.html", context)
