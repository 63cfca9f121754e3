"""Pages of a workspace as a whole: made, set, handed over, left, looked back on."""

import time

import pytest
from service_world import (
    PASSWORD,
    acting,
    add_member,
    business_number,
    client_of,
    make_user,
    make_workspace,
    member_client,
)

from dojang.service.accounts.models import User
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


def test_a_new_workspace_is_one_page_and_leads_to_the_certificate():
    user = make_user()
    browser = client_of(user)
    assert "사업자등록번호" in browser.get("/workspaces/new/").content.decode()
    fields = {
        "number": business_number(600),
        "name": "한빛상사",
        "representative": "김하나",
        "workspace_name": "",
    }
    response = browser.post("/workspaces/new/", fields)
    [made] = crossing.memberships(user.pk)
    assert made.name == "한빛상사"
    assert response.headers["Location"].startswith(f"/w/{made.slug}/sign/")


def test_a_new_workspace_needs_somebody_who_is_logged_in(client):
    assert client.get("/workspaces/new/").headers["Location"].startswith("/account/login/")
    assert client.post("/workspaces/new/", {"number": business_number(601)}).status_code == 302


def test_a_refused_workspace_keeps_what_was_typed():
    user = make_user()
    page = client_of(user).post("/workspaces/new/", {"number": "1", "name": "두리 물산"}).content.decode()
    assert "두리 물산" in page
    assert crossing.memberships(user.pk) == []


def test_an_address_with_no_room_on_an_invoice_is_not_suggested():
    user = make_user("a" * 40 + "@example.com")
    assert user.email not in client_of(user).get("/workspaces/new/").context["form"].initial.values()


def test_settings_are_saved(workspace):
    fields = {"name": "새 이름", "transmit_policy": "after_minutes", "transmit_minutes": "45"}
    member_client(workspace).post(f"/w/{workspace.slug}/settings/workspace/", fields)
    with in_workspace(workspace.pk):
        saved = Workspace.objects.get()
    assert (saved.name, saved.transmit_policy, saved.transmit_minutes) == ("새 이름", "after_minutes", 45)


def test_minutes_are_asked_for_only_where_they_count(workspace):
    browser, url = member_client(workspace), f"/w/{workspace.slug}/settings/workspace/"
    browser.post(url, {"name": "가", "transmit_policy": "at_once", "transmit_minutes": ""})
    page = browser.post(url, {"name": "나", "transmit_policy": "after_minutes", "transmit_minutes": ""})
    assert "몇 분인지 적어 주세요" in page.content.decode()
    with in_workspace(workspace.pk):
        assert (Workspace.objects.get().name, Workspace.objects.get().transmit_minutes) == ("가", 30)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"transmit_policy": "never"}, {"transmit_minutes": "0"}, {"transmit_minutes": "1441"}],
)
def test_settings_that_cannot_be_are_refused(workspace, wrong):
    fields = {"name": "가", "transmit_policy": "after_minutes", "transmit_minutes": "10"} | wrong
    response = member_client(workspace).post(f"/w/{workspace.slug}/settings/workspace/", fields)
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()


PAGES = {
    "settings/workspace/": {"owner", "admin"},
    "settings/workspace/close/": {"owner"},
    "history/": {"owner", "admin"},
    "history/excel/": {"owner", "admin"},
    "export/": {"owner"},
    "settings/members/ownership/": {"owner"},
    "settings/businesses/": {"owner", "admin", "issuer", "writer", "viewer", "none"},
    "settings/businesses/new/": {"owner", "admin"},
    "settings/members/": {"owner", "admin", "issuer", "writer", "viewer"},
    "settings/members/leave/": {"owner", "admin", "issuer", "writer", "viewer", "none"},
}


@pytest.mark.parametrize("role", ["owner", "admin", "issuer", "writer", "viewer", "none"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_roles_only(workspace, page, role):
    status = member_client(workspace, role).get(f"/w/{workspace.slug}/{page}").status_code
    assert (status in {200, 302}) is (role in PAGES[page])
    assert status in {200, 302, 403}


def test_a_members_page_changes_roles_and_removes(workspace):
    person = add_member(workspace, "viewer")
    browser, url = member_client(workspace), f"/w/{workspace.slug}/settings/members/{person.membership_id}/"
    assert "구성원에서 빼기" in browser.get(url).content.decode()
    browser.post(url, {"role": "issuer"})
    with in_workspace(workspace.pk):
        from dojang.service.workspaces.models import Business

        business = Business.objects.get()
    browser.post(f"{url}businesses/", {str(business.pk): "writer"})
    page = browser.get(f"/w/{workspace.slug}/settings/members/").content.decode()
    assert "발행 담당" in page
    assert "한빛상사: 작성 담당" in page
    assert browser.post(f"{url}remove/", follow=True).status_code == 200
    assert crossing.memberships(person.user_id) == []


def test_nothing_can_be_pressed_on_the_owners_and_on_ones_own_page(workspace):
    owner = acting(workspace)
    url = f"/w/{workspace.slug}/settings/members/{owner.membership_id}/"
    for browser in (member_client(workspace), member_client(workspace, "admin")):
        assert "구성원에서 빼기" not in browser.get(url).content.decode()
        assert browser.post(url, {"role": "viewer"}).status_code == 403


def test_leaving_by_the_page(workspace):
    user = make_user()
    add_member(workspace, "viewer", user)
    browser = client_of(user)
    assert "나가기" in browser.get(f"/w/{workspace.slug}/settings/members/leave/").content.decode()
    browser.post(f"/w/{workspace.slug}/settings/members/leave/")
    assert crossing.memberships(user.pk) == []


# Handing over: the password is asked for again ------------------------------------------------------------------


def test_handing_over_asks_for_the_password_first(workspace):
    owner = User.objects.get(pk=acting(workspace).user_id)
    owner.set_password(PASSWORD)
    owner.save()
    heir = add_member(workspace, "admin")
    browser, url = client_of(owner), f"/w/{workspace.slug}/settings/members/ownership/"

    asked = browser.get(url)
    assert asked.headers["Location"].startswith("/account/reauthenticate/?next=")
    # A form that is sent without it changes nothing either, and is not kept to be sent later.
    assert browser.post(url, {"heir": heir.membership_id}).headers["Location"] == asked.headers["Location"]
    assert role_of(workspace, heir) == "admin"

    back = browser.post(asked.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == url
    assert role_of(workspace, heir) == "admin"
    assert "새 소유자" in browser.get(url).content.decode()
    browser.post(url, {"heir": heir.membership_id})
    assert role_of(workspace, heir) == "owner"
    assert browser.get(url).status_code == 403


def test_a_password_that_was_asked_long_ago_does_not_count(workspace, monkeypatch):
    owner = User.objects.get(pk=acting(workspace).user_id)
    owner.set_password(PASSWORD)
    owner.save()
    heir = add_member(workspace, "admin")
    browser, url = client_of(owner), f"/w/{workspace.slug}/settings/members/ownership/"
    browser.post(browser.get(url).headers["Location"], {"password": PASSWORD})
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 901)
    assert browser.post(url, {"heir": heir.membership_id}).status_code == 302
    assert role_of(workspace, heir) == "admin"


def role_of(workspace, member):
    with in_workspace(workspace.pk):
        return Membership.objects.get(pk=member.membership_id).role
