"""발행 승인: who may not issue asks, who may looks at it and answers, and only what was approved is signed."""

import re

import pytest
from desk import Desk, business_number
from playwright.sync_api import Page, expect

ASKED = "발행 승인을 요청했습니다"


@pytest.fixture
def office(open_office) -> dict:
    """A company with somebody who writes and somebody who issues."""
    return open_office("(주)새길상사", registered=True, roles=["issuer", "writer"])


@pytest.fixture
def writer(person: Desk, office) -> Desk:
    person.come_in(office["people"]["writer"]["session"])
    return person


@pytest.fixture
def issuer(desk_of, office) -> Desk:
    desk = desk_of()
    desk.come_in(office["people"]["issuer"]["session"])
    return desk


def test_one_is_sent_back_mended_asked_again_approved_and_signed(writer: Desk, issuer: Desk, office):
    page = writer.go(f"/w/{office['slug']}/invoices/new/")
    writer.write("(주)봄내유통", business_number(), f"tax-{business_number()}@bomnae.example")
    writer.see("approval-one-1-written")
    page.get_by_role("button", name="발행 승인 요청", exact=True).click()
    page.wait_for_url("**/approvals/new/**")
    page.get_by_label("전할 말 (선택)").fill("이번 달 정산분입니다.")
    writer.see("approval-one-2-asking")
    page.get_by_role("button", name="1건 발행 승인 요청").click()
    expect(page.get_by_text("1건의 발행 승인을 요청했습니다.")).to_be_visible()
    expect(state(page)).to_have_text("발행 승인대기")
    expect(page.get_by_role("link", name="이어서 작성")).to_have_count(0)
    writer.see("approval-one-3-asked")
    invoice = page.url

    people = office["people"]
    mail = issuer.read_mail(people["issuer"]["email"], ASKED)
    assert (
        f"{people['writer']['name']} 님이 세금계산서 1건(합계 275,000원)의 발행 승인을 요청했습니다." in mail
    )
    assert "이번 달 정산분입니다." in mail
    theirs = issuer.go(f"/w/{office['slug']}/approvals/")
    expect(theirs.get_by_role("row").filter(has_text="(주)봄내유통")).to_contain_text("275,000")
    issuer.see("approval-one-4-waiting")
    theirs.get_by_role("link", name="(주)봄내유통").click()
    part = theirs.locator("#approval")
    expect(part).to_contain_text("이번 달 정산분입니다.")
    part.get_by_role("button", name="반려", exact=True).click()
    reason = part.get_by_label("반려 사유")
    expect(reason).to_be_focused()
    assert not reason.evaluate("one => one.validity.valid")
    issuer.see("approval-one-5-no-reason")
    reason.fill("수량이 20개여야 합니다.")
    part.get_by_role("button", name="반려", exact=True).click()
    expect(theirs.get_by_text("1건을 반려했습니다.")).to_be_visible()
    expect(state(theirs)).to_have_text("임시저장")

    assert "수량이 20개여야 합니다." in writer.read_mail(people["writer"]["email"])
    writer.go(invoice)
    expect(page.locator("#approval")).to_contain_text("수량이 20개여야 합니다.")
    writer.see("approval-one-6-sent-back")
    page.get_by_role("link", name="이어서 작성").click()
    expect(page.locator("html")).to_have_attribute("data-ready", "editor")
    page.get_by_label("1번째 줄 수량", exact=True).fill("20")
    expect(page.locator("#sum-total")).to_have_text("550,000원")
    page.get_by_role("button", name="발행 승인 요청", exact=True).click()
    page.get_by_role("button", name="1건 발행 승인 요청").click()
    expect(state(page)).to_have_text("발행 승인대기")

    issuer.go(invoice)
    expect(theirs.locator("main")).to_contain_text("550,000원")
    issuer.see("approval-one-7-again")
    part.get_by_role("button", name="승인", exact=True).click()
    expect(theirs.get_by_text("1건을 승인했습니다. 이제 서명해 발행할 수 있습니다.")).to_be_visible()
    expect(part).to_contain_text(f"요청 {people['writer']['name']}")
    issuer.see("approval-one-8-approved")
    theirs.get_by_role("link", name="발행하기", exact=True).click()
    issuer.pick_folder(office["kept"])
    issuer.enter()
    issuer.expect_issued(1)
    issuer.expect_accepted(office["workspace"], 1)
    writer.go(invoice)
    expect(state(page)).to_have_text("전송완료")
    for step in ("발행 승인 요청", "반려", "승인"):
        expect(page.get_by_role("heading", name="이력").locator("xpath=..")).to_contain_text(step)
    writer.see("approval-one-9-issued")


