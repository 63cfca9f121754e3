"""Asking a supplier: sent, sent again, withdrawn. What is asked for changes no more once it was sent."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dojang.etax.findings import errors
from dojang.service.invoices import timing
from dojang.service.invoices.errors import NotFinished
from dojang.service.links import services as links
from dojang.service.links.events import note
from dojang.service.links.models import Link, Purpose
from dojang.service.links.terms import end_of, last_day
from dojang.service.notices import asking, outbox
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.reverse import terms
from dojang.service.reverse.errors import AnswerDayOver, NoSupplierMail, TooManyMails
from dojang.service.reverse.locking import locked
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.reverse.writing import findings_of
from dojang.service.tenancy import crossing
from dojang.service.workspaces.members import Member

#: A link outlives its request, to say what became of it.
_LINK_AFTER: Final = timedelta(days=90)
MOST_MAILS: Final = 10


@transaction.atomic
def request(*, member: Member, request_id: int, version: int, now: datetime) -> ReverseRequest:
    """[역발행 요청]: the supplier gets a link by mail and, where it is on this server, finds it in its inbox.

    Raises:
        NoSuchRequest, PermissionDenied, RequestChanged, RequestOver.
        NotFinished: the checks forbid it.
        NoSupplierMail, AnswerDayOver, MailsOfTheDay, InboxFull.
    """
    row = locked(member, request_id, version=version, state=State.DRAFT)
    today = timing.today(now)
    found = errors(findings_of(row, today=today))
    if found:
        raise NotFinished(found)
    if not row.supplier_email:
        raise NoSupplierMail
    asking.require_left(member, now=now)
    last = last_day(row.expires_at) if row.expires_at else terms.usual_day(row.written_on, today=today)
    if not terms.is_possible(last, today=today):
        raise AnswerDayOver(most=terms.MOST_DAYS)
    row.expires_at = end_of(last)
    row.link = _link(row, member, now)
    row.state, row.version = State.REQUESTED, row.version + 1
    row.requested_by_id, row.requested_at, row.changed_at = member.user_id, now, now
    row.mails = 1
    row.save()
    note(row, "requested", actor=member.actor, now=now, data={"to": row.supplier_email})
    crossing.lay_reverse(row.pk, now)
    _mail(row, member, now)
    return row


@transaction.atomic
def send_again(*, member: Member, request_id: int, to: str, now: datetime) -> ReverseRequest:
    """[다시 보내기]: the same mail once more. To another address it goes with a new link, and the old one ends.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver, NoSupplierMail, TooManyMails, MailsOfTheDay,
            InboxFull.
    """
    row = locked(member, request_id, version=None, state=State.REQUESTED)
    to = to.strip()
    if not to:
        raise NoSupplierMail
    if row.mails >= MOST_MAILS:
        raise TooManyMails(most=MOST_MAILS)
    asking.require_left(member, now=now)
    if to.lower() != row.supplier_email.lower():
        if row.link is not None:
            links.end(row.link, member=member, now=now)
        row.supplier_email = to
        row.link = _link(row, member, now)
    row.mails += 1
    row.changed_at = now
    row.save(update_fields=["mails", "supplier_email", "link", "changed_at"])
    note(row, "mailed", actor=member.actor, now=now, data={"to": to})
    _mail(row, member, now)
    return row


@transaction.atomic
def withdraw(*, member: Member, request_id: int, now: datetime) -> ReverseRequest:
    """[요청취소], until it is signed: of the two whoever comes first wins, by the lock on this row.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver: it was signed or refused meanwhile, which is said.
    """
    row = locked(member, request_id, version=None, state=State.REQUESTED)
    row.state, row.version, row.changed_at = State.WITHDRAWN, row.version + 1, now
    row.save(update_fields=["state", "version", "changed_at"])
    note(row, "withdrawn", actor=member.actor, now=now)
    crossing.echo_reverse(row.pk)
    mails = OutgoingMail.objects.filter(kind=Kind.REVERSE_REQUESTED, facts__request=row.pk)
    if outbox.take_back(mails, why=outbox.NOT_NEEDED, now=now):
        outbox.put(
            Kind.REVERSE_WITHDRAWN,
            key=str(row.pk),
            to=row.supplier_email,
            facts={"request": row.pk},
            now=now,
        )
    return row


def _link(row: ReverseRequest, member: Member, now: datetime) -> Link:
    assert row.expires_at is not None  # noqa: S101 (set before)
    return links.for_request(
        Purpose.REVERSE_REQUEST,
        made_for=row.supplier_email,
        member=member,
        now=now,
        expires_at=row.expires_at + _LINK_AFTER,
    )


def _mail(row: ReverseRequest, member: Member, now: datetime) -> None:
    outbox.put(
        Kind.REVERSE_REQUESTED,
        key=f"{row.pk}:{row.mails}",
        to=row.supplier_email,
        facts={"request": row.pk},
        asked_by_id=member.user_id,
        now=now,
    )
