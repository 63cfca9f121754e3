"""The reports: a figure is what the documents behind it add up to, and stands in the workbook too."""

from io import BytesIO

from desk import Desk
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

OWNER = "owner@demo.example"
SUPPLY = "공급가액"
FIGURES = {"월별": "공급가액 계", "거래처별": SUPPLY, "합계표": SUPPLY, "부가세 신고 금액": "금액"}
"""What is followed in each report."""


def test_a_figure_is_the_sum_of_its_documents_and_stands_in_the_workbook(person: Desk, clerk):
    slug = clerk("furnish", email=OWNER)["slug"]
    person.come_in(clerk("session", email=OWNER))
    page = person.go(f"/w/{slug}/reports/")
    for place, (name, column) in enumerate(FIGURES.items(), 1):
        choose(page, name)
        person.see(f"reports-{place}-figures")
        table = page.locator("table.figures").filter(has=page.locator("tbody a")).first
        figures = cells(table, column).filter(has=page.locator("a"))
        figure = number(figures.last)
        assert figure in numbers(workbook(page), caption(table))
        figures.last.get_by_role("link").click()
        behind = documents(page, "문서")
        every = [number(one) for one in cells(behind, SUPPLY).all()]
        assert every
        assert sum(every) == figure
        assert {figure, *every} <= numbers(workbook(page), caption(behind))
        page.go_back()
    person.go(f"/w/{slug}/reports/documents/?side=sales")
    person.see("reports-5-documents")


def test_a_penalty_is_told_beside_each_late_document_which_opens(person: Desk, clerk):
    slug = clerk("furnish", email=OWNER)["slug"]
    person.come_in(clerk("session", email=OWNER))
    page = person.go(f"/w/{slug}/reports/")
    choose(page, "지연·가산세")
    person.see("reports-6-late")
    late = documents(page, "늦은 매입 문서")
    column = "예상 가산세"
    every = [number(one) for one in cells(late, column).all()]
    assert every
    assert number(cells(late, column, rows="tr.sum").first) == sum(every)
    assert {sum(every), *every} <= numbers(workbook(page), caption(late))
    supply = cells(late, SUPPLY).first.inner_text()
    late.locator("tbody tr:not(.sum)").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(supply)


def choose(page: Page, report: str) -> None:
    page.get_by_role("navigation", name="보고서", exact=True).get_by_role("link", name=report).click()
    expect(page.locator(".tab[aria-current]")).to_have_text(report)


def documents(page: Page, caption: str) -> Locator:
    found = page.locator("table.figures").filter(has=page.locator("caption", has_text=caption)).first
    expect(found).to_be_visible()
    return found


def caption(table: Locator) -> str:
    return table.locator("caption").inner_text().partition(" · (")[0].rsplit(" · ", 2)[0]


def cells(table: Locator, column: str, rows: str = "tr:not(.sum)") -> Locator:
    """A column of a table."""
    titles = table.locator("thead tr:not(.print-only) th").all_inner_texts()
    return table.locator(f"tbody {rows} > :nth-child({titles.index(column) + 1})")


def number(cell: Locator) -> int:
    return int(cell.inner_text().split()[0].replace(",", "").replace("−", "-"))


def workbook(page: Page) -> CalamineWorkbook:
    with page.expect_download() as told:
        page.get_by_role("link", name="엑셀 내려받기").click()
    return CalamineWorkbook.from_filelike(BytesIO(told.value.path().read_bytes()))


def numbers(book: CalamineWorkbook, caption: str) -> set[int]:
    """The amounts on the sheet of a table."""
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    found = next(rows for rows in sheets if str(rows[0][0]).endswith(f"· {caption}"))
    return {int(one) for row in found for one in row if isinstance(one, int | float)}
