"""How much may be sent to us: refused by its announced length, before a byte of it is read or put on a disk."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from dojang.service.errors import ServiceError
from dojang.service.web.errors import refused

#: Two hundred documents of others, 1 MB each, and what stands between them.
MOST_OF_MEMBERS: Final = 256 << 20
#: The public page of verdicts bounds by itself what comes to it.
_BOUNDED_THERE: Final = "/verify/"


class BodyTooLarge(ServiceError):
    """More than any page takes."""

    code = "request_too_large"
    ko = "한 번에 보내기에 너무 큽니다. 파일을 나누어 올려 주세요."
    en = "That is too much at once. Send the files in parts."
    status = 413


class BoundedBodies:
    """Middleware, after that of the person: whoever has not logged in sends forms, never files.

    The check of forms' tokens reads a whole request, files and all, before any view is asked. A request that does not
    announce its length has no body for Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        text = request.META.get("CONTENT_LENGTH") or "0"
        length = int(text) if text.isascii() and text.isdigit() else 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > _most(request):
            return refused(request, BodyTooLarge())
        return self.get_response(request)


def _most(request: HttpRequest) -> int:
    if request.user.is_authenticated or request.path.startswith(_BOUNDED_THERE):
        return MOST_OF_MEMBERS
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
