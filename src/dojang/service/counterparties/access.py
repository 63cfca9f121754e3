"""Who may see and change counterparties: they belong to the workspace, whichever business one works for."""

from django.core.exceptions import PermissionDenied

from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right, may


def allows(member: Member, right: Right) -> bool:
    """Whether the member has the right in the workspace or in one of its businesses."""
    return member.may(right) or any(may(role, right) for role in member.business_roles.values())


def offers(member: Member, right: Right) -> bool:
    """Whether pages offer what takes the right; see `Member.offers`."""
    return member.workspace.closed_at is None and allows(member, right)


def require(member: Member, right: Right) -> None:
    """Refuse where the right is missing everywhere.

    Raises:
        PermissionDenied: a page says what role is needed and whom to ask.
    """
    if not allows(member, right):
        raise PermissionDenied(right.value)
