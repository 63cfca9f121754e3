"""The user guide shows what it speaks of: every picture is there, small, and spoken of."""

import re
import struct
from pathlib import Path

import pytest

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
CHAPTERS = sorted(GUIDE.glob("*.md"))
PICTURES = sorted((GUIDE / "images").iterdir())
_MOST_BYTES = 3_000_000
_WIDTH = 1280
_PALETTE = 3


def mentioned(chapter: Path) -> dict[str, str]:
    """Its pictures, by file, with the words for who cannot see them."""
    found = re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", chapter.read_text("utf-8"))
    return {file: text for text, file in found}


def test_every_picture_that_is_shown_exists_and_every_one_that_exists_is_shown():
    shown = {file for chapter in CHAPTERS for file in mentioned(chapter)}
    assert shown == {picture.name for picture in PICTURES}, "run: make guide"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_picture_has_words(chapter):
    assert all(mentioned(chapter).values())


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_a_window_in_few_colours(picture):
    content = picture.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, _, _, kind = struct.unpack(">IIBB", content[16:26])
    assert (width, kind) == (_WIDTH, _PALETTE)


def test_all_pictures_together_are_small():
    assert sum(picture.stat().st_size for picture in PICTURES) < _MOST_BYTES


def test_the_contents_lead_to_every_chapter():
    contents = (GUIDE / "README.md").read_text("utf-8")
    chapters = {chapter.name for chapter in CHAPTERS} - {"README.md"}
    assert set(re.findall(r"\]\(([a-z]+\.md)\)", contents)) == chapters


def test_the_story_takes_every_picture():
    story = (GUIDE / "pictures.py").read_text("utf-8")
    taken = set(re.findall(r'take\(f?"([a-z]+-)', story))
    assert {picture.stem.partition("-")[0] + "-" for picture in PICTURES} == taken
