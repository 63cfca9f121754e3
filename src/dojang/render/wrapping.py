"""Where a line may be broken so that nothing stands outside its box, not even a word of seventy letters."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dojang.render.glyphs import MISSING, clusters

# At most, in digits, in both weights. "W" is the widest of all.
_WIDTHS = dict.fromkeys("0123456789-abcdefghijklnopqrstuvxyz", 1.0) | dict.fromkeys(",. :", 0.5)
_KOREAN = 1.35
WIDEST = 1.7

# Letters that may begin a line wherever they stand; of all others the typesetter knows best.
_ANYWHERE = (range(0xAC00, 0xD7A4), range(0x4E00, 0xA000), range(0x3400, 0x4DC0))


class Piece(NamedTuple):
    """A part of a line.

    Attributes:
        text: what is written.
        is_text: whether it is text as any other; else one letter that a line may end before and after.
    """

    text: str
    is_text: bool


def pieces(line: str, room: float) -> list[Piece]:
    """A line in pieces between which it may be broken besides its natural places.

    Args:
        line: what `glyphs.drawable` gave.
        room: how many digits stand beside each other in the box; a wider word may be broken anywhere.

    Every `MISSING` is a piece of its own: it is drawn, not written.
    """
    found: list[Piece] = []
    for word in _words(line):
        if width(word) > room or MISSING in word:
            found += [Piece(letter, is_text=False) for letter in clusters(word)]
        elif found and found[-1].is_text:
            found[-1] = Piece(found[-1].text + word, is_text=True)
        else:
            found.append(Piece(word, is_text=True))
    return found


def _words(line: str) -> Iterator[str]:
    """What a line may be broken between anyway, spaces with the word before them."""
    start = 0
    for end, (before, after) in enumerate(pairwise(line), start=1):
        if (before == " " and after != " ") or (_breaks(before) and _breaks(after)):
            yield line[start:end]
            start = end
    if line:
        yield line[start:]


def _breaks(character: str) -> bool:
    return any(ord(character) in letters for letters in _ANYWHERE)


def fits(line: str, room: float) -> bool:
    """Whether a line surely stands within so many digits."""
    return len(line) * WIDEST <= room or width(line) <= room


def width(text: str) -> float:
    """How many digits are as wide as this text is at most."""
    return sum(
        _WIDTHS.get(letter) or (_KOREAN if "가" <= letter <= "힣" else WIDEST) for letter in text.rstrip()
    )
