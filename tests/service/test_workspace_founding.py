"""A new workspace: who owns it, what is in it, what can't be one."""

import pytest
from service_world import (
    NOW,
    acting,
    business_number,
    details,
    first_business,
    make_user,
    make_workspace,
    member_client,
)

from dojang.service.audit.actor import WORKER, Actor
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.errors import DetailMissing, NoBusinessNumber, NotAllowed, TooManyWorkspaces
from dojang.service.workspaces.models import WorkspaceEvent
from dojang.service.workspaces.services import founding
from dojang.service.workspaces.services.founding import create_workspace

pytestmark = pytest.mark.django_db


def test_who_makes_a_workspace_owns_it():
    user = make_user()
    workspace = make_workspace(user)
    [found] = crossing.memberships(user.pk)
    assert (found.workspace_id, found.role, found.name) == (workspace.pk, "owner", "한빛상사")


def test_the_first_business_is_made_with_it():
    number = business_number(77)
    business = first_business(make_workspace(business=details(f"{number[:3]}-{number[3:5]}-{number[5:]}")))
    assert (business.number, business.name, business.representative) == (number, "한빛상사", "김하나")


def test_a_workspace_without_a_name_is_called_as_its_business():
    assert make_workspace(name="  ", business=details(name="두리 물산")).name == "두리 물산"


def test_one_company_can_stand_in_two_workspaces():
    number = business_number(78)
    first, second = make_workspace(business=details(number)), make_workspace(business=details(number))
    assert first_business(first).number == first_business(second).number
    assert first.slug != second.slug


def test_making_one_is_in_its_history():
    workspace = make_workspace()
    with in_workspace(workspace.pk):
        events = list(WorkspaceEvent.objects.order_by("id"))
    assert [(event.action, event.subject) for event in events] == [
        ("create", "workspace"),
        ("create", "business"),
    ]
    assert events[0].by_id == acting(workspace).actor.user_id
    assert events[0].at == NOW


@pytest.mark.parametrize(
    "number", ["", "9998600011", "0000000000", "999860001", "９９９８６０００１０", "9" * 5000]
)
def test_a_wrong_business_number_makes_no_workspace(number):
    user = make_user()
    with pytest.raises(NoBusinessNumber):
        make_workspace(user, business=details().__class__(number=number, name="가", representative="나"))
    assert crossing.memberships(user.pk) == []


@pytest.mark.parametrize("missing", ["name", "representative"])
def test_what_every_invoice_needs_has_to_be_there(missing):
    with pytest.raises(DetailMissing):
        make_workspace(business=details(**{missing: " \t "}))


def test_nobody_owns_without_end(monkeypatch):
    monkeypatch.setattr(founding, "MOST_OWNED", 1)
    user = make_user()
    make_workspace(user)
    with pytest.raises(TooManyWorkspaces):
        make_workspace(user)


def test_the_machinery_owns_nothing():
    with pytest.raises(NotAllowed):
        create_workspace(name="", business=details(), actor=WORKER, now=NOW)


def test_members_of_the_world_are_logged_in():
    workspace = make_workspace()
    response = member_client(workspace, "viewer").get(f"/w/{workspace.slug}/no-such-page/")
    assert response.status_code == 404
    assert acting(workspace).actor == Actor("user", acting(workspace).actor.user_id, "127.0.0.1")
