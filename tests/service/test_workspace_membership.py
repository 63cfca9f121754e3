"""Roles, leaving, and handing over: what is allowed to whom."""

import pytest
from django.core.exceptions import PermissionDenied
from service_world import NOW, acting, add_member, first_business, make_business, make_user, make_workspace
from tenant_rows import make_row

from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.errors import (
    NoSuccessor,
    NoSuchBusiness,
    NoSuchMember,
    NotAllowed,
    OwnerCannotLeave,
    OwnerIsFixed,
    OwnRole,
    RoleNotGiven,
)
from dojang.service.workspaces.models import BusinessRole, Invitation, Membership, WorkspaceEvent
from dojang.service.workspaces.roles import RIGHTS, Right, Role
from dojang.service.workspaces.selectors import successors
from dojang.service.workspaces.services import invitations
from dojang.service.workspaces.services import membership as services

pytestmark = pytest.mark.django_db

MANAGERS = [role for role in Role if Right.MANAGE in RIGHTS[role]]
OTHERS = [role for role in Role if Right.MANAGE not in RIGHTS[role]]


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace):
    return acting(workspace)


@pytest.fixture
def inside(workspace):
    with in_workspace(workspace.pk):
        yield


def role_of(member):
    return Membership.objects.get(pk=member.membership_id).role


def draft(workspace, member, **values):
    given = {"business": first_business(workspace), "state": State.DRAFT, "created_by_id": member.user_id}
    with in_workspace(workspace.pk):
        return make_row(Invoice, **(given | values))


def change_role(by, whom, role):
    return services.change_role(member=by, membership_id=whom.membership_id, role=role, now=NOW)


@pytest.mark.parametrize("role", services.GIVEN)
def test_an_admin_gives_every_role_but_the_owners(workspace, role):
    admin, person = add_member(workspace, "admin"), add_member(workspace, "viewer")
    with in_workspace(workspace.pk):
        change_role(admin, person, role)
        assert role_of(person) == role


@pytest.mark.parametrize("role", ["owner", "", "root"])
def test_other_roles_are_not_given(workspace, owner, role):
    person = add_member(workspace, "viewer")
    with in_workspace(workspace.pk), pytest.raises(RoleNotGiven):
        change_role(owner, person, role)


@pytest.mark.parametrize("role", OTHERS)
def test_who_does_not_manage_changes_no_role(workspace, role):
    member, person = add_member(workspace, role), add_member(workspace, "viewer")
    with in_workspace(workspace.pk), pytest.raises(NotAllowed):
        change_role(member, person, "admin")


@pytest.mark.parametrize("role", services.GIVEN)
def test_nobody_changes_their_own_role(workspace, owner, role):
    admin = add_member(workspace, "admin")
    with in_workspace(workspace.pk):
        for member in (owner, admin):
            with pytest.raises(OwnRole):
                change_role(member, member, role)
            with pytest.raises(OwnRole):
                services.change_business_roles(
                    member=member, membership_id=member.membership_id, roles={}, now=NOW
                )


def test_an_admin_neither_changes_nor_removes_the_owner(workspace, owner):
    admin = add_member(workspace, "admin")
    with in_workspace(workspace.pk):
        with pytest.raises(OwnerIsFixed):
            change_role(admin, owner, "viewer")
        with pytest.raises(OwnerIsFixed):
            services.remove_member(member=admin, membership_id=owner.membership_id, now=NOW)
        assert role_of(owner) == "owner"


def test_an_admin_who_was_lowered_a_moment_ago_is_none_any_more(workspace, owner):
    admin, person = add_member(workspace, "admin"), add_member(workspace, "viewer")
    with in_workspace(workspace.pk):
        change_role(owner, admin, "viewer")
        # What the page of the former admin still believes is asked again under the lock.
        assert admin.role == "admin"
        with pytest.raises(NotAllowed):
            change_role(admin, person, "admin")


def test_members_of_another_workspace_are_nobody_here(workspace, owner):
    stranger = add_member(make_workspace(), "viewer")
    with in_workspace(workspace.pk):
        with pytest.raises(NoSuchMember):
            change_role(owner, stranger, "admin")
        with pytest.raises(NoSuchMember):
            services.transfer_ownership(member=owner, membership_id=stranger.membership_id, now=NOW)


