"""From nothing to an accepted invoice: what somebody does who has only read the README, all of it in the browser."""

import re

import pytest
from desk import PASSWORD, PATIENCE, Desk, business_number
from playwright.sync_api import expect


@pytest.mark.parametrize(("kind", "width"), [("folder", 1280), ("pfx", 360)])
def test_from_sign_up_to_accepted(desk: Desk, demo, tmp_path, kind, width):
    number = business_number()
    email = f"first-{number}@people.example"
    name = f"first-{kind}"
    desk.page.set_viewport_size({"width": width, "height": 800})

    desk.sign_up(email)
    page = desk.page
    page.wait_for_url("**/workspaces/new/")
    desk.look(f"{name}-1-workspace")
    page.get_by_label("사업자등록번호").fill(number)
    page.get_by_label("상호(법인명)").fill("(주)새길상사")
    page.get_by_label("성명(대표자)").fill("김하나")
    page.get_by_role("button", name="만들고 인증서 등록으로").click()

    page.wait_for_url("**/sign/register/")
    kept = demo.certificate(number, tmp_path, "(주)새길상사")
    choose(desk, kept, kind)
    desk.look(f"{name}-2-register")
    desk.enter()
    expect(page.get_by_role("heading", name="인증서를 등록했습니다")).to_be_visible(timeout=PATIENCE)
    desk.look(f"{name}-3-registered")
    slug = re.search(r"/w/([0-9a-f]+)/", page.url)[1]

    page = desk.go(f"/w/{slug}/")
    page.get_by_role("link", name="세금계산서 작성").first.click()
    desk.write("(주)봄내유통", "9988100012", "tax@bomnae.example")
    desk.look(f"{name}-4-written")
    page.get_by_role("button", name="발행하기", exact=True).click()

    page.wait_for_url(re.compile(r"/sign/\?invoices=\d+$"))
    expect(page.locator(".headline")).to_contain_text("275,000원")
    choose(desk, kept, kind)
    desk.look(f"{name}-5-sign")
    desk.enter()
    desk.expect_issued(1)
    desk.look(f"{name}-6-issued")

    page.get_by_role("link", name="목록으로 돌아가기").click()
    page.get_by_role("link", name="(주)봄내유통").click()
    send_now = page.get_by_role("button", name="지금 전송")
    if send_now.count():
        desk.look(f"{name}-7-waiting")
        send_now.click()
    desk.reload_until(page.get_by_text("전송완료", exact=True))
    desk.look(f"{name}-8-accepted")


def choose(desk: Desk, kept, kind: str) -> None:
    expect(desk.page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    if kind == "folder":
        desk.pick_folder(kept)
    else:
        desk.pick_files(kept.archive)


def test_a_wrong_password_is_refused_and_a_passkey_logs_in(desk: Desk):
    email = f"passkey-{business_number()}@people.example"
    desk.sign_up(email, "이두리")
    page = desk.page
    page.wait_for_url("**/workspaces/new/")
    devtools = desk.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = desk.go("/account/2fa/")
    page.get_by_role("link", name="패스키 추가").click()
    if page.get_by_label("비밀번호", exact=True).count():
        page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="확인", exact=True).click()
    page.get_by_label("패스키 이름").fill("회사 노트북")
    page.get_by_role("button", name="추가", exact=True).click()
    expect(page.get_by_text("패스키를 추가했습니다.")).to_be_visible()
    desk.go("/account/logout/")
    page.locator("main").get_by_role("button", name="로그아웃").click()

    page.get_by_label("이메일", exact=True).fill(email)
    page.get_by_label("비밀번호", exact=True).fill("not the password")
    page.locator("main").get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="올바르지 않습니다")).to_be_visible()
    desk.look("login-wrong")
    page.get_by_role("button", name="패스키로 로그인").click()
    page.wait_for_url("**/workspaces/new/")
    expect(page.get_by_text("이두리")).to_be_visible()
