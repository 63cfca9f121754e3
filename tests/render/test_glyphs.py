"""Which characters can be drawn, and where a line may be broken: asked of the fonts that come with the package."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.render.glyphs import BOLD, HANJA, MISSING, REGULAR, coverage, drawable, folder, missing
from dojang.render.wrapping import pieces


def test_the_fonts_are_as_they_were_published():
    told = dict(reversed(line.split()) for line in folder().joinpath("SHA256SUMS").read_text().splitlines())
    assert set(told) == {REGULAR, BOLD, HANJA}
    for name, digest in told.items():
        assert sha256(folder().joinpath(name).read_bytes()).hexdigest() == digest


def test_the_licence_lies_beside_the_fonts():
    text = folder().joinpath("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Reserved Font Name Pretendard JP" in text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("(주)도장상사 ㈜ ① ￦1,000", None),
        ("大韓民國 髙橋 あア", None),
        ("𠮷野家", "〓野家"),
        ("a😀b", "a〓b"),
        ("שלום", "〓〓〓〓"),
        ("각", "각"),
        ("가\u0301", "가\u0301"),
        ("韓\u0301", "韓\u0301"),
        ("葛\U000e0100城", "葛城"),
        ("❤\ufe0f"[1:], ""),
        ("", ""),
    ],
)
def test_what_no_font_has_is_replaced(text, drawn):
    assert drawable(text) == (text if drawn is None else drawn)


def test_the_characters_without_a_glyph_are_told_as_they_were():
    assert list(missing("a𠮷b😀𠮷")) == ["𠮷", "😀", "𠮷"]
    assert list(missing("(주)도장 大韓")) == []


@given(st.text())
def test_whatever_is_written_can_be_drawn_after_that(text):
    regular, bold, hanja = (coverage(folder().joinpath(name).read_bytes()) for name in (REGULAR, BOLD, HANJA))
    assert {ord(one) for one in drawable(text) if one != MISSING} <= (regular & bold) | hanja


@pytest.mark.parametrize("data", [b"", b"OTTO", b"OTTO\x00\x01" + b"\x00" * 40])
def test_a_file_that_is_no_font_is_refused(data):
    with pytest.raises((ValueError, IndexError)):
        coverage(data)


@given(st.text(alphabet="aW1,. 가각韓〓-@", max_size=80), st.floats(min_value=1, max_value=60))
def test_pieces_together_are_the_line(line, room):
    found = pieces(line, room)
    assert "".join(piece.text for piece in found) == line
    for one, other in pairwise(found):
        assert not (one.is_text and other.is_text)
    assert all((MISSING in piece.text) <= (piece.text == MISSING) for piece in found)


@pytest.mark.parametrize(
    ("line", "count"),
    [("가나다라마바사", 1), ("W" * 20, 20), ("1,234,567", 1), ("a b c", 1), ("긴 " + "x" * 30, 31), ("", 0)],
)
def test_only_a_word_wider_than_its_box_is_taken_apart(line, count):
    assert len(pieces(line, 12)) == count
