"""Which characters the fonts of the package can draw; a PDF/A may hold no other.

Read from the fonts themselves (OpenType, `cmap` of format 12), so that no table beside them can be wrong.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

REGULAR, BOLD, HANJA = "Pretendard-Regular.otf", "Pretendard-Bold.otf", "PretendardJP-Regular.otf"
"""Pretendard for everything it has, Pretendard JP for Hanja and kana."""

MISSING = "〓"
"""Stands for a character that no font has, as printers of type have always done it."""

_UNICODE = (3, 10)
_SEGMENTED_COVERAGE = 12
# They choose among shapes of the character before them, which is drawn as it is.
_VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_PRIVATE = "Co"


def folder() -> Traversable:
    """Where the fonts are."""
    return files("dojang.render").joinpath("fonts")


def drawable(text: str) -> str:
    """Text as the fonts can draw it: composed, and `MISSING` for every character that none of them has.

    A letter and its marks have to come from one font, or the shaper takes none.
    """
    composed = unicodedata.normalize("NFC", text)
    if _is_plain(composed):
        return composed
    return "".join(map(_drawable, clusters(composed)))


def missing(text: str) -> Iterator[str]:
    """The characters for which `drawable` writes `MISSING`."""
    composed = unicodedata.normalize("NFC", text)
    if not _is_plain(composed):
        for cluster in clusters(composed):
            yield from (one for one, drawn in zip(cluster, _drawable(cluster), strict=True) if one != drawn)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def clusters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them; without what only chooses a shape."""
    cluster = ""
    for character in text:
        if any(ord(character) in variations for variations in _VARIATIONS):
            continue
        if cluster and unicodedata.category(character).startswith("M"):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _drawable(cluster: str) -> str:
    fonts = _fonts()
    for font in fonts:
        if all(ord(character) in font for character in cluster):
            return cluster
    base = next((font for font in fonts if ord(cluster[0]) in font), frozenset[int]())
    return "".join(character if ord(character) in base else MISSING for character in cluster)


@cache
def _fonts() -> tuple[frozenset[int], ...]:
    """Bold has to have what is drawn, too, as far as Pretendard is asked for it."""
    regular, bold, hanja = (coverage(folder().joinpath(name).read_bytes()) for name in (REGULAR, BOLD, HANJA))
    return (regular & bold, hanja)


def coverage(font: bytes) -> frozenset[int]:
    """The code points that a font has glyphs for, private ones left out. Raises ValueError: no such table."""
    cmap = _table(font, b"cmap")
    for platform, encoding, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * _uint16(cmap, 2)]):
        if (platform, encoding) == _UNICODE and _uint16(cmap, offset) == _SEGMENTED_COVERAGE:
            (count,) = struct.unpack_from(">I", cmap, offset + 12)
            groups = struct.iter_unpack(">III", cmap[offset + 16 : offset + 16 + 12 * count])
            return frozenset(
                code
                for first, last, _ in groups
                for code in range(first, last + 1)
                if unicodedata.category(chr(code)) != _PRIVATE
            )
    raise ValueError("the font has no cmap of format 12")


def _table(font: bytes, wanted: bytes) -> bytes:
    for tag, _, offset, length in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * _uint16(font, 4)]):
        if tag == wanted:
            return font[offset : offset + length]
    raise ValueError(f"the font has no {wanted!r}")


def _uint16(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 2])
