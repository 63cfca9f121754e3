"""매입 in a real browser: uploaded, typed in, looked at, decided, asked back; for everybody, at both widths, in both themes."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from record_world import (
    BUYER,
    SUPPLIER,
    amendment_of,
    authority_of,
    document,
    signed,
    upload,
    workspace_of,
)
from served_site import prepared, served
from service_world import NOW, acting, member_client

from browsers import chromium
from dojang.etax.codes import Taxation
from dojang.service.counterparties.models import Counterparty
from dojang.service.records import correcting, paper
from dojang.service.records.expected import Told
from dojang.service.records.models import Correction, Record, Side
from dojang.service.tenancy.scope import in_workspace
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

PATIENCE = 60_000
PICTURES = os.environ.get("DOJANG_SCREENSHOTS")
pytestmark = pytest.mark.xdist_group("records in a browser")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), served() as address:
        authority_of(patched)
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def furnish() -> dict:
    """A buyer with purchases of every kind, and who owns it."""
    workspace = workspace_of(BUYER, proved=False)
    late = document(written_on="2026-05-08", issued_at="2026-07-13T10:00:00+09:00")
    one = document()
    with in_workspace(workspace.pk):
        Counterparty.objects.create(
            workspace=workspace,
            number=SUPPLIER,
            name="(주)큰솔상사",
            representative="큰솔",
            search="(주)큰솔상사",
        )
    uploaded = upload(workspace, signed(late)).record
    amended = upload(workspace, signed(one)).record
    member = acting(workspace)
    with in_workspace(workspace.pk):
        correcting.ask(
            member=member,
            record_id=amended.pk,
            version=1,
            told=Told(Correction.Why.AMOUNT, supply_amount=900_000),
            text="단가가 계약과 다릅니다.",
            to="",
            now=NOW,
        )
    upload(workspace, signed(amendment_of(one)))
    with in_workspace(workspace.pk):
        typed = paper.add(
            member=member,
            business_id=amended.business_id,
            paper=paper.Paper(
                side=Side.PURCHASE,
                taxation=Taxation.TAXABLE,
                written_on=NOW.date(),
                name="늘푸른식당",
                representative="조푸른",
                number=SUPPLIER,
                items=(paper.PaperItem("회식비", 100_000),),
            ),
            now=NOW,
        )
    browser: Client = member_client(workspace)
    return {
        "home": f"/w/{workspace.slug}/records/",
        "session": browser.cookies["sessionid"].value,
        "late": uploaded.pk,
        "amended": amended.pk,
        "paper": typed.pk,
        "workspace": workspace.pk,
    }


@pytest.fixture(scope="module")
def world(site) -> dict:
    return prepared(furnish)


@pytest.fixture
def page(browser, site, world) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": world["session"], "url": site}])
    watch(context)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    context.close()


def records(world) -> int:
    def count() -> int:
        with in_workspace(world["workspace"]):
            return Record.objects.filter(deleted_at=None).count()

    return prepared(count)


def look(page: Page, name: str) -> None:
    """Everybody can read and use what is open now, at any width and brightness."""
    page.wait_for_load_state("networkidle")
    page.evaluate(axe_script())
    problems = {}
    for size, theme in product((WIDE, NARROW), THEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}-{theme}.png", full_page=True)
        if found := faults(page):
            problems[f"{size['width']} {theme}"] = found
    page.set_viewport_size(WIDE)
    assert problems == {}


@pytest.mark.parametrize("name", ["late", "amended", "paper"])
def test_everybody_can_read_a_record(page, site, world, name):
    page.goto(f"{site}{world['home']}{world[name]}/")
    assert moved(page) == []
    for part in page.locator("details.more > summary").all():
        part.click()
    look(page, f"record-{name}")
    assert page.said == []


@pytest.mark.parametrize("path", ["upload/", "paper/", "?tab=all"])
def test_everybody_can_use_the_forms_and_the_list(page, site, world, path):
    page.goto(f"{site}{world['home']}{path}")
    look(page, f"records-{path.strip('/?=') or 'list'}")
    assert page.said == []


def test_files_are_taken_each_by_itself_and_the_page_says_what_became_of_them(page, site, world, tmp_path):
    data = prepared(signed)
    names = {"좋은것.xml": data, "같은것.xml": data, "상한것.xml": data.replace(b"1000000", b"9000000")}
    for name, content in names.items():
        (tmp_path / name).write_bytes(content)
    page.goto(f"{site}{world['home']}upload/")
    page.set_input_files("input[type=file]", [tmp_path / name for name in names])
    page.get_by_role("button", name="올리기", exact=True).click()
    status = page.get_by_role("status").filter(has_text="새로 등록")
    expect(status).to_have_text("새로 등록 1 · 이미 있음 1 · 받지 않음 1")
    expect(page.get_by_role("row").filter(has_text="상한것.xml")).to_contain_text(
        "서명한 뒤에 내용이 바뀌었습니다"
    )
    look(page, "records-uploaded")
    page.get_by_role("row").filter(has_text="좋은것.xml").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("(주)큰솔상사")


def test_a_purchase_is_checked_marked_and_asked_back_by_keyboard(page, site, world):
    data = prepared(signed)

    def bring() -> int:
        from dojang.service.workspaces.models import Workspace

        with in_workspace(world["workspace"]):
            workspace = Workspace.objects.get()
        return upload(workspace, data).record.pk

    page.goto(f"{site}{world['home']}{prepared(bring)}/")
    page.get_by_role("button", name="확인", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("확인완료")
    page.get_by_label("공제 여부").select_option(label="불공제 · 기업업무추진비 (부가가치세법 §39①6)")
    page.get_by_role("button", name="저장", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("불공제")
    page.get_by_text("수정 요청하기").press("Enter")
    page.get_by_label("금액이 다름").check()
    page.get_by_label("올바른 공급가액").fill("900,000")
    page.get_by_role("button", name="수정 요청 보내기").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("수정 요청함")
    expect(page.get_by_text("공급가액 900,000원·세액 90,000원").first).to_be_visible()
    page.get_by_role("button", name="요청취소").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("확인 필요")
    assert page.said == []


def test_paper_is_typed_in_with_its_tax_filled_in_changed_and_deleted(page, site, world):
    before = records(world)
    page.goto(f"{site}{world['home']}paper/")
    page.get_by_label("거래처 찾기").fill("큰솔")
    page.get_by_role("button", name="찾기", exact=True).click()
    look(page, "paper-found")
    page.get_by_role("button", name="선택 (주)큰솔상사").click()
    expect(page.get_by_label("상호(성명)")).to_have_value("(주)큰솔상사")
    page.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("품목과 공급가액")
    look(page, "paper-refused")
    page.get_by_label("품목 1").fill("수기 부품")
    page.get_by_label("공급가액 1").fill("123456")
    page.get_by_label("공급가액 1").press("Tab")
    expect(page.get_by_label("공급가액 1")).to_have_value("123,456")
    expect(page.get_by_label("세액 1")).to_have_value("12,345")
    page.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("(주)큰솔상사")
    expect(page.get_by_text("135,801원")).to_be_visible()
    page.get_by_role("link", name="고치기").click()
    page.get_by_label("품목 1").fill("수기 부품 A")
    page.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.get_by_text("수기 부품 A").first).to_be_visible()
    assert records(world) == before + 1
    page.get_by_text("이 문서 지우기").click()
    page.get_by_role("button", name="지우기", exact=True).click()
    page.wait_for_url(f"{site}{world['home']}")
    assert records(world) == before
