"""What pages show of a workspace."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.errors import NoSuchBranch, NoSuchBusiness, NoSuchMember
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import (
    Branch,
    Business,
    Invitation,
    Membership,
    Workspace,
)
from dojang.service.workspaces.roles import Right, Role, may
from dojang.service.workspaces.services.membership import open_invoices


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """An invitation as its reader sees it."""

    workspace_name: str
    business_name: str
    inviter: str
    email: str
    role: str
    expires_at: datetime


def businesses_with(member: Member, right: Right) -> list[int]:
    """The businesses of the open workspace, archived ones too, in which the member has a right."""
    return member.businesses_with(right, list(Business.objects.values_list("pk", flat=True)))


def offers_somewhere(member: Member, right: Right) -> bool:
    """Whether pages offer what takes a right, for one business at least."""
    return member.workspace.closed_at is None and bool(businesses_with(member, right))


def writable_businesses(member: Member) -> list[Business]:
    """Those that are in use and for which the member may write."""
    rows = Business.objects.filter(archived_at=None).order_by("id")
    return [one for one in rows if member.may(Right.WRITE, one.pk)]


def writable_choices(member: Member) -> list[tuple[str, str]]:
    """The same for the field of a form.

    Raises:
        PermissionDenied: there is none.
    """
    found = [(str(one.pk), one.name) for one in writable_businesses(member)]
    if not found:
        member.require(Right.WRITE)
    return found


def visible_businesses(member: Member) -> list[Business]:
    """Those a member may see, the archived ones last."""
    rows = Business.objects.annotate(branch_count=Count("branches")).order_by("archived_at", "id")
    found = list(rows.defer("seal_image"))
    found.sort(key=lambda business: business.archived_at is not None)
    return [business for business in found if member.may(Right.VIEW, business.pk)]


def business_for(member: Member, business_id: int, right: Right = Right.VIEW) -> Business:
    """One business.

    Raises:
        NoSuchBusiness: it isn't in this workspace, or this member may not see it.
        PermissionDenied: it may be seen, but not with this right.
    """
    business = Business.objects.filter(pk=business_id).first()
    if business is None or not member.may(Right.VIEW, business.pk):
        raise NoSuchBusiness
    member.require(right, business.pk)
    return business


def branch_of(business: Business, branch_id: int) -> Branch:
    """One 종사업장 of a business."""
    branch = Branch.objects.filter(pk=branch_id, business=business).first()
    if branch is None:
        raise NoSuchBranch
    return branch


def members() -> list[Membership]:
    """Who is in the workspace now: the owner first, then in the order they came."""
    rows = (
        Membership.objects.filter(left_at__isnull=True)
        .select_related("user")
        .prefetch_related("business_roles__business")
        .order_by("joined_at", "id")
    )
    return sorted(rows, key=lambda person: person.role != Role.OWNER)


def membership(membership_id: int) -> Membership:
    """One who is in the workspace now."""
    found = Membership.objects.select_related("user").filter(pk=membership_id, left_at__isnull=True).first()
    if found is None:
        raise NoSuchMember
    return found


def successors(leaving: Membership) -> list[Membership]:
    """Who may look after everything that someone has open."""
    businesses = set(open_invoices(leaving.user_id).values_list("business_id", flat=True))
    found = []
    for person in members():
        roles = {each.business_id: each.role for each in person.business_roles.all()}
        if person.pk != leaving.pk and all(
            may(roles.get(business, person.role), Right.WRITE) for business in businesses
        ):
            found.append(person)
    return found


def open_invitations() -> QuerySet[Invitation]:
    """Neither accepted nor revoked; also those whose time is over, so that they can be sent again."""
    return (
        Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("business", "invited_by")
        .order_by("-id")
    )


def invitation_seen(token_hash: str, *, now: datetime) -> InvitationSeen | None:
    """What an invitation's link leads to; None where it can't be accepted any more."""
    found = crossing.invitation(token_hash)
    if found is None:
        return None
    with in_workspace(found.workspace_id):
        invitation = open_invitations().filter(pk=found.invitation_id, expires_at__gt=now).first()
        if invitation is None:
            return None
        return InvitationSeen(
            workspace_name=Workspace.objects.get().name,
            business_name=invitation.business.name if invitation.business else "",
            inviter=str(invitation.invited_by),
            email=invitation.email,
            role=invitation.role,
            expires_at=invitation.expires_at,
        )
