"""What every page behind a link shares: nobody keeps it, finds it or hands its address on, and nobody guesses."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse

from dojang.errors import DojangError
from dojang.service.links.errors import NoSuchLink
from dojang.service.web.errors import refused
from dojang.service.web.limits import TooOften, limit, require_left

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


def _no_such(request: HttpRequest, error: NoSuchLink) -> HttpResponse:
    try:
        limit(request, "link_failure", _FAILURES)
    except TooOften as too_often:
        return refused(request, too_often)
    return refused(request, error)