def test_a_change_of_role_is_in_the_history_with_both_roles(workspace, owner):
    person = add_member(workspace, "viewer")
    with in_workspace(workspace.pk):
        change_role(owner, person, "issuer")
        change_role(owner, person, "issuer")
        [event] = WorkspaceEvent.objects.filter(subject="member")
    assert (event.action, event.changes, event.by_id) == (
        "edit",
        {"role": ["viewer", "issuer"]},
        owner.user_id,
    )
    assert event.subject_id == person.membership_id


# Roles in single businesses -------------------------------------------------------------------------------------


def test_a_role_in_one_business_stands_in_for_the_one_in_the_workspace(workspace, owner):
    here, there = first_business(workspace), make_business(workspace)
    person = add_member(workspace, "viewer")
    with in_workspace(workspace.pk):
        services.change_business_roles(
            member=owner, membership_id=person.membership_id, roles={here.pk: "issuer"}, now=NOW
        )
    seen = acting(workspace, User.objects.get(pk=person.user_id))
    assert seen.may(Right.ISSUE, here.pk)
    assert not seen.may(Right.ISSUE, there.pk)
    assert not seen.may(Right.ISSUE)


def test_an_empty_role_in_a_business_takes_it_back(workspace, owner):
    business = first_business(workspace)
    person = add_member(workspace, "viewer", business_roles={business: "none"})
    with in_workspace(workspace.pk):
        services.change_business_roles(
            member=owner, membership_id=person.membership_id, roles={business.pk: ""}, now=NOW
        )
        assert not BusinessRole.objects.exists()
        [event] = WorkspaceEvent.objects.filter(subject="member")
    assert event.changes == {business.name: ["none", ""]}


def test_an_admin_of_one_business_manages_no_members(workspace):
    business = first_business(workspace)
    person = add_member(workspace, "viewer", business_roles={business: "admin"})
    other = add_member(workspace, "viewer")
    with in_workspace(workspace.pk), pytest.raises(NotAllowed):
        change_role(person, other, "admin")


def test_a_business_of_another_workspace_has_no_roles_here(workspace, owner):
    person, foreign = add_member(workspace, "viewer"), first_business(make_workspace())
    with in_workspace(workspace.pk), pytest.raises(NoSuchBusiness):
        services.change_business_roles(
            member=owner, membership_id=person.membership_id, roles={foreign.pk: "admin"}, now=NOW
        )


# Going ----------------------------------------------------------------------------------------------------------


def test_who_is_removed_is_no_member_and_has_no_roles_left(workspace, owner):
    business = first_business(workspace)
    person = add_member(workspace, "viewer", business_roles={business: "issuer"})
    with in_workspace(workspace.pk):
        services.remove_member(member=owner, membership_id=person.membership_id, now=NOW)
        assert not BusinessRole.objects.exists()
        assert WorkspaceEvent.objects.filter(subject="member", action="remove").count() == 1
    assert crossing.memberships(person.user_id) == []


def test_who_was_removed_can_come_back_as_somebody_new(workspace, owner):
    user = make_user()
    person = add_member(workspace, "admin", user)
    with in_workspace(workspace.pk):
        services.remove_member(member=owner, membership_id=person.membership_id, now=NOW)
    again = add_member(workspace, "viewer", user)
    assert again.membership_id != person.membership_id
    assert [found.role for found in crossing.memberships(user.pk)] == ["viewer"]


def test_removing_oneself_is_leaving(workspace):
    admin = add_member(workspace, "admin")
    with in_workspace(workspace.pk), pytest.raises(OwnRole):
        services.remove_member(member=admin, membership_id=admin.membership_id, now=NOW)


def test_the_owner_cannot_leave(workspace, owner):
    add_member(workspace, "admin")
    with in_workspace(workspace.pk), pytest.raises(OwnerCannotLeave):
        services.leave(member=owner, now=NOW)


@pytest.mark.parametrize("role", services.GIVEN)
def test_everybody_else_can_leave_once(workspace, role):
    person = add_member(workspace, role)
    with in_workspace(workspace.pk):
        services.leave(member=person, now=NOW)
        with pytest.raises(NotAllowed):
            services.leave(member=person, now=NOW)
    assert crossing.memberships(person.user_id) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_APPROVAL, State.READY])
def test_what_is_open_goes_to_the_successor_and_keeps_its_writer(workspace, owner, state):
    person = add_member(workspace, "writer")
    invoice = draft(workspace, person, state=state)
    with in_workspace(workspace.pk):
        services.leave(member=person, successor_id=owner.membership_id, now=NOW)
        invoice.refresh_from_db()
        [event] = WorkspaceEvent.objects.filter(action="leave")
    assert (invoice.assigned_to_id, invoice.created_by_id) == (owner.user_id, person.user_id)
    assert event.changes["documents"] == [[invoice.pk], []]


