"""Words for people: Korean and English side by side, chosen by the language of the request."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from dojang.errors import DojangError


def say(ko: str, en: str) -> str:
    """The text in the person's language."""
    return en if (get_language() or "").startswith("en") else ko


say_lazy = lazy(say, str)
"""The same, decided when it is shown: for labels of forms."""


def say_items(name: str, count: int) -> str:
    """The first item of a document and how many more it has: 복사용지 외 2건."""
    return say(f"{name} 외 {count - 1}건", f"{name} and {count - 1} more") if count > 1 else name


def say_error(error: DojangError) -> str:
    """A refusal's sentence in the person's language."""
    return error.text("en" if say("ko", "en") == "en" else "ko")
