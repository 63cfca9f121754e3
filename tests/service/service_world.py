"""People, workspaces and businesses for tests, made by the real services. Everybody and everything is invented."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count

from allauth.account.models import EmailAddress
from django.test import Client

from dojang.service.accounts.models import User
from dojang.service.audit.actor import Actor
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.details import BusinessDetails
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, BusinessRole, Membership, Workspace
from dojang.service.workspaces.roles import Role
from dojang.service.workspaces.services.businesses import insert_business
from dojang.service.workspaces.services.founding import create_workspace

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, 2026-11-20 10:00 in Korea."""
PASSWORD = "correct horse battery"

_numbers = count(1)


def business_number(serial: int, *, office: str = "999", kind: str = "86") -> str:
    """A number with a right check digit, of a tax office that doesn't exist."""
    digits = f"{office}{kind}{serial:04d}"
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    total += int(digits[8]) * 5 // 10
    return f"{digits}{(10 - total % 10) % 10}"


def details(number: str | None = None, **values: str) -> BusinessDetails:
    """What the registration certificate of an invented company says."""
    given = {
        "number": number or business_number(next(_numbers) % 10000),
        "name": "한빛상사",
        "representative": "김하나",
        "address": "서울특별시 가상구 없는로 1",
        "business_type": "도매업",
        "business_item": "사무용품",
        "contact_name": "이두리",
        "contact_email": "tax@hanbit.example",
    }
    return BusinessDetails(**(given | values))


def make_user(
    email: str | None = None, name: str = "김하나", *, password: str | None = None, language: str = "ko"
) -> User:
    """A person whose e-mail is confirmed; without a password unless a test logs in by form (hashing takes time)."""
    user = User.objects.create_user(
        email or f"person{next(_numbers)}@example.com", password, name=name, language=language
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_workspace(
    user: User | None = None,
    name: str = "한빛상사",
    *,
    business: BusinessDetails | None = None,
    now: datetime = NOW,
) -> Workspace:
    """A workspace that `user` (a new person where None) owns, with its first business."""
    owner = user or make_user()
    return create_workspace(
        name=name, business=business or details(), actor=Actor("user", owner.pk, "127.0.0.1"), now=now
    )


def first_business(workspace: Workspace) -> Business:
    """The business that a workspace was made with."""
    with in_workspace(workspace.pk):
        return Business.objects.order_by("id")[0]


def make_business(
    workspace: Workspace, number: str | None = None, *, now: datetime = NOW, **values: str
) -> Business:
    """One more business."""
    with in_workspace(workspace.pk):
        return insert_business(details(number, **values).cleaned(), actor=acting(workspace).actor, now=now)


def add_member(
    workspace: Workspace,
    role: Role | str,
    user: User | None = None,
    *,
    business_roles: Mapping[Business, str] | None = None,
) -> Member:
    """A person (a new one where None) as a member, without an invitation."""
    person = user or make_user()
    with in_workspace(workspace.pk):
        membership = Membership.objects.create(workspace=workspace, user=person, role=role, joined_at=NOW)
        for business, business_role in (business_roles or {}).items():
            BusinessRole.objects.create(
                workspace=workspace, membership=membership, business=business, role=business_role
            )
    return acting(workspace, person)


def acting(workspace: Workspace, user: User | None = None) -> Member:
    """A member as services get them: the owner where no person is named."""
    with in_workspace(workspace.pk):
        members = Membership.objects.filter(left_at__isnull=True)
        membership = members.get(user=user) if user else members.get(role=Role.OWNER)
        return Member(
            membership_id=membership.pk,
            role=membership.role,
            workspace=Workspace.objects.get(),
            actor=Actor("user", membership.user_id, "127.0.0.1"),
            business_roles=dict(membership.business_roles.values_list("business_id", "role")),
        )


def client_of(user: User) -> Client:
    """A browser in which a person is logged in."""
    client = Client()
    client.force_login(user)
    return client


def member_client(workspace: Workspace, role: Role | str = Role.OWNER) -> Client:
    """A browser of the owner, or of a new member with another role."""
    if role == Role.OWNER:
        return client_of(User.objects.get(pk=acting(workspace).actor.user_id))
    return client_of(User.objects.get(pk=add_member(workspace, role).actor.user_id))
