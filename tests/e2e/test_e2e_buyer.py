"""What a buyer gets: a mail, a page without an account, both files; and what the seller sees and does about it."""

import re
from base64 import b64encode

from desk import Desk, business_number
from playwright.sync_api import Page, expect

from dojang.render.attached import attached_xml

ENDED = "410 GET"
_LINK = re.compile(r"https?://\S+/v/\S+")


def test_from_writing_to_the_buyers_files_and_a_link_that_was_ended(
    person: Desk, stranger: Desk, open_office
):
    office = open_office("(주)새길상사")
    buyers, others = (f"{who}-{business_number()}@bomnae.example" for who in ("tax", "boss"))
    person.register(office, office["kept"])

    page = person.go(f"/w/{office['slug']}/invoices/new/")
    person.write("(주)봄내유통", business_number(), buyers)
    person.see("buyer-1-written")
    page.get_by_role("button", name="발행하기", exact=True).click()
    page.wait_for_url(re.compile(r"/sign/\?invoices=\d+$"))
    person.pick_folder(office["kept"])
    person.see("buyer-2-sign")
    person.enter()
    person.expect_issued(1)
    person.see("buyer-3-issued")
    page.get_by_role("link", name="목록으로 돌아가기").click()
    page.get_by_role("link", name="(주)봄내유통").click()
    invoice = page.url
    person.reload_until(page.get_by_text("전송완료", exact=True))
    person.see("buyer-4-accepted")
    sellers = download(page, "PDF"), download(page, "XML")
    assert attached_xml(sellers[0]) == [sellers[1]]

    link = _LINK.search(person.read_mail(buyers))[0]
    person.see("buyer-5-mail")
    theirs = stranger.go(link)
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("전자세금계산서")
    expect(theirs.locator("main")).to_contain_text("275,000원")
    expect(theirs.get_by_text("전자서명이 맞습니다")).to_be_visible()
    stranger.see("buyer-6-page")
    buyers_pdf, buyers_xml = download(theirs, "PDF"), download(theirs, "XML")
    assert buyers_xml == sellers[1]
    assert attached_xml(buyers_pdf) == [buyers_xml]

    person.go(invoice)
    expect(link_of(page, buyers)).to_contain_text("열람")
    page.get_by_text("메일 재발송", exact=True).click()
    page.get_by_label("받는 주소").fill(others)
    person.see("buyer-7-opened")
    page.get_by_role("button", name="메일 보내기").click()
    expect(page.get_by_text(f"{others} 주소로 메일을 보냅니다.")).to_be_visible()
    other_link = _LINK.search(person.read_mail(others))[0]
    assert other_link != link

    person.go(invoice)
    expect(link_of(page, others)).to_contain_text("아직 열람하지 않음")
    link_of(page, buyers).get_by_role("button", name="링크 끊기").click()
    expect(link_of(page, buyers)).to_contain_text("끊음")
    person.see("buyer-8-ended")
    with stranger.expecting(ENDED):
        stranger.go(link)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("열 수 없는 링크입니다")
    expect(theirs.locator("main")).to_contain_text("보낸 사람이 이 링크를 끊었습니다")
    stranger.see("buyer-9-ended")
    stranger.go(other_link)
    expect(theirs.locator("main")).to_contain_text("275,000원")


def test_a_mail_that_is_switched_off_is_not_sent_and_anybody_can_verify_the_files(
    person: Desk, stranger: Desk, clerk, open_office
):
    office = open_office("(주)조용상사")
    buyers = f"tax-{business_number()}@bomnae.example"
    person.register(office, office["kept"])
    page = person.go(f"/w/{office['slug']}/settings/notices/")
    others = page.get_by_role("region", name="작업공간이 다른 사람에게 보내는 메일")
    others.get_by_label("세금계산서 발행").uncheck()
    person.see("quiet-1-switch")
    others.get_by_role("button", name="저장").click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    expect(others.get_by_label("세금계산서 발행")).not_to_be_checked()

    [invoice] = clerk("ready", workspace=office["workspace"], email=buyers)
    person.issue(office, [invoice], office["kept"])
    person.go(f"/w/{office['slug']}/invoices/{invoice}/")
    not_sent = page.get_by_role("listitem").filter(has_text="보내지 않음")
    expect(not_sent.filter(has_text=buyers)).to_contain_text("알림 설정에서 꺼짐")
    person.see("quiet-2-invoice")
    pdf, xml = download(page, "PDF"), download(page, "XML")
    person.go(f"/w/{office['slug']}/mails/")
    expect(page.get_by_role("row").filter(has_text=buyers)).to_contain_text("보내지 않음")
    person.see("quiet-3-log")
    person.go("/demo/mail/")
    expect(page.get_by_role("row").filter(has_text=buyers)).to_have_count(0)

    theirs = stranger.go("/verify/")
    stranger.see("verify-1-empty")
    drop(
        theirs,
        {"받은 것.pdf": pdf, "받은 것.xml": xml, "고친 것.xml": xml.replace(b">1000000<", b">9000000<")},
    )
    for name in ("받은 것.pdf", "받은 것.xml"):
        expect(verdict(theirs, name)).to_contain_text("모의 문서입니다")
        expect(verdict(theirs, name)).to_contain_text("전자서명이 맞습니다")
        expect(verdict(theirs, name)).to_contain_text("1,100,000")
    expect(verdict(theirs, "고친 것.xml")).to_contain_text("서명한 뒤에 내용이 바뀌었습니다")
    stranger.see("verify-2-verdicts")


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Let go of files over the page."""
    page.evaluate(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of Object.entries(files)) {
            transfer.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name));
          }
          const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.querySelector("form[data-drop]").dispatchEvent(drop);
        }""",
        {name: b64encode(data).decode() for name, data in files.items()},
    )


def verdict(page: Page, name: str):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))


def link_of(page: Page, reader: str):
    return page.locator("#links").get_by_role("listitem").filter(has_text=reader)


def download(page: Page, name: str) -> bytes:
    """A file, as it lies on the disk of who pressed its button."""
    with page.expect_download() as told:
        page.locator("main").get_by_role("link", name=name, exact=True).click()
    return told.value.path().read_bytes()
