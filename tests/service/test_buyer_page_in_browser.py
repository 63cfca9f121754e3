"""The pages for people without an account in Debian's Chromium: a telephone and a desk, light and dark, for everybody."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from link_world import READER, Company, make_company
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served_site import prepared, served
from service_world import make_user  # noqa: F401 (its module is loaded before Playwright has an event loop)

from browsers import chromium
from dojang.service.links.models import Link
from dojang.service.tenancy.scope import in_workspace
from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

pytestmark = pytest.mark.xdist_group("buyer's page in a browser")


@pytest.fixture(scope="module")
def patches() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patches:
        yield patches


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def company(site, patches, tmp_path_factory) -> Company:
    now = timezone.now()
    return prepared(lambda: make_company(patches, tmp_path_factory.mktemp("company"), now=now))


@pytest.fixture
def link(company) -> Link:
    now = timezone.now()
    today = f"{timezone.localtime(now):%Y-%m-%d}"
    return prepared(lambda: company.link(company.issued(now=now, written_on=today)))


@pytest.fixture
def context(browser, site) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ko-KR", base_url=site, reduced_motion="reduce")
    watch(context)
    yield context
    context.close()


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page whose console has nothing to say at the end."""
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    yield page
    assert said == []


def opened_at(company: Company, link: Link):
    def read():
        with in_workspace(company.workspace.pk):
            return Link.objects.get(pk=link.pk).opened_at

    return prepared(read)


def look(page: Page, axe: str) -> dict[str, list[str]]:
    """What is wrong at each width and brightness."""
    problems = {}
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.evaluate(axe)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            if found := faults(page):
                problems[f"{size['width']} {theme}"] = found
    return problems


def test_a_buyer_reads_the_page_on_a_telephone_and_at_a_desk(page, company, link):
    axe = axe_script()
    page.goto(company.path(link), wait_until="networkidle")
    assert moved(page) == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("전자세금계산서")
    expect(page.get_by_text("전자서명이 맞습니다")).to_be_visible()
    assert look(page, axe) == {}


def test_looking_is_told_once_the_page_is_in_front_and_once_only(page, company, link):
    assert opened_at(company, link) is None
    with page.expect_response(re.compile("/opened/$")) as told:
        page.goto(company.path(link))
    assert told.value.status == 204
    first = opened_at(company, link)
    assert first is not None
    with page.expect_response(re.compile("/opened/$")):
        page.reload()
    assert opened_at(company, link) == first


def test_the_language_is_changed_without_an_account_and_the_page_stays(page, company, link):
    page.goto(company.path(link))
    page.get_by_role("button", name="English").first.click()
    expect(page.get_by_role("heading", name="The signature", exact=True)).to_be_visible()
    assert page.url.endswith(company.path(link))


def test_files_are_dropped_or_chosen_and_their_verdicts_read(page, company, link):
    axe = axe_script()
    data = prepared(lambda: company.bytes_of(link.invoice))
    page.goto("/verify/", wait_until="networkidle")
    assert look(page, axe) == {}
    page.get_by_label("검증할 파일").set_input_files(
        [
            {"name": "받은 것.xml", "mimeType": "text/xml", "buffer": data},
            {"name": "고친 것.xml", "mimeType": "text/xml", "buffer": data.replace(b">100000<", b">900000<")},
        ]
    )
    page.get_by_role("button", name="검증하기").click()
    expect(page.get_by_text("서명한 뒤에 내용이 바뀌었습니다")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_text("인증서와 서명 자세히").click()
    assert look(page, axe) == {}


def test_a_dropped_file_is_verified_at_once(page, company, link):
    text = prepared(lambda: company.bytes_of(link.invoice)).decode()
    page.goto("/verify/")
    page.evaluate(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "끌어 놓은 것.xml", { type: "text/xml" }));
          const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.querySelector("form[data-drop]").dispatchEvent(drop);
        }""",
        text,
    )
    expect(page.get_by_role("heading", name="끌어 놓은 것.xml")).to_be_visible()
    expect(page.get_by_text("모의 문서입니다").first).to_be_visible()


def test_a_link_that_opens_nothing_says_so_to_everybody_alike(context):
    page = context.new_page()
    answer = page.goto("/v/" + "A" * 43 + "/")
    assert answer.status == 404
    assert READER not in page.content()
    page.evaluate(axe_script())
    assert faults(page) == []
