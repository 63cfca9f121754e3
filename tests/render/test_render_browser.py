"""The form in a browser: it keeps to its box on a phone, breaks no amount, and prints two copies on one sheet."""

import re

import pytest

from browsers import chromium
from dojang.render import Copy, form, page
from render.render_samples import amended, consigned, long, taxed

pytestmark = pytest.mark.interop

FIFTEEN_DIGITS = {
    "supplied_on": "2026-11-20",
    "name": "W" * 100,
    "specification": "가" * 60,
    "quantity": "10",
    "unit_price": "123456.78",
    "supply_amount": -123_456_789_012_345,
    "tax_amount": -12_345_678_901_234,
    "remark": "나" * 100,
}


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def show(browser):
    opened = []

    def shown(*invoices, width=1280, **named):
        tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark")
        opened.append(tab)
        forms = [form(invoice, copy=copy) for invoice in invoices for copy in Copy]
        tab.set_content(page(*forms, **({"sandbox": False} | named)))
        return tab

    yield shown
    for tab in opened:
        tab.close()


def sheets(tab) -> int:
    return len(re.findall(rb"/Type /Page\b", tab.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_never_wider_than_the_window(show, width, language):
    wide = taxed(items=[FIFTEEN_DIGITS], payments=[])
    tab = show(wide, width=width, sandbox=True, language=language)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_scrolls_the_form_and_not_the_page(show):
    tab = show(taxed(), width=360)
    box = tab.locator(".dojang-scroll").first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("document.querySelector('.dojang-scroll').scrollLeft > 0")


@pytest.mark.parametrize("width", [360, 1280])
def test_an_amount_of_fifteen_digits_stands_on_one_line(show, width):
    items = [FIFTEEN_DIGITS | {"name": "가", "specification": "나", "remark": "다"}]
    paid = [{"means": "cash", "amount": -135_802_467_913_579}]
    tab = show(taxed(items=items, payments=paid), width=width)
    lines = "boxes => boxes.map(box => new Set([...box.getClientRects()].map(line => line.top)).size)"
    told = tab.locator("td.dojang-right bdi").evaluate_all(lines)
    assert set(told) == {1}
    assert len(told) >= 2 * 8


def test_nothing_is_cut_off(show):
    tab = show(taxed(items=[FIFTEEN_DIGITS], remarks=["W" * 150] * 3, payments=[]))
    cut = (
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"
    )
    assert tab.locator("td, th").evaluate_all(cut) == []


def test_paper_is_white_in_the_dark(show):
    tab = show(taxed())
    colour = "box => getComputedStyle(box).backgroundColor"
    assert tab.locator(".dojang-form").first.evaluate(colour) == "rgb(255, 255, 255)"
    assert tab.locator("body").evaluate(colour) != "rgb(255, 255, 255)"


def test_the_copies_have_their_colours(show):
    tab = show(taxed())
    colours = tab.locator("h2").evaluate_all(
        "titles => titles.map(title => getComputedStyle(title).color.match(/\\d+/g).map(Number))"
    )
    assert [colour.index(max(colour)) for colour in colours] == [0, 2]


@pytest.mark.parametrize("sandbox", [False, True])
@pytest.mark.parametrize("invoice", [taxed(), amended(), consigned()], ids=["tax", "amended", "consigned"])
def test_both_copies_are_printed_on_one_sheet(show, invoice, sandbox):
    assert sheets(show(invoice, sandbox=sandbox)) == 1


def test_the_copies_of_a_long_document_begin_on_their_own_sheets(show):
    each = sheets(show(long(99))) / 2
    assert each == int(each)
    assert each >= 2
