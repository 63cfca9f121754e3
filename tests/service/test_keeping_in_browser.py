"""History, export, closing and the questions for many in Debian's Chromium: usable by everybody, at both widths."""

import os
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from served_site import prepared, served
from service_world import client_of, make_user, make_workspace
from signing_world import content, make_ready

from browsers import chromium
from page_faults import NARROW, THEMES, WIDE, axe_script, faults

PATIENCE = 30_000
pytestmark = pytest.mark.xdist_group("keeping in a browser")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def furnish() -> tuple[str, str]:
    """A workspace with two invoices that are alike; its name in addresses, and its owner's session."""
    user, today = make_user(), timezone.localdate().isoformat()
    workspace = make_workspace(user, "한빛상사", now=timezone.now())
    for _ in range(2):
        make_ready(workspace, now=timezone.now(), **content(written_on=today))
    return workspace.slug, client_of(user).cookies["sessionid"].value


@pytest.fixture
def slug_and_page(site, browser) -> Iterator[tuple[str, Page]]:
    slug, session = prepared(furnish)
    context = browser.new_context(locale="ko-KR", base_url=site, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    yield slug, context.new_page()
    context.close()


def look_at(page: Page, name: str) -> None:
    """Nothing keeps anybody out, at both widths, light and dark."""
    page.evaluate(axe_script())
    for size, theme in product((WIDE, NARROW), THEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        assert faults(page) == []
        if folder := os.environ.get("DOJANG_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"keep-{name}-{size['width']}-{theme}.png", full_page=True)
    page.set_viewport_size(WIDE)


def test_questions_about_many_are_one_page_and_go_on_from_there(slug_and_page):
    slug, page = slug_and_page
    page.goto(f"/w/{slug}/invoices/")
    for box in page.get_by_role("checkbox", name="(주)새봄").all():
        box.check()
    page.get_by_role("button", name="발행하기").click()
    expect(page.get_by_role("heading", name="발행 전 확인")).to_be_visible()
    look_at(page, "asked")
    page.get_by_role("checkbox", name="(주)새봄").first.uncheck()
    page.get_by_role("button", name="그래도 발행").click()
    page.wait_for_url("**/sign/?invoices=*")
    assert "," not in page.url.partition("?")[2]


def test_everything_is_taken_out_as_one_file(slug_and_page, tmp_path):
    slug, page = slug_and_page
    page.goto(f"/w/{slug}/export/")
    with page.expect_download() as download:
        page.get_by_role("button", name="내려받기").click()
    file = tmp_path / "export.zip"
    download.value.save_as(file)
    assert download.value.suggested_filename.startswith("한빛상사_전체_")
    with zipfile.ZipFile(file) as there:
        assert there.testzip() is None
        assert "세금계산서.xlsx" in there.namelist()
    page.reload()
    expect(page.get_by_text("다 받음")).to_be_visible()
    look_at(page, "export")


def test_a_workspace_is_closed_looked_at_and_opened_again(slug_and_page):
    slug, page = slug_and_page
    page.goto(f"/w/{slug}/settings/workspace/close/")
    page.get_by_label("작업공간 이름 입력").fill("한빛")
    page.get_by_role("button", name="작업공간 닫기").click()
    expect(page.get_by_text("작업공간 이름이 다릅니다")).to_be_visible()
    look_at(page, "close-refused")
    page.get_by_label("작업공간 이름 입력").fill("한빛상사")
    page.get_by_role("button", name="작업공간 닫기").click()
    expect(page.get_by_role("region", name="닫은 작업공간")).to_be_visible()
    look_at(page, "closed")
    page.goto(f"/w/{slug}/history/?kind=workspace")
    expect(page.get_by_text("작업공간을 닫았습니다")).to_be_visible()
    look_at(page, "history-of-closed")
    page.goto(f"/w/{slug}/settings/workspace/close/")
    page.get_by_role("button", name="다시 열기").click()
    expect(page.get_by_role("region", name="닫은 작업공간")).to_have_count(0)


def test_a_document_is_verified_from_the_history(slug_and_page):
    slug, page = slug_and_page
    page.goto(f"/w/{slug}/history/?kind=write")
    number = (page.get_by_role("link", name="(주)새봄").first.get_attribute("href") or "").split("/")[-2]
    page.goto(f"/w/{slug}/history/?document={number}")
    page.get_by_role("button", name="이 문서의 이력 검증").click()
    expect(page.get_by_text("이상 없음. 기록의 사슬과 봉인")).to_be_visible()
    look_at(page, "verified")
