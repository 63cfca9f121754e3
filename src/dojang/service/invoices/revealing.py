"""Handing out signed bytes: those that name a person's number leave only with an event that tells of it."""

from datetime import datetime

from django.db import transaction

from dojang.service.audit import chain
from dojang.service.invoices import documents
from dojang.service.invoices.changes import lock
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import Action
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@transaction.atomic
def signed_xml(*, member: Member, invoice_id: int, now: datetime) -> bytes:
    """The signed document, byte for byte.

    Raises:
        SignedDocument.DoesNotExist: it is not signed.
        PermissionDenied: a person's number takes `Right.WRITE`, as everywhere.
        SecretUnreadable: it was sealed with another data key.

    Source: 개인정보의 안전성 확보조치 기준 §8 (who looked at a resident number is kept).
    """
    signed = SignedDocument.objects.get(invoice_id=invoice_id)
    stored = bytes(signed.document)
    if documents.is_secret(stored):
        _tell(lock([invoice_id])[invoice_id], member, now)
    return documents.unpack(stored, workspace_id=signed.workspace_id)


def _tell(invoice: Invoice, member: Member, now: datetime) -> None:
    member.require(Right.WRITE, invoice.business_id)
    event = chain.NewEvent(invoice.pk, Action.REVEAL.value, invoice.state, invoice.state, {})
    chain.record([event], actor=member.actor, at=now)
