"""Two people at the same moment, each with a connection of their own."""

import threading

import pytest
from django.db import connection, connections
from service_world import NOW, acting, add_member, business_number, details, make_user, make_workspace

from dojang.service.audit.actor import Actor
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.errors import BusinessThereAlready, InvitationNotOpen, NotAllowed
from dojang.service.workspaces.invitation_tokens import hash_of
from dojang.service.workspaces.models import Invitation, Membership, WorkspaceEvent
from dojang.service.workspaces.services import businesses, invitations, membership

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run all of them at the same moment; what each returned or refused with."""
    ready = threading.Barrier(len(calls))
    answers = [None] * len(calls)

    def run(place, call):
        try:
            ready.wait()
            answers[place] = call()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def inside(workspace, call):
    def run():
        with in_workspace(workspace.pk):
            return call()

    return run


def test_an_invitation_that_is_accepted_in_two_tabs_makes_one_member():
    workspace = make_workspace()
    user = make_user("new@example.com")
    with in_workspace(workspace.pk):
        made = invitations.invite(member=acting(workspace), email=user.email, role="viewer", now=NOW)
        Invitation.objects.filter(pk=made.pk).update(token_hash=hash_of("token"))
    actor = Actor("user", user.pk, "127.0.0.1")

    def accept():
        return invitations.accept(token_hash=hash_of("token"), actor=actor, now=NOW)

    answers = at_once(accept, accept, accept)
    assert sorted(type(each).__name__ for each in answers) == [
        "InvitationNotOpen",
        "InvitationNotOpen",
        "Workspace",
    ]
    assert any(isinstance(each, InvitationNotOpen) for each in answers)
    assert len(crossing.memberships(user.pk)) == 1


def test_of_two_admins_who_remove_each_other_one_stays():
    workspace = make_workspace()
    first, second = add_member(workspace, "admin"), add_member(workspace, "admin")

    def remove(by, whom):
        return inside(
            workspace,
            lambda: membership.remove_member(member=by, membership_id=whom.membership_id, now=NOW),
        )

    answers = at_once(remove(first, second), remove(second, first))
    assert sorted(type(each) for each in answers if each is not None) == [NotAllowed]
    with in_workspace(workspace.pk):
        assert Membership.objects.filter(left_at__isnull=True, role="admin").count() == 1


def test_ownership_handed_to_two_people_has_one_owner():
    workspace = make_workspace()
    owner = acting(workspace)
    heirs = [add_member(workspace, "viewer"), add_member(workspace, "viewer")]

    def hand_over(heir):
        return inside(
            workspace,
            lambda: membership.transfer_ownership(member=owner, membership_id=heir.membership_id, now=NOW),
        )

    answers = at_once(*(hand_over(heir) for heir in heirs))
    assert [type(each) for each in answers if each is not None] == [NotAllowed]
    with in_workspace(workspace.pk):
        assert Membership.objects.filter(role="owner").count() == 1


def test_a_business_that_is_added_twice_at_once_is_there_once():
    workspace = make_workspace()
    owner, number = acting(workspace), business_number(700)

    def add():
        return businesses.add_business(member=owner, details=details(number), now=NOW)

    answers = at_once(inside(workspace, add), inside(workspace, add))
    assert [type(each) for each in answers if isinstance(each, Exception)] == [BusinessThereAlready]


def test_tables_are_empty_again_for_every_one_of_these():
    assert crossing.workspaces() == []
    make_workspace()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'append_only'")
        assert {enabled for (enabled,) in cursor.fetchall()} == {"O"}
    with in_workspace(crossing.workspaces()[0]):
        assert WorkspaceEvent.objects.count() == 2
