"""The two switches of every page: language, and light or dark."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dojang.service.web import language, theme

_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Korean or English: on the account where someone is logged in, and on this browser."""
    chosen = request.POST.get("language")
    response = _back(request)
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    _remember(response, language.COOKIE, chosen)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or what the device says."""
    chosen = request.POST.get("theme")
    response = _back(request)
    if chosen in theme.THEMES:
        _remember(response, theme.COOKIE, chosen)
    else:
        response.delete_cookie(theme.COOKIE)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page whose switch it was; never to another host."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(address if ours else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
