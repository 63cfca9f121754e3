"""Closing a workspace, and opening it again."""

from datetime import date

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dojang.service.invoices.models import Invoice
from dojang.service.law import law
from dojang.service.records.models import Record
from dojang.service.web.say import say
from dojang.service.workspaces.forms import ClosingForm
from dojang.service.workspaces.reauthentication import asks_again
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.retention import keep_until
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.services import closing
from dojang.service.workspaces.views.acting import press

_LISTED = 20


@require_http_methods(["GET", "POST"])
def close_workspace(request: HttpRequest) -> HttpResponse:
    """What closing means, what is in its way, and the button; or, of a closed one, the button that opens it."""
    member_of(request).require(Right.OWN)
    return _close(request)


@asks_again
def _close(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    form = ClosingForm(request.POST or None)
    if request.method == "POST":
        closed = form.run(
            lambda: closing.close(member=member, name=form.cleaned_data["name"], now=timezone.now())
        )
        if closed is not None:
            messages.success(request, say("작업공간을 닫았습니다.", "The workspace is closed."))
            return redirect("workspace_close", member.workspace.slug)
    rows = closing.under_way()
    page = {
        "form": form,
        "under_way": list(rows[:_LISTED]),
        "under_way_count": rows.count(),
        "keep_until": keep_until(_last_days(), law=law()),
    }
    return render(request, "workspaces/closing.html", page)


@require_POST
def reopen_workspace(request: HttpRequest) -> HttpResponse:
    """Open it again."""
    member = member_of(request)
    return press(
        request,
        lambda: closing.reopen(member=member, now=timezone.now()),
        say("작업공간을 다시 열었습니다.", "The workspace is open again."),
        reverse("workspace_settings", args=[member.workspace.slug]),
    )


def _last_days() -> list[date | None]:
    """The newest 작성일자 of what was issued, and of what others issued."""
    issued = Invoice.objects.filter(deleted_at=None).exclude(issue_id=None).aggregate(last=Max("written_on"))
    taken = Record.objects.filter(deleted_at=None).aggregate(last=Max("written_on"))
    return [issued["last"], taken["last"]]
