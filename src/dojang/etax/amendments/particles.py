"""조사: Korean particles that follow the sound of the word before them.

은/는, 이/가, 을/를, 과/와 and (으)로 depend on whether that word ends in a consonant (받침). Texts name a particle
where they name a fact: `"{buyer:은/는} 폐업했습니다"`.

Source: 국립국어원, 한글 맞춤법; numbers and Latin letters as they are read aloud.
"""

import re
import string
import unicodedata
from collections.abc import Mapping
from typing import Final

from dojang.etax.identifiers import IssueId

_PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
    "이라/라": ("이라", "라"),
}
"""What stands after a consonant, and after a vowel."""

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = ord("가"), ord("힣"), 28
_FINAL_L = 8  # the place of ㄹ among the final consonants

# 영 일 이 삼 사 오 육 칠 팔 구; L 엘, M 엠, N 엔, R 알.
_READ_ALOUD: Final = dict(zip("0123456789LMNR", "영일이삼사오육칠팔구엘엠엔알", strict=True))
_WEEKDAY: Final = re.compile(r"\([월화수목금토일]\)$")
"""Behind a day, where it is not read aloud."""


def particle(word: str, pair: str) -> str:
    """The form of a pair such as `"을/를"` that follows this word.

    Raises:
        KeyError: no such pair.
    """
    after_consonant, after_vowel = _PAIRS[pair]
    final = _final_consonant(word)
    # 로 follows ㄹ as it follows a vowel.
    as_vowel = final == 0 or (final == _FINAL_L and pair == "으로/로")
    return after_vowel if as_vowel else after_consonant


def _final_consonant(word: str) -> int:
    """The place of the last sounded syllable's final consonant, 0 for none; brackets are not sounded, nor a day's weekday."""
    sounded = _WEEKDAY.sub("", unicodedata.normalize("NFKC", word))
    letters = [char for char in sounded if char.isalnum()]
    last = letters[-1].upper() if letters else ""
    syllable = ord(_READ_ALOUD.get(last, last or "가"))
    if not _FIRST_SYLLABLE <= syllable <= _LAST_SYLLABLE:
        return 0
    return (syllable - _FIRST_SYLLABLE) % _FINALS


def shown_number(text: str) -> str:
    """승인번호 as people read it, 8-8-8; anything else as it is."""
    found = IssueId.parse(text)
    return found.hyphenated if found else text


_NUMBER: Final = "8-8-8"


class _Formatter(string.Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec == _NUMBER:
            return shown_number(str(value))
        if format_spec in _PAIRS:
            return f"{value}{particle(str(value), format_spec)}"
        return format(value, format_spec)


_FORMATTER: Final = _Formatter()


def fill(template: str, facts: Mapping[str, object]) -> str:
    """A text with its facts, each followed by the particle its place asks for.

    Besides Python's format specifications a place may name a pair, `"{buyer:은/는}"`, or say that it is the number of a
    document: `"{newest:8-8-8}"`.

    Raises:
        KeyError: the template names a fact that is not given.
    """
    return _FORMATTER.vformat(template, (), facts)