def test_what_was_taken_over_is_handed_on(workspace, owner):
    first, second = add_member(workspace, "writer"), add_member(workspace, "writer")
    invoice = draft(workspace, first)
    with in_workspace(workspace.pk):
        services.leave(member=first, successor_id=second.membership_id, now=NOW)
        services.leave(member=second, successor_id=owner.membership_id, now=NOW)
        invoice.refresh_from_db()
    assert invoice.assigned_to_id == owner.user_id


@pytest.mark.parametrize("values", [{"state": State.ISSUED}, {"state": State.ACCEPTED}, {"deleted_at": NOW}])
def test_what_is_issued_or_thrown_away_needs_nobody(workspace, values):
    person = add_member(workspace, "writer")
    invoice = draft(workspace, person, **values)
    with in_workspace(workspace.pk):
        services.leave(member=person, now=NOW)
        invoice.refresh_from_db()
    assert invoice.assigned_to_id is None


def test_nobody_goes_while_something_is_open_and_no_one_takes_over(workspace, owner):
    person, viewer = add_member(workspace, "writer"), add_member(workspace, "viewer")
    draft(workspace, person)
    with in_workspace(workspace.pk):
        for successor in (None, person.membership_id, viewer.membership_id):
            with pytest.raises(NoSuccessor):
                services.remove_member(
                    member=owner, membership_id=person.membership_id, successor_id=successor, now=NOW
                )
        assert role_of(person) == "writer"
        assert Membership.objects.get(pk=person.membership_id).left_at is None


def test_a_successor_may_write_in_every_business_that_is_concerned(workspace, owner):
    other = make_business(workspace)
    person = add_member(workspace, "writer")
    shut_out = add_member(workspace, "issuer", business_roles={other: "viewer"})
    draft(workspace, person, business=other)
    with in_workspace(workspace.pk):
        leaving = Membership.objects.get(pk=person.membership_id)
        assert [each.pk for each in successors(leaving)] == [owner.membership_id]
        with pytest.raises(NoSuccessor):
            services.leave(member=person, successor_id=shut_out.membership_id, now=NOW)


def test_invitations_of_who_goes_or_is_lowered_are_dead(workspace, owner):
    for how in ("remove", "lower"):
        admin = add_member(workspace, "admin")
        with in_workspace(workspace.pk):
            made = invitations.invite(member=admin, email=f"{how}@example.com", role="admin", now=NOW)
            if how == "remove":
                services.remove_member(member=owner, membership_id=admin.membership_id, now=NOW)
            else:
                change_role(owner, admin, "issuer")
            assert Invitation.objects.get(pk=made.pk).revoked_at == NOW


# The owner ------------------------------------------------------------------------------------------------------


def test_the_owner_hands_over_and_becomes_an_admin(workspace, owner):
    business = first_business(workspace)
    heir = add_member(workspace, "viewer", business_roles={business: "none"})
    with in_workspace(workspace.pk):
        services.transfer_ownership(member=owner, membership_id=heir.membership_id, now=NOW)
        assert (role_of(heir), role_of(owner)) == ("owner", "admin")
        assert not BusinessRole.objects.exists()
        assert WorkspaceEvent.objects.filter(action="hand_over").count() == 2
        with pytest.raises(NotAllowed):
            services.transfer_ownership(member=owner, membership_id=owner.membership_id, now=NOW)


@pytest.mark.parametrize("role", services.GIVEN)
def test_nobody_else_hands_over(workspace, role):
    member, heir = add_member(workspace, role), add_member(workspace, "viewer")
    with in_workspace(workspace.pk), pytest.raises(NotAllowed):
        services.transfer_ownership(member=member, membership_id=heir.membership_id, now=NOW)


def test_the_owner_does_not_hand_over_to_themselves(workspace, owner):
    with in_workspace(workspace.pk), pytest.raises(OwnRole):
        services.transfer_ownership(member=owner, membership_id=owner.membership_id, now=NOW)


def test_every_role_has_its_rights_and_nothing_is_left_out():
    assert set(RIGHTS) == set(Role)
    assert set(MANAGERS) == {Role.OWNER, Role.ADMIN}
    assert [role for role in Role if Right.OWN in RIGHTS[role]] == [Role.OWNER]


def test_a_missing_right_is_told_as_such(workspace):
    with pytest.raises(PermissionDenied):
        add_member(workspace, "viewer").require(Right.WRITE)
