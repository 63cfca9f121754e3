"""A closed workspace is read and taken out, never written; nothing is deleted, and its owner opens it again."""

import re
import threading
from datetime import date
from functools import partial

import pytest
from django.db import connections
from django.urls import URLResolver, get_resolver
from service_world import (
    NOW,
    PASSWORD,
    acting,
    client_of,
    first_business,
    make_user,
    make_workspace,
    member_client,
)
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.service.accounts.models import User
from dojang.service.audit.actor import Actor
from dojang.service.invoices.models import Invoice
from dojang.service.law import law
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import invitation_tokens
from dojang.service.workspaces.closed import STILL_TAKEN, WorkspaceClosed
from dojang.service.workspaces.models import Workspace, WorkspaceEvent
from dojang.service.workspaces.retention import keep_until
from dojang.service.workspaces.services import closing, invitations
from dojang.service.workspaces.views import settings as views

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


def close(workspace, name="한빛상사"):
    with in_workspace(workspace.pk):
        return closing.close(member=acting(workspace), name=name, now=NOW)


def here(workspace, rest=""):
    return f"/w/{workspace.slug}/{rest}"


def test_closing_takes_the_name_of_the_workspace(workspace):
    with pytest.raises(closing.OtherName):
        close(workspace, "한빛")
    assert close(workspace, "  한빛상사 ").closed_at == NOW
    with pytest.raises(closing.ClosedAlready):
        close(workspace)


def test_only_its_owner_closes_and_opens_it_again(workspace):
    close(workspace)
    for role in ("admin", "issuer", "viewer"):
        browser = member_client(workspace, role)
        assert browser.get(here(workspace, "settings/workspace/close/")).status_code == 403
        assert browser.post(here(workspace, "settings/workspace/reopen/")).status_code == 403
    browser = member_client(workspace)
    assert browser.post(here(workspace, "settings/workspace/reopen/")).status_code == 302
    with in_workspace(workspace.pk):
        assert Workspace.objects.get().closed_at is None
        actions = WorkspaceEvent.objects.order_by("id").values_list("action", flat=True)
        assert list(actions)[-2:] == ["close", "reopen"]


def test_closing_asks_who_it_is_once_more():
    workspace = make_workspace(make_user(password=PASSWORD))
    answer = member_client(workspace).get(here(workspace, "settings/workspace/close/"))
    assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_the_page_closes_and_says_so(workspace):
    browser = member_client(workspace)
    page = browser.get(here(workspace, "settings/workspace/close/")).content.decode()
    assert "제71조 제3항" in page
    refused = browser.post(here(workspace, "settings/workspace/close/"), {"name": "다른 이름"})
    assert "작업공간 이름이 다릅니다" in refused.content.decode()
    browser.post(here(workspace, "settings/workspace/close/"), {"name": "한빛상사"})
    assert "invoices/new/" not in browser.get(here(workspace, "")).content.decode()
    for path in ("", "invoices/", "settings/members/", "settings/workspace/close/"):
        assert "닫은 작업공간입니다." in browser.get(here(workspace, path)).content.decode()


