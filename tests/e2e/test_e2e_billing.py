"""발행정보 요청: a customer without an account fills in its own data, and they are looked at before they are kept."""

import re

from desk import Desk, business_number
from playwright.sync_api import expect

_LINK = re.compile(r"https?://\S+/i/[\w-]+/")


def test_a_customer_fills_in_its_data_is_asked_to_mend_them_and_becomes_a_counterparty(
    person: Desk, stranger: Desk, open_office
):
    office, number = open_office("(주)새길상사"), business_number()
    email = f"sara-{number}@saebom.example"
    person.come_in(office["people"]["owner"]["session"])
    page = person.go(f"/w/{office['slug']}/billing/new/")
    page.get_by_label("거래처 이름").fill("새봄")
    page.get_by_label("받는 사람 이메일").fill(email)
    page.get_by_label(re.compile("^전하는 말")).fill("이번 달부터 거래합니다.")
    person.see("billing-1-asking")
    page.get_by_role("button", name="발행정보 요청", exact=True).click()
    expect(page.get_by_text(f"{email}(으)로 요청을 보냅니다.")).to_be_visible()
    person.see("billing-2-asked")
    address = page.url
    link = _LINK.search(person.read_mail(email))[0]

    theirs = stranger.go(link)
    expect(theirs.get_by_role("status").first).to_contain_text("이번 달부터 거래합니다.")
    stranger.see("billing-3-link")
    form = theirs.locator("#answer")
    form.get_by_label(re.compile("^사업자등록번호")).fill(number)
    form.get_by_label(re.compile("^사업자등록번호")).blur()
    expect(theirs.locator("#number-told")).not_to_be_empty()
    form.get_by_label(re.compile(r"^상호\(개인은 성명\)")).fill("(주)새봄")
    form.get_by_label(re.compile("^대표자")).fill("박세리")
    form.get_by_role("group", name=re.compile("담당자 1")).get_by_label(re.compile("이메일")).fill(email)
    stranger.see("billing-4-filled-in")
    form.get_by_role("button", name="보내기", exact=True).last.click()
    expect(theirs.get_by_text("요청한 곳에서 확인하기 전까지")).to_be_visible()
    stranger.see("billing-5-sent")

    person.go(address)
    expect(page.get_by_role("table")).to_contain_text("(주)새봄")
    person.see("billing-6-answered")
    page.get_by_text("돌려보내기", exact=True).first.click()
    page.get_by_label("돌려보내는 사유").fill("주소도 적어 주세요.")
    page.get_by_role("button", name="돌려보내기").click()
    expect(page.get_by_text("돌려보냈습니다. 같은 링크에서 고칠 수 있습니다.")).to_be_visible()

    stranger.go(link)
    expect(theirs.get_by_role("alert")).to_contain_text("주소도 적어 주세요.")
    form.get_by_label(re.compile("^사업장 주소")).fill("서울특별시 가상구 없는로 7")
    stranger.see("billing-7-mending")
    form.get_by_role("button", name=re.compile("보내기$")).last.click()
    expect(theirs.get_by_text("요청한 곳에서 확인하기 전까지")).to_be_visible()

    person.go(address)
    page.get_by_role("button", name="새 거래처로 등록").click()
    expect(page.get_by_text("(주)새봄 거래처에 반영했습니다.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("서울특별시 가상구 없는로 7")
    person.see("billing-8-taken-over")
    stranger.go(link)
    expect(theirs.get_by_role("status")).to_contain_text("확인되었습니다")
    stranger.see("billing-9-over")


def test_a_request_that_was_withdrawn_asks_for_nothing(person: Desk, stranger: Desk, open_office):
    office = open_office("(주)새길상사")
    email = f"tax-{business_number()}@saebom.example"
    person.come_in(office["people"]["owner"]["session"])
    page = person.go(f"/w/{office['slug']}/billing/new/")
    page.get_by_label("거래처 이름").fill("새봄")
    page.get_by_label("받는 사람 이메일").fill(email)
    page.get_by_role("button", name="발행정보 요청", exact=True).click()
    expect(page.get_by_text(f"{email}(으)로 요청을 보냅니다.")).to_be_visible()
    address = page.url
    link = _LINK.search(person.read_mail(email))[0]
    person.go(address)
    page.get_by_role("button", name="요청 취소").click()
    expect(page.get_by_text("요청을 취소했습니다. 작성된 내용은 지웠습니다.")).to_be_visible()
    person.see("billing-withdrawn-1")
    theirs = stranger.go(link)
    expect(theirs.get_by_role("status")).to_contain_text("취소된 요청입니다")
    expect(theirs.locator("#answer")).to_have_count(0)
    stranger.see("billing-withdrawn-2-link")
