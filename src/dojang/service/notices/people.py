"""Members who are written to: who has a right, and in which businesses."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dojang.service.accounts.models import User
from dojang.service.workspaces.models import Business, Membership
from dojang.service.workspaces.roles import Right, may


@dataclass(frozen=True, slots=True)
class Person:
    """A member, and the businesses in which they have the right that was asked for."""

    user: User
    business_ids: frozenset[int]


def with_right(right: Right, business_ids: Collection[int] | None = None) -> list[Person]:
    """Members of the open workspace who have a right in one of the businesses; in any of all where None."""
    if business_ids is None:
        every = Business.objects.filter(archived_at__isnull=True).values_list("pk", flat=True)
        business_ids = list(every)
    members = (
        Membership.objects.filter(left_at__isnull=True, user__is_active=True)
        .select_related("user")
        .prefetch_related("business_roles")
        .order_by("pk")
    )
    found = (Person(one.user, frozenset(_with(one, right, business_ids))) for one in members)
    return [person for person in found if person.business_ids]


def managers() -> list[User]:
    """Those who look after businesses and certificates of the whole workspace."""
    members = Membership.objects.filter(left_at__isnull=True, user__is_active=True).select_related("user")
    return [one.user for one in members.order_by("pk") if may(one.role, Right.MANAGE)]


def is_member(user_id: int) -> bool:
    """Whether a person is still in the workspace."""
    members = Membership.objects.filter(left_at__isnull=True, user__is_active=True)
    return members.filter(user_id=user_id).exists()


def _with(member: Membership, right: Right, business_ids: Iterable[int]) -> list[int]:
    roles = {one.business_id: one.role for one in member.business_roles.all()}
    return [one for one in business_ids if may(roles.get(one, member.role), right)]
