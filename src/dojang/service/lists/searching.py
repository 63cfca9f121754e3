"""How text is found in lists: what the columns `search` hold, and what a query looks for in them.

The trigram index of PostgreSQL knows nothing shorter than three characters, and Korean names are asked for by one or
two syllables. So text is spelled out before it is kept: every letter takes three places, a syllable as its three
jamo (삼 → ᄉ ᅡ ᆷ), any other letter as itself twice and a filler, so that two that follow each other have a trigram of
their own. A digit stays one place, since nobody looks for one digit. Spaces and signs are left out on both sides, so hyphens in numbers don't matter, and nothing that LIKE takes for
a sign of its own is ever kept or asked for.

Initials (초성) stand in a line of their own, each with a filler behind it, so that two of them are enough for the index.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dojang.service.counterparties.hangul import INITIALS, composed, has_initials, initials

#: What is kept of one part, and read of a query; more is nobody's search.
MOST_OF_PART: Final = 200
MOST_OF_QUERY: Final = 100
_MOST_WORDS: Final = 8
#: An obsolete final consonant: a letter to PostgreSQL, and in no text of today.
_FILLER: Final = "\u11ff"
_ANY_REST: Final = "__"
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_MEDIALS: Final = 21
_FINALS: Final = 28
_INITIAL_JAMO: Final = 0x1100
_MEDIAL_JAMO: Final = 0x1161
_FINAL_JAMO: Final = 0x11A7
_COMPATIBILITY_JAMO: Final = range(0x3130, 0x3190)
_TRIGRAM: Final = 3
#: More than the syllables that names are made of: every one is worked out once.
_CHARACTERS: Final = 4096
# 발급 is the law's word and 발행 the market's: whoever types one finds the other.
_SAME: Final = (("발급", "발행"),)
# Written before or after the name, in full or in brackets, or left out: a query finds the name without them.
_LEGAL_FORMS: Final = ("주식회사", "유한회사", "(주)", "(유)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query as a pattern for LIKE; the trigram index can look for it if `indexed`."""

    pattern: str
    indexed: bool


def search_text(*parts: str | None) -> str:
    """What a column `search` holds: each part spelled out, then its initials, one line each; empty parts left out."""
    return "\n".join(line for part in parts for line in _lines((part or "")[:MOST_OF_PART]))


def wanted(query: str) -> tuple[Wanted, ...]:
    """Every word that has to be found, the one that narrows most first; none where nothing was asked for.

    A lone consonant stands for every syllable that begins with it; words of nothing else look in the initials.
    """
    found = {_wanted(word) for word in _words(query[:MOST_OF_QUERY])}
    ranked = sorted(found, key=lambda one: (not one.indexed, -len(one.pattern), one.pattern))
    return tuple(ranked[:_MOST_WORDS])


def _lines(part: str) -> Iterator[str]:
    letters = _letters(part)
    if letters:
        yield "".join(map(_spelled, letters))
        if not letters.isascii() and has_initials(first := initials(letters)):
            yield _spaced(first)


def _words(query: str) -> Iterator[str]:
    text = _plain(query)
    without_forms = text
    for form in _LEGAL_FORMS:
        without_forms = without_forms.replace(form, " ")
    letters = [_letters(word) for word in without_forms.split()]
    found = [word for word in letters if word]
    yield from found or (word for word in map(_letters, text.split()) if word)


def _wanted(word: str) -> Wanted:
    if all(letter in INITIALS for letter in word):
        text = _spaced(word)
        return Wanted(f"%{text}%", len(text) >= _TRIGRAM)
    places = [_asked(letter) for letter in word]
    runs = "".join(places).replace(_ANY_REST, " ").split()
    return Wanted(f"%{''.join(places)}%", any(len(run) >= _TRIGRAM for run in runs))


def _letters(text: str) -> str:
    """Letters and digits alone, in small letters, with one word for what has two."""
    kept = "".join(filter(str.isalnum, _plain(text)))
    for other, word in _SAME:
        kept = kept.replace(other, word)
    return kept


def _plain(text: str) -> str:
    """㈜ as (주), ＡＢＣ as abc; but a lone ㅅ stays one, where Unicode's own form would make it half a syllable."""
    if text.isascii():
        return text.casefold()
    return "".join(map(_plain_character, composed(text)))


@lru_cache(maxsize=_CHARACTERS)
def _plain_character(character: str) -> str:
    if ord(character) in _COMPATIBILITY_JAMO:
        return character
    return composed(unicodedata.normalize("NFKC", character).casefold())


@lru_cache(maxsize=_CHARACTERS)
def _spelled(letter: str) -> str:
    """The three places of a letter, or the one of a digit."""
    code = ord(letter) - _FIRST
    if 0 <= code <= _LAST - _FIRST:
        first, rest = divmod(code, _MEDIALS * _FINALS)
        medial, final = divmod(rest, _FINALS)
        return (
            chr(_INITIAL_JAMO + first)
            + chr(_MEDIAL_JAMO + medial)
            + (chr(_FINAL_JAMO + final) if final else _FILLER)
        )
    if letter.isascii() and letter.isdigit():
        return letter
    begin = _initial_jamo(letter)
    return begin + _FILLER + _FILLER if begin else letter + letter + _FILLER


def _asked(letter: str) -> str:
    first = _initial_jamo(letter)
    return first + _ANY_REST if first else _spelled(letter)


def _initial_jamo(letter: str) -> str:
    """A lone consonant as the beginning of a syllable; nothing for any other letter."""
    return chr(_INITIAL_JAMO + INITIALS.index(letter)) if letter in INITIALS else ""


def _spaced(consonants: str) -> str:
    return "".join(letter + _FILLER for letter in consonants)
