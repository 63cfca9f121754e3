"""The first page, and the home of a workspace for whoever opens it."""

import pytest
from home_world import add_certificate, add_invoice
from report_world import sold
from service_world import client_of, first_business, make_user, make_workspace, member_client

from dojang.service.accounts.models import User
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


def test_strangers_read_what_this_is(client):
    page = client.get("/").content.decode()
    assert "회원가입" in page
    assert "로그인" in page


def test_who_is_signed_in_goes_to_their_first_workspace():
    user = make_user()
    first = make_workspace(user)
    make_workspace(user)
    assert client_of(user).get("/").url == f"/w/{first.slug}/"


def test_every_page_says_that_nothing_is_really_filed(client, workspace):
    for browser, address in (
        (client, "/"),
        (client, "/account/login/"),
        (member_client(workspace), f"/w/{workspace.slug}/"),
    ):
        assert "모의 국세청 — 실제로 신고되지 않습니다" in browser.get(address).content.decode()


def test_strangers_to_a_workspace_are_asked_to_sign_in(client, workspace):
    response = client.get(f"/w/{workspace.slug}/")
    assert response.url == f"/account/login/?next=/w/{workspace.slug}/"


def test_an_empty_workspace_is_led_to_its_first_invoice(workspace, business):
    browser = member_client(workspace)
    steps = browser.get(f"/w/{workspace.slug}/").context["steps"]
    assert [step.text for step in steps] == [
        "사업장 등록",
        "공동인증서 등록",
        "거래처 등록",
        "첫 세금계산서 작성",
    ]
    assert [step.done for step in steps] == [True, False, False, False]
    add_certificate(business, days=10_000)
    add_invoice(business)
    assert browser.get(f"/w/{workspace.slug}/").context["steps"] == []


def test_only_who_may_write_is_offered_to(workspace, business):
    for role, offered in ((Role.WRITER, True), (Role.VIEWER, False)):
        context = member_client(workspace, role).get(f"/w/{workspace.slug}/").context
        assert bool(context["new_invoice"]) is offered


def test_a_writer_is_not_sent_to_pages_of_administrators(workspace, business):
    steps = member_client(workspace, Role.WRITER).get(f"/w/{workspace.slug}/").context["steps"]
    assert [bool(step.url) for step in steps] == [False, False, True, True]


def test_home_asks_as_much_however_many_documents_there_are(
    workspace, business, django_assert_max_num_queries
):
    browser = member_client(workspace)
    for _ in range(3):
        sold(business, "2026-11-02")
    with django_assert_max_num_queries(60):
        browser.get(f"/w/{workspace.slug}/")


def test_the_switcher_offers_every_workspace_of_the_person(workspace):
    user = User.objects.first()
    other = make_workspace(user, "둘째 회사")
    page = client_of(user).get(f"/w/{workspace.slug}/").content.decode()
    assert f'href="/w/{other.slug}/"' in page
    assert "둘째 회사" in page


def test_exactly_one_entry_of_the_menu_is_current(workspace):
    menu = member_client(workspace).get(f"/w/{workspace.slug}/").context["menu"]
    assert [link.text for link in menu if link.current] == ["홈"]


def test_names_that_look_like_markup_stay_text(client):
    user = make_user(name="<b>굵은</b>")
    workspace = make_workspace(user, "<script>1</script>")
    page = client_of(user).get(f"/w/{workspace.slug}/").content.decode()
    assert "<b>굵은" not in page
    assert "<script>1" not in page
