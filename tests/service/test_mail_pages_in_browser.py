"""The pages of mails in a real browser: for everybody, at both widths, in both themes; and a mail sent again by hand."""

import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from mail_world import mail_server, mails, point_to, send
from playwright.sync_api import Browser, Page, expect
from served_site import prepared, served
from service_world import NOW, first_business, make_user, make_workspace, member_client
from signing_world import content, issue, keeper, make_ready, register, set_up

from browsers import chromium
from dojang.service.workspaces.models import Workspace
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

PATIENCE = 60_000
PICTURES = os.environ.get("DOJANG_SCREENSHOTS")
pytestmark = pytest.mark.xdist_group("mails in a browser")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[str, dict]]:
    from django.conf import settings

    with (
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
        mail_server() as server,
        served() as address,
    ):
        for name in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TIMEOUT"):
            patched.setattr(settings, name, getattr(settings, name))
        point_to(settings, server.port)
        server.recipients["second@saebom.example"] = "550 no such user"
        authority = set_up(patched, tmp_path_factory.mktemp("mails") / "data")
        yield address, prepared(lambda: furnish(authority))


def furnish(authority) -> dict:
    """An invoice that reached one contact and came back from the other, and the browser of its owner."""
    workspace: Workspace = make_workspace(make_user("owner@hanbit.example"))
    business = first_business(workspace)
    who = keeper(authority, business.number)
    register(workspace, business, who)
    contacts = [{"email": "sara@saebom.example"}, {"email": "second@saebom.example"}]
    buyer = content()["buyer"] | {"contacts": contacts}
    [(_, invoice)] = issue(workspace, who, make_ready(workspace, buyer=buyer)).issued
    send(workspace, now=NOW + timedelta(minutes=1))
    return {
        "workspace": workspace,
        "here": f"/w/{workspace.slug}/",
        "invoice": invoice.pk,
        "session": member_client(workspace).cookies["sessionid"].value,
    }


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser, site) -> Iterator[Page]:
    address, world = site
    context = browser.new_context(locale="ko-KR", reduced_motion="reduce", base_url=address)
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": world["session"], "url": address}])
    watch(context)
    yield context.new_page()
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


@pytest.mark.parametrize("name", ["mails", "settings/notices"])
def test_everybody_can_use_the_pages_of_mails(page, site, name):
    page.goto(f"{site[1]['here']}{name}/")
    assert moved(page) == []
    look(page, name.replace("/", "-"))


def test_the_log_is_filtered_down_to_what_came_back(page, site):
    page.goto(f"{site[1]['here']}mails/")
    page.get_by_label("상태").select_option("bad")
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.get_by_role("cell", name="second@saebom.example")).to_be_visible()
    expect(page.get_by_role("cell", name="sara@saebom.example")).to_have_count(0)


def test_a_mail_is_sent_again_to_another_address_from_the_page_of_its_invoice(page, site):
    world = site[1]
    page.goto(f"{world['here']}invoices/{world['invoice']}/")
    page.get_by_text("메일 재발송", exact=True).click()
    look(page, "invoice-mails")
    page.get_by_label("받는 주소").fill("other@saebom.example")
    page.get_by_role("button", name="메일 보내기").click()
    expect(page.get_by_text("other@saebom.example 주소로 메일을 보냅니다.")).to_be_visible()
    assert prepared(lambda: [one.to for one in mails(world["workspace"])][-1]) == "other@saebom.example"


def test_a_switch_stays_where_it_was_put(page, site):
    page.goto(f"{site[1]['here']}settings/notices/")
    own = page.get_by_role("region", name="내가 받는 메일")
    own.get_by_label("밀린 일 하루 요약").uncheck()
    own.get_by_role("button", name="저장").click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    expect(own.get_by_label("밀린 일 하루 요약")).not_to_be_checked()
    expect(own.get_by_label("인증서 만료")).to_be_checked()
