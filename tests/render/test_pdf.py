"""The form as PDF: every box that the form has, as text and not as markup; the same bytes twice; XML inside as it was."""

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from shutil import which

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings

from dojang.render import Copy, Role, cancelled, form
from dojang.render import glyphs as fonts
from dojang.render import pdf as paper
from dojang.render.layout import layout
from dojang.render.pdf import Attachment, pdf
from etax.etax_strategies import invoices
from render.render_samples import amended, consigned, empty, exempt, imported, long, taxed, to_a_person

MADE = datetime(2026, 11, 20, tzinfo=UTC)
RED = re.compile(rb"(?<![0-9.])0[.]8 0 0 scn")
HOSTILE = [
    '#import "x.typ": *',
    "#panic()",
    "#sys.inputs",
    "$ x^2 $ *bold* _it_ `raw` <label> @ref = head - list + enum / term: x",
    '\\u{202e} \\" \\\\ #{1+1} [a] ]} )) // c /* d */ ~ -- --- ... \'q\' "q"',
    "{{ }} %s %(a)s <script>alert(1)</script> &amp; http://example.com",
]


def both(invoice):
    return [form(invoice, copy=copy) for copy in Copy]


def drawn(forms, **changes):
    return pdf(forms, **{"sandbox": False, "dated": MADE} | changes)


def reader(data):
    return pypdf.PdfReader(BytesIO(data))


def letters(text):
    """Without what typesetting moves: spaces and ends of lines."""
    return "".join(text.split())


def text_of(data):
    return letters("".join(page.extract_text() for page in reader(data).pages))


def lacks(data, form):
    """The boxes whose text is not in the file."""
    text = text_of(data)
    wanted = {
        box.key: letters(fonts.drawable(box.text.ko).replace(fonts.MISSING, "\n").split("\n")[0])
        for section in form.sections
        for box in section.boxes
        if box.role is not Role.GROUP
    }
    return {key: one for key, one in wanted.items() if one not in text}


DOCUMENTS = {
    "taxed": taxed,
    "amended": amended,
    "exempt": exempt,
    "consigned": consigned,
    "imported": imported,
    "long": long,
    "to_a_person": to_a_person,
    "draft": empty,
    "zero_rated": lambda: taxed(document_type="0102"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_box_of_both_copies_stands_in_the_pdf(name):
    forms = both(DOCUMENTS[name]())
    data = drawn(forms)
    for one in forms:
        assert lacks(data, one) == {}
        assert letters(f"{one.title.ko}({one.copy.ko})") in text_of(data)
        for note in one.notes:
            assert letters(note.ko) in text_of(data)


def test_english_stands_beside_korean():
    text = text_of(drawn(both(taxed()), language="en"))
    for word in ("supply amount", "business number", "supplier's copy", "electronic tax invoice"):
        assert letters(word) in text


@given(invoices())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_document_can_be_drawn(invoice):
    data = drawn([form(invoice, copy=Copy.BUYER)])
    assert data.startswith(b"%PDF-1.7")


# Text is data


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_markup_elsewhere_is_text_here(text):
    supplier = {"business_number": "9998100015", "name": text[:70], "representative": "가"}
    invoice = taxed(supplier=supplier, items=[{"name": text}], remarks=[text], payments=[])
    filled = form(invoice, copy=Copy.SUPPLIER)
    assert filled.text("remarks") == text
    assert lacks(drawn([filled]), filled) == {}


@pytest.mark.parametrize(
    "text", ["W" * 150, "가" * 150, '가"' * 75, "@" * 40, "a\u00a0" * 70, "1" * 150, "」" * 99]
)
def test_nothing_stands_outside_its_box(text):
    supplier = {
        "business_number": "9998100015",
        "name": text[:70],
        "representative": text[:30],
        "address": text,
    }
    item = {"name": text[:100], "specification": text[:60], "remark": text[:100]}
    invoice = taxed(supplier=supplier, items=[item], remarks=[text], payments=[])
    filled = form(invoice, copy=Copy.SUPPLIER)
    data = drawn([filled])
    assert lacks(data, filled) == {}
    assert outside(data) == []


def test_amounts_of_every_size_stand_in_their_boxes():
    items = [
        {"name": "가", "supply_amount": amount, "tax_amount": amount, "unit_price": str(amount)}
        for amount in (12_345_678_901, -12_345_678_901, 123_456_789_012_345_678)
    ]
    data = drawn([form(taxed(items=items, payments=[]), copy=Copy.SUPPLIER)])
    assert "-12,345,678,901" in text_of(data)
    assert outside(data) == []


def outside(data):
    """Words that reach over the edge of the form, as poppler places them."""
    if which("pdftotext") is None:
        pytest.skip("needs poppler's pdftotext")
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout
    edge = layout().paper.margin_x / 25.4 * 72
    boxes = re.findall(rb'<word xMin="([0-9.]+)" yMin="[0-9.]+" xMax="([0-9.]+)"', told)
    return [
        (float(left), float(right))
        for left, right in boxes
        if float(left) < edge - 1 or float(right) > 595.3 - edge + 1
    ]


def test_values_below_nothing_are_red_and_keep_their_minus():
    filled = form(amended(), copy=Copy.SUPPLIER)
    red = {box.key for section in filled.sections for box in section.boxes if box.negative}
    assert {"supply_amount", "tax_amount", "total_amount", "item.quantity.1", "item.supply_amount.1"} <= red
    assert "item.unit_price.1" not in red
    assert any(RED.search(page.get_contents().get_data()) for page in reader(drawn([filled])).pages)
    assert not any(RED.search(page.get_contents().get_data()) for page in reader(drawn(both(taxed()))).pages)


# Pages


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (4, 1), (5, 2), (99, 4)])
def test_both_copies_share_a_sheet_up_to_four_items(count, pages):
    assert len(reader(drawn(both(long(count)))).pages) == pages


