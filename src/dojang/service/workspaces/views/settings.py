"""The settings of a workspace."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dojang.service.web.say import say
from dojang.service.workspaces.forms import SettingsForm
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.services.settings import change_settings


@require_http_methods(["GET", "POST"])
def workspace_settings(request: HttpRequest) -> HttpResponse:
    """Its name, and when documents are transmitted."""
    member = member_of(request)
    member.require(Right.MANAGE)
    names = ("name", "transmit_policy", "transmit_minutes")
    form = SettingsForm(
        request.POST or None, initial={name: getattr(member.workspace, name) for name in names}
    )
    if request.method == "POST":
        saved = form.run(
            lambda: change_settings(
                member=member,
                name=form.cleaned_data["name"],
                transmit_policy=form.cleaned_data["transmit_policy"],
                transmit_minutes=form.cleaned_data["transmit_minutes"],
                now=timezone.now(),
            )
        )
        if saved is not None:
            messages.success(request, say("저장했습니다.", "Saved."))
            return redirect("workspace_settings", saved.slug)
    return render(request, "workspaces/settings.html", {"form": form, "may_own": member.may(Right.OWN)})
