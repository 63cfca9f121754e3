"""Korean first: the language is the person's choice, never the browser's guess."""

from collections.abc import Callable, Generator

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from dojang.errors import Language

COOKIE = "dojang_language"


class LanguageOfPerson:
    """The language of the account; without one, of the cookie that the switch sets; else the service's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def streamed_in(language: str, pieces: Generator[bytes]) -> Generator[bytes]:
    """A long answer, each piece of it made in a language: that of the request ends before the answer is read."""
    try:
        while True:
            with translation.override(language):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    finally:
        pieces.close()


def language_of(request: HttpRequest) -> Language:
    """`ko` or `en`."""
    chosen = request.user.language if request.user.is_authenticated else request.COOKIES.get(COOKIE)
    wanted = chosen if chosen in {"ko", "en"} else settings.LANGUAGE_CODE
    return "en" if wanted == "en" else "ko"
