"""위수탁: written in the name of another, seen on the form, signed by us as the broker; no sale of ours afterwards."""

import re

from desk import PATIENCE, Desk, business_number
from playwright.sync_api import expect

PRINCIPAL = "(주)큰솔상사"
BUYER = "(주)봄내유통"
LEFT_OUT = "위수탁으로 발행한 문서 1건(공급가액 250,000원)은 위탁자의 매출이라 넣지 않았습니다."
REPORTS = ("월별", "거래처별", "합계표", "부가세 신고 금액", "지연·가산세")


def test_a_broker_issues_for_another_and_home_and_reports_say_that_they_leave_it_out(
    person: Desk, open_office
):
    office, principal = open_office("(주)새길상사", registered=True), business_number()
    person.come_in(office["people"]["owner"]["session"])
    page = person.go(f"/w/{office['slug']}/invoices/new/")
    expect(page.locator("html")).to_have_attribute("data-ready", "editor")
    theirs = page.get_by_role("region", name="공급자 (위탁자)")
    expect(theirs).to_have_count(0)
    page.get_by_label("위수탁", exact=True).check()
    expect(page.locator("#own-role")).to_have_text("수탁자")
    for label, value in {"사업자등록번호": principal, "상호": PRINCIPAL, "성명(대표자)": "최큰솔"}.items():
        theirs.get_by_label(label, exact=True).fill(value)
    person.write(BUYER, business_number(), f"tax-{business_number()}@bomnae.example")
    person.see("consigned-1-written")

    page.get_by_role("button", name="미리보기").click()
    form = page.frame_locator(".form-frame")
    expect(form.get_by_role("heading", name="위수탁전자세금계산서").first).to_be_visible()
    parties = form.get_by_role("table", name="공급자와 공급받는자").first
    expect(parties).to_contain_text(PRINCIPAL)
    expect(parties).to_contain_text(BUYER)
    expect(parties).not_to_contain_text("(주)새길상사")
    expect(form.get_by_role("table", name="수탁자").first).to_contain_text("(주)새길상사")
    person.picture(f"consigned-2-preview-{page.viewport_size['width']}")
    page.get_by_role("button", name="닫기").click()

    page.get_by_role("button", name="발행하기", exact=True).click()
    page.wait_for_url(re.compile(r"/sign/\?invoices=\d+$"))
    expect(page.locator(".headline")).to_contain_text("275,000원")
    person.pick_folder(office["kept"])
    person.see("consigned-3-sign")
    person.enter()
    person.expect_issued(1)
    person.expect_accepted(office["workspace"], 1)

    person.go(f"/w/{office['slug']}/invoices/")
    row = page.get_by_role("row").filter(has_text=BUYER)
    expect(row).to_contain_text("위수탁")
    person.see("consigned-4-list")
    row.get_by_role("link", name=BUYER).click()
    expect(page.locator("main")).to_contain_text("전송완료", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text(PRINCIPAL)
    person.see("consigned-5-accepted")

    person.go(f"/w/{office['slug']}/")
    running = page.get_by_role("region", name="이번 신고")
    expect(running).to_contain_text(LEFT_OUT)
    expect(running.locator("div").filter(has=page.get_by_text("매출 공급가액")).last).to_contain_text("0원")
    person.see("consigned-6-home")
    running.get_by_role("link", name="문서 보기").click()
    expect(page.get_by_role("row").filter(has_text=BUYER)).to_be_visible()
    person.see("consigned-7-behind")

    person.go(f"/w/{office['slug']}/reports/")
    for report in REPORTS:
        page.get_by_role("navigation", name="보고서", exact=True).get_by_role("link", name=report).click()
        expect(page.locator(".tab[aria-current]")).to_have_text(report)
        expect(page.get_by_text(LEFT_OUT)).to_be_attached()
    person.see("consigned-8-report")
