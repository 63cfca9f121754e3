"""What a person decides about transmission: now, not at all, or to ask once more."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.notices import Notice
from dojang.service.invoices.changes import Change, apply, lock, require, require_version
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.transmission import deferring
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@transaction.atomic
def transmit_now(*, member: Member, invoice_ids: Sequence[int], now: datetime) -> int:
    """[지금 전송]: bring the time of transmission forward; how many of them were waiting.

    Raises:
        PermissionDenied: one of them may not be issued by this member; then none is sent.
    """
    waiting = [row for row in lock(invoice_ids).values() if row.state == State.ISSUED]
    for row in waiting:
        member.require(Right.ISSUE, row.business_id)
        row.transmit_at = now
    Invoice.objects.bulk_update(waiting, ["transmit_at"], batch_size=200)
    if waiting:
        deferring.transmit_now()
    return len(waiting)


@transaction.atomic
def cancel(*, member: Member, invoice_id: int, version: int, now: datetime) -> Invoice:
    """[발행취소]: only before transmission; who came first, this or the worker, the row's lock decides.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, ChangedMeanwhile, NotPossible.
    """
    invoice = lock([invoice_id]).get(invoice_id)
    if invoice is None:
        raise Invoice.DoesNotExist
    member.require(Right.ISSUE, invoice.business_id)
    require(invoice, Action.CANCEL)
    require_version(invoice, version)
    invoice.transmit_at = None
    apply(Action.CANCEL, [Change(invoice, ("transmit_at",))], actor=member.actor, now=now)
    return invoice


def cancel_advice(invoice: Invoice, *, now: datetime) -> Notice | None:
    """After 발급기한, that sending and amending costs nothing where cancelling and issuing anew costs 1 %.

    Source: 부가가치세법 §60②1 (지연발급); 서면-2016-부가-5560 for an invoice that was issued in time.
    """
    if invoice.written_on is None or today(now) <= issue_deadline(invoice.written_on, law=law()).on:
        return None
    return Notice(
        "send_and_amend_instead",
        "발급기한이 지나 새로 발행하면 지연발급 가산세(공급가액의 1%)가 붙을 수 있습니다. 취소하지 말고 전송한 뒤 수정발행하세요.",
        "The issue deadline has passed: a new invoice may cost the penalty for late issuing (1 % of the supply amount). "
        "Do not cancel; let it be sent, then amend it.",
        "부가가치세법 제60조 제2항 제1호, 서면-2016-부가-5560",
    )
