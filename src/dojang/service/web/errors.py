"""What a person or a program is told when something is refused, missing or broken.

A page for people, JSON (`code`, `ko`, `en`) for whoever asks for JSON; the status is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import psycopg
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string

from dojang.errors import DojangError
from dojang.service.errors import ServiceError
from dojang.service.web.patience import refusal_of
from dojang.service.web.say import say
from dojang.service.web.theme import theme_of
from dojang.service.workspaces.roles import RIGHTS, Right, Role

_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: status, stable code, a title and a sentence in both languages, and what to do."""

    status: int
    code: str
    title: tuple[str, str]
    ko: str
    en: str


BAD_REQUEST = Said(
    400,
    "bad_request",
    ("요청을 읽지 못했습니다", "The request could not be read"),
    "주소나 입력이 올바르지 않습니다. 앞 화면으로 돌아가 다시 해 주세요.",
    "The address or the input is not valid. Please go back and try again.",
)
FORBIDDEN = Said(
    403,
    "forbidden",
    ("권한이 없습니다", "You may not do this"),
    "이 일을 할 권한이 없습니다. 작업공간의 소유자나 관리자에게 요청해 주세요.",
    "You may not do this. Please ask the owner or an admin of the workspace.",
)
NOT_FOUND = Said(
    404,
    "not_found",
    ("페이지를 찾을 수 없습니다", "There is no such page"),
    "주소가 바뀌었거나, 볼 수 있는 권한이 없는 페이지입니다.",
    "The address has changed, or the page is not one you may see.",
)
TOO_MANY = Said(
    429,
    "too_many_requests",
    ("잠시 뒤에 다시 해 주세요", "Please wait a moment"),
    "짧은 시간에 너무 여러 번 시도했습니다. 몇 분 뒤에 다시 해 주세요.",
    "There were too many attempts in a short time. Please try again in a few minutes.",
)
BROKEN = Said(
    500,
    "server_error",
    ("처리 중 문제가 생겼습니다", "Something went wrong"),
    "저희 쪽 문제이며 기록해 두었습니다. 잠시 뒤에 다시 해 주세요. 발행 중이었다면 목록에서 상태를 먼저 확인해 주세요.",
    "The fault is ours and has been recorded. Please try again shortly. "
    "If you were issuing, look at the state in the list first.",
)
PAGE_EXPIRED = Said(
    403,
    "page_expired",
    ("페이지가 오래되었습니다", "The page is out of date"),
    "로그인 상태가 바뀌었거나 쿠키가 꺼져 있어 보낸 내용을 받지 않았습니다. 앞 화면을 새로 고친 뒤 다시 해 주세요.",
    "The log-in has changed or cookies are off, so nothing was accepted. Please reload the page before and try again.",
)

# What a right is called where someone is told that they lack it.
_RIGHTS: dict[Right, tuple[str, str]] = {
    Right.VIEW: ("보기", "viewing"),
    Right.WRITE: ("작성", "writing"),
    Right.ISSUE: ("발행·전송", "issuing and sending"),
    Right.MANAGE: ("설정 관리", "managing the settings"),
    Right.OWN: ("작업공간 소유", "owning the workspace"),
}
_ROLES_EN: dict[Role, str] = {
    Role.OWNER: "owner",
    Role.ADMIN: "admin",
    Role.ISSUER: "issuer",
    Role.WRITER: "writer",
    Role.VIEWER: "viewer",
}


class Refusals:
    """Middleware: a refusal raised by a view outside a workspace becomes its page, and so does too long a wait.

    An address with a NUL character is none of ours: no column can hold one, so PostgreSQL would end the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = refusal_of(exception) if isinstance(exception, OperationalError) else exception
        return refused(request, refusal) if isinstance(refusal, DojangError) else None


def holds_nul(error: DataError) -> bool:
    """Whether a text was refused for its NUL character: psycopg does so itself, PostgreSQL never gets to see it."""
    cause = error.__cause__
    return isinstance(cause, psycopg.DataError) and cause.sqlstate is None


def refused(request: HttpRequest, error: DojangError) -> HttpResponse:
    """The page or JSON of a refusal; its class names status and title, or it is 400 and "not done"."""
    status = int(getattr(error, "status", BAD_REQUEST.status))
    title = getattr(error, "title", ServiceError.title)
    said = Said(status, error.code, title, error.text("ko"), error.text("en"))
    return answer(request, said)


def answer(request: HttpRequest, said: Said) -> HttpResponse:
    """A page for people, JSON for programs."""
    if _wants_json(request):
        return JsonResponse({"code": said.code, "ko": said.ko, "en": said.en}, status=said.status)
    page: dict[str, Any] = {
        "title": say(*said.title),
        "text": say(said.ko, said.en),
        "code": said.code,
        "status": said.status,
    }
    if said.status >= _SERVER_ERROR:
        # Nothing that asks the database, the session or the person: one of them may be what is broken.
        return HttpResponse(
            render_to_string("web/broken.html", page | {"theme": theme_of(request)}), status=said.status
        )
    return HttpResponse(render_to_string("web/error.html", page, request=request), status=said.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return answer(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, which says what right is missing and which roles have it."""
    right = next((right for right in Right if right.value == str(exception)), None)
    return answer(request, FORBIDDEN if right is None else _without(right))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return answer(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return answer(request, BROKEN)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, when a rate limit holds."""
    return answer(request, TOO_MANY)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, when a form comes without the token it was given."""
    return answer(request, PAGE_EXPIRED)


def _without(right: Right) -> Said:
    ko, en = _RIGHTS[right]
    roles = [role for role in Role if right in RIGHTS[role]]
    roles_ko = ", ".join(role.label for role in roles)
    roles_en = ", ".join(_ROLES_EN[role] for role in roles)
    return Said(
        FORBIDDEN.status,
        FORBIDDEN.code,
        FORBIDDEN.title,
        f"‘{ko}’ 권한이 필요합니다. 이 권한은 {roles_ko} 역할에 있습니다. "
        "작업공간의 소유자나 관리자에게 역할을 바꿔 달라고 요청해 주세요.",
        f"This needs the right of {en}, which the roles {roles_en} have. "
        "Please ask the owner or an admin of the workspace to change your role.",
    )


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
