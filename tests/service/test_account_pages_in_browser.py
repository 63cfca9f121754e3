"""The pages of accounts in Debian's Chromium: from sign-up to a passkey, by keyboard, for everybody, at any width."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served_site import prepared, served
from service_world import PASSWORD, add_member, first_business, make_user, make_workspace

from browsers import chromium
from dojang.service.certificates.models import Certificate
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

PATIENCE = 60_000
pytestmark = pytest.mark.xdist_group("account pages in a browser")

PUBLIC = ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/nowhere/", "/demo/mail/"]
OWN = [
    "/account/profile/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/reauthenticate/",
    "/account/sessions/",
    "/account/logout/",
]
EMAIL = "hana@example.com"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def home(site) -> str:
    """A workspace with something in every state; the address of its home."""
    return f"/w/{prepared(make_full_workspace)}/"


def make_full_workspace() -> str:
    user = make_user(EMAIL, password=PASSWORD)
    make_workspace(user, "둘째 작업공간 주식회사 가나다라마바사아자차카타파하")
    workspace = make_workspace(user, "한빛상사")
    add_member(workspace, Role.VIEWER)
    with in_workspace(workspace.pk):
        fill(first_business(workspace), user)
    return workspace.slug


def make_user_with_second_factor() -> None:
    user = make_user("sena@example.com", password=PASSWORD)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def fill(business, user) -> None:
    now = timezone.now()
    for state in (State.DRAFT, State.READY, State.ISSUED, State.SUBMITTED, State.REJECTED):
        Invoice.objects.create(
            workspace_id=business.workspace_id,
            business=business,
            state=state,
            document_type="0101",
            buyer_name="주식회사 나래테크놀로지",
            total_amount=110_000,
            written_on=now.date() - timedelta(days=40),
            issued_at=now,
            created_by=user,
            changed_by=user,
        )
    Certificate.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        fingerprint="a" * 64,
        der=b"",
        owner="cn=한빛상사(HanbitSangsa)00812345678901234567,ou=HTS,ou=TEST,o=TestCA,c=kr",
        authority="시험기관",
        serial="1",
        not_before=now,
        not_after=now + timedelta(days=9),
        verdict="matches",
        registered_by=user,
    )


@pytest.fixture
def context(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context, site) -> Page:
    """A page that remembers what its console said."""
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


@pytest.fixture(scope="module")
def signed_in(browser, site, home) -> dict:
    """Cookies of somebody who has just signed in and proved it again."""

    def sign_in_and_prove(page: Page) -> None:
        sign_in(page, site)
        page.goto(f"{site}/account/reauthenticate/?next=/account/2fa/")
        page.get_by_label("비밀번호").fill(PASSWORD)
        page.get_by_role("button", name="확인").click()
        expect(page).to_have_url(f"{site}/account/2fa/")

    return cookies_after(browser, sign_in_and_prove)


@pytest.fixture(scope="module")
def second_factor(browser, site) -> dict:
    """Cookies of somebody with an authenticator app, who has given the password and not yet the code."""
    prepared(make_user_with_second_factor)
    return cookies_after(browser, lambda page: sign_in(page, site, "sena@example.com"))


@pytest.fixture(scope="module")
def unconfirmed(browser, site) -> dict:
    """Cookies of somebody who has signed up and not yet given the code of the mail."""

    def sign_up(page: Page) -> None:
        page.goto(f"{site}/account/signup/")
        page.get_by_label("이름").fill("이네리")
        page.get_by_label("이메일").fill("neri@example.com")
        page.get_by_label("비밀번호").fill(PASSWORD)
        page.get_by_role("button", name="회원가입").click()
        expect(page).to_have_url(f"{site}/account/confirm-email/")

    return cookies_after(browser, sign_up)


@pytest.fixture(scope="module")
def visits(home, signed_in, second_factor, unconfirmed) -> list[tuple[dict | None, list[str]]]:
    """Whose cookies, and what they look at."""
    return [
        (None, PUBLIC),
        (signed_in, [*OWN, home]),
        (second_factor, ["/account/2fa/authenticate/"]),
        (unconfirmed, ["/account/confirm-email/"]),
    ]


def cookies_after(browser: Browser, act: Callable[[Page], None]) -> dict:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(PATIENCE)
    act(context.new_page())
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, site: str, email: str = EMAIL) -> None:
    page.goto(f"{site}/account/login/")
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_label("비밀번호", exact=True)).to_have_count(0)


def add_authenticator(context: BrowserContext, page: Page) -> None:
    """A device with a fingerprint reader whose finger is always on it."""
    devtools = context.new_cdp_session(page)
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


def test_from_sign_up_by_the_code_of_the_mail_to_signing_in_by_a_passkey(context, page, site, mailoutbox):
    page.goto(f"{site}/account/signup/")
    page.get_by_label("이름").fill("이두리")
    page.get_by_label("이메일").fill("duri@example.com")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="회원가입").click()
    expect(page.get_by_role("heading", name="확인 코드 입력")).to_be_visible()
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    page.get_by_label("확인 코드").fill(code)
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.get_by_text("이두리")).to_be_visible()

    add_authenticator(context, page)
    page.goto(f"{site}/account/2fa/")
    page.get_by_role("link", name="패스키 추가").click()
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="확인").click()
    page.get_by_label("패스키 이름").fill("회사 노트북")
    page.get_by_role("button", name="추가").click()
    expect(page.get_by_text("패스키를 추가했습니다.")).to_be_visible()
    page.goto(f"{site}/account/2fa/webauthn/")
    expect(page.get_by_text("회사 노트북", exact=True)).to_be_visible()
    expect(page.get_by_text("비밀번호 없이 로그인")).to_be_visible()

    page.goto(f"{site}/account/logout/")
    page.locator("main").get_by_role("button", name="로그아웃").click()
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_text("이두리")).to_be_visible()
    assert page.said == []


def test_a_passkey_that_does_not_work_says_why_on_the_page(page, site):
    page.goto(f"{site}/account/login/")
    refuse = "Promise.reject(new DOMException('', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = () => {refuse}; }}")
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("취소했거나 시간이 지났습니다"))


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page, site):
    page.goto(f"{site}/account/login/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="본문으로 건너뛰기")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_signing_in_needs_no_mouse_and_no_script(browser, site, home):
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    page.goto(f"{site}/account/login/")
    page.get_by_label("이메일").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/w/"))
    page.get_by_text("김하나").click()
    expect(page.get_by_role("link", name="로그인한 기기")).to_be_visible()
    context.close()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(browser, site, home, signed_in):
    context = browser.new_context(storage_state=signed_in, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}{home}")
    summary = page.locator(".nav-menu > summary")
    summary.click()
    page.get_by_role("link", name="인증서", exact=True).focus()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.locator(".nav-menu")).not_to_have_attribute("open", "")
    summary.click()
    page.locator(".way-out").click()
    expect(page.locator(".nav-menu")).not_to_have_attribute("open", "")
    context.close()


def test_the_chosen_theme_is_there_from_the_first_paint(page, site):
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="어둡게").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="어둡게")).to_have_attribute("aria-pressed", "true")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="밝게").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != dark


def test_everybody_can_read_and_use_every_page_at_any_width_and_brightness(browser, site, visits):
    axe, problems = axe_script(), {}
    for state, paths in visits:
        # Without transitions colours are what they will be at once.
        context = browser.new_context(storage_state=state, reduced_motion="reduce")
        watch(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        for path, size in product(paths, (WIDE, NARROW)):
            page.set_viewport_size(size)
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            if what := moved(page):
                problems[f"{path} {size['width']}"] = what
            page.evaluate(axe)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                if found := faults(page):
                    problems[f"{path} {size['width']} {theme}"] = found
        context.close()
    assert problems == {}


def test_no_page_has_anything_that_the_policy_refuses(browser, site, visits):
    said = []
    for state, paths in visits:
        context = browser.new_context(storage_state=state)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in paths:
            page.goto(f"{site}{path}")
        context.close()
    assert [text for text in said if "status of 404" not in text] == []
