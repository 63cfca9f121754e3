"""홈택스 in and out: a list is looked at before it is taken over, and drafts leave as a file and come back."""

import re
from datetime import datetime

from desk import Desk, business_number
from playwright.sync_api import Page, expect

from dojang.etax import KST
from dojang.etax.identifiers import IssueId
from hometax.hometax_lists import a_list, row
from service.spreadsheet_files import xlsx

ELSEWHERE = "41000001"


def today() -> str:
    return datetime.now(KST).date().isoformat()


def of_list(serial: int, office: dict, **values) -> list:
    """A sale of the office today, as Hometax's list has it."""
    days = dict.fromkeys(("작성일자", "발급일자", "전송일자", "품목일자"), today())
    number = IssueId(datetime.now(KST).date(), ELSEWHERE, f"{serial:04d}{business_number()[-4:]}").hyphenated
    parties = {"공급자사업자등록번호": office["number"], "공급받는자사업자등록번호": business_number()}
    return row(serial, **{"승인번호": number, **days, **parties, **values})


def upload(page: Page, content: bytes) -> None:
    page.set_input_files(
        "#file",
        {"name": "매출 목록.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content},
    )
    page.get_by_role("button", name="내용 확인하기").click()


def test_a_list_is_looked_at_taken_over_once_and_amended(person: Desk, open_office, sell):
    office = open_office("(주)새길상사", registered=True)
    [sold] = sell(office, {"number": business_number()})
    person.come_in(office["people"]["owner"]["session"])
    page = person.go(f"/w/{office['slug']}/invoices/{sold}/")
    ours = page.locator("dd.number.anywhere").inner_text()
    rows = [
        of_list(1, office),
        of_list(2, office, 세액="x"),
        of_list(3, office, 승인번호=ours, 공급가액="900,000", 세액="90,000", 합계금액="990,000"),
    ]
    content = xlsx(*a_list(*rows))

    page = person.go(f"/w/{office['slug']}/hometax/lists/")
    person.see("hometax-1-lists")
    upload(page, content)
    page.wait_for_url(re.compile(r"/hometax/lists/\d+/"))
    expect(page.get_by_role("button", name="1건 가져오기")).to_be_visible(timeout=60_000)
    kinds = page.get_by_role("navigation", name="행의 종류")
    for kind in ("여기와 다름", "읽지 못함", "새 문서"):
        kinds.get_by_role("link", name=kind).click()
        expect(kinds.locator("[aria-current=page]")).to_contain_text(kind)
        person.see(f"hometax-2-{kind}")
    kinds.get_by_role("link", name="여기와 다름").click()
    expect(page.get_by_role("table")).to_contain_text("공급가액: 여기 1,000,000원 · 목록 900,000원")
    page.get_by_role("button", name="1건 가져오기").click()
    expect(page.locator("main")).to_contain_text("건을 가져왔습니다.", timeout=60_000)
    person.see("hometax-3-taken")

    page = person.go(f"/w/{office['slug']}/hometax/lists/")
    upload(page, content)
    expect(page.get_by_text("새로 가져올 문서가 없습니다.")).to_be_visible(timeout=60_000)

    page = person.go(f"/w/{office['slug']}/records/?side=sales&tab=all")
    page.locator("tr[data-row] a").first.click()
    page.get_by_role("link", name="수정발행", exact=True).and_(page.locator(".button")).click()
    expect(page.get_by_role("heading", name="무슨 일이 있었나요?")).to_be_visible()
    expect(page.locator(".gate")).to_contain_text("공급가액 1,000,000원")
    person.see("hometax-4-amending")


def test_drafts_leave_as_a_file_are_held_and_taken_out_of_it(person: Desk, clerk, open_office):
    office = open_office("(주)새길상사")
    owner = office["people"]["owner"]
    clerk("ready", workspace=office["workspace"], count=2, draft_of=owner["email"])
    person.come_in(owner["session"])
    page = person.go(f"/w/{office['slug']}/invoices/?tab=draft")
    for box in page.locator("td.tick input").all():
        box.check()
    page.get_by_role("button", name=re.compile("^홈택스 일괄발급 파일")).click()
    expect(page.locator("main")).to_contain_text("2건을 파일에 담을 수 있습니다.")
    person.see("hometax-5-bulk")
    with page.expect_download() as told:
        page.get_by_role("button", name="2건 파일 만들기").click()
    assert told.value.suggested_filename.endswith((".xls", ".xlsx"))
    assert told.value.path().stat().st_size > 0

    page = person.go(f"/w/{office['slug']}/hometax/bulk/")
    person.see("hometax-6-held")
    page.get_by_role("checkbox", name=re.compile("구매처 1호")).check()
    page.get_by_role("button", name="고른 문서 파일에서 빼기").click()
    expect(page.get_by_text("1건을 파일에서 뺐습니다.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(1)
    person.see("hometax-7-taken-out")
