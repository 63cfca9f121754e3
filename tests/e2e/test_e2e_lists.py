"""The list of sales: each condition shows its documents and is taken off again."""

import re

import pytest
from desk import Desk
from playwright.sync_api import Page, expect

OWNER, WRITER = "owner@demo.example", "writer@demo.example"
ONE_PAGE = 50
AMOUNTS = ("supply_amount", "tax_amount", "total_amount")


@pytest.fixture
def here(person: Desk, clerk) -> str:
    """The list of the demo's workspace, before one of its members."""
    slug = clerk("furnish", email=OWNER)["slug"]
    person.come_in(clerk("session", email=WRITER))
    return f"/w/{slug}/invoices/"


def test_each_choice_of_each_condition_shows_its_documents_and_is_taken_off(person: Desk, here):
    page = person.go(f"{here}?tab=all")
    every = sums(page)["count"]
    for label in ("과세구분", "수정 여부", "영수·청구", "지연"):
        field = page.get_by_label(label, exact=True)
        for text in field.locator("option").all_text_contents()[1:]:
            unfold(page)
            field.select_option(label=text)
            page.get_by_role("button", name="조건 적용").click()
            condition = page.get_by_role("link", name=f"{text} 조건 빼기")
            expect(condition).to_be_visible()
            found = sums(page)["count"]
            assert found <= every
            assert page.locator("tr[data-row]").count() == min(found, ONE_PAGE)
            condition.click()
            expect(condition).to_have_count(0)
            assert sums(page)["count"] == every
    unfold(page)
    person.see("list-conditions")


def unfold(page: Page) -> None:
    more = page.locator("details.more-conditions")
    if more.get_attribute("open") is None:
        more.locator("summary").click()


def sums(page: Page) -> dict[str, int]:
    """What stands above the list; nothing does above none."""
    count = page.locator('[data-sum="count"]')
    nothing = page.get_by_role("heading", name="해당하는 문서가 없습니다")
    expect(count.or_(nothing)).to_be_visible()
    if nothing.count():
        return dict.fromkeys(("count", *AMOUNTS), 0)
    expect(count).to_have_text(re.compile(r"^[\d,]+$"))
    return {
        name: int(page.locator(f'[data-sum="{name}"]').inner_text().replace(",", ""))
        for name in ("count", *AMOUNTS)
    }