def test_what_is_not_through_to_the_tax_office_keeps_it_open(workspace, monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    who = keeper(authority, first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    invoice = make_ready(workspace)
    issue(workspace, who, invoice)
    with pytest.raises(closing.DocumentsUnderWay, match=r"^1 issued"):
        close(workspace)
    page = member_client(workspace).get(here(workspace, "settings/workspace/close/")).content.decode()
    assert f"/invoices/{invoice.pk}/" in page
    assert 'name="name"' not in page
    for state in ("submitted", "unknown"):
        with in_workspace(workspace.pk):
            Invoice.objects.filter(pk=invoice.pk).update(state=state)
        with pytest.raises(closing.DocumentsUnderWay):
            close(workspace)
    with in_workspace(workspace.pk):
        Invoice.objects.filter(pk=invoice.pk).update(state="accepted")
    assert close(workspace).closed_at == NOW


OFFERS = [
    "invoices/new/",
    "records/upload/",
    "counterparties/add/",
    "sign/register/",
    "settings/invitations/new/",
]
POSTS = [
    "invoices/drafts/",
    "invoices/sign/",
    "counterparties/add/",
    "settings/workspace/",
    "settings/invitations/new/",
    "settings/businesses/new/",
    "sign/orders/",
]


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_written_in_a_closed_workspace(workspace, path):
    close(workspace)
    answer = member_client(workspace).post(here(workspace, path))
    assert answer.status_code == 409
    assert "닫은 작업공간이라 바꿀 수 없습니다" in answer.content.decode()
    told = member_client(workspace).post(here(workspace, path), headers={"accept": "application/json"})
    assert told.json()["code"] == "workspace_closed"


def addresses(patterns=None, before=""):
    """Every address under a workspace: its name and how it is written, without the workspace's own part."""
    for one in patterns or get_resolver().url_patterns:
        written = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, written)
        elif written.startswith("w/<"):
            yield one.name, re.sub(r"<(\w+:)?\w+>", lambda found: PARTS[found[1]], written.partition("/")[2])


PARTS = {"int:": "1", "uuid:": "00000000-0000-4000-8000-000000000000", "str:": "x", "slug:": "x", None: "x"}


def test_no_address_at_all_takes_anything_for_a_closed_workspace_but_what_takes_out_and_opens(workspace):
    close(workspace)
    browser, seen = member_client(workspace), 0
    for name, path in addresses():
        if name not in STILL_TAKEN:
            seen += 1
            for method in (browser.post, browser.put, browser.delete, browser.patch):
                answer = method(here(workspace, path.partition("/")[2]))
                assert answer.status_code == 409, (name, path)
    assert seen > 80


def test_an_invitation_into_a_closed_workspace_waits_until_it_is_opened(workspace):
    reader = make_user("new@example.com")
    with in_workspace(workspace.pk):
        invited = invitations.invite(member=acting(workspace), email=reader.email, role="admin", now=NOW)
        _, token = invitation_tokens.renew(invited.pk, mails=1, now=NOW)
    close(workspace)
    accept = partial(
        invitations.accept,
        token_hash=invitation_tokens.hash_of(token),
        actor=Actor("user", reader.pk, "192.0.2.7"),
        now=NOW,
    )
    with pytest.raises(WorkspaceClosed):
        accept()
    with in_workspace(workspace.pk):
        closing.reopen(member=acting(workspace), now=NOW)
    assert accept().pk == workspace.pk


def test_everything_in_a_closed_workspace_can_be_read(workspace):
    close(workspace)
    browser = member_client(workspace)
    for path in ("", "invoices/", "counterparties/", "certificates/", "history/", "history/excel/"):
        assert browser.get(here(workspace, path)).status_code == 200


@pytest.mark.parametrize(
    "path", ["invoices/", "records/", "counterparties/", "certificates/", "settings/members/"]
)
def test_a_closed_workspace_offers_nothing_that_it_would_refuse(workspace, path):
    def buttons():
        page = member_client(workspace).get(here(workspace, path)).content.decode()
        return {one for one in OFFERS if one in page}

    assert buttons()
    close(workspace)
    assert not buttons()


def test_a_closed_workspace_reminds_nobody(workspace):
    other = make_workspace(make_user())
    close(workspace)
    assert workspace.pk not in crossing.open_workspaces()
    assert other.pk in crossing.open_workspaces()
    assert workspace.pk in crossing.workspaces()


@pytest.mark.parametrize(
    ("day", "until"),
    [
        # 2026년 제1기: 확정신고 2026-07-25 is a Saturday; of a whole year's period 2027-01-25. The later one counts.
        (date(2026, 3, 2), date(2032, 1, 25)),
        (date(2026, 11, 20), date(2032, 1, 25)),
    ],
)
def test_documents_are_kept_for_five_years_after_the_final_return(day, until):
    assert keep_until([None, day, date(2020, 1, 1)], law=law()) == until


def test_no_documents_no_duty():
    assert keep_until([None], law=law()) is None


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_whoever_is_writing():
    """Who has begun to write ends first; who comes out of the wait finds it closed."""
    workspace = make_workspace(name="한빛상사")
    writer, order = member_client(workspace), []
    inside, go_on = threading.Event(), threading.Event()
    real = views.change_settings

    def slow(**values):
        inside.set()
        assert go_on.wait(20)
        order.append("written")
        return real(**values)

    def write():
        try:
            fields = {"name": "한빛상사", "transmit_policy": "at_once", "transmit_minutes": 30}
            assert writer.post(here(workspace, "settings/workspace/"), fields).status_code == 302
        finally:
            connections.close_all()

    def shut():
        try:
            close(workspace)
            order.append("closed")
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "change_settings", slow)
        threads = [threading.Thread(target=write), threading.Thread(target=shut)]
        threads[0].start()
        assert inside.wait(20)
        threads[1].start()
        threads[1].join(0.5)
        assert order == []
        go_on.set()
        for thread in threads:
            thread.join(20)
    assert order == ["written", "closed"]
    owner = client_of(User.objects.get(pk=acting(workspace).actor.user_id))
    assert owner.post(here(workspace, "settings/workspace/")).status_code == 409
