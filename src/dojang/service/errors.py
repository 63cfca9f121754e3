"""Refusals of the service: a code, both sentences, and the HTTP status that says the same."""

from typing import ClassVar

from dojang.errors import DojangError


class ServiceError(DojangError):
    """A refusal on a page or to a program; `status` is its HTTP status."""

    code = "refused"
    status: ClassVar[int] = 400


class Conflict(ServiceError):
    """It is no longer, or not yet, as the request assumes."""

    code = "conflict"
    ko = "그사이 상태가 바뀌었습니다. 새로 고쳐 확인해 주세요."
    en = "It has changed meanwhile. Please reload and look again."
    status = 409
