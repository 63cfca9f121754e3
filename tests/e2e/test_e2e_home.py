"""A workspace's home: each card leads to the list it counts, the chart's table tells its sums, and the calendar turns."""

import re
from datetime import date, datetime, timedelta

import pytest
from desk import Desk
from playwright.sync_api import Page, expect

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.invoice import KST

OWNER, VIEWER = "owner@demo.example", "viewer@demo.example"


@pytest.fixture
def here(clerk) -> str:
    """The home of the demo's workspace."""
    return f"/w/{clerk('furnish', email=OWNER)['slug']}/"


def test_cards_lead_to_what_they_count_and_the_chart_tells_the_lists_sums(person: Desk, clerk, here):
    person.come_in(clerk("session", email=OWNER))
    page = person.go(here)
    cards = cards_of(page)
    assert any(number for _address, number in cards)
    person.see("home")
    first = today().replace(day=1)
    row = page.get_by_role("row", name=re.compile(f"^{first.year}년 {first.month}월 "))
    page.get_by_text("표로 보기", exact=True).click()
    count, supply = (amount(one) for one in row.get_by_role("cell").all_inner_texts()[:2])
    person.see("home-table")

    for address, number in cards:
        person.go(address)
        assert listed(page) == number, address

    last = months_after(first, 1) - timedelta(days=1)
    told = {"count": 0, "supply_amount": 0}
    for sales in ("invoices/?tab=accepted", "records/?side=sales"):
        page = person.go(f"{here}{sales}&from={first}&to={last}")
        told = {name: before + sum_of(page, name) for name, before in told.items()}
    assert told == {"count": count, "supply_amount": supply}


def test_the_calendar_turns_to_the_months_beside(person: Desk, clerk, here):
    person.come_in(clerk("session", email=OWNER))
    page = person.go(here)
    this = today().replace(day=1)
    for link, month in (("", 0), ("다음 달", 1), ("이전 달", 0), ("이전 달", -1)):
        if link:
            page.get_by_role("link", name=link, exact=True).click()
        first = months_after(this, month)
        expect(
            page.get_by_role("heading", name=f"기한 달력 · {first.year}년 {first.month}월")
        ).to_be_visible()
        table = page.get_by_role("table", name="기한 달력")
        written = months_after(first, -1)
        expect(table.get_by_text(f"{written.month}월분 발급기한")).to_be_visible()
        expect(table.locator('[aria-current="date"]')).to_have_count(0 if month else 1)
        person.see(f"home-calendar{month:+d}")


def test_who_only_views_is_told_what_stands_where_and_offered_nothing(person: Desk, clerk, here):
    person.come_in(clerk("session", email=VIEWER))
    page = person.go(here)
    assert any(number for _address, number in cards_of(page))
    main = page.locator("main")
    for verb in ("작성", "발행하기", "고치기", "정하기", "서명만 남음", "승인하거나", "올리기", "등록하기"):
        expect(main.get_by_text(re.compile(f"{verb}(하기)?$"))).to_have_count(0)
    assert main.locator("form").count() == 0
    person.see("home-viewer")
    page = person.go(f"{here}invoices/")
    expect(page.get_by_role("link", name="세금계산서 작성")).to_have_count(0)
    expect(page.get_by_role("button", name="발행하기")).to_have_count(0)
    expect(page.get_by_role("button", name="지금 전송")).to_have_count(0)
    expect(page.get_by_role("button", name="PDF")).to_have_count(1)
    person.see("home-viewer-list")


def cards_of(page: Page) -> list[tuple[str, int]]:
    """Where each card leads, and its number."""
    cards = page.get_by_role("region", name="처리할 것").locator("a.card").all()
    return [(one.get_attribute("href") or "", amount(one.locator(".figure").inner_text())) for one in cards]


def listed(page: Page) -> int:
    """How many a list has: its sums tell it, or there are none."""
    if page.get_by_role("heading", name="해당하는 문서가 없습니다").count():
        return 0
    if page.locator('[data-sum="count"]').count():
        number = sum_of(page, "count")
        assert page.locator("tr[data-row]").count() == min(number, 50)
        return number
    return page.locator("main tbody tr").count()


def sum_of(page: Page, name: str) -> int:
    shown = page.locator(f'[data-sum="{name}"]')
    expect(shown).to_have_text(re.compile(r"^-?[\d,]+$"))
    return amount(shown.inner_text())


def amount(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text))


def today() -> date:
    return datetime.now(KST).date()
