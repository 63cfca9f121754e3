"""Who is in a workspace as what: roles changed, members taken out, left, ownership handed over.

Every function locks the workspace first and asks again what the one who acts may do: two admins who take each other
out at the same moment do it one after the other, and the second is no admin any more.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
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
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, BusinessRole, Invitation, Membership, Workspace
from dojang.service.workspaces.roles import Right, Role, may

GIVEN = (Role.ADMIN, Role.ISSUER, Role.WRITER, Role.VIEWER, Role.NONE)
"""Roles that a person can be given; an owner becomes one by handing over."""

_OPEN = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)


@transaction.atomic
def change_role(*, member: Member, membership_id: int, role: str, now: datetime) -> Membership:
    """Give another member another role.

    Raises:
        OwnRole, OwnerIsFixed, RoleNotGiven, NoSuchMember, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    person = _other(member, membership_id)
    if role not in GIVEN:
        raise RoleNotGiven
    if person.role == role:
        return person
    changes = {"role": (person.role, str(role))}
    person.role = role
    person.save(update_fields=["role"])
    if not may(role, Right.MANAGE):
        _revoke_invitations_of(person, now)
    _record("edit", person, member, now, changes)
    return person


@transaction.atomic
def change_business_roles(
    *, member: Member, membership_id: int, roles: Mapping[int, str], now: datetime
) -> Membership:
    """Give another member other roles in single businesses.

    Args:
        member: who gives them.
        membership_id: whose they are.
        roles: business id → role; an empty one where the role in the workspace holds. Businesses that are not named
            stay as they are.
        now: aware.

    Raises:
        OwnRole, OwnerIsFixed, RoleNotGiven, NoSuchMember, NoSuchBusiness, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    person = _other(member, membership_id)
    if any(role and role not in GIVEN for role in roles.values()):
        raise RoleNotGiven
    names = dict(Business.objects.filter(pk__in=roles).values_list("pk", "name"))
    if len(names) != len(roles):
        raise NoSuchBusiness
    before = dict(person.business_roles.values_list("business_id", "role"))
    changed = {pk: role for pk, role in roles.items() if before.get(pk, "") != role}
    for business_id, role in changed.items():
        if role:
            BusinessRole.objects.update_or_create(
                membership=person,
                business_id=business_id,
                defaults={"role": role},
                create_defaults={"role": role, "workspace_id": person.workspace_id},
            )
        else:
            person.business_roles.filter(business_id=business_id).delete()
    if changed:
        changes = {names[pk]: (before.get(pk, ""), str(role)) for pk, role in changed.items()}
        _record("edit", person, member, now, changes)
    return person


@transaction.atomic
def remove_member(
    *, member: Member, membership_id: int, successor_id: int | None = None, now: datetime
) -> None:
    """Take another member out. What they have open goes to the successor.

    Args:
        member: who does it.
        membership_id: who goes.
        successor_id: the membership of whoever looks after the open documents; needed where there are any.
        now: aware.

    Raises:
        OwnRole: it is oneself; use `leave`.
        OwnerIsFixed, NoSuchMember, NoSuccessor, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    _go(_other(member, membership_id), successor_id, member, now, "remove")


@transaction.atomic
def leave(*, member: Member, successor_id: int | None = None, now: datetime) -> None:
    """Go out of the workspace. What one has open goes to the successor.

    Raises:
        OwnerCannotLeave, NoSuccessor, NoSuchMember: see there.
    """
    lock_and_require(member, None)
    own = _active(member.membership_id)
    if own.role == Role.OWNER:
        raise OwnerCannotLeave
    _go(own, successor_id, member, now, "leave")


@transaction.atomic
def transfer_ownership(*, member: Member, membership_id: int, now: datetime) -> None:
    """Make another member the owner; who was it becomes an admin. The page has just asked for the password again.

    Raises:
        OwnRole: it is oneself.
        NoSuchMember, NotAllowed: see there.
    """
    lock_and_require(member, Right.OWN)
    own, heir = _active(member.membership_id), _active(membership_id)
    if heir.pk == own.pk:
        raise OwnRole
    before = heir.role
    # One owner at any moment: a constraint of the table.
    own.role = Role.ADMIN
    own.save(update_fields=["role"])
    heir.role = Role.OWNER
    heir.save(update_fields=["role"])
    heir.business_roles.all().delete()
    _record("hand_over", heir, member, now, {"role": (before, str(Role.OWNER))})
    _record("hand_over", own, member, now, {"role": (str(Role.OWNER), str(Role.ADMIN))})


def open_invoices(user_id: int) -> QuerySet[Invoice]:
    """Documents a person looks after that are not issued yet."""
    return Invoice.objects.filter(
        Q(assigned_to=user_id) | Q(assigned_to__isnull=True, created_by=user_id),
        state__in=_OPEN,
        deleted_at__isnull=True,
    )


def lock_and_require(member: Member, right: Right | None) -> Workspace:
    """Lock the workspace and ask anew whether this person is a member, and with which right.

    Raises:
        NotAllowed: not any more.
    """
    # Without its key: whoever adds rows to the workspace meanwhile asks for that alone, and has not to wait.
    workspace = Workspace.objects.select_for_update(no_key=True).get()
    own = Membership.objects.filter(pk=member.membership_id, left_at__isnull=True).first()
    if own is None or (right is not None and not may(own.role, right)):
        raise NotAllowed
    return workspace


def _active(membership_id: int) -> Membership:
    try:
        return Membership.objects.select_related("user").get(pk=membership_id, left_at__isnull=True)
    except Membership.DoesNotExist:
        raise NoSuchMember from None


def _other(member: Member, membership_id: int) -> Membership:
    """Somebody else's membership that may be changed."""
    person = _active(membership_id)
    if person.pk == member.membership_id:
        raise OwnRole
    if person.role == Role.OWNER:
        raise OwnerIsFixed
    return person


def _go(person: Membership, successor_id: int | None, member: Member, now: datetime, action: str) -> None:
    handed_over = _hand_over(person, successor_id)
    person.left_at = now
    person.save(update_fields=["left_at"])
    person.business_roles.all().delete()
    _revoke_invitations_of(person, now)
    _record(action, person, member, now, {"role": (person.role, "")} | handed_over)


def _hand_over(person: Membership, successor_id: int | None) -> dict[str, tuple[object, object]]:
    theirs = open_invoices(person.user_id)
    # Locked in the order of their ids, as by whoever signs several of them.
    locked = theirs.select_for_update(of=("self",)).order_by("pk").values_list("pk", "business_id")
    open_now = dict(locked)
    businesses = set(open_now.values())
    if not businesses:
        return {}
    if successor_id is None or successor_id == person.pk:
        raise NoSuccessor
    successor = _active(successor_id)
    roles = dict(successor.business_roles.values_list("business_id", "role"))
    if not all(may(roles.get(business, successor.role), Right.WRITE) for business in businesses):
        raise NoSuccessor
    documents = sorted(open_now)
    Invoice.objects.filter(pk__in=documents).update(assigned_to=successor.user_id)
    return {"assigned_to": (str(person.user), str(successor.user)), "documents": (documents, [])}


def _revoke_invitations_of(person: Membership, now: datetime) -> None:
    """Whoever may not invite any more leaves no way in behind."""
    Invitation.objects.filter(
        invited_by=person.user_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)


def _record(
    action: str,
    person: Membership,
    member: Member,
    now: datetime,
    changes: Mapping[str, tuple[object, object]],
) -> None:
    record(action, Subject.MEMBER, person, str(person.user), actor=member.actor, at=now, changes=changes)
