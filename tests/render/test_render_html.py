"""The form as HTML: the same as last time, escaped, readable by machines that read aloud, marked when a sandbox's."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from lxml import html as lxml_html

from dojang.render import Copy, compared, form, page, render, stylesheet
from etax.etax_strategies import invoices
from render.render_samples import amended, consigned, exempt, imported, long, taxed, to_a_person

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "DOJANG_UPDATE_GOLDEN"
"""Set it to 1 to write the golden files anew; then look at what changed."""

HOSTILE = "<script>alert(1)</script>&\"'</bdi></td>{}%s"

CASES = {
    "tax-supplier": lambda: render(form(taxed(), copy=Copy.SUPPLIER), sandbox=False),
    "tax-buyer-sandbox-english": lambda: render(form(taxed(), copy=Copy.BUYER), sandbox=True, language="en"),
    "amended-supplier": lambda: render(form(amended(), copy=Copy.SUPPLIER), sandbox=False),
    "exempt-buyer": lambda: render(form(exempt(), copy=Copy.BUYER), sandbox=False),
    "consigned-supplier": lambda: render(form(consigned(), copy=Copy.SUPPLIER), sandbox=False),
    "import-buyer": lambda: render(form(imported(), copy=Copy.BUYER), sandbox=False),
    "resident-draft": lambda: render(
        form(to_a_person(issue_id=None, issued_at=None), copy=Copy.SUPPLIER), sandbox=False
    ),
    "hostile": lambda: render(form(hostile(), copy=Copy.SUPPLIER), sandbox=False),
    "seven-items-sandbox": lambda: render(form(long(7), copy=Copy.SUPPLIER), sandbox=True),
}


def hostile():
    supplier = {
        "business_number": "9998100015",
        "name": HOSTILE,
        "representative": "\u202eevil",
        "address": "W" * 150,
    }
    items = [
        {
            "name": HOSTILE,
            "remark": "가" * 100,
            "supply_amount": -12345678901234567,
            "supplied_on": "2025-12-31",
        },
        {},
    ]
    return taxed(
        supplier=supplier, items=items, remarks=[HOSTILE, "שלום", "a\nb"], issue_id=HOSTILE, payments=[]
    )


def both(invoice):
    return [form(invoice, copy=copy) for copy in Copy]


def tree(markup):
    return lxml_html.fromstring(markup)


@pytest.mark.parametrize("name", CASES)
def test_the_form_is_as_it_was(name):
    path, made = GOLDEN / f"{name}.html", CASES[name]()
    if os.environ.get(UPDATE) == "1":
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), f"look at it, then set {UPDATE}=1"


def test_no_golden_file_is_left_over():
    assert {path.stem for path in GOLDEN.iterdir()} == set(CASES)


# Hostile text


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.names, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        if tag not in {"col", "br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


_OURS = {
    "article", "bdi", "br", "caption", "col", "colgroup", "div", "footer", "h2", "header", "p", "small", "span",
    "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip


@given(invoices())
def test_whatever_stands_in_a_document_no_element_comes_of_it(invoice):
    tags = Tags()
    tags.feed(render(form(invoice, copy=Copy.SUPPLIER), sandbox=True))
    tags.close()
    assert tags.open == []
    assert tags.names <= _OURS


def test_hostile_text_is_shown_as_text():
    tags = Tags()
    tags.feed(page(*both(hostile()), sandbox=False, title=HOSTILE))
    assert tags.open == []
    assert "".join(tags.text).count("<script>alert(1)</script>") >= 8
    assert "script" not in tags.names


def test_text_of_another_direction_turns_nothing_beside_it():
    markup = render(form(hostile(), copy=Copy.SUPPLIER), sandbox=False)
    assert "<bdi>שלום</bdi>" in markup
    assert "\u202e" not in markup


def test_braces_in_text_are_text():
    remarks = ["{0} {} {name}", "%s", "a{"]
    markup = render(form(taxed(remarks=remarks), copy=Copy.SUPPLIER), sandbox=False)
    assert "{0} {} {name}" in markup


def test_there_is_no_style_attribute_no_script_and_nothing_from_elsewhere():
    markup = page(*both(hostile()), sandbox=True)
    for element in tree(markup).iter():
        assert not {"style", "src", "href", "onclick"} & set(element.attrib)
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()
    assert "</" not in stylesheet()


def test_the_stylesheet_touches_nothing_of_the_page_around_it():
    css = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    selectors = [part.strip() for rule in re.findall(r"([^{};]+)\{", css) for part in rule.split(",")]
    assert all(selector.startswith((".dojang-", "@")) for selector in selectors), selectors


# The sandbox


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_sandbox_document_says_so_everywhere(language):
    markup = page(*both(long(99)), sandbox=True, language=language)
    root = tree(markup)
    mark = "모의" if language == "ko" else "SANDBOX"
    assert mark in root.findtext(".//title")
    for box in root.find_class("dojang-box"):
        assert "모의 문서입니다" in box.find_class("dojang-sandbox")[0].text_content()
        assert "모의" in box.find(".//h2").text_content()
        assert "모의" in box.find_class("dojang-running")[0].text_content()
        [watermark] = box.find_class("dojang-watermark")
        assert len(watermark) > 99
        assert {span.text for span in watermark} == {mark}
        assert watermark.get("aria-hidden") == "true"


def test_a_real_document_is_not_marked():
    markup = page(*both(long(99)), sandbox=False).replace(stylesheet(), "")
    assert "모의" not in markup
    assert "sandbox" not in markup


# For those who hear it, and those who read English


@pytest.mark.parametrize("invoice", [taxed(), amended(), exempt(), consigned(), imported(), long(6)])
def test_every_value_is_told_with_its_labels(invoice):
    root = tree(page(*both(invoice), sandbox=True, language="en"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for table in root.iter("table"):
        headings = {cell.get("id"): cell for cell in table.iter("th")}
        for cell in table.iter("td"):
            named = (cell.get("headers") or "").split()
            # The purpose is a sentence, and the running head no cell of the table's matter.
            assert named or cell.find_class("dojang-running") or "이 금액을" in cell.text_content()
            assert set(named) <= set(headings)
        assert table.find("caption").text_content()
        assert {cell.get("scope") for cell in headings.values()} <= {"row", "col", "rowgroup"}


def test_the_buyers_number_is_not_taken_for_the_suppliers():
    root = tree(render(form(taxed(), copy=Copy.SUPPLIER), sandbox=False))
    [cell] = [cell for cell in root.iter("td") if cell.text_content() == "999-86-00010"]
    told = [root.get_element_by_id(name).text_content() for name in cell.get("headers").split()]
    assert told == ["공급받는자", "등록번호"]


def test_a_form_is_a_named_region_that_the_keyboard_can_scroll():
    [region] = tree(render(form(taxed(), copy=Copy.BUYER), sandbox=False, name="x")).find_class(
        "dojang-scroll"
    )
    assert (region.get("role"), region.get("tabindex")) == ("region", "0")
    assert region.get("aria-labelledby") == "x-title"
    assert "전자세금계산서" in region.get_element_by_id("x-title").text_content()


def test_english_stands_beside_the_korean_of_the_law():
    markup = render(form(amended(), copy=Copy.BUYER), sandbox=False, language="en")
    assert '수정사유 <span class="dojang-gloss" lang="en">amendment reason</span>' in markup
    assert '<span class="dojang-gloss" lang="en">goods returned</span>' in markup
    assert "dojang-gloss" not in render(form(amended(), copy=Copy.BUYER), sandbox=False)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_says_its_language_and_the_form_stays_korean(language):
    root = tree(page(form(taxed(), copy=Copy.BUYER), sandbox=False, language=language))
    assert root.get("lang") == language
    assert root.find(".//article").get("lang") == "ko"
    assert root.findtext(".//title") == {"ko": "전자세금계산서", "en": "electronic tax invoice"}[language]


def test_both_copies_say_whose_they_are_without_colour():
    root = tree(page(*both(taxed()), sandbox=False))
    assert [title.text_content() for title in root.iter("h2")] == [
        "전자세금계산서 (공급자 보관용)",
        "전자세금계산서 (공급받는자 보관용)",
    ]
    assert len(root.find_class("dojang-supplier")) == len(root.find_class("dojang-buyer")) == 1


def test_the_head_of_a_long_table_is_repeated_on_every_sheet():
    root = tree(render(form(long(99), copy=Copy.SUPPLIER), sandbox=False))
    [table] = root.find_class("dojang-items")
    assert "승인번호 20261120-41999999-00000001 · 품목 99줄" in table.find("thead").text_content()
    assert len(table.find("tbody")) == 99


def test_a_changed_box_says_so_in_words_besides_its_frame():
    before, after = (form(one, copy=Copy.SUPPLIER) for one in (taxed(), taxed(remarks=["정정"])))
    text = render(compared(after, before), sandbox=False)
    found = lxml_html.fromstring(text).cssselect("td.dojang-changed")
    assert [cell.text_content() for cell in found] == ["바뀐 칸: 정정"]
    assert "dojang-changed" not in render(after, sandbox=False)