def test_copies_of_different_documents_share_no_sheet():
    forms = [form(taxed(issue_id=issue_id), copy=Copy.BUYER) for issue_id in ("1" * 24, "2" * 24)]
    assert len(reader(drawn(forms)).pages) == 2
    mixed = [
        form(taxed(issue_id="1" * 24), copy=Copy.SUPPLIER),
        form(taxed(issue_id="2" * 24), copy=Copy.BUYER),
    ]
    assert len(reader(drawn(mixed)).pages) == 2


def test_every_page_of_a_long_document_says_which_it_is_and_repeats_the_labels():
    pages = [letters(page.extract_text()) for page in reader(drawn(both(long(99)))).pages]
    for number, page in enumerate(pages):
        assert letters(f"승인번호 20261120-41999999-00000001 · 품목 99줄 · {number % 2 + 1}/2") in page
        assert "규격" in page
        assert "품목99줄" in page


def test_documents_count_their_own_pages_in_a_file_of_many():
    forms = [*both(taxed()), *both(long(60)), *both(taxed())]
    pages = [letters(page.extract_text()) for page in reader(drawn(forms)).pages]
    assert [page[-3:] for page in pages[1:5]] == ["1/2", "2/2", "1/2", "2/2"]
    assert len(pages) == 6


def test_a_sandbox_document_says_so_on_every_page():
    for page in reader(drawn(both(long(99)), sandbox=True)).pages:
        assert page.extract_text().count("모의") >= 18
    assert "모의" not in text_of(drawn(both(taxed())))


def test_a_cancelled_document_says_so_across_the_page():
    text = text_of(drawn([cancelled(one) for one in both(taxed())]))
    assert text.count("취소") >= 18
    assert "효력이없습니다" in text


def test_a_resident_number_is_masked_in_text_and_bookmarks():
    data = drawn(both(to_a_person()))
    assert "900230-1******" in text_of(data)
    assert b"9002301234563" not in data
    assert "234563" not in text_of(data)


def test_each_document_has_a_bookmark_and_its_other_copy_one_below_where_it_is_elsewhere():
    marks = reader(drawn([*both(taxed()), *both(long(9))])).outline
    assert [len(mark) if isinstance(mark, list) else mark.title for mark in marks] == [
        "2026-11-20 · (주)도장상사 → 구매(주) · 11,000원 · 공급자 보관용",
        "2026-11-20 · (주)도장상사 → 구매(주) · 9,900원 · 공급자 보관용",
        1,
    ]


def test_the_file_says_its_title_and_language_and_is_tagged():
    read = reader(drawn(both(taxed()), sandbox=True))
    assert read.metadata.title == "[모의] 전자세금계산서"
    root = read.trailer["/Root"]
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"]


# The same bytes


def test_the_same_forms_give_the_same_bytes_and_another_day_gives_others():
    first = drawn(both(long(30)), attachments=[Attachment("a.xml", b"<a/>", "a")])
    assert first == drawn(both(long(30)), attachments=[Attachment("a.xml", b"<a/>", "a")])
    assert first != drawn(both(long(30)), dated=MADE.replace(year=2027))


