"""From where someone comes, when proxies stand before us."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ClientAddress:
    """Puts the person's address in REMOTE_ADDR, where histories, rate limits and lists of log-ins look for it.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so the one that the outermost of
    them saw stands that many places from the end. What stands before was sent by whoever asks and is not believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = forwarded_address(request.headers.get("X-Forwarded-For", ""), settings.ENVIRONMENT.proxies)
        if address:
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def forwarded_address(header: str, proxies: int) -> str:
    """The address that the outermost of `proxies` proxies saw; nothing where the header does not tell."""
    seen = header.split(",")
    if not 0 < proxies <= len(seen):
        return ""
    address = seen[-proxies].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return _without_port(address)


def _without_port(address: str) -> str:
    """`192.0.2.7:4711` or `[2001:db8::7]:4711`, as some proxies write it."""
    try:
        return str(ip_address(address.rpartition(":")[0].strip("[]")))
    except ValueError:
        return ""
