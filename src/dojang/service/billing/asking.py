"""Asking a customer for its billing data: asked, mailed again, sent back, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from dojang.service.billing import terms
from dojang.service.billing.errors import (
    AnswerChanged,
    AnswerDayOver,
    NoMail,
    NoName,
    NoReason,
    TooManyMails,
)
from dojang.service.billing.locking import locked
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import timing
from dojang.service.links import services as links
from dojang.service.links.events import note
from dojang.service.links.models import Link, Purpose
from dojang.service.links.terms import end_of
from dojang.service.notices import asking, outbox
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.errors import NoSuchBusiness
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

#: A link outlives its request, to say what became of it.
_LINK_AFTER: Final = timedelta(days=30)
A_DAY: Final = 5
"""Mails to one address that one workspace may ask for in 24 hours."""
MOST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, of whom, by which business.

    Attributes:
        counterparty: whose data it is; None where it is none of ours yet.
        name: what we call the customer; nobody but members sees it.
        email: where the link goes.
        message: what the customer reads.
        last_day: until when it may be filled in.
        allow_individual: whether somebody without a business number may answer.
    """

    business: Business
    counterparty: Counterparty | None
    name: str
    email: str
    message: str
    last_day: date
    allow_individual: bool


@transaction.atomic
def ask(*, member: Member, wanted: Wanted, now: datetime) -> BillingRequest:
    """[발행정보 요청]: the customer gets a link by mail.

    Raises:
        PermissionDenied, NoSuchBusiness, NoName, NoMail, AnswerDayOver, TooManyMails, MailsOfTheDay, InboxFull.
    """
    member.require(Right.WRITE, wanted.business.pk)
    if wanted.business.archived_at is not None:
        raise NoSuchBusiness
    name, email = " ".join(wanted.name.split()), wanted.email.strip()
    if not name:
        raise NoName
    if not email:
        raise NoMail
    if not terms.is_possible(wanted.last_day, today=timing.today(now)):
        raise AnswerDayOver(most=terms.MOST_DAYS)
    _require_left(member, email, now)
    row = BillingRequest(
        workspace_id=current_workspace(),
        business=wanted.business,
        counterparty=wanted.counterparty,
        name=name,
        email=email,
        message=" ".join(wanted.message.split()),
        allow_individual=wanted.allow_individual,
        expires_at=end_of(wanted.last_day),
        created_by_id=member.user_id,
        created_at=now,
        changed_at=now,
        mails=1,
    )
    row.link = _link(row, member, now)
    row.save(force_insert=True)
    note(row, "asked", actor=member.actor, now=now, data={"to": email})
    _mail(row, member, now)
    return row


@transaction.atomic
def send_again(*, member: Member, request_id: int, to: str, now: datetime) -> BillingRequest:
    """[다시 보내기]: to another address it goes with a new link, and the old one ends.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver, NoMail, TooManyMails, MailsOfTheDay, InboxFull.
    """
    row = locked(member, request_id, State.ASKED)
    to = to.strip()
    if not to:
        raise NoMail
    _require_left(member, to, now)
    if to.lower() != row.email.lower():
        if row.link is not None:
            links.end(row.link, member=member, now=now)
        row.email = to
        row.link = _link(row, member, now)
    row.mails += 1
    row.changed_at = now
    row.save(update_fields=["email", "link", "mails", "changed_at"])
    note(row, "mailed", actor=member.actor, now=now, data={"to": to})
    _mail(row, member, now)
    return row


@transaction.atomic
def send_back(*, member: Member, request_id: int, version: int, reason: str, now: datetime) -> BillingRequest:
    """[돌려보내기]: the customer mends its answer by the same link, and has at least a week for it.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver, AnswerChanged, NoReason, TooManyMails, MailsOfTheDay,
            InboxFull.
    """
    row = locked(member, request_id, State.ANSWERED)
    if row.version != version:
        raise AnswerChanged
    reason = " ".join(reason.split())[:MOST_REASON]
    if not reason:
        raise NoReason
    _require_left(member, row.email, now)
    row.state, row.reason, row.version = State.ASKED, reason, row.version + 1
    row.expires_at = max(row.expires_at, end_of(timing.today(now) + terms.AGAIN))
    row.reminded_at, row.changed_at = None, now
    row.mails += 1
    row.save()
    if row.link is not None:
        row.link.expires_at = row.expires_at + _LINK_AFTER
        row.link.save(update_fields=["expires_at"])
    note(row, "sent_back", actor=member.actor, now=now, data={"to": row.email, "reason": reason})
    _mail(row, member, now)
    return row


@transaction.atomic
def withdraw(*, member: Member, request_id: int, now: datetime) -> BillingRequest:
    """[요청 취소]: nothing is asked any more, and what was filled in is thrown away.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver.
    """
    row = locked(member, request_id, State.ASKED, State.ANSWERED)
    end(row, State.WITHDRAWN, now)
    note(row, "withdrawn", actor=member.actor, now=now)
    kinds = [Kind.BILLING_ASKED, Kind.BILLING_REMINDER]
    mails = OutgoingMail.objects.filter(kind__in=kinds, facts__request=row.pk)
    outbox.take_back(mails, why=outbox.NOT_NEEDED, now=now)
    return row


def end(row: BillingRequest, state: State, now: datetime) -> None:
    """Over without a result: what the customer filled in is not kept."""
    row.state, row.version, row.changed_at = state, row.version + 1, now
    row.answer, row.personal_number, row.status = {}, None, {}
    row.save(update_fields=["state", "version", "changed_at", "answer", "personal_number", "status"])


def was_erased(row: BillingRequest) -> bool:
    """Whether it ended because nobody took its answer over."""
    return row.state == State.EXPIRED and row.events.filter(action="lapsed").exists()


def _link(row: BillingRequest, member: Member, now: datetime) -> Link:
    return links.for_request(
        Purpose.BILLING_INFO,
        made_for=row.email,
        member=member,
        now=now,
        expires_at=row.expires_at + _LINK_AFTER,
    )


def _require_left(member: Member, email: str, now: datetime) -> None:
    """Refuse who has asked too often: of everybody, and of this one address."""
    asking.require_left(member, now=now)
    asked = OutgoingMail.objects.filter(
        kind=Kind.BILLING_ASKED, to__iexact=email, created_at__gt=now - timedelta(days=1)
    )
    if asked.count() >= A_DAY:
        raise TooManyMails(most=A_DAY)


def _mail(row: BillingRequest, member: Member, now: datetime) -> None:
    outbox.put(
        Kind.BILLING_ASKED,
        key=f"{row.pk}:{row.mails}",
        to=row.email,
        facts={"request": row.pk},
        asked_by_id=member.user_id,
        now=now,
    )