def test_it_was_made_when_it_is_said():
    assert reader(drawn(both(taxed()))).metadata.creation_date == MADE


@pytest.mark.parametrize(("forms", "dated"), [([], MADE), (None, datetime(2026, 11, 20))])  # noqa: DTZ001
def test_no_form_and_a_time_without_a_zone_are_misuse(forms, dated):
    with pytest.raises(ValueError, match="at least one form"):
        drawn(both(taxed()) if forms is None else forms, dated=dated)


# PDF/A-3


def test_the_file_marks_itself_as_pdf_a_3b():
    read = reader(drawn(both(taxed()), attachments=[Attachment("a.xml", b"<a/>", "서명한 XML")]))
    root = read.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    [file] = root["/AF"]
    file = file.get_object()
    assert file["/AFRelationship"] == "/Source"
    assert file["/UF"] == "a.xml"
    assert file["/Desc"] == "서명한 XML"
    assert file["/EF"]["/F"]["/Subtype"] == "/application/xml"


def test_every_font_is_inside():
    found = set()
    for page in reader(drawn(both(long(9, remarks=["大韓"])))).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0].get_object()
            assert "/FontFile3" in inner["/FontDescriptor"] or "/FontFile2" in inner["/FontDescriptor"]
            found.add(font["/BaseFont"].split("+")[1].split("-Identity")[0])
    assert found == {"Pretendard-Regular", "Pretendard-Bold", "PretendardJP-Regular"}


@pytest.mark.interop
def test_qpdf_and_poppler_find_nothing_wrong(tmp_path):
    if which("qpdf") is None or which("pdffonts") is None:
        pytest.skip("needs qpdf and poppler-utils")
    path = tmp_path / "a.pdf"
    path.write_bytes(drawn(both(long(99)), attachments=[Attachment("a.xml", "<가/>".encode(), "a")]))
    told = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True).stdout
    assert "No syntax or stream encoding errors" in told
    fonts_told = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    for line in fonts_told.splitlines()[2:]:
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, with Unicode
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True)
    assert (tmp_path / "a.xml").read_bytes() == "<가/>".encode()


# What no font has


def test_a_character_that_no_font_has_is_drawn_and_told():
    supplier = {"business_number": "9998100015", "name": "𠮷野家 😀 大韓", "representative": "가"}
    data = drawn([form(taxed(supplier=supplier), copy=Copy.SUPPLIER)])
    text = text_of(data)
    assert "大韓" in text
    assert "글꼴에없는글자(U+20BB7,U+1F600).XML에는그대로있습니다." in text
    assert "글꼴에없는글자" not in text_of(drawn(both(taxed())))


def test_text_is_drawn_composed():
    decomposed = unicodedata.normalize("NFD", "도장 각")
    assert "도장각" in text_of(drawn([form(taxed(remarks=[decomposed]), copy=Copy.SUPPLIER)]))


def test_every_character_that_the_fonts_have_can_be_drawn():
    """One that cannot would refuse a whole document: PDF/A forbids it."""
    usable = sorted(
        code for code in set().union(*fonts._fonts()) if unicodedata.category(chr(code))[0] not in "CZM"
    )
    lines = ["".join(map(chr, usable[start : start + 400])) for start in range(0, len(usable), 400)]
    marks = "".join(
        f"a{chr(code)}" for code in set().union(*fonts._fonts()) if unicodedata.category(chr(code))[0] == "M"
    )
    filled = form(taxed(remarks=["a", marks]), copy=Copy.SUPPLIER)
    [box] = [box for section in filled.sections for box in section.boxes if box.key == "remarks"]
    boxes = tuple(
        replace(one, text=type(box.text)("\n".join([*lines, marks]), "")) if one is box else one
        for one in filled.section("amounts").boxes
    )
    sections = tuple(
        replace(section, boxes=boxes) if section.key == "amounts" else section for section in filled.sections
    )
    data = drawn([replace(filled, sections=sections)])
    assert data.startswith(b"%PDF")


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(paper.PdfNotInstalled) as caught:
        drawn(both(taxed()))
    assert "dojang[pdf]" in caught.value.text("ko")


def test_a_large_file_is_set_apart_and_is_the_same(monkeypatch):
    forms = both(long(9))
    here = drawn(forms, attachments=[Attachment("가.xml", "<가/>".encode(), "가")])
    monkeypatch.setattr(paper, "_MOST_HERE", 1)
    assert drawn(forms, attachments=[Attachment("가.xml", "<가/>".encode(), "가")]) == here
