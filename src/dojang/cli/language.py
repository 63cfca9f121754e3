"""The user's language, from the environment, and how the command line speaks it."""

import os

from dojang.errors import Language


def language() -> Language:
    """Korean, unless the environment names another language: an unset or "C" locale says nothing."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ko" if named.partition(".")[0] in {"", "C", "POSIX"} or named.startswith("ko") else "en"


def say(ko: str, en: str) -> str:
    """One of two sentences."""
    return ko if language() == "ko" else en
