"""The list in Debian's Chromium: by keyboard alone, for everybody, at both widths, light and dark; sums that come after."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from list_world import add_invoice
from playwright.sync_api import Browser, Page, expect
from served_site import prepared, served
from service_world import NOW, add_member, first_business, make_business, make_workspace, member_client

from browsers import chromium
from dojang.service.invoices.states import State
from dojang.service.lists import querying
from dojang.service.workspaces.models import Workspace
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, watch

PATIENCE = 30_000
pytestmark = pytest.mark.xdist_group("list in a browser")
FULL = "tab=all&q=상사&period=tax-period&kind=taxable&min=1000&amended=no"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def _furnish() -> tuple[Workspace, str]:
    workspace = make_workspace()
    first, second = first_business(workspace), make_business(workspace, name="한빛상사 부산지점")
    add_member(workspace, "writer")
    states = list(State)
    for serial in range(60):
        add_invoice(
            workspace,
            (first, second)[serial % 4 == 3],
            buyer=("(주)새봄", "삼성전자(주)", "가온상사", "주식회사 아주긴이름엔지니어링앤컨설팅코리아")[
                serial % 4
            ],
            items=("복사용지 A4 80g", "토너 카트리지")[: 1 + serial % 2],
            written_on=NOW.date() - timedelta(days=serial * 3),
            supply=(serial + 1) * 123_000,
            tax=(serial + 1) * 12_300,
            kind=("0101", "0102", "0301")[serial % 3],
            state=states[serial % len(states)],
        )
    return workspace, member_client(workspace).cookies["sessionid"].value


@pytest.fixture(scope="module")
def world(site) -> tuple[Workspace, str]:
    return prepared(_furnish)


@pytest.fixture
def page(site, browser, world) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", reduced_motion="reduce", viewport=WIDE)
    watch(context)
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": world[1], "url": site}])
    page = context.new_page()
    page.goto(f"{site}/w/{world[0].slug}/invoices/?tab=all")
    yield page
    context.close()


def in_row(page: Page, number: int) -> None:
    expect(page.locator("tr[data-row]").nth(number).locator("a.row-link")).to_be_focused()


def test_the_list_is_used_by_keyboard(page):
    page.keyboard.press("j")
    in_row(page, 0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    in_row(page, 2)
    page.keyboard.press("k")
    in_row(page, 1)
    page.keyboard.press("x")
    box = page.locator("tr[data-row]").nth(1).locator("input[type=checkbox]")
    expect(box).to_be_checked()
    expect(page.get_by_role("button", name="발행하기 (1)")).to_be_visible()
    page.keyboard.press("x")
    expect(box).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#list-q")).to_be_focused()
    page.keyboard.type("ㅅㅅㅈㅈ")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.locator("tr[data-row]")).to_have_count(15)
    page.keyboard.press("j")
    name = page.locator("tr[data-row] a.row-link").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/invoices/\d+/$"))
    expect(page.locator("main")).to_contain_text(name)


def test_what_is_typed_is_typed(page):
    page.keyboard.press("/")
    page.keyboard.type("xnjk?")
    expect(page.locator("#list-q")).to_have_value("xnjk?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_n_begins_a_new_one(page):
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/invoices/new/|/invoices/.*edit"))


def test_a_whole_page_is_ticked_at_once(page):
    page.get_by_role("checkbox", name="이 쪽 모두 선택").check()
    expect(page.locator("td.tick input:checked")).to_have_count(50)
    expect(page.get_by_role("button", name="발행하기 (50)")).to_be_visible()
    page.locator("td.tick input").first.uncheck()
    expect(page.get_by_role("button", name="발행하기 (49)")).to_be_visible()


def test_sums_come_after_a_long_list_and_by_a_link_without_script(page, site, browser, world, monkeypatch):
    monkeypatch.setattr(querying, "LONG", 10)
    address = f"{site}/w/{world[0].slug}/invoices/?tab=all&kind=taxable"
    prepared(_forget)
    page.goto(address)
    expect(page.locator('[data-sum="count"]')).to_have_text("20")
    expect(page.locator('[data-tab="all"]')).to_have_text("20")
    expect(page.get_by_role("link", name="합계 보기")).to_have_count(0)
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    context.add_cookies([{"name": "sessionid", "value": world[1], "url": site}])
    plain = context.new_page()
    plain.goto(address)
    plain.get_by_role("link", name="합계 보기").click()
    expect(plain.locator('[data-sum="count"]')).to_have_text("20")
    context.close()
    prepared(_forget)


def _forget() -> None:
    from django.core.cache import cache

    cache.clear()


def test_conditions_are_kept_found_again_and_taken_off(page):
    page.get_by_text("자세한 조건").click()
    page.get_by_label("과세구분").select_option("zero")
    page.get_by_role("button", name="조건 적용").click()
    expect(page.get_by_role("link", name="영세율")).to_be_visible()
    page.get_by_text("저장한 조건", exact=True).click()
    page.get_by_label("지금 조건의 이름").fill("영세율만")
    page.get_by_role("button", name="이 조건 저장").click()
    page.get_by_role("link", name="영세율 조건 빼기").click()
    expect(page.locator('[data-sum="count"]')).to_have_text("60")
    page.get_by_text("저장한 조건", exact=True).click()
    page.get_by_role("link", name="영세율만").click()
    expect(page.locator('[data-sum="count"]')).to_have_text("20")


@pytest.mark.parametrize(
    "place",
    [f"invoices/?{FULL}", "invoices/?tab=all", "invoices/?q=없는것", "lists/sales/columns/", "records/"],
)
def test_everybody_can_read_and_use_it_at_any_width_and_brightness(page, site, world, place):
    script = axe_script()
    shots = os.environ.get("DOJANG_LIST_PICTURES")
    for size in (WIDE, NARROW):
        for theme in THEMES:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            page.goto(f"{site}/w/{world[0].slug}/{place}")
            expect(page.locator("h1")).to_be_visible()
            if shots:
                name = f"{re.sub('[^a-z]+', '-', place)}-{size['width']}-{theme}.png"
                page.screenshot(path=Path(shots) / name, full_page=True)
            page.evaluate(script)
            assert not faults(page)
