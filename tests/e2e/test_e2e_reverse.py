"""역발행: a buyer writes, and a supplier without an account signs or refuses behind its link."""

import re

from desk import PATIENCE, Desk, business_number
from playwright.sync_api import expect

_LINK = re.compile(r"https?://\S+/r/[\w-]+/")
OTHERS = "이 사업자등록번호로 발급된 인증서가 아닙니다"


def write(person: Desk, office: dict, *, number: str, email: str, item: str = "복사용지") -> None:
    """A request over 275,000 won, looked at but not sent."""
    page = person.go(f"/w/{office['slug']}/reverse/new/")
    for label, value in {
        "등록번호": number,
        "상호": "(주)큰솔상사",
        "대표자": "최큰솔",
        "공급자 이메일": email,
        "품목 1": item,
        "수량 1": "10",
        "단가 1": "25,000",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("단가 1", exact=True).blur()
    expect(page.get_by_label("공급가액 1", exact=True)).to_have_value("250,000")
    expect(page.get_by_label("세액 1", exact=True)).to_have_value("25,000")
    person.see("reverse-1-written")
    page.get_by_role("button", name="저장하고 확인하기").click()
    expect(page.locator("main")).to_contain_text("275,000원")


def ask(person: Desk) -> str:
    """Off with it; the address of its page."""
    page = person.page
    page.get_by_role("button", name="역발행 요청", exact=True).click()
    expect(page.get_by_role("button", name="요청취소")).to_be_visible()
    return page.url


def test_a_supplier_without_an_account_signs_and_takes_back_in_its_browser(
    person: Desk, stranger: Desk, open_office, demo, tmp_path
):
    office, number = open_office("(주)매입상사"), business_number()
    email = f"sales-{number}@keunsol.example"
    person.come_in(office["people"]["owner"]["session"])
    write(person, office, number=number, email=email)
    address = ask(person)
    person.see("reverse-2-asked")
    link = _LINK.search(person.read_mail(email))[0]
    person.see("reverse-3-mail")

    # The page tells that it was looked at once it has been in front for a moment.
    with stranger.page.expect_response(re.compile(r"/opened/$")):
        page = stranger.go(link)
    expect(page.locator("main")).to_contain_text("(주)매입상사")
    stranger.see("reverse-4-link")
    page.get_by_role("button", name="서명하고 발행").click()
    page.wait_for_url(re.compile(r"/r/[\w-]+/sign/$"))
    other = demo.certificate(business_number(), tmp_path / "other", "(주)남의상사")
    stranger.pick_folder(other)
    stranger.enter()
    expect(page.get_by_role("alert")).to_contain_text(OTHERS)
    stranger.see("reverse-5-somebody-elses")

    page.reload()
    own = demo.certificate(number, tmp_path / "own", "(주)큰솔상사")
    stranger.pick_folder(own)
    stranger.enter()
    stranger.expect_issued(1)
    stranger.see("reverse-6-issued")
    page.get_by_role("link", name="목록으로 돌아가기").click()
    page.wait_for_url(link)
    expect(page.locator("main")).to_contain_text("발행완료")
    stranger.see("reverse-7-link-after")

    person.go(address)
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("발행완료")
    expect(person.page.locator("main")).to_contain_text("공급자가 링크를 열어 봄")
    person.see("reverse-8-signed")

    page.get_by_text("발행취소", exact=True).first.click()
    page.get_by_role("button", name="발행취소").click()
    expect(page.get_by_role("status")).to_contain_text("발행취소", timeout=PATIENCE)
    person.page.reload()
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("발행취소")


def test_what_is_refused_is_mended_asked_again_and_withdrawn(person: Desk, stranger: Desk, open_office):
    office, number = open_office("(주)다시상사"), business_number()
    email = f"again-{number}@keunsol.example"
    person.come_in(office["people"]["owner"]["session"])
    write(person, office, number=number, email=email, item="토너")
    address = ask(person)
    link = _LINK.search(person.read_mail(email))[0]

    page = stranger.go(link)
    page.get_by_role("link", name="거부").click()
    page.get_by_label("거부하는 사유").fill("수량이 8개입니다")
    page.get_by_role("button", name="거부").click()
    expect(page.get_by_role("status")).to_contain_text("수량이 8개입니다")
    stranger.see("reverse-refused")

    theirs = person.go(address)
    expect(theirs.locator("main")).to_contain_text("수량이 8개입니다")
    theirs.get_by_role("button", name="고쳐서 다시 요청").click()
    theirs.get_by_label("수량 1", exact=True).fill("8")
    theirs.get_by_label("공급가액 1", exact=True).fill("")
    theirs.get_by_label("세액 1", exact=True).fill("")
    theirs.get_by_role("button", name="저장하고 확인하기").click()
    expect(theirs.locator("main")).to_contain_text("220,000원")
    address = ask(person)
    person.read_mail(email)
    again = person.go(address)
    again.get_by_role("button", name="요청취소").click()
    expect(again.get_by_role("heading", level=1)).to_contain_text("요청취소")
    person.see("reverse-withdrawn")


def test_a_supplier_with_an_account_finds_it_in_its_inbox_and_signs_there(person: Desk, desk_of, open_office):
    buyer, supplier = open_office("(주)매입상사"), open_office("(주)큰솔상사", registered=True)
    email = f"inbox-{supplier['number']}@keunsol.example"
    person.come_in(buyer["people"]["owner"]["session"])
    for item in ("복사용지", "토너"):
        write(person, buyer, number=supplier["number"], email=email, item=item)
        address = ask(person)

    theirs = desk_of()
    theirs.come_in(supplier["people"]["owner"]["session"])
    inbox = f"/w/{supplier['slug']}/reverse/in/"
    page = theirs.go(inbox)
    theirs.reload_until(page.get_by_role("row").nth(2))
    theirs.see("reverse-inbox-1-list")
    page.get_by_role("link", name="(주)매입상사").first.click()
    page.get_by_label("거부하는 사유").fill("토너는 다음 달에 납품합니다")
    page.get_by_role("button", name="거부", exact=True).click()
    expect(page.locator("main")).to_contain_text("거부했습니다")
    theirs.see("reverse-inbox-2-refused")

    theirs.go(f"{inbox}?tab=open")
    page.get_by_role("link", name="(주)매입상사").click()
    expect(page.locator("main")).to_contain_text("275,000")
    theirs.see("reverse-inbox-3-incoming")
    page.get_by_role("button", name="확인하고 발행").click()
    theirs.pick_folder(supplier["kept"])
    theirs.enter()
    theirs.expect_issued(1)
    theirs.expect_accepted(supplier["workspace"], 1)
    theirs.go(f"{inbox}?tab=signed")
    page.get_by_role("link", name="(주)매입상사").click()
    page.get_by_role("link", name="발행한 문서 보기").click()
    expect(page.locator("h1 .badge").first).to_have_text("전송완료")
    theirs.see("reverse-inbox-4-accepted")

    person.go(address)
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("거부")
    expect(person.page.locator("main")).to_contain_text("토너는 다음 달에 납품합니다")
    person.go(f"/w/{buyer['slug']}/reverse/")
    expect(person.page.get_by_role("row").filter(has_text="발행완료")).to_have_count(1)
    person.see("reverse-inbox-5-asked")


def test_a_request_that_has_run_out_is_signed_by_nobody(person: Desk, stranger: Desk, clerk, open_office):
    office, number = open_office("(주)기한상사"), business_number()
    email = f"late-{number}@keunsol.example"
    person.come_in(office["people"]["owner"]["session"])
    write(person, office, number=number, email=email)
    address = ask(person)
    link = _LINK.search(person.read_mail(email))[0]
    clerk("run_out", workspace=office["workspace"])
    page = stranger.go(link)
    expect(page.locator("main")).to_contain_text("기한이 지났습니다")
    expect(page.get_by_role("button", name="서명하고 발행")).to_have_count(0)
    stranger.see("reverse-expired-1-link")
    person.go(address)
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("기한")
    person.see("reverse-expired-2-request")
