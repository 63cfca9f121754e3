"""HTTP as the sandbox needs it: a request with a bounded body, a response that names the sandbox, routes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO, TypeAlias, cast
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from dojang.errors import DojangError
from dojang.sandbox.errors import (
    ControlRefused,
    LoopbackOnly,
    NoSuchPage,
    TooLarge,
    WrongMethod,
)

MAX_BODY_BYTES = 32 << 20

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"

_HEADERS = (
    ("X-Dojang-Sandbox", "1"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
)

STATUS_OF_ERROR: Mapping[type[DojangError], HTTPStatus] = {
    NoSuchPage: HTTPStatus.NOT_FOUND,
    WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    LoopbackOnly: HTTPStatus.FORBIDDEN,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ControlRefused: HTTPStatus.BAD_REQUEST,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: Mapping[str, str]
    content_type: str | None
    remote: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out."""

    body: bytes = field(repr=False)
    content_type: str = TEXT_TYPE
    status: int = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, start: StartResponse, *, with_body: bool = True) -> Iterable[bytes]:
        """Answer a WSGI request."""
        status = HTTPStatus(self.status)
        headers = [
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.body))),
            *_HEADERS,
            *self.headers,
        ]
        start(f"{status.value} {status.phrase}", headers)
        return [self.body] if with_body else []


Handler: TypeAlias = Callable[..., Response]


def read_request(environ: WSGIEnvironment) -> Request:
    """The request, with its whole body.

    Raises:
        TooLarge: more than 32 MiB.
    """
    length = str(environ.get("CONTENT_LENGTH") or "0")
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > MAX_BODY_BYTES:
        raise TooLarge(limit=MAX_BODY_BYTES)
    stream = cast("BinaryIO", environ["wsgi.input"])
    query = parse_qs(str(environ.get("QUERY_STRING", ""))[:4096], max_num_fields=20)
    return Request(
        method=str(environ["REQUEST_METHOD"]),
        path=_path(environ),
        query={name: values[-1] for name, values in query.items()},
        content_type=environ.get("CONTENT_TYPE"),
        remote=str(environ.get("REMOTE_ADDR", "")),
        body=stream.read(size) if size else b"",
    )


def _path(environ: WSGIEnvironment) -> str:
    """WSGI hands out bytes as Latin-1."""
    raw = cast("Any", environ.get("PATH_INFO")) or "/"
    return str(raw).encode("latin-1", "replace").decode("utf-8", "replace")


def refusal_text(error: DojangError) -> Response:
    """A refusal as text, for programs and people that asked for no JSON."""
    text = f"{error.text('ko')}\n{error.text('en')}\n"
    return Response(text.encode(), TEXT_TYPE, status_of(error), _allow(error))


def status_of(error: DojangError) -> HTTPStatus:
    """The HTTP status of a refusal."""
    return STATUS_OF_ERROR.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)


def _allow(error: DojangError) -> tuple[tuple[str, str], ...]:
    return (("Allow", str(error.facts["allowed"])),) if isinstance(error, WrongMethod) else ()


def require_method(request: Request, *methods: str) -> None:
    """Raise WrongMethod for another method than these; who may GET may HEAD."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    if request.method not in allowed:
        raise WrongMethod(path=request.path, method=request.method, allowed=", ".join(allowed))
