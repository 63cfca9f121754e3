"""보고서 and the home page in Chromium: for everybody, at any width, in both themes, and printed on A4."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader
from report_world import CUSTOMERS, sold, taken
from served_site import prepared, served
from service_world import first_business, make_user, make_workspace, member_client

from browsers import chromium
from dojang.etax.invoice import KST
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

pytestmark = pytest.mark.xdist_group("reports in a browser")

PATIENCE = 60_000
REPORTS = ("months", "parties", "summary", "vat", "late", "documents")
#: Where pictures go, for somebody who wants to look at them.
PICTURES = os.environ.get("DOJANG_PICTURES")
_NAMES = (
    "(주)새봄",
    "주식회사 가온유통",
    "나래테크놀로지 주식회사",
    "다온물산",
    "라온식품",
    "마루건설(주)",
    "바른정밀",
)


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def world(site) -> dict[str, str]:
    """A workspace with a year of documents, and one with nothing; the sessions of their owners."""
    return prepared(lambda: {"full": _full(), "empty": _of(make_workspace(make_user(), "빈 회사"))})


def _of(workspace) -> dict[str, str]:
    return {
        "home": f"/w/{workspace.slug}/",
        "session": member_client(workspace).cookies["sessionid"].value,
    }


def _full() -> dict[str, str]:
    workspace = make_workspace(make_user(), "한빛상사")
    with in_workspace(workspace.pk):
        _fill(first_business(workspace))
    return _of(workspace)


def _fill(business) -> None:
    """Four hundred days of sales and purchases up to today, some late, some on paper, some not accepted."""
    random, today = Random(7), timezone.now().astimezone(KST).date()
    for place in range(260):
        day = today - timedelta(days=random.randrange(400))
        issued = min(today, day + timedelta(days=random.choice([0, 0, 0, 1, 45])))
        supply = random.randrange(50, 9000) * 1000
        customer = place % len(_NAMES)
        kind = random.choice(["0101", "0101", "0101", "0102", "0301", "0201"])
        who = {"buyer_number": CUSTOMERS[customer % 3], "buyer_name": _NAMES[customer % 3]}
        if place % 3:
            amount = -supply // 4 if kind == "0201" else supply
            sold(business, day, amount, kind=kind, issued=issued, **who)
        else:
            taken(
                business,
                day,
                supply,
                issued=issued,
                source=random.choice(["xml", "paper"]),
                party_name=_NAMES[customer],
                not_deductible=random.choice(["", "", "", "4"]),
                fixed_asset=random.random() < 0.1,
            )
    for state in (State.DRAFT, State.READY, State.ISSUED, State.REJECTED, State.UNKNOWN):
        sold(business, today - timedelta(days=1), state=state)
    sold(business, today - timedelta(days=2), person="9002301234567")


@pytest.fixture
def context(browser, site, world) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ko-KR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": world["full"]["session"], "url": site}])
    watch(context)
    yield context
    context.close()


@pytest.mark.parametrize("name", ["", *REPORTS])
def test_everybody_can_read_a_report_at_any_width_and_brightness(context, site, world, name):
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size(WIDE)
    page.goto(f"{site}{world['full']['home']}{f'reports/{name}/' if name else ''}")
    page.wait_for_load_state("networkidle")
    assert moved(page) == []
    page.evaluate(axe_script())
    wrong = {}
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            found = faults(page)
            wrong |= {f"{size['width']} {theme}": found} if found else {}
            picture(page, f"{name or 'home'}-{size['width']}-{theme}")
    assert wrong == {}
    assert said == []


def test_a_workspace_without_anything_shows_its_first_steps(browser, site, world):
    context = browser.new_context(locale="ko-KR")
    context.add_cookies([{"name": "sessionid", "value": world["empty"]["session"], "url": site}])
    page = context.new_page()
    page.goto(f"{site}{world['empty']['home']}")
    assert page.get_by_role("heading", name="첫 발행까지").is_visible()
    assert page.get_by_role("img").count() == 0  # no chart of nothing
    page.evaluate(axe_script())
    assert faults(page) == []
    picture(page, "home-empty")
    context.close()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_prints_on_a4_across_with_whose_it_is_on_every_page(context, site, world, name):
    page = context.new_page()
    page.goto(f"{site}{world['full']['home']}reports/{name}/")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    if PICTURES:
        Path(PICTURES, f"{name}.pdf").write_bytes(page.pdf(prefer_css_page_size=True, print_background=True))
    for number, sheet in enumerate(printed.pages, 1):
        width, height = float(sheet.mediabox.width), float(sheet.mediabox.height)
        assert (round(width), round(height)) == (842, 595)
        text = re.sub(r"\s+", "", sheet.extract_text())
        assert "한빛상사" in text
        assert f"{number}/{len(printed.pages)}" in text
        assert "모의" in text


def test_a_figure_leads_to_its_documents_by_keyboard(context, site, world):
    page = context.new_page()
    page.goto(f"{site}{world['full']['home']}reports/months/")
    link = page.locator("table a").first
    count = int(link.inner_text().replace(",", ""))
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/reports/documents/"))
    assert page.locator("tbody tr:not(.sum)").count() == count


def test_a_period_has_a_button_that_says_it_is_chosen(context, site, world):
    page = context.new_page()
    page.goto(f"{site}{world['full']['home']}reports/vat/")
    page.locator(".periods a").nth(1).click()
    page.wait_for_load_state("networkidle")
    chosen = page.locator(".periods [aria-current]")
    assert chosen.count() == 1
    assert chosen.inner_text() in page.locator(".report-head").inner_text()


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=True)
