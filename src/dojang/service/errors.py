"""Refusals of the service: a code, both sentences, and the HTTP status that says the same."""

from typing import ClassVar

from dojang.errors import DojangError


class ServiceError(DojangError):
    """A refusal on a page or to a program; `status` is its HTTP status, `title` stands above it on a page."""

    code = "refused"
    status: ClassVar[int] = 400
    title: ClassVar[tuple[str, str]] = ("처리하지 않았습니다", "This was not done")


class Conflict(ServiceError):
    """It is no longer, or not yet, as the request assumes."""

    code = "conflict"
    ko = "그사이 상태가 바뀌었습니다. 새로 고쳐 확인해 주세요."
    en = "It has changed meanwhile. Please reload and look again."
    status = 409
