"""The page that signs, in Debian's Firefox: opening keys from a folder, files and a PFX, and signing with them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from browsers import firefox
from dojang.etax import signature
from marionette import Firefox
from service.signing.harness import Office, serving
from signing_page import OTHER, PASSPHRASE, identity, office, write_folder

ASKED = "input[type=password]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Firefox]:
    with firefox() as started:
        yield started


@pytest.fixture
def visit(browser: Firefox) -> Iterator:
    """Open the signing page of an office."""
    with ExitStack() as stack:

        def open_page(server: Office, path: str = "/sign") -> Firefox:
            browser.visit(stack.enter_context(serving(server)) + path)
            browser.wait_for(lambda: browser.button("인증서 폴더 선택"))
            return browser

        yield open_page
        browser.visit("about:blank")


def enter(page: Firefox, passphrase: str = PASSPHRASE, button: str = "1건 발행하기") -> None:
    page.wait_for(lambda: page.run(f"return document.querySelector('{ASKED}').checkVisibility()"))
    page.type(page.find(ASKED), passphrase)
    page.click(page.button(button))


def pick_files(page: Firefox, *files: Path) -> None:
    page.choose_files(page.find("#pick-files"), *files)


def expect_issued(page: Firefox, server: Office, count: int = 1) -> None:
    page.wait_for_text(f"{count}건을 발행했습니다", "h1")
    assert len(server.issued) == count
    for xml in server.issued.values():
        assert signature.verify(xml).certificate == identity().certificate.der


def test_a_folder_is_chosen_and_one_invoice_issued(visit, tmp_path):
    server = office()
    page = visit(server)
    page.choose_folder(page.button("인증서 폴더 선택"), write_folder(tmp_path, identity()))
    page.wait_for_text("전자세금계산서용")
    enter(page)
    expect_issued(page, server)


def test_the_two_files_are_chosen_by_themselves(visit, tmp_path):
    server = office()
    page = visit(server)
    pick_files(page, *write_folder(tmp_path, identity()).rglob("sign*"))
    enter(page)
    expect_issued(page, server)


def test_a_pfx_is_chosen_and_many_invoices_issued(visit, tmp_path):
    server = office(120)
    page = visit(server)
    (tmp_path / "도장.pfx").write_bytes(identity().pfx)
    pick_files(page, tmp_path / "도장.pfx")
    enter(page, button="120건 발행하기")
    expect_issued(page, server, 120)


def test_a_wrong_passphrase_is_asked_again(visit, tmp_path):
    server = office()
    page = visit(server)
    pick_files(page, *write_folder(tmp_path, identity()).rglob("sign*"))
    enter(page, "wrong")
    page.wait_for_text("비밀번호가 맞지 않거나", "[role=alert]")
    assert not server.registered
    enter(page)
    expect_issued(page, server)


def test_somebody_elses_certificate_signs_nothing(visit, tmp_path):
    server = office()
    page = visit(server)
    pick_files(page, *write_folder(tmp_path, identity(OTHER)).rglob("sign*"))
    enter(page)
    page.wait_for_text("이 사업자등록번호로 발급된 인증서가 아닙니다", "[role=alert]")
    assert not server.issued


def test_a_kept_copy_is_offered_the_next_time(visit, tmp_path):
    server = office()
    page = visit(server)
    pick_files(page, *write_folder(tmp_path, identity()).rglob("sign*"))
    page.click(page.wait_for(lambda: page.label("이 브라우저에 인증서 저장")))
    enter(page)
    expect_issued(page, server)
    page.run("location.reload()")
    page.wait_for_text("이 브라우저에 저장한 인증서")


@pytest.mark.parametrize("name", ["errors.js", "page.js"])
def test_a_changed_module_keeps_the_whole_page_from_running(browser, name):
    server = office(tampered={name: b"document.title = 'changed code ran'; export {};"})
    with serving(server) as url:
        browser.visit(url + "/sign")
        # Firefox has asked for every module by the time it is done with the page, and then runs them or does not.
        browser.wait_for(lambda: browser.run("return document.readyState") == "complete")
        browser.wait_for(lambda: any(path.endswith(name) for path in server.log))
        time.sleep(0.3)
        assert browser.run("return document.title") == "세금계산서 발행하기 · 도장"
        assert "서명 페이지를 여는 중입니다." in browser.text()
        assert not {"/orders", "/issue", "/register"} & set(server.log)
        browser.visit("about:blank")


def test_the_page_is_isolated_from_other_sites(visit):
    assert visit(office()).run("return crossOriginIsolated") is True
