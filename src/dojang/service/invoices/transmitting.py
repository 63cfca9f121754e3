"""What a person decides about transmission: now, not at all, or to ask once more; and what to tell them of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.notices import Notice
from dojang.nts.codes import CodeInfo, ResultCode, describe
from dojang.service.audit.actor import WORKER
from dojang.service.audit.models import Event
from dojang.service.invoices import guards
from dojang.service.invoices.changes import Change, apply, lock, require, require_version
from dojang.service.invoices.errors import NotPossible
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State, transition
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.notices import occasions
from dojang.service.tenancy.beside import beside
from dojang.service.transmission import deferring, randoms
from dojang.service.transmission.models import Submission, SubmissionItem, SubmissionState
from dojang.service.transmission.receipts import entered_on
from dojang.service.web.templatetags.dojang import state_text
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

#: Between two questions that people ask about one submission.
ASK_PAUSE = timedelta(seconds=10)


@transaction.atomic
def transmit_now(*, member: Member, invoice_ids: Sequence[int], now: datetime) -> int:
    """[지금 전송]: bring the time of transmission forward; how many of them were waiting.

    Raises:
        PermissionDenied: one of them may not be issued by this member; then none is sent.
    """
    waiting = [row for row in lock(guards.together(invoice_ids)).values() if row.state == State.ISSUED]
    for row in waiting:
        member.require(Right.ISSUE, row.business_id)
    hurried = [row for row in waiting if row.transmit_at is None or row.transmit_at > now]
    for row in hurried:
        row.transmit_at = now
    if hurried:
        apply(
            Action.SEND_NOW, [Change(row, ("transmit_at",)) for row in hurried], actor=member.actor, now=now
        )
    if waiting:
        deferring.transmit_now()
    return len(waiting)


@transaction.atomic
def mail_bounced(*, invoice_id: int, now: datetime) -> bool:
    """The buyer's mail came back: Hometax is the only inbox left, so it goes at once; whether it was still waiting.

    발급일 is then the day on which it is entered there, also where that has been already, and until that day it has not
    been issued at all. What was issued with it or not at all goes with it.

    Source: 부가가치세법 시행령 §68⑪⑫.
    """
    rows = lock(guards.together([invoice_id]))
    invoice = rows.pop(invoice_id, None)
    if invoice is None:
        return False
    if invoice.state != State.ISSUED:
        _bounced_late(invoice, now)
        return False
    invoice.delivered_on, invoice.transmit_at = None, now
    changes = [Change(invoice, ("delivered_on", "transmit_at"), {"because": "mail_bounced"})]
    for row in rows.values():
        if row.state == State.ISSUED and (row.transmit_at is None or row.transmit_at > now):
            row.transmit_at = now
            changes.append(Change(row, ("transmit_at",)))
    apply(Action.SEND_NOW, changes, actor=WORKER, now=now)
    deferring.transmit_now()
    return True


def _bounced_late(invoice: Invoice, now: datetime) -> None:
    """It has been sent: without a verdict 발급일 is open until there is one, and with one it is the receipt's."""
    if transition(State(invoice.state), Action.BOUNCE) is None:
        return
    invoice.delivered_on = _entered_on(invoice) if invoice.state == State.ACCEPTED else None
    told = {"delivered_on": invoice.delivered_on.isoformat() if invoice.delivered_on else None}
    apply(Action.BOUNCE, [Change(invoice, ("delivered_on",), told)], actor=WORKER, now=now)


def _entered_on(invoice: Invoice) -> date | None:
    accepted = Event.objects.filter(invoice=invoice, action=Action.ACCEPT).order_by("-sequence").first()
    if accepted is None:
        return None
    return entered_on(accepted.data.get("receipt_id", ""), sent_at=invoice.sent_at or accepted.at)


@transaction.atomic
def cancel(*, member: Member, invoice_id: int, version: int, now: datetime) -> Invoice:
    """[발행취소]: only before transmission; who came first, this or the worker, the row's lock decides.

    Documents that were issued together are cancelled together.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, ChangedMeanwhile, NotPossible.
    """
    ids = guards.together([invoice_id])
    guards.hold(ids)
    rows = lock(ids)
    invoice = rows.get(invoice_id)
    if invoice is None:
        raise Invoice.DoesNotExist
    cancelled = list(rows.values())
    for row in cancelled:
        member.require(Right.ISSUE, row.business_id)
        require(row, Action.CANCEL)
        row.transmit_at = None
    require_version(invoice, version)
    guards.require(Action.CANCEL, cancelled, member=member, now=now)
    apply(Action.CANCEL, [Change(row, ("transmit_at",)) for row in cancelled], actor=member.actor, now=now)
    guards.done(Action.CANCEL, cancelled, member=member, now=now)
    randoms.erase_unneeded([row.pk for row in cancelled], now=now)
    for row in cancelled:
        beside(partial(occasions.cancelled, row, now=now), what="mails of a cancelled invoice")
    return invoice


