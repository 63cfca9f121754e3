"""What the pages share: a button that does one thing and says what came of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dojang.service.errors import ServiceError
from dojang.service.web.say import say_error

_GONE = frozenset({403, 404})


def press(request: HttpRequest, call: Callable[[], object], done: str, to: str) -> HttpResponse:
    """Do it and go to a page that says `done`, or why it was refused.

    Raises:
        ServiceError: what was to be changed isn't there, or isn't this member's to change.
    """
    try:
        call()
    except ServiceError as error:
        if error.status in _GONE:
            raise
        messages.error(request, say_error(error))
    else:
        messages.success(request, done)
    return redirect(to)
