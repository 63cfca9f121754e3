"""[메일 재발송]: the mail of an issued invoice once more, to the same or another address. The invoice stays as it is."""

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dojang.service.audit import chain
from dojang.service.invoices import changes
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.notices import asking, choices, outbox
from dojang.service.notices.errors import (
    MailedJustNow,
    MailedTooOften,
    MailsOff,
    NotAnAddress,
    NothingToMail,
)
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.web.templatetags.dojang import state_text
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

MOST: Final = 20
"""Mails of one invoice."""
PAUSE: Final = timedelta(minutes=1)
"""Between two to the same address."""
MAILED: Final = frozenset({State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED})


@transaction.atomic
def resend(*, member: Member, invoice_id: int, to: str, now: datetime) -> OutgoingMail:
    """Put one more mail down, with an event that says who asked for it and where it goes.

    It never issues anything: a buyer who did not get a mail gets the same document again.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, NothingToMail, NotAnAddress, MailsOff, MailedJustNow, MailedTooOften,
            MailsOfTheDay.
    """
    invoice = changes.lock([invoice_id]).get(invoice_id)
    if invoice is None:
        raise Invoice.DoesNotExist
    member.require(Right.ISSUE, invoice.business_id)
    address = _address(to)
    if State(invoice.state) not in MAILED:
        raise NothingToMail(state=state_text(invoice.state))
    if not choices.is_on(Kind.INVOICE_ISSUED):
        raise MailsOff
    before = OutgoingMail.objects.filter(invoice=invoice, kind=Kind.INVOICE_ISSUED)
    count = before.count()
    if count >= MOST:
        raise MailedTooOften(most=MOST)
    if before.filter(to__iexact=address, created_at__gt=now - PAUSE).exists():
        raise MailedJustNow
    asking.require_left(member, now=now)
    event = chain.NewEvent(invoice.pk, Action.MAIL.value, invoice.state, invoice.state, {"to": address})
    chain.record([event], actor=member.actor, at=now)
    return outbox.put(
        Kind.INVOICE_ISSUED,
        key=f"{invoice.pk}:again:{count}",
        to=address,
        invoice_id=invoice.pk,
        asked_by_id=member.user_id,
        now=now,
    )


def _address(text: str) -> str:
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAddress from None
    return address