@transaction.atomic
def ask_again(*, member: Member, invoice_id: int, now: datetime) -> None:
    """[결과 다시 확인]: have the NTS asked now. Asking changes nothing and sends nothing a second time.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, NotPossible: nothing of it is on its way.
    """
    invoice = Invoice.objects.filter(pk=invoice_id, deleted_at=None).get()
    member.require(Right.ISSUE, invoice.business_id)
    item = SubmissionItem.objects.filter(invoice=invoice, result_at=None).order_by("-id").first()
    if item is None or invoice.state not in {State.SUBMITTED, State.UNKNOWN}:
        raise NotPossible(state=state_text(invoice.state))
    row = Submission.objects.select_for_update().defer("message").get(pk=item.submission_id)
    asked = row.calls.order_by("-id").values_list("at", flat=True).first()
    open_states = {SubmissionState.RECEIVED, SubmissionState.UNKNOWN, SubmissionState.PREPARED}
    if row.state in open_states and (asked is None or asked + ASK_PAUSE <= now):
        row.next_look_at = now
        row.save(update_fields=["next_look_at"])
        deferring.look_now(row.pk)


def cancel_advice(invoice: Invoice, *, now: datetime) -> Notice | None:
    """After 발급기한, that sending and amending costs nothing where cancelling and issuing anew costs 1 %.

    Only for what was issued in time: what was late already is late either way. An amendment has another term.

    Source: 부가가치세법 §60②1 (지연발급); 서면-2016-부가-5560 for an invoice that was issued in time.
    """
    deadline = _issue_by(invoice)
    if deadline is None or today(now) <= deadline or not _was_in_time(invoice, deadline):
        return None
    return Notice(
        "send_and_amend_instead",
        f"발급기한({deadline.isoformat()})이 지나, 취소하고 새로 발행하면 지연발급 가산세(공급가액의 1%)가 붙습니다. "
        "취소하지 말고 그대로 전송한 뒤 수정발행(기재사항 착오)하세요. 가산세가 없습니다.",
        f"The issue deadline ({deadline.isoformat()}) has passed: cancelling and issuing anew costs the penalty for "
        "late issuing (1 % of the supply amount). Let it be sent and amend it (mistaken entry), which costs nothing.",
        "부가가치세법 제60조 제2항 제1호, 서면-2016-부가-5560",
    )


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the NTS did not take an invoice, and what to do.

    Attributes:
        codes: each code with its meaning, cause and remedy, in the order in which the NTS gave them.
        advice: what the law makes of the time that is left.
    """

    codes: tuple[CodeInfo, ...]
    advice: Notice

    @property
    def may_be_filed(self) -> bool:
        """Whether the NTS says that it has this issue id already: then nothing is to be issued before asking."""
        return any(one.code == ResultCode.SYN003 for one in self.codes)


def why_rejected(invoice: Invoice, *, now: datetime) -> Rejection | None:
    """What a rejected invoice shows; None for any other."""
    if invoice.state != State.REJECTED:
        return None
    item = SubmissionItem.objects.filter(invoice=invoice).exclude(result_at=None).order_by("-id").first()
    said: list[str] = item.result_codes if item is not None else [invoice.result_code]
    codes = tuple(describe(code) for code in said if code != ResultCode.SUC001)
    return Rejection(codes, _after_rejection(invoice, now))


def _after_rejection(invoice: Invoice, now: datetime) -> Notice:
    deadline = _issue_by(invoice)
    if deadline is None or today(now) <= deadline:
        until = f" 발급기한은 {deadline.isoformat()}입니다." if deadline else ""
        until_en = f" It can be issued until {deadline.isoformat()}." if deadline else ""
        return Notice(
            "issue_anew_today",
            f"국세청에 접수되지 않았으므로 고쳐서 오늘 다시 발행하세요.{until}",
            f"The NTS does not have it: mend it and issue it anew today.{until_en}",
            "부가가치세법 제34조 제3항",
        )
    in_time = _was_in_time(invoice, deadline)
    return Notice(
        "issue_anew_late",
        f"발급기한({deadline.isoformat()})이 지났습니다. 지금 새로 발행하면 지연발급 가산세(공급가액의 1%)가 붙을 수 있습니다."
        + (
            " 처음 발행은 기한 안이었으니, 그 서명 시각과 전송 기록을 보관하고 새로 발행하기 전에 세무대리인과 상의하세요."
            if in_time
            else " 늦을수록 불리하니 바로 고쳐서 다시 발행하세요."
        ),
        f"The issue deadline ({deadline.isoformat()}) has passed: issuing anew now may cost the penalty for late "
        "issuing (1 % of the supply amount)."
        + (
            " The first issue was in time: keep its signing time and the record of sending, and ask your tax "
            "accountant before issuing anew."
            if in_time
            else " Mend it and issue it anew at once."
        ),
        "부가가치세법 제60조 제2항 제1호",
    )


def _issue_by(invoice: Invoice) -> date | None:
    """발급기한 of an original; an amendment's is its reason's."""
    if invoice.written_on is None or invoice.amendment_reason:
        return None
    deadline: date = issue_deadline(invoice.written_on, law=law()).on
    return deadline


def _was_in_time(invoice: Invoice, deadline: date) -> bool:
    return invoice.delivered_on is not None and invoice.delivered_on <= deadline
