"""초성: the initials by which names are found, and a half-typed word as a pattern."""

import re
import unicodedata
from typing import Final

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_PER_INITIAL: Final = 21 * 28
_PER_VOWEL: Final = 28


def composed(text: str) -> str:
    """Syllables as single characters (NFC): files from macOS come with them taken apart."""
    return unicodedata.normalize("NFC", text)


def initials(text: str) -> str:
    """한빛상사 → ㅎㅂㅅㅅ; what is no Hangul syllable stays as it is."""
    return "".join(_initial(character) for character in composed(text))


def has_initials(text: str) -> bool:
    """Whether someone typed consonants alone, as in ㅎㅂ or 한ㅂ."""
    return any(character in INITIALS for character in text)


def pattern(query: str) -> str:
    """A regular expression (PostgreSQL's and Python's) that fits what is being typed.

    A lone consonant stands for every syllable that begins with it; a last syllable without a final consonant
    for those that only add one, since that is what an input method shows before the next key: 도자 finds 도장.
    """
    text = composed(query)
    return "".join(_part(character, last=place == len(text) - 1) for place, character in enumerate(text))


def _part(character: str, *, last: bool) -> str:
    if character in INITIALS:
        first = _FIRST + INITIALS.index(character) * _PER_INITIAL
        return f"[{character}{chr(first)}-{chr(first + _PER_INITIAL - 1)}]"
    code = ord(character)
    if last and _FIRST <= code <= _LAST and (code - _FIRST) % _PER_VOWEL == 0:
        return f"[{character}-{chr(code + _PER_VOWEL - 1)}]"
    return re.escape(character)


def _initial(character: str) -> str:
    code = ord(character)
    return INITIALS[(code - _FIRST) // _PER_INITIAL] if _FIRST <= code <= _LAST else character
