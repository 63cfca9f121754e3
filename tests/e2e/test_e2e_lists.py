"""The list of sales as it is used each day: conditions, search, kept filters, columns, Excel, keys, many at once."""

import re

import pytest
from desk import Desk
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

OWNER, WRITER = "owner@demo.example", "writer@demo.example"
ONE_PAGE = 50
AMOUNTS = {"supply_amount": "공급가액", "tax_amount": "세액", "total_amount": "합계금액"}


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


def test_search_by_initials_is_kept_as_a_filter_and_taken_out_as_excel(person: Desk, here):
    page = person.go(f"{here}?tab=all")
    every = sums(page)["count"]
    page.get_by_label("찾기", exact=True).fill("ㅅㅂㅇㅌ")
    page.get_by_role("button", name="찾기", exact=True).click()
    page.wait_for_url(re.compile("q="))
    found = sums(page)
    assert 0 < found["count"] < every
    for name in page.locator("a.row-link").all_inner_texts():
        assert name == "(주)새봄유통"
    person.see("list-initials")

    name = f"새봄 {person.page.viewport_size['width']}"
    page.get_by_text("저장한 조건", exact=True).click()
    page.get_by_label("지금 조건의 이름").fill(name)
    person.see("list-save-filter")
    page.get_by_role("button", name="이 조건 저장").click()
    person.go(f"{here}?tab=all")
    page.get_by_text("저장한 조건", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()
    assert sums(page) == found

    page.get_by_role("link", name="열 고르기").click()
    page.get_by_label("사업장 보이기").uncheck()
    page.get_by_label("승인번호 보이기", exact=True).check()
    person.see("list-columns")
    page.get_by_role("button", name="저장", exact=True).click()
    page.wait_for_url(re.compile("/invoices/"))
    headings = page.locator("thead th").all_text_contents()
    assert any("승인번호" in one for one in headings)
    assert not any("사업장" in one for one in headings)
    person.see("list-chosen-columns")

    with page.expect_download() as told:
        page.get_by_role("link", name="엑셀 내려받기").click()
    first, *rest = CalamineWorkbook.from_path(str(told.value.path())).get_sheet_by_index(0).to_python()
    table = [first, *rest]
    at = next(place for place, row in enumerate(table) if "공급받는자" in row)
    heading, rows = table[at], [row for row in table[at + 1 :] if "(주)새봄유통" in row]
    assert "승인번호" in heading
    assert "사업장" not in heading
    assert len(rows) == found["count"]
    for field, title in AMOUNTS.items():
        assert sum(row[heading.index(title)] for row in rows) == found[field]

    page.get_by_role("link", name="열 고르기").click()
    page.get_by_role("button", name="처음 상태로").click()
    page.wait_for_url(re.compile("/invoices/"))
    page.get_by_text("저장한 조건", exact=True).click()
    page.get_by_role("button", name=re.compile(f"지우기.*{name}")).click()
    page.get_by_text("저장한 조건", exact=True).click()
    expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_every_column_at_once_stays_within_the_frame_and_can_be_reached(person: Desk, here):
    page = person.go(f"{here}?tab=all")
    page.get_by_role("link", name="열 고르기").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="저장", exact=True).click()
    page.wait_for_url(re.compile("/invoices/"))
    person.see("list-every-column")
    frame = page.get_by_role("region", name="매출 세금계산서")
    frame.evaluate("(frame) => frame.scrollTo(frame.scrollWidth, 0)")
    around, heading = frame.bounding_box(), page.locator("thead th").last
    if heading.is_visible():  # on a telephone rows fold
        within = heading.bounding_box()
        assert within["x"] + within["width"] <= around["x"] + around["width"] + 1
    assert around["x"] + around["width"] <= page.viewport_size["width"]
    page.get_by_role("link", name="열 고르기").click()
    page.get_by_role("button", name="처음 상태로").click()
    page.wait_for_url(re.compile("/invoices/"))


def test_by_keyboard_and_several_as_one_pdf(person: Desk, here):
    page = person.go(f"{here}?tab=accepted")
    links = page.locator("tr[data-row] a.row-link")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("td.tick input:checked")).to_have_count(2)
    person.see("list-ticked")
    # Who has opened a tab that turns into a download is told of it.
    with page.expect_download() as told:
        page.get_by_role("button", name="PDF (2)", exact=True).click()
    printed = PdfReader(told.value.path())
    assert len(printed.pages) == 2  # each with both copies
    page.keyboard.press("j")
    name = links.first.inner_text()
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/invoices/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


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
