"""What every page behind a link shares: nobody keeps it, finds it or hands its address on, and nobody guesses."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from dojang.errors import DojangError
from dojang.service.links.errors import NoSuchLink
from dojang.service.web.errors import refused
from dojang.service.web.limits import TooOften, limit, require_left
from dojang.service.web.patience import refusal_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

#: Phones of one carrier share few addresses, so many buyers may come from one.
_REQUESTS: Final = "300/m/ip"
#: A token that is none of ours is a typing error a few times, and a search after that.
_FAILURES: Final = "30/10m/ip"

HEADERS: Final = {
    "Cache-Control": "private, no-store",
    # Never the address, to nobody. With "no-referrer" browsers send "Origin: null" too, and the switch of the
    # language would be refused as a request from another site.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def behind_link(view: View[P]) -> View[P]:
    """Make a view a page behind a link: limits before it, headers after it, refusals as their page."""

    @wraps(view)
    def answer(request: HttpRequest, /, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
        try:
            require_left(request, "link_failure", _FAILURES)
            limit(request, "link", _REQUESTS)
            response = view(request, *arguments, **named)
        except NoSuchLink as error:
            response = _no_such(request, error)
        except DojangError as error:
            response = refused(request, error)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answer


def step_behind_link(name: str, rate: str) -> Callable[[View[P]], View[P]]:
    """Make a view a step behind a link: rarer than looking, and told when PostgreSQL let it go for another.

    The token in the address is what lets somebody in; there is no session whose rights a forged request could borrow,
    so steps carry no token against forgery.

    Args:
        name: of the limit.
        rate: how often one address may take such steps.
    """

    def decorate(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        @behind_link
        def answer(request: HttpRequest, /, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
            limit(request, name, rate)
            try:
                return view(request, *arguments, **named)
            except OperationalError as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error

        return answer

    return decorate


def address_of(request: HttpRequest) -> str:
    """From where somebody comes, as histories keep it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def attached(data: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _no_such(request: HttpRequest, error: NoSuchLink) -> HttpResponse:
    try:
        limit(request, "link_failure", _FAILURES)
    except TooOften as too_often:
        return refused(request, too_often)
    return refused(request, error)
