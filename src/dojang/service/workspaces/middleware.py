"""One request, one workspace: every address under `/w/<slug>/` runs in its workspace's transaction or not at all."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.template.response import SimpleTemplateResponse

from dojang.errors import DojangError
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.errors import bad_request, holds_nul, refused
from dojang.service.web.patience import refusal_of
from dojang.service.workspaces import closed
from dojang.service.workspaces.members import Member, member_in

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OneWorkspace:
    """Takes `workspace` out of the address, checks membership and runs the view in that workspace.

    The view finds `request.member`. A person who is not a member learns nothing: 404, as for any other address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: Any,
        named: dict[str, Any],
    ) -> HttpResponseBase | None:
        slug = named.pop("workspace", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            return _log_in(request)
        found = next((one for one in crossing.memberships(request.user.pk) if one.slug == slug), None)
        if found is None:
            raise Http404
        try:
            with in_workspace(found.workspace_id):
                closed.hold(request)
                member = request.member = member_in(found, request)  # type: ignore[attr-defined]
                closed.refuse_change(request, member.workspace)
                return _rendered(view(request, *arguments, **named))
        except ObjectDoesNotExist as error:
            # It was there when the page was made: somebody was quicker.
            raise Http404 from error
        except OperationalError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            return refused(request, refusal)
        except DataError as error:
            if not holds_nul(error):
                raise
            return bad_request(request)
        except DojangError as error:
            # Out here nothing of what was refused is left: its transaction has been rolled back.
            return refused(request, error)


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A page that would be made later is made now, while its rows can be seen."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


def _log_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {"code": "session_lost", "ko": "다시 로그인해 주세요.", "en": "Please log in again."}, status=401
        )
    return redirect_to_login(request.get_full_path())


__all__ = ["Member", "OneWorkspace"]