def test_several_are_asked_for_from_the_list_and_answered_at_once(writer: Desk, issuer: Desk, office, clerk):
    people = office["people"]
    clerk("ready", workspace=office["workspace"], count=3, draft_of=people["writer"]["email"])
    page = writer.go(f"/w/{office['slug']}/invoices/?tab=draft")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    for box in page.locator("td.tick input").all():
        box.check()
    page.get_by_role("button", name=re.compile("^발행 승인 요청")).click()
    page.wait_for_url("**/approvals/new/**")
    expect(page.locator("main")).to_contain_text("3,300,000원")
    writer.see("approval-several-1-asking")
    page.get_by_role("button", name="3건 발행 승인 요청").click()
    expect(page.get_by_text("3건의 발행 승인을 요청했습니다.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("승인"))).to_have_count(0)
    writer.see("approval-several-2-asked")

    assert "세금계산서 3건(합계 3,300,000원)" in issuer.read_mail(people["issuer"]["email"], ASKED)
    theirs = issuer.go(f"/w/{office['slug']}/approvals/")
    theirs.get_by_role("checkbox", name="구매처 3호(주)").check()
    theirs.get_by_label("반려 사유").fill("두 번 적은 거래입니다.")
    issuer.see("approval-several-3-answering")
    theirs.get_by_role("button", name="선택한 문서 반려").click()
    expect(theirs.get_by_text("1건을 반려했습니다.")).to_be_visible()
    for box in theirs.get_by_role("checkbox").all():
        box.check()
    theirs.get_by_role("button", name="선택한 문서 승인").click()
    expect(theirs.get_by_text("2건을 승인했습니다. 이제 서명해 발행할 수 있습니다.")).to_be_visible()
    expect(theirs.get_by_role("heading", name="승인을 기다리는 문서가 없습니다")).to_be_visible()
    issuer.see("approval-several-4-answered")
    assert clerk("states", workspace=office["workspace"]) == {"ready": 2, "draft": 1}

    issuer.go(f"/w/{office['slug']}/invoices/?tab=ready")
    for box in theirs.locator("td.tick input").all():
        box.check()
    theirs.get_by_role("button", name=re.compile("^발행하기")).click()
    expect(theirs.locator("main")).to_contain_text("한 건 더 발행하는 것이 맞나요?")
    issuer.see("approval-several-5-same-day")
    theirs.get_by_role("button", name="그래도 발행").click()
    issuer.pick_folder(office["kept"])
    issuer.enter()
    issuer.expect_issued(2)
    issuer.expect_accepted(office["workspace"], 2)
    assert "두 번 적은 거래입니다." in writer.read_mail(people["writer"]["email"], "반려")
    assert "2건을 승인했습니다." in writer.read_mail(people["writer"]["email"], "승인")


def test_under_four_eyes_nobody_approves_what_they_wrote(person: Desk, issuer: Desk, office, clerk):
    people = office["people"]
    person.come_in(people["owner"]["session"])
    page = person.go(f"/w/{office['slug']}/approvals/policy/{office['business']}/")
    page.get_by_label("발행하기 전에 승인을 받습니다").check()
    page.get_by_label("승인이 필요한 합계금액 (원 이상)").fill("1,000,000")
    page.get_by_label("작성한 사람과 승인하는 사람이 달라야 합니다").check()
    person.see("approval-eyes-1-policy")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("발행 승인 설정을 저장했습니다.")).to_be_visible()
    person.see("approval-eyes-2-business")

    [large] = clerk("ready", workspace=office["workspace"], draft_of=people["issuer"]["email"])
    theirs = issuer.go(f"/w/{office['slug']}/invoices/{large}/edit/")
    expect(theirs.locator("html")).to_have_attribute("data-ready", "editor")
    theirs.get_by_role("button", name="발행하기", exact=True).click()
    theirs.wait_for_url("**/approvals/new/**")
    theirs.get_by_role("button", name="1건 발행 승인 요청").click()
    part = theirs.locator("#approval")
    expect(part).to_contain_text("발행 권한이 있는 다른 구성원이 승인해야 합니다.")
    expect(part.get_by_role("button", name="승인", exact=True)).to_have_count(0)
    issuer.see("approval-eyes-3-own")

    page = person.go(f"/w/{office['slug']}/approvals/")
    page.get_by_role("link", name="구매처 1호(주)").click()
    page.locator("#approval").get_by_role("button", name="승인", exact=True).click()
    expect(page.get_by_text("1건을 승인했습니다.")).to_be_visible()
    theirs.reload()
    theirs.get_by_role("link", name="발행하기", exact=True).click()
    issuer.pick_folder(office["kept"])
    issuer.enter()
    issuer.expect_issued(1)
    issuer.expect_accepted(office["workspace"], 1)

    # What is below the amount is signed at once.
    issuer.go(f"/w/{office['slug']}/invoices/new/")
    issuer.write("(주)봄내유통", business_number(), f"tax-{business_number()}@bomnae.example")
    theirs.get_by_role("button", name="발행하기", exact=True).click()
    theirs.wait_for_url("**/sign/?**")


def state(page: Page):
    return page.locator("h1 .badge").first
