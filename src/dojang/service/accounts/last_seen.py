"""When and from where each log-in was last used, for the list that its owner sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

#: Exact enough for the list; writing at every request would cost a commit each.
GRANULARITY: Final = timedelta(minutes=10)


class LastSeen:
    """Notes a log-in's use, at most once in `GRANULARITY`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = timezone.now()
            old = UserSession.objects.filter(
                session_key=request.session.session_key, last_seen_at__lt=now - GRANULARITY
            )
            old.update(last_seen_at=now, ip=get_adapter().get_client_ip(request))
        return self.get_response(request)
