"""Limits on how often somebody without an account may ask, counted as allauth counts its own: in the shared cache."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from dojang.service.errors import ServiceError


class TooOften(ServiceError):
    """More requests in a short time than a person makes."""

    code = "too_many_requests"
    ko = "짧은 시간에 너무 여러 번 시도했습니다. 몇 분 뒤에 다시 해 주세요."
    en = "There were too many attempts in a short time. Please try again in a few minutes."
    status = 429


def limit(request: HttpRequest, action: str, rates: str, *, key: str | None = None) -> None:
    """Count one use of `action`, of any method.

    Args:
        request: its REMOTE_ADDR is the person's own (`web.client_address`).
        action: names what is counted.
        rates: as allauth writes them: `60/m/ip`, `10/h/key`, several with commas.
        key: for rates per key.

    Raises:
        TooOften: one of the rates is used up.
    """
    if not _consume(request, action, rates, key):
        raise TooOften


def require_left(request: HttpRequest, action: str, rates: str) -> None:
    """Refuse who has used `action` up, without counting.

    Raises:
        TooOften: one of the rates is used up.
    """
    if not _consume(request, action, rates, None, only_look=True):
        raise TooOften


def _consume(
    request: HttpRequest, action: str, rates: str, key: str | None, *, only_look: bool = False
) -> bool:
    # The public form of this takes its rates from allauth's own settings alone.
    used = ratelimit.consume(
        request,
        app="dojang",
        action=action,
        config={action: rates},
        key=key,
        dry_run=only_look,
        limit_get=True,
    )
    return used is not None
