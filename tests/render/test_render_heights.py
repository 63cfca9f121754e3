"""Heights known before anything is set: they are what the typesetter would have found, or are left to it."""

import json
import re
import subprocess
from datetime import UTC, datetime
from shutil import which

import pytest
import typst

from dojang.render import Copy, form, typesetting
from dojang.render import pdf as paper
from dojang.render.heights import LEADING, LINE, lines_height, row_heights
from dojang.render.layout import Area
from dojang.render.pdf import pdf
from dojang.render.wrapping import fits, width
from render.render_samples import amended, consigned, empty, exempt, imported, long, taxed

MADE = datetime(2026, 11, 20, tzinfo=UTC)
FIRST, SECOND, BOTH = Area(0, 1, 1, 1), Area(1, 1, 1, 1), Area(0, 0, 2, 1)
HANJA = {"business_number": "9998100015", "name": "𠮷野家 大韓商社 株式會社", "representative": "金大韓"}


def heights(*boxes):
    return row_heights(boxes, empty=10, inset=1)


def test_a_row_is_as_high_as_the_highest_box_in_it_and_space_around():
    assert heights((FIRST, 8.0), (Area(0, 2, 1, 1), 9.0), (SECOND, 5.0)) == [11, 7]


def test_a_row_in_which_nothing_stands_is_as_high_as_a_line():
    assert heights((FIRST, 0.0), (SECOND, 5.0)) == [12, 7]


def test_a_row_is_left_to_the_typesetter_where_one_box_is_not_known():
    assert heights((FIRST, None), (Area(0, 2, 1, 1), 9.0), (SECOND, 5.0)) == [None, 7]


@pytest.mark.parametrize(
    ("tall", "expected"), [(12.0, [7, 7]), (12.1, [7, None]), (None, [7, None]), (0.0, [7, 7])]
)
def test_what_reaches_over_rows_that_are_too_low_makes_the_last_of_them_higher(tall, expected):
    assert heights((BOTH, tall), (FIRST, 5.0), (SECOND, 5.0)) == expected


def test_lines_have_leading_between_them():
    assert lines_height(0, 10) == 0
    assert lines_height(1, 10) == pytest.approx(10 * LINE)
    assert lines_height(3, 10) == pytest.approx(30 * LINE + 20 * LEADING)


# What the fonts say

MEASURED = """
#set text(font: ("Pretendard", "Pretendard JP"), fallback: false, size: 100pt, number-width: "tabular",
  top-edge: "ascender", bottom-edge: "descender")
#let texts = json(bytes(sys.inputs.texts))
#context [#metadata(texts.map(one => {
  let (regular, bold) = (measure(text(one)), measure(text(weight: "bold", one)))
  (calc.max(regular.width, bold.width) / 1pt, regular.height / 1pt)
})) <found>]
"""


def measured(texts):
    """Width in the wider weight and height of each text, as shares of its size."""
    compiler = typst.Compiler(
        MEASURED.encode(),
        font_paths=typesetting._fonts(),
        ignore_system_fonts=True,
        sys_inputs={"texts": json.dumps(texts)},
    )
    [found] = json.loads(compiler.query("<found>"))
    return [(width / 100, height / 100) for width, height in found["value"]]


def test_no_text_is_wider_than_it_is_taken_for_and_every_line_is_as_high():
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)] + ["가", "힣"]
    pairs = [(one + other) * 3 for one in letters for other in "1,-aomwAWV(가"]
    whole = ["".join(map(chr, range(start, start + 50))) for start in range(ord("가"), ord("힣"), 500)]
    texts = [*letters, *pairs, *whole, "a b, c", "2026-11-20"]
    for text, (found, high) in zip(texts, measured(texts), strict=True):
        assert found <= width(text) * paper._DIGIT_EM, text
        assert high == pytest.approx(LINE), text


def test_every_font_has_lines_of_the_same_height():
    assert measured(["大"])[0][1] == pytest.approx(LINE)


def test_a_line_fits_where_its_width_does():
    assert fits("1" * 10, 10)
    assert not fits("1" * 11, 10)
    assert fits("W" * 5, 8.5)
    assert not fits("W" * 6, 8.5)


# In the file

DOCUMENTS = {
    "taxed": taxed,
    "amended": amended,
    "exempt": exempt,
    "consigned": consigned,
    "imported": imported,
    "long": lambda: long(60),
    "draft": empty,
    "hanja": lambda: taxed(supplier=HANJA, remarks=["大韓", "둘째", "셋째"]),
    "wrapped": lambda: taxed(
        remarks=["아주 긴 비고입니다. " * 12], items=[{"name": "긴 이름의 품목 " * 7}], payments=[]
    ),
}


def places(data):
    """Where poppler finds each word: page, left edge, upper edge."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    pages = told.split("<page ")[1:]
    return [
        (number, round(float(left), 1), float(top), word)
        for number, page in enumerate(pages)
        for left, top, word in re.findall(r'<word xMin="([0-9.]+)" yMin="([0-9.]+)"[^>]*>([^<]*)<', page)
    ]


def found_by_the_typesetter(boxes, **measures):
    """No height but those of rows in which nothing stands."""
    known = row_heights(boxes, **measures)
    filled = {area.row for area, height in boxes if area.row_span == 1 and height != 0}
    return [None if row in filled else height for row, height in enumerate(known)]


@pytest.mark.interop
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_stands_where_the_typesetter_would_have_put_it(name, language, monkeypatch):
    if which("pdftotext") is None:
        pytest.skip("needs poppler's pdftotext")
    forms = [form(DOCUMENTS[name](), copy=copy) for copy in Copy]
    ours = places(pdf(forms, sandbox=True, dated=MADE, language=language))
    monkeypatch.setattr(paper, "row_heights", found_by_the_typesetter)
    theirs = places(pdf(forms, sandbox=True, dated=MADE, language=language))
    assert [(page, left, word) for page, left, _, word in ours] == [
        (page, left, word) for page, left, _, word in theirs
    ]
    assert max(abs(one[2] - other[2]) for one, other in zip(ours, theirs, strict=True)) < 0.1
