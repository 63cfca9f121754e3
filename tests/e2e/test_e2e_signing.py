"""Registering certificates and signing with them, in the page, against the whole service."""

import re
from datetime import datetime

import pytest
from desk import PATIENCE, business_number
from playwright.sync_api import expect

from dojang.etax import KST

LOST = "401 (POST|GET)"
REFUSED = "403 GET"


@pytest.fixture
def office(clerk) -> dict:
    """A company that has just signed up."""
    return clerk("office", number=business_number(), roles=["issuer", "writer", "viewer"])


@pytest.fixture
def ready(clerk, office):
    """Invoices of the office that wait for their signatures."""
    return lambda count=1: clerk("ready", workspace=office["workspace"], count=count)


def states(clerk, office) -> dict[str, int]:
    return clerk("states", workspace=office["workspace"])


# Choosing a certificate


def test_a_wrong_passphrase_registers_nothing_and_is_asked_again(desk, demo, office, tmp_path):
    kept = demo.certificate(office["number"], tmp_path)
    desk.come_in(office["people"]["owner"]["session"])
    page = desk.go(f"/w/{office['slug']}/sign/register/")
    desk.picture("register")
    desk.pick_folder(kept)
    desk.enter("틀린 비밀번호")
    expect(page.get_by_role("alert")).to_contain_text("비밀번호가 맞지 않거나")
    desk.picture("register-wrong-passphrase")
    desk.enter()
    expect(page.get_by_role("heading", name="인증서를 등록했습니다")).to_be_visible()
    desk.picture("register-done")
    page = desk.go(f"/w/{office['slug']}/certificates/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("TESTCA")


@pytest.mark.parametrize("kind", ["folder", "pfx"])
def test_an_expired_certificate_signs_nothing(desk, demo, clerk, office, ready, tmp_path, kind):
    kept = demo.certificate(office["number"], tmp_path, expired=True)
    desk.come_in(office["people"]["owner"]["session"])
    page = desk.sign_page(office["slug"], ready())
    if kind == "folder":
        desk.pick_folder(kept)
        expect(page.get_by_role("radio", name="(주)도장상사")).to_be_disabled()
        expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_hidden()
    else:
        desk.pick_files(kept.archive)
        desk.enter()
    expect(page.get_by_text("유효기간이 지났습니다")).to_be_visible()
    desk.picture(f"sign-expired-{kind}")
    assert states(clerk, office) == {"ready": 1}


@pytest.mark.parametrize("where", ["register", "sign"])
def test_somebody_elses_certificate_is_refused(desk, demo, clerk, office, ready, tmp_path, where):
    other = demo.certificate(business_number(), tmp_path, "(주)남의상사")
    invoices = ready()
    desk.come_in(office["people"]["owner"]["session"])
    if where == "sign":
        page = desk.sign_page(office["slug"], invoices)
    else:
        page = desk.go(f"/w/{office['slug']}/sign/register/")
    desk.pick_folder(other)
    desk.enter()
    expect(page.get_by_role("alert")).to_contain_text("이 사업자등록번호로 발급된 인증서가 아닙니다")
    desk.picture(f"{where}-somebody-elses")
    assert states(clerk, office) == {"ready": 1}


def test_a_certificate_revoked_after_it_was_registered_signs_nothing(
    desk, demo, clerk, office, ready, tmp_path
):
    kept = demo.certificate(office["number"], tmp_path)
    desk.register(office, kept)
    now, authority = datetime.now(KST), demo.authority
    authority.revoke(kept.identity.certificate.serial, now)
    (demo.authority_folder / "users.crl").write_bytes(authority.crl(now))
    clerk("read_revocation_lists")
    page = desk.go(f"/w/{office['slug']}/certificates/")
    for _ in range(100):
        if page.get_by_text("폐지", exact=True).count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(page.get_by_text("폐지", exact=True)).to_be_visible()
    desk.picture("certificates-revoked")
    page = desk.sign_page(office["slug"], ready())
    desk.pick_folder(kept)
    desk.enter()
    expect(page.get_by_text(re.compile("폐지된 인증서|인증서가 폐지"))).to_be_visible(timeout=PATIENCE)
    desk.picture("sign-revoked")
    assert states(clerk, office) == {"ready": 1}


# Signing


def test_two_hundred_are_signed_with_one_passphrase_and_all_accepted(desk, demo, office, ready, tmp_path):
    kept = demo.certificate(office["number"], tmp_path)
    desk.register(office, kept)
    page = desk.sign_page(office["slug"], ready(200))
    expect(page.get_by_role("heading", level=1)).to_have_text("세금계산서 200건 발행하기")
    desk.pick_folder(kept)
    desk.picture("sign-200")
    desk.enter()
    desk.expect_issued(200)
    desk.picture("sign-200-done")
    desk.expect_accepted(office["workspace"], 200)


def test_a_session_lost_in_the_middle_goes_on_after_a_new_log_in(desk, demo, clerk, office, ready, tmp_path):
    kept = demo.certificate(office["number"], tmp_path)
    desk.register(office, kept)
    page = desk.sign_page(office["slug"], ready(150))

    def lose_session(route):
        """Once the first hundred are in, the person is logged out."""
        answer = route.fetch()
        desk.context.clear_cookies(name="sessionid")
        route.fulfill(response=answer)

    page.route("**/sign/issue/", lose_session, times=1)
    desk.pick_folder(kept)
    with desk.expecting(LOST):
        desk.enter()
        expect(page.get_by_role("alert")).to_contain_text("로그인이 풀렸습니다")
        desk.picture("sign-session-lost")
        assert states(clerk, office)["ready"] == 50
        with desk.context.expect_page() as opened:
            page.get_by_role("link", name="새 탭에서 로그인").click()
        tab = opened.value
        tab.get_by_label("이메일", exact=True).fill(office["people"]["owner"]["email"])
        tab.get_by_label("비밀번호", exact=True).fill(office["password"])
        tab.locator("main").get_by_role("button", name="로그인", exact=True).click()
        expect(tab.get_by_role("button", name="로그인", exact=True)).to_have_count(0)
        # It notices by itself, if nobody is faster.
        desk.expect_issued(150)
    desk.expect_accepted(office["workspace"], 150)


@pytest.mark.parametrize("when", ["before", "after"])
def test_offline_in_the_middle_nothing_is_lost_and_nothing_issued_twice(
    desk, demo, clerk, office, ready, tmp_path, when
):
    kept = demo.certificate(office["number"], tmp_path)
    desk.register(office, kept)
    page = desk.sign_page(office["slug"], ready(150))

    def cut(route):
        """The line breaks before the first hundred arrive, or before their answer does."""
        if when == "after":
            route.fetch()
        desk.context.set_offline(True)
        route.abort("connectionreset")

    page.route("**/sign/issue/", cut, times=1)
    desk.pick_folder(kept)
    desk.enter()
    expect(page.get_by_text("서버에 연결할 수 없습니다")).to_be_visible()
    desk.picture(f"sign-offline-{when}")
    assert states(clerk, office).get("ready", 0) == (150 if when == "before" else 50)
    desk.context.set_offline(False)
    desk.expect_issued(150)
    desk.expect_accepted(office["workspace"], 150)


# Rights


@pytest.mark.parametrize("role", ["writer", "viewer"])
def test_who_may_not_issue_is_offered_nothing_to_sign_and_refused(desk, clerk, office, ready, role):
    (invoice,) = ready()
    desk.come_in(office["people"][role]["session"])
    page = desk.go(f"/w/{office['slug']}/invoices/{invoice}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("발행하기$"))).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("발행하기$"))).to_have_count(0)
    desk.picture(f"invoice-ready-{role}")
    with desk.expecting(REFUSED):
        desk.sign_page(office["slug"], [invoice])
    expect(page.locator("main")).to_contain_text("권한")
    desk.picture(f"sign-refused-{role}")
    with desk.expecting(REFUSED):
        desk.go(f"/w/{office['slug']}/sign/register/")
    expect(page.locator("main")).to_contain_text("권한")
    assert states(clerk, office) == {"ready": 1}


@pytest.mark.parametrize("role", ["writer", "viewer"])
def test_what_the_page_asks_is_refused_to_who_may_not_issue(desk, office, ready, role):
    (invoice,) = ready()
    desk.come_in(office["people"][role]["session"])
    page = desk.go(f"/w/{office['slug']}/")
    token = next(one["value"] for one in desk.context.cookies() if one["name"] == "csrftoken")
    answer = page.request.post(
        f"/w/{office['slug']}/sign/orders/",
        data={"invoices": [{"id": invoice, "version": 2}]},
        headers={"X-CSRFToken": token},
    )
    assert answer.status == 403 or answer.json()["orders"] == []


def test_an_issuer_signs_with_what_the_owner_registered(desk, demo, office, ready, tmp_path):
    kept = demo.certificate(office["number"], tmp_path)
    desk.register(office, kept)
    desk.context.clear_cookies()
    desk.come_in(office["people"]["issuer"]["session"])
    desk.sign_page(office["slug"], ready())
    desk.pick_folder(kept)
    desk.enter()
    desk.expect_issued(1)
    desk.expect_accepted(office["workspace"], 1)
