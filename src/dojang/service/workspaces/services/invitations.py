"""People asked to join: invited, reminded, taken back, accepted."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from dojang.service.accounts.models import User
from dojang.service.audit.actor import Actor
from dojang.service.notices import choices, outbox
from dojang.service.notices.models import Kind
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import current_workspace, in_workspace
from dojang.service.workspaces.closed import WorkspaceClosed
from dojang.service.workspaces.details import email_address
from dojang.service.workspaces.errors import (
    InvitationForAnother,
    InvitationNotOpen,
    InvitationsOff,
    InvitedAlready,
    MemberAlready,
    NoSuchBusiness,
    NoSuchInvitation,
    NotAllowed,
    RoleNotGiven,
    TooManyInvitations,
)
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, BusinessRole, Invitation, Membership, Workspace
from dojang.service.workspaces.roles import Right, Role
from dojang.service.workspaces.services.membership import lock_and_require

VALID = timedelta(days=7)
INVITED_AS = (Role.ADMIN, Role.ISSUER, Role.WRITER, Role.VIEWER)
MAILS_A_DAY = 50
"""That one person may ask for, over all workspaces."""
MAILS_EACH = 5
"""Of one invitation."""
BETWEEN_MAILS = timedelta(minutes=1)


@transaction.atomic
def invite(
    *, member: Member, email: str, role: str, business_id: int | None = None, now: datetime
) -> Invitation:
    """Ask somebody to join; the mail goes out by a job of this transaction.

    Args:
        member: who invites.
        email: who gets the link and alone may use it.
        role: what they become.
        business_id: in this business only; in the whole workspace where None.
        now: aware.

    Raises:
        NoEmail, RoleNotGiven, NoSuchBusiness, MemberAlready, InvitedAlready, TooManyInvitations, InvitationsOff,
            InboxFull, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    address = email_address(email)
    if role not in INVITED_AS:
        raise RoleNotGiven
    business = None if business_id is None else _business(business_id)
    if Membership.objects.filter(user__email=address, left_at__isnull=True).exists():
        raise MemberAlready(email=address)
    _close_expired(address, now)
    if _open().filter(email=address).exists():
        raise InvitedAlready(email=address)
    _limit(member, now)
    invitation = Invitation.objects.create(
        workspace_id=current_workspace(),
        email=address,
        role=role,
        business=business,
        invited_by_id=member.user_id,
        created_at=now,
        asked_at=now,
        expires_at=now + VALID,
    )
    changes = {"role": ("", str(role))} | ({"business": ("", business.name)} if business else {})
    record("invite", Subject.INVITATION, invitation, address, actor=member.actor, at=now, changes=changes)
    _mail(invitation, member, now)
    return invitation


@transaction.atomic
def resend(*, member: Member, invitation_id: int, now: datetime) -> Invitation:
    """Send the mail again, with a new link and seven more days; the link before it is dead.

    Raises:
        NoSuchInvitation, TooManyInvitations, InvitationsOff, InboxFull, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    invitation = _locked(invitation_id)
    if invitation.mails >= MAILS_EACH:
        raise TooManyInvitations(
            when_ko="이 초대를 취소하고 새로 초대해", when_en="by revoking it and inviting anew"
        )
    if now - invitation.asked_at < BETWEEN_MAILS:
        raise TooManyInvitations(when_ko="1분 뒤에", when_en="in a minute")
    _limit(member, now)
    invitation.mails += 1
    invitation.asked_at, invitation.expires_at = now, now + VALID
    invitation.token_hash = invitation.sent_at = None
    invitation.save(update_fields=["mails", "asked_at", "expires_at", "token_hash", "sent_at"])
    record("resend", Subject.INVITATION, invitation, invitation.email, actor=member.actor, at=now)
    _mail(invitation, member, now)
    return invitation


@transaction.atomic
def revoke(*, member: Member, invitation_id: int, now: datetime) -> None:
    """Take an invitation back: its link is dead.

    Raises:
        NoSuchInvitation, NotAllowed: see there.
    """
    lock_and_require(member, Right.MANAGE)
    invitation = _locked(invitation_id)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record("revoke", Subject.INVITATION, invitation, invitation.email, actor=member.actor, at=now)


def accept(*, token_hash: str, actor: Actor, now: datetime) -> Workspace:
    """Make the person a member, once.

    Raises:
        InvitationNotOpen: used, revoked, expired, or no token.
        InvitationForAnother: the person has not confirmed the address it was sent to.
        MemberAlready: they are a member.
        WorkspaceClosed.
    """
    if actor.user_id is None:
        raise NotAllowed
    found = crossing.invitation(token_hash)
    if found is None:
        raise InvitationNotOpen
    with in_workspace(found.workspace_id):
        workspace = Workspace.objects.select_for_update(no_key=True).get()
        if workspace.closed_at is not None:
            raise WorkspaceClosed
        # Asked again under the lock: of two tabs at the same moment, one comes too late.
        invitation = _open().filter(token_hash=token_hash, expires_at__gt=now).first()
        if invitation is None:
            raise InvitationNotOpen
        if not owns_address(actor.user_id, invitation.email):
            raise InvitationForAnother(email=invitation.email)
        if Membership.objects.filter(user_id=actor.user_id, left_at__isnull=True).exists():
            raise MemberAlready(email=invitation.email)
        _join(invitation, workspace, actor.user_id, actor, now)
    return workspace


def owns_address(user_id: int, email: str) -> bool:
    """Whether a person has confirmed that an address is theirs."""
    return EmailAddress.objects.filter(user_id=user_id, verified=True, email__iexact=email).exists()


def _join(invitation: Invitation, workspace: Workspace, user_id: int, actor: Actor, now: datetime) -> None:
    only = invitation.business_id
    membership = Membership.objects.create(
        workspace=workspace,
        user_id=user_id,
        role=Role.NONE if only else invitation.role,
        joined_at=now,
    )
    if only:
        BusinessRole.objects.create(
            workspace=workspace, membership=membership, business_id=only, role=invitation.role
        )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record(
        "accept",
        Subject.INVITATION,
        invitation,
        invitation.email,
        actor=actor,
        at=now,
        changes={"role": ("", invitation.role)},
    )


def _mail(invitation: Invitation, member: Member, now: datetime) -> None:
    """Put the mail down; its token is made when it is sent. In the reader's language where they are known here."""
    if not choices.is_on(Kind.INVITATION):
        raise InvitationsOff
    known = User.objects.filter(email=invitation.email).first()
    language = (known or User.objects.get(pk=member.user_id)).language
    outbox.put(
        Kind.INVITATION,
        key=f"{invitation.pk}:{invitation.mails}",
        to=invitation.email,
        language=language,
        facts={"invitation": invitation.pk, "mails": invitation.mails},
        asked_by_id=member.user_id,
        now=now,
    )


def _business(business_id: int) -> Business:
    business = Business.objects.filter(pk=business_id, archived_at__isnull=True).first()
    if business is None:
        raise NoSuchBusiness
    return business


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)


def _locked(invitation_id: int) -> Invitation:
    invitation = _open().select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise NoSuchInvitation
    return invitation


def _close_expired(email: str, now: datetime) -> None:
    _open().filter(email=email, expires_at__lte=now).update(revoked_at=now)


def _limit(member: Member, now: datetime) -> None:
    if crossing.invitation_mails(member.user_id, now - timedelta(days=1)) >= MAILS_A_DAY:
        raise TooManyInvitations(when_ko="내일", when_en="tomorrow")
