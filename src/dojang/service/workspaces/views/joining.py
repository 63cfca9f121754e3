"""Following an invitation's link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dojang.service.audit.actor import Actor
from dojang.service.web.say import say
from dojang.service.workspaces import selectors, words
from dojang.service.workspaces.errors import InvitationNotOpen, MemberAlready
from dojang.service.workspaces.invitation_tokens import hash_of
from dojang.service.workspaces.services import invitations

_KEPT = "invitation"
"""In the session: the token's hash, so that signing up and logging in lead back here."""


@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once: it is a secret, and addresses are kept in many places."""
    request.session[_KEPT] = hash_of(token)
    response = redirect("invitation")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites whom into what; accepting it."""
    token_hash = str(request.session.get(_KEPT, ""))
    seen = selectors.invitation_seen(token_hash, now=timezone.now())
    if seen is None:
        raise InvitationNotOpen
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, token_hash)
    user_id = request.user.pk
    page = {
        "invitation": seen,
        "role": words.role_text(seen.role),
        "meaning": words.role_meaning(seen.role),
        "is_addressee": user_id is not None and invitations.owns_address(user_id, seen.email),
    }
    return render(request, "workspaces/invitation.html", page)


def _accept(request: HttpRequest, token_hash: str) -> HttpResponse:
    try:
        workspace = invitations.accept(
            token_hash=token_hash, actor=Actor.of_request(request), now=timezone.now()
        )
    except MemberAlready:
        messages.info(request, say("이미 이 작업공간의 구성원입니다.", "You are a member already."))
        return redirect("home")
    del request.session[_KEPT]
    messages.success(
        request, say(f"‘{workspace.name}’에 참여했습니다.", f"You have joined “{workspace.name}”.")
    )
    return redirect("workspace_home", workspace.slug)
