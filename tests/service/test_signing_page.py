"""The page that signs, in Debian's Chromium, against a small server of its contract: what a person meets there."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsers import chromium
from dojang.etax import signature
from dojang.service.signing import release
from etax.etax_samples import replaced
from service.signing.harness import Office, serving
from service.signing_page import (
    OTHER,
    OWN,
    PASSPHRASE,
    PATIENCE,
    authority,
    context_of,
    enter,
    expect_issued,
    identity,
    invoice,
    office,
    pick_files,
    pick_folder,
    write_folder,
)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page of an office; what the page's console says is kept in `page.said`."""
    with ExitStack() as stack:
        contexts: dict[int, Any] = {}

        def open_page(office: Office, path: str = "/sign", **values: Any) -> Page:
            if id(office) not in contexts:
                url = stack.enter_context(serving(office))
                contexts[id(office)] = url, stack.enter_context(context_of(browser, **values))
            url, context = contexts[id(office)]
            page = context.new_page()
            page.said = []
            page.on("console", lambda message: page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.goto(url + path)
            return page

        yield open_page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A disk with the supplier's certificate."""
    return write_folder(tmp_path, identity())


def problem(page: Page) -> str:
    return page.get_by_role("alert").inner_text()


# Choosing


def test_a_folder_is_chosen_and_one_invoice_issued(visit: Open, folder: Path) -> None:
    server = office()
    page = visit(server)
    expect(page.get_by_text("모의 발행입니다.")).to_be_visible()
    pick_folder(page, folder)
    expect(page.get_by_text("전자세금계산서용")).to_be_visible()
    enter(page)
    expect_issued(page, 1)
    (xml,) = server.issued.values()
    assert signature.verify(xml).certificate == identity().certificate.der
    assert page.said == []


def test_a_folder_is_dropped(visit: Open, folder: Path) -> None:
    page = visit(office())
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    box = page.locator(".chooser").bounding_box()
    assert box is not None
    place = {"x": box["x"] + 40, "y": box["y"] + 90}
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
    expect(page.get_by_role("radio", name="(주)도장상사")).to_be_checked()
    enter(page)
    expect_issued(page, 1)


def test_the_two_files_are_chosen_by_themselves(visit: Open, folder: Path) -> None:
    page = visit(office())
    pick_files(page, *folder.rglob("sign*"))
    enter(page)
    expect_issued(page, 1)


def test_a_pfx_is_chosen(visit: Open, tmp_path: Path) -> None:
    (tmp_path / "도장.pfx").write_bytes(identity().pfx)
    page = visit(office())
    pick_files(page, tmp_path / "도장.pfx")
    expect(page.get_by_text("비밀번호를 입력하면 내용을 확인합니다.")).to_be_visible()
    enter(page)
    expect_issued(page, 1)


@pytest.mark.parametrize("kind", ["folder", "pfx"])
def test_a_kept_copy_is_offered_the_next_time_and_can_be_forgotten(
    visit: Open, folder: Path, tmp_path: Path, kind: str
) -> None:
    server = office(2)
    server.invoices.pop(2)
    page = visit(server)
    if kind == "folder":
        pick_folder(page, folder)
    else:
        (tmp_path / "도장.pfx").write_bytes(identity().pfx)
        pick_files(page, tmp_path / "도장.pfx")
    page.get_by_label("이 브라우저에 인증서 저장").check()
    enter(page)
    expect_issued(page, 1)

    server.invoices = {2: invoice(2)}
    page = visit(server)
    expect(page.get_by_text("이 브라우저에 저장한 인증서")).to_be_visible()
    expect(page.get_by_role("radio", name="(주)도장상사")).to_be_checked()
    enter(page, "틀린 비밀번호")
    expect(page.get_by_role("alert")).to_contain_text("비밀번호가 맞지 않거나")
    enter(page)
    expect_issued(page, 1)

    server.invoices = {3: invoice(3)}
    page = visit(server)
    page.get_by_role("button", name=re.compile("저장한 인증서 지우기")).click()
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    page = visit(server)
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    expect(page.get_by_text("이 브라우저에 저장한 인증서")).to_have_count(0)


def test_a_folder_without_certificate_is_said_to_be_none(visit: Open, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no certificate")
    page = visit(office())
    pick_folder(page, tmp_path)
    expect(page.get_by_text("공동인증서를 찾지 못했습니다")).to_be_visible()


def test_help_names_the_hidden_folder_of_each_system(visit: Open) -> None:
    page = visit(office())
    page.get_by_text("인증서 폴더를 찾을 수 없나요?").click()
    page.get_by_text("Windows", exact=True).click()
    page.get_by_text("macOS", exact=True).click()
    expect(page.get_by_text(r"%USERPROFILE%\AppData\LocalLow\NPKI")).to_be_visible()
    expect(page.get_by_text("~/Library/Preferences/NPKI")).to_be_visible()


# Refusing


def test_a_wrong_passphrase_is_asked_again(visit: Open, folder: Path) -> None:
    server = office()
    page = visit(server)
    pick_folder(page, folder)
    enter(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("비밀번호가 맞지 않거나")
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_focused()
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_have_value("")
    page.get_by_role("button", name="1건 발행하기").click()
    expect(page.get_by_role("alert")).to_contain_text("비밀번호를 입력해 주세요")
    assert not server.registered
    enter(page)
    expect_issued(page, 1)


def test_an_expired_certificate_cannot_be_chosen(visit: Open, tmp_path: Path) -> None:
    expired = identity(expired=True)
    folder = write_folder(tmp_path, expired)
    page = visit(office())
    pick_folder(page, folder)
    expect(page.get_by_role("radio", name="(주)도장상사")).to_be_disabled()
    expect(page.get_by_text("유효기간이 지났습니다")).to_be_visible()
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_hidden()


def test_an_expired_pfx_is_refused_once_it_is_opened(visit: Open, tmp_path: Path) -> None:
    server = office()
    (tmp_path / "old.pfx").write_bytes(identity(expired=True).pfx)
    page = visit(server)
    pick_files(page, tmp_path / "old.pfx")
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("유효기간이 지났습니다")
    assert "/register" not in server.log
    assert "/issue" not in server.log


def test_somebody_elses_certificate_signs_nothing(visit: Open, tmp_path: Path) -> None:
    server = office()
    page = visit(server)
    pick_folder(page, write_folder(tmp_path, identity(OTHER)))
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("이 사업자등록번호로 발급된 인증서가 아닙니다")
    assert "/register" not in server.log
    assert "/issue" not in server.log


def test_a_key_without_the_identification_value_signs_nothing(visit: Open, tmp_path: Path) -> None:
    server = office()
    without = authority().issue(OWN, "(주)도장상사", passphrase=PASSPHRASE, with_random_number=False)
    page = visit(server)
    pick_folder(page, write_folder(tmp_path, without))
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("본인확인 값이 없어")
    assert "/issue" not in server.log


def test_where_certificates_are_not_registered_an_unknown_one_signs_nothing(
    visit: Open, folder: Path
) -> None:
    server = office(may_register=False)
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("등록하지 않은 인증서")
    assert "/issue" not in server.log


def test_one_that_was_issued_leads_to_its_own_page(visit: Open, folder: Path) -> None:
    server = office(1)
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect_issued(page, 1)
    [number] = server.invoices
    own = f"/invoice/{number}/"
    expect(page.get_by_role("link", name="발행한 문서 보기")).to_have_attribute("href", own)


def test_what_the_server_refuses_is_listed_with_its_reason(visit: Open, folder: Path) -> None:
    server = office(3)
    server.invoices[2]["refuse"] = True
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect_issued(page, 2)
    expect(page.get_by_role("heading", name="발행하지 못한 1건")).to_be_visible()
    expect(page.get_by_role("row", name="구매처 2호(주)")).to_contain_text("폐업한 사업자")
    expect(page.get_by_role("link", name="목록으로 돌아가기")).to_have_attribute("href", "/done")


# What is shown and what is signed


def test_the_page_shows_what_the_bytes_say(visit: Open) -> None:
    server = office(change_xml=lambda xml: replaced(xml, ">11000</GrandTotal", ">99000</GrandTotal"))
    page = visit(server)
    expect(page.locator(".headline")).to_contain_text("99,000원")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("9998100015", OTHER), "다른 사업자"),
        (("<PurposeCode>", "<Hidden>1</Hidden><PurposeCode>"), "표준 전자세금계산서와 다른 문서"),
    ],
)
def test_a_document_that_is_not_what_it_should_be_is_not_offered(
    visit: Open, change: tuple[str, str], says: str
) -> None:
    server = office(change_xml=lambda xml: replaced(xml, *change))
    page = visit(server)
    expect(page.get_by_role("heading", name="서명할 문서가 없습니다.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(says))).to_be_visible()
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_have_count(0)


def test_markup_and_hidden_marks_in_names_are_shown_as_they_are(visit: Open) -> None:
    server = office()
    server.invoices[1]["data"]["buyer"]["name"] = "<img src=x onerror=alert(1)>\u202e(주)정상"
    page = visit(server)
    expect(page.get_by_text("<img src=x onerror=alert(1)>‹U+202E›(주)정상")).to_be_visible()
    assert page.locator("img").count() == 0


def test_a_resident_number_is_not_shown_whole(visit: Open) -> None:
    server = office()
    buyer = server.invoices[1]["data"]["buyer"]
    server.invoices[1]["data"]["buyer"] = buyer | {"kind": "individual", "number": "0000000000000"}
    page = visit(server)
    expect(page.get_by_text("000000-0••••••")).to_be_visible()
    assert "0000000000000" not in page.locator("body").inner_text()


def test_two_hundred_are_signed_with_one_passphrase(visit: Open, folder: Path) -> None:
    server = office(200)
    page = visit(server)
    expect(page.get_by_role("heading", level=1)).to_have_text("세금계산서 200건 발행하기")
    expect(page.locator(".sums")).to_contain_text("2,200,000원")
    page.get_by_role("button", name="구매처 150호(주) 자세히").click()
    expect(page.get_by_role("region", name="품목 1개")).to_be_visible()
    pick_folder(page, folder)
    enter(page)
    expect_issued(page, 200)
    assert len(server.issued) == 200
    assert server.log.count("/issue") == 2


def test_documents_of_two_businesses_are_signed_with_two_certificates(visit: Open, tmp_path: Path) -> None:
    server = office(2)
    server.businesses.append({"id": 2, "number": OTHER, "name": "구매(주)"})
    server.invoices[2] = invoice(2, business=2, supplier=OTHER)
    page = visit(server)
    (tmp_path / "own").mkdir()
    pick_folder(page, write_folder(tmp_path / "own", identity()))
    enter(page)
    expect_issued(page, 1)
    page.get_by_role("button", name="다른 인증서로 이어서 발행").click()
    pick_folder(page, write_folder(tmp_path / "other", identity(OTHER)))
    enter(page)
    expect_issued(page, 1)
    assert {server.orders[order].invoice for order in server.issued} == {1, 2}


def test_of_several_certificates_the_one_registered_for_the_supplier_is_chosen(
    visit: Open, tmp_path: Path
) -> None:
    server = office()
    server.businesses.append({"id": 2, "number": OTHER, "name": "구매(주)"})
    for business, number in ((1, OWN), (2, OTHER)):
        write_folder(tmp_path, identity(number))
        server.verdicts[business, identity(number).certificate.fingerprint] = "matches"
    page = visit(server)
    pick_folder(page, tmp_path)
    expect(page.get_by_role("radio")).to_have_count(2)
    enter(page)
    expect_issued(page, 1)


def test_of_several_certificates_none_is_chosen_for_the_person_where_none_is_registered(
    visit: Open, tmp_path: Path
) -> None:
    for number in (OWN, OTHER):
        write_folder(tmp_path, identity(number))
    page = visit(office())
    pick_folder(page, tmp_path)
    expect(page.get_by_role("radio")).to_have_count(2)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)


# Losing the server


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_lost_in_the_middle_issues_everything_once(visit: Open, folder: Path, when: str) -> None:
    server = office(200, drop=[("/issue", when), ("/orders", when), ("/register", "before")])
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect_issued(page, 200)
    assert len(server.issued) == 200
    assert server.log.count("/issue") == 3


def test_offline_in_the_middle_is_said_and_outwaited(visit: Open, folder: Path) -> None:
    server = office(150)
    page = visit(server)
    pick_folder(page, folder)
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_focused()
    page.context.set_offline(True)
    server.verdicts[1, identity().certificate.fingerprint] = "matches"
    enter(page)
    page.wait_for_timeout(1500)
    assert "/register" not in server.log
    page.context.set_offline(False)
    expect_issued(page, 150)
    assert len(server.issued) == 150


def test_a_session_lost_in_the_middle_goes_on_after_a_new_log_in(visit: Open, folder: Path) -> None:
    server = office(250, max_issue_calls=1)
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("로그인이 풀렸습니다")
    with page.context.expect_page() as other:
        page.get_by_role("link", name="새 탭에서 로그인").click()
    expect(other.value.get_by_text("logged in")).to_be_visible()
    # Nothing has to be pressed: the page asks now and then whether somebody is logged in again.
    expect_issued(page, 250)
    assert len(server.issued) == 250


def test_expired_orders_are_made_anew_and_must_say_the_same(visit: Open, folder: Path) -> None:
    server = office(3, life_of_order=timedelta(seconds=-1))
    page = visit(server)
    pick_folder(page, folder)
    server.life_of_order = timedelta(minutes=15)
    server.invoices[2]["data"]["buyer"]["name"] = "바뀐 구매처"
    enter(page)
    expect_issued(page, 2)
    expect(page.get_by_role("row", name="구매처 2호(주)")).to_contain_text("확인한 뒤에 내용이 바뀌어")
    assert {server.orders[order].invoice for order in server.issued} == {1, 3}


def test_after_a_cancel_nothing_more_is_handed_in(visit: Open, folder: Path) -> None:
    server = office(300, max_issue_calls=1)
    page = visit(server)
    pick_folder(page, folder)
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("로그인이 풀렸습니다")
    page.get_by_role("button", name="취소", exact=True).click()
    expect_issued(page, 100)
    expect(page.get_by_text("취소하여 발행하지 않은")).to_be_visible()
    server.log_in()
    assert len(server.issued) == 100


# Registering


def test_a_certificate_is_registered_on_its_own_page(visit: Open, folder: Path) -> None:
    server = office()
    page = visit(server, "/register_page")
    pick_folder(page, folder)
    enter(page)
    expect(page.get_by_role("heading", name="인증서를 등록했습니다")).to_be_visible()
    expect(page.get_by_role("link", name="세금계산서 작성하기")).to_have_attribute("href", "/new/")
    assert server.verdicts == {(1, identity().certificate.fingerprint): "matches"}
    assert page.said == []


def test_the_demo_offers_a_test_certificate_of_the_chosen_business(visit: Open) -> None:
    server = office(demo={"certificate": "/demo/{id}.pfx", "passphrase": "open sesame"})
    server.businesses.append({"id": 2, "number": OTHER, "name": "구매(주)"})
    page = visit(server, "/register_page")
    link = page.get_by_role("link", name="시험용 인증서 내려받기")
    expect(link).to_have_attribute("href", "/demo/1.pfx")
    page.get_by_label("사업장").select_option("2")
    expect(link).to_have_attribute("href", "/demo/2.pfx")
    expect(page.get_by_text("open sesame")).to_be_visible()
    assert page.said == []


def test_outside_the_demo_no_test_certificate_is_offered(visit: Open) -> None:
    page = visit(office(), "/register_page")
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    assert page.get_by_text("시험용 인증서").count() == 0


def test_somebody_elses_certificate_is_not_registered(visit: Open, tmp_path: Path) -> None:
    server = office()
    page = visit(server, "/register_page")
    pick_folder(page, write_folder(tmp_path, identity(OTHER)))
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("이 사업자등록번호로 발급된 인증서가 아닙니다")
    assert "/register" not in server.log


# Changed on the way


def nothing_runs(page: Page, server: Office) -> None:
    # The browser says why. One module that is refused refuses all: after that no other can have run later.
    for _ in range(200):
        if page.said:
            break
        page.wait_for_timeout(25)
    assert page.said
    page.wait_for_timeout(50)
    expect(page.get_by_text("서명 페이지를 여는 중입니다.")).to_be_visible()
    assert page.locator("#pick-folder").count() == 0
    assert not {"/orders", "/issue", "/register"} & set(server.log)


MODULES = sorted(name for name in release.current().files if name.endswith(".js"))


def test_the_two_pages_load_every_module(visit: Open) -> None:
    server = office()
    for path in ("/sign", "/register_page"):
        expect(visit(server, path).get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    used = {path.rpartition("/")[2] for path in server.log if path.endswith(".js")}
    assert used == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_changed_module_keeps_the_whole_page_from_running(visit: Open, name: str) -> None:
    server = office(tampered={name: release.current().files[name] + b"\n"})
    nothing_runs(visit(server, "/register_page" if name == "register.js" else "/sign"), server)


def test_a_changed_style_sheet_is_not_used(visit: Open) -> None:
    server = office(tampered={"sign.css": b"body { display: none }"})
    page = visit(server)
    expect(page.get_by_role("heading", name="세금계산서 1건 발행하기")).to_be_visible()


@pytest.mark.parametrize(
    "change",
    [
        lambda html: html.replace('"integrity":{', '"integrity":{"/x":"sha384-AAAA",', 1),
        lambda html: re.sub(r'<script type="importmap">.*?</script>', "", html),
        lambda html: re.sub(r'("integrity":)\{.*?\}', r"\1{}", html),
        lambda html: html.replace('"dojang/":"/sign/', '"dojang/":"https://example.invalid/sign/', 1),
    ],
)
def test_a_changed_import_map_keeps_the_whole_page_from_running(
    visit: Open, change: Callable[[str], str]
) -> None:
    server = office(change_page=change)
    nothing_runs(visit(server), server)


def test_scripts_from_anywhere_else_do_not_run(visit: Open) -> None:
    added = (
        "<script>document.title = 'inline ran'</script>"
        "<script src='/done'></script>"
        "<script type='module' src='https://example.invalid/sign/x.js'></script>"
        "<img src='x' onerror=\"document.title = 'handler ran'\"></body>"
    )
    server = office(change_page=lambda html: html.replace("</body>", added))
    page = visit(server)
    expect(page.get_by_role("button", name="인증서 폴더 선택")).to_be_visible()
    assert page.title() == "세금계산서 발행하기 · 도장"
    assert "/done" not in server.log


def test_the_page_is_isolated_from_other_sites(visit: Open) -> None:
    page = visit(office())
    assert page.evaluate("crossOriginIsolated") is True


# For everybody


def test_the_page_speaks_english(visit: Open, folder: Path) -> None:
    page = visit(office(2, language="en"))
    expect(page.get_by_text("This is a rehearsal")).to_be_visible()
    expect(page).to_have_title("Issue invoices · Dojang")
    pick_folder(page, folder)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Issue 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 issued", timeout=PATIENCE)


@pytest.mark.parametrize("mode", ["nts", "something new"])
def test_what_is_not_a_rehearsal_is_said_to_be_real(visit: Open, mode: str) -> None:
    page = visit(office(mode=mode))
    expect(page.get_by_text("실제 발행입니다.")).to_be_visible()
    expect(page.get_by_text("모의")).to_have_count(0)


def test_everything_can_be_done_with_the_keyboard(visit: Open, folder: Path) -> None:
    page = visit(office(3))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert "구매처 1호(주)" in names
    assert "인증서 폴더 선택" in names
    pick_folder(page, folder)
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_focused()
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect_issued(page, 3)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.parametrize("count", [1, 30])
def test_nothing_is_wider_than_a_narrow_screen(visit: Open, folder: Path, count: int) -> None:
    page = visit(office(count), viewport={"width": 360, "height": 740})
    pick_folder(page, folder)
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_visible()
    if count > 1:
        page.get_by_role("button", name="구매처 1호(주) 자세히").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("width", [360, 1280])
def test_every_value_of_an_item_that_is_signed_is_seen_without_moving_sideways(
    visit: Open, width: int
) -> None:
    server = office()
    [item, *_] = server.invoices[1]["data"]["items"]
    server.invoices[1]["data"]["items"] = [
        item
        | {
            "name": "긴 이름의 품목 " * 3,
            "specification": "A4 80g",
            "unit_price": "999999999.99",
            "remark": "비고",
        }
    ]
    page = visit(server, viewport={"width": width, "height": 740})
    region = page.locator(".items")
    expect(region).to_contain_text("999,999,999.99")
    assert region.evaluate("box => box.scrollWidth <= box.clientWidth")
    right = region.evaluate("box => box.getBoundingClientRect().right")
    cells = region.locator("tbody td").evaluate_all(
        "all => all.map(one => [one.className, one.getBoundingClientRect().right, one.offsetWidth])"
    )
    assert [name for name, end, shown in cells if shown and end > right + 1] == []
    assert len([name for name, _, shown in cells if shown]) == len(cells) == 8
    assert page.locator(".items td.unit_price").get_by_text("단가").is_visible() is (width == 360)
