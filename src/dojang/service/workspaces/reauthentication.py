"""Asking for the password, passkey or code once more before what can't be taken back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

View = Callable[..., HttpResponse]


@reauthentication_required
def _just_now(request: HttpRequest) -> None:
    """Raises unless the person has just shown again who they are."""


def asks_again(view: View) -> View:
    """Let a view run only for somebody who has just shown again who they are.

    allauth would keep a posted form and call the view itself afterwards, past the workspace's transaction. Here the
    person comes back to the page and sends the form again.
    """

    @wraps(view)
    def ask(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            _just_now(request)
        except ReauthenticationRequired:
            return HttpResponseRedirect(
                f"{_page(request)}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
            )
        return view(request, *arguments, **named)

    return ask


def _page(request: HttpRequest) -> str:
    methods = get_adapter().get_reauthentication_methods(request.user)
    return str(methods[0]["url"]) if methods else reverse("account_reauthenticate")
