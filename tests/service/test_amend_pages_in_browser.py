"""수정발행 in a real browser: every kind of question, the preview and the deal; for everybody, at both widths, in both themes."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from amendment_world import Seller, item, seller
from playwright.sync_api import Browser, Page, expect
from served_site import prepared, served
from service_world import member_client

from browsers import chromium
from dojang.service.counterparties.models import Counterparty
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

PATIENCE = 60_000
PICTURES = os.environ.get("DOJANG_SCREENSHOTS")
pytestmark = pytest.mark.xdist_group("amendments in a browser")

RETURNED = {"returned_what": "part", "returned_exchanged": "no", "returned_on": "2026-11-19"}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[tuple[str, Seller]]:
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), served() as address:
        yield address, prepared(lambda: seller(patched))


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def furnish(company: Seller) -> dict:
    """Documents to amend, and a deal that was amended twice."""
    workspace = company.workspace
    with in_workspace(workspace.pk):
        Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})
        Counterparty.objects.create(
            workspace=workspace, number="9998600010", name="(주)늘봄", representative="봄", search="(주)늘봄"
        )
    several = [item(600_000, name="복사용지 A4 80g 2500매"), item(400_000, name="토너 카트리지 검정")]
    deal = company.sold(3_000_000)
    company.issued(
        deal,
        "goods_returned",
        RETURNED | {"returned_items": {"supply_amount": 500_000, "tax_amount": None}},
    )
    company.issued(
        company.row(deal),
        "wrong_amount",
        {"amount_correct": {"supply_amount": 2_900_000, "tax_amount": None}, "amount_why": "mistake"},
    )
    unsent = company.sold(accepted=False)
    return {
        "home": f"/w/{workspace.slug}/amendments/",
        "invoices": f"/w/{workspace.slug}/invoices/",
        "session": member_client(workspace).cookies["sessionid"].value,
        "sold": company.sold().pk,
        "several": company.sold(items=several).pk,
        "deal": deal.issue_id,
        "original": deal.pk,
        "unsent": unsent.pk,
    }


@pytest.fixture(scope="module")
def world(site) -> dict:
    return prepared(lambda: furnish(site[1]))


@pytest.fixture
def page(browser, site, world) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": world["session"], "url": site[0]}])
    watch(context)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    context.close()


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


def begin(page: Page, site, world, name: str, event: str) -> None:
    page.goto(f"{site[0]}{world['home']}of/invoice/{world[name]}/")
    page.get_by_role("button", name=event).click()


def choose(page: Page, label: str) -> None:
    page.locator("#step").get_by_label(label, exact=True).check()
    go_on(page)


def go_on(page: Page) -> None:
    page.locator("#step").get_by_role("button", name="다음").click()


def test_what_happened_is_found_by_a_word_and_everybody_can_choose_it(page, site, world):
    page.goto(f"{site[0]}{world['home']}of/invoice/{world['sold']}/")
    assert moved(page) == []
    look(page, "amend-events")
    page.get_by_label("찾기").fill("반품")
    expect(page.locator("button.event:visible")).to_have_count(1)
    page.get_by_label("찾기").fill("없는 말")
    expect(page.get_by_text("맞는 것이 없습니다")).to_be_visible()
    assert page.said == []


def test_a_return_is_walked_by_question_and_shown_before_it_is_signed(page, site, world):
    begin(page, site, world, "several", "물건이 반품되었어요")
    look(page, "amend-choice")
    choose(page, "일부")
    choose(page, "아니요")
    look(page, "amend-date")
    page.locator("#step").locator("input[type=date]").fill("2026-11-19")
    go_on(page)
    step = page.locator("#step")
    step.get_by_text("품목별로 적기").click()
    step.get_by_label("수량 1", exact=True).fill("2")
    step.get_by_label("단가 1", exact=True).fill("150,000")
    expect(step.get_by_label("공급가액 1", exact=True)).to_have_value("300,000")
    expect(step.locator("output")).to_have_text("품목 합계 300,000")
    step.get_by_role("button", name="줄 추가").click()
    look(page, "amend-items")
    go_on(page)
    expect(page.get_by_role("heading", name="이렇게 발행됩니다")).to_be_visible()
    expect(page.locator("#step")).to_contain_text("반품된 300,000원(세액 30,000원)을 빼는 마이너스")
    look(page, "amend-preview-return")
    assert page.said == []


def test_a_pair_stands_beside_its_original_with_what_changed_framed(page, site, world):
    begin(page, site, world, "sold", "금액(공급가액·세액)을 잘못 적었어요")
    look(page, "amend-amount")
    page.locator("#step").get_by_label("공급가액 (원)").fill("900000")
    go_on(page)
    choose(page, "입력·계산 실수")
    expect(page.get_by_role("button", name="서명하고 2건 함께 발행")).to_be_visible()
    expect(page.locator(".drawn")).to_have_count(3)
    assert page.locator("td.dojang-changed").count() > 0
    look(page, "amend-preview-pair")
    page.get_by_text("바꾸기").nth(1).click()
    look(page, "amend-changing")
    assert page.said == []


def test_another_buyer_is_looked_for_and_filled_in(page, site, world):
    begin(page, site, world, "sold", "거래처를 잘못 적었어요")
    choose(page, "다른 회사(사람)와 거래했음")
    step = page.locator("#step")
    step.get_by_label("거래처에서 찾기").fill("늘봄")
    step.get_by_role("button", name="찾기").click()
    look(page, "amend-party")
    page.locator("#step").get_by_role("button", name="선택").click()
    expect(page.locator("#step").get_by_label("상호(성명)")).to_have_value("(주)늘봄")
    go_on(page)
    expect(page.locator("#step")).to_contain_text("부탁을 받아 바꾸는 건가요")
    assert page.said == []


def test_a_stop_says_what_to_do_instead(page, site, world):
    begin(page, site, world, "sold", "대금을 못 받았어요")
    expect(page.get_by_role("heading", name="수정 대상이 아닙니다")).to_be_visible()
    look(page, "amend-stop")
    page.goto(f"{site[0]}{world['home']}of/invoice/{world['unsent']}/")
    look(page, "amend-gate-unsent")


def test_everybody_can_read_the_deal_the_list_and_the_document(page, site, world):
    page.goto(f"{site[0]}{world['home']}chain/{world['deal']}/")
    for part in page.locator("details.more > summary").all():
        part.click()
    look(page, "amend-chain")
    page.goto(f"{site[0]}{world['home']}")
    look(page, "amend-list")
    page.goto(f"{site[0]}{world['invoices']}{world['original']}/")
    look(page, "amend-invoice")
    page.goto(f"{site[0]}{world['home']}elsewhere/")
    page.get_by_text("직접 입력", exact=True).click()
    look(page, "amend-elsewhere")
    assert page.said == []
