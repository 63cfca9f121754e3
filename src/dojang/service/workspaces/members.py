"""The person of a request, as a member of the request's workspace."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from dojang.service.audit.actor import Actor
from dojang.service.tenancy.crossing import MembershipOf
from dojang.service.workspaces.models import BusinessRole, Workspace
from dojang.service.workspaces.roles import Right, may


@dataclass(frozen=True)
class Member:
    """Who asks, in which workspace, with which rights."""

    membership_id: int
    role: str
    workspace: Workspace
    actor: Actor
    business_roles: dict[int, str] = field(default_factory=dict)

    @property
    def user_id(self) -> int:
        """The person."""
        if self.actor.user_id is None:
            raise LookupError("a member is a person")
        return self.actor.user_id

    @property
    def known_as(self) -> int | str:
        """The person; of a supplier who signs without an account, the workspace that was made for it."""
        return f"guest {self.workspace.pk}" if self.actor.user_id is None else self.actor.user_id

    def may(self, right: Right, business_id: int | None = None) -> bool:
        """Whether this member has a right, in one business or, without one, in the workspace."""
        role = self.role if business_id is None else self.business_roles.get(business_id, self.role)
        return may(role, right)

    def offers(self, right: Right, business_id: int | None = None) -> bool:
        """Whether pages offer this member what takes a right: nothing is written in a closed workspace."""
        return self.workspace.closed_at is None and self.may(right, business_id)

    def require(self, right: Right, business_id: int | None = None) -> None:
        """Refuse where the right is missing.

        Raises:
            PermissionDenied: a page says what role is needed and whom to ask.
        """
        if not self.may(right, business_id):
            raise PermissionDenied(right.value)

    def businesses_with(self, right: Right, business_ids: list[int]) -> list[int]:
        """Those of the businesses in which this member has a right."""
        return [one for one in business_ids if self.may(right, one)]


def member_in(found: MembershipOf, request: HttpRequest) -> Member:
    """The member, read within the workspace's transaction."""
    roles = BusinessRole.objects.filter(membership_id=found.membership_id).values_list("business_id", "role")
    return Member(
        membership_id=found.membership_id,
        role=found.role,
        workspace=Workspace.objects.get(),
        actor=Actor.of_request(request),
        business_roles=dict(roles),
    )
