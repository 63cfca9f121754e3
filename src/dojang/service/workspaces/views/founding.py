"""A new workspace, in one short page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dojang.service.audit.actor import Actor
from dojang.service.web.addresses import page_of
from dojang.service.workspaces.details import BusinessDetails
from dojang.service.workspaces.forms import FoundingForm
from dojang.service.workspaces.services.founding import create_workspace


@login_required
@require_http_methods(["GET", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    """What a company needs before its first invoice; registering the certificate comes next."""
    first = {"contact_name": str(getattr(request.user, "name", "")), "contact_email": _short_email(request)}
    form = FoundingForm(request.POST or None, initial=first)
    if request.method == "POST":
        workspace = form.run(
            lambda: create_workspace(
                name=form.cleaned_data["workspace_name"],
                business=BusinessDetails.of(form.cleaned_data),
                actor=Actor.of_request(request),
                now=timezone.now(),
            )
        )
        if workspace is not None:
            return redirect(
                page_of("sign_register_page", workspace.slug) or page_of("business_list", workspace.slug)
            )
    return render(request, "workspaces/new.html", {"form": form})


def _short_email(request: HttpRequest) -> str:
    """The standard has 40 characters for a contact's address."""
    email = str(getattr(request.user, "email", ""))
    limit = FoundingForm.base_fields["contact_email"].max_length  # type: ignore[attr-defined]  # of EmailField
    return email if len(email) <= limit else ""
