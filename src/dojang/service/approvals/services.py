"""Asking for approvals, giving them, and sending documents back: each step with many or not at all for companions.

What is approved is exactly what was seen: a request keeps the hash of the content, the approver says which one they
looked at, and only a document with that very content can be signed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dojang.errors import DojangError
from dojang.service.approvals import mails
from dojang.service.approvals.errors import (
    ApprovedTogether,
    NotAsked,
    OwnDocument,
    ReasonMissing,
    SeenOther,
    TooLong,
)
from dojang.service.approvals.models import Approval, ApprovalPolicy, ApprovalState
from dojang.service.approvals.policies import needs_another, policies_of
from dojang.service.audit.actor import Actor
from dojang.service.audit.selectors import last_editors
from dojang.service.invoices import content, guards, timing
from dojang.service.invoices.changes import Change, apply, lock, require
from dojang.service.invoices.drafts import require_whole
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.orders import NoRightToIssue
from dojang.service.invoices.states import Action, State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

_MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the approver saw it."""

    invoice_id: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one of them was left as it was."""

    invoice_id: int
    why: DojangError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each."""

    done: tuple[Invoice, ...]
    refused: tuple[Refused, ...]


@transaction.atomic
def ask(*, member: Member, invoice_ids: Collection[int], note: str = "", now: datetime) -> Outcome:
    """[발행 승인 요청]: drafts that are whole wait for somebody who may issue.

    Raises:
        TooLong: the note.
    """
    note = _text(note)

    def check(invoice: Invoice) -> None:
        member.require(Right.WRITE, invoice.business_id)
        require(invoice, Action.ASK_APPROVAL)
        invoice.content_hash = content.hash_of(require_whole(invoice, on=timing.today(now)))

    outcome = _each(member, invoice_ids, check)
    editors = last_editors(one.pk for one in outcome.done)
    rows = [
        Approval(
            workspace_id=one.workspace_id,
            invoice=one,
            content_hash=one.content_hash,
            total_amount=one.total_amount,
            note=note,
            asked_by_id=member.user_id,
            edited_by_id=editors.get(one.pk),
            asked_at=now,
        )
        for one in outcome.done
    ]
    changes = [Change(one, ("content_hash",), {"content_hash": one.content_hash}) for one in outcome.done]
    apply(Action.ASK_APPROVAL, changes, actor=member.actor, now=now)
    Approval.objects.bulk_create(rows)
    mails.asked(rows, now=now)
    return outcome


@transaction.atomic
def approve(*, member: Member, seen: Sequence[Seen], now: datetime) -> Outcome:
    """[승인]: from now on they can be signed, exactly as they were seen."""
    hashes = {one.invoice_id: one.content_hash for one in seen}
    answers = _Answers(member, hashes)

    def check(invoice: Invoice) -> None:
        approval = answers.open_one(invoice)
        if not approval.content_hash == invoice.content_hash == hashes.get(invoice.pk, ""):
            raise SeenOther
        answers.require_another(invoice, approval)
        require(invoice, Action.APPROVE)

    outcome = _each(member, hashes, check)
    answers.close(outcome.done, Action.APPROVE, ApprovalState.APPROVED, now)
    return outcome


@transaction.atomic
def send_back(*, member: Member, invoice_ids: Collection[int], reason: str, now: datetime) -> Outcome:
    """[반려]: drafts again, with the reason; they can be changed and asked for anew.

    Raises:
        ReasonMissing, TooLong.
    """
    reason = _text(reason)
    if not reason:
        raise ReasonMissing
    answers = _Answers(member, invoice_ids)

    def check(invoice: Invoice) -> None:
        answers.open_one(invoice)
        require(invoice, Action.SEND_BACK)

    outcome = _each(member, invoice_ids, check)
    answers.close(outcome.done, Action.SEND_BACK, ApprovalState.SENT_BACK, now, reason=reason)
    return outcome


@transaction.atomic
def take_back(*, member: Member, invoice_ids: Collection[int], now: datetime) -> Outcome:
    """[요청 취소]: by whoever may write it; a draft again."""
    answers = _Answers(member, invoice_ids, right=Right.WRITE)

    def check(invoice: Invoice) -> None:
        answers.open_one(invoice)
        require(invoice, Action.TAKE_BACK)

    outcome = _each(member, invoice_ids, check)
    answers.close(outcome.done, Action.TAKE_BACK, ApprovalState.TAKEN_BACK, now)
    return outcome


def drop(invoices: Sequence[Invoice], *, actor: Actor, now: datetime) -> None:
    """What is asked of documents that nobody needs any more is taken back; those are drafts again.

    Args:
        invoices: locked; those of them that wait for an approval.
        actor: who makes them needless.
        now: the time.
    """
    waiting = [one for one in invoices if one.state == State.AWAITING_APPROVAL]
    rows = Approval.objects.filter(invoice__in=waiting, state=ApprovalState.ASKED)
    asked = {row.invoice_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    _close(asked, waiting, Action.TAKE_BACK, ApprovalState.TAKEN_BACK, actor, now)


class _Answers:
    """The open requests of some documents, and who may answer them."""

    def __init__(self, member: Member, invoice_ids: Collection[int], right: Right = Right.ISSUE) -> None:
        self._member = member
        self._right = right
        self._ids = guards.together(invoice_ids)
        self._open: dict[int, Approval] | None = None
        self._policies: dict[int, ApprovalPolicy] = {}

    def open_one(self, invoice: Invoice) -> Approval:
        """The request for a locked row.

        Raises:
            NoRightToIssue, PermissionDenied, NotAsked.
        """
        if self._open is None:
            # After the rows are locked: nobody answers between this and the end of the transaction.
            rows = Approval.objects.filter(invoice_id__in=self._ids, state=ApprovalState.ASKED)
            self._open = {row.invoice_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
            self._policies = policies_of(row.invoice.business_id for row in rows.select_related("invoice"))
        try:
            self._member.require(self._right, invoice.business_id)
        except PermissionDenied:
            if self._right is Right.ISSUE:
                raise NoRightToIssue from None
            raise
        if invoice.pk not in self._open:
            raise NotAsked
        return self._open[invoice.pk]

    def require_another(self, invoice: Invoice, approval: Approval) -> None:
        """Refuse whoever needs somebody else to approve.

        Raises:
            OwnDocument.
        """
        policy = self._policies.get(invoice.business_id)
        if needs_another(policy, invoice, approval, self._member.user_id):
            raise OwnDocument

    def close(
        self,
        invoices: Sequence[Invoice],
        action: Action,
        state: ApprovalState,
        now: datetime,
        *,
        reason: str = "",
    ) -> None:
        """Take the step, and write down who answered."""
        _close(self._open or {}, invoices, action, state, self._member.actor, now, reason)


def _close(
    asked: Mapping[int, Approval],
    invoices: Sequence[Invoice],
    action: Action,
    state: ApprovalState,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    answered = [asked[one.pk] for one in invoices]
    told = {one.invoice_id: {"content_hash": one.content_hash} for one in answered}
    for one in invoices:
        if action is not Action.APPROVE:
            one.content_hash = ""
    changes = [
        Change(one, ("content_hash",), {**told[one.pk], **({"reason": reason} if reason else {})})
        for one in invoices
    ]
    apply(action, changes, actor=actor, now=now)
    for row in answered:
        row.state, row.reason = state, reason
        row.decided_by_id, row.decided_at = actor.user_id, now
    Approval.objects.bulk_update(answered, ["state", "reason", "decided_by", "decided_at"])
    mails.answered(answered, now=now)


def _each(member: Member, invoice_ids: Collection[int], check: Callable[[Invoice], None]) -> Outcome:
    """Look at each document and its companions under their locks; companions pass together or not at all.

    What the member may not see is not there.
    """
    companions = guards.companions(invoice_ids)
    ids = set(companions).union(*companions.values())
    rows = lock(ids)
    why: dict[int, DojangError] = {}
    for invoice_id in sorted(ids):
        try:
            invoice = rows.get(invoice_id)
            if invoice is None or not member.may(Right.VIEW, invoice.business_id):
                raise NotAsked
            check(invoice)
        except PermissionDenied:
            why[invoice_id] = NoRightToIssue()
        except DojangError as error:
            why[invoice_id] = error
    _bind(why, companions)
    return Outcome(
        tuple(rows[one] for one in sorted(ids) if one not in why),
        tuple(Refused(one, error) for one, error in sorted(why.items())),
    )


def _bind(why: dict[int, DojangError], companions: Mapping[int, frozenset[int]]) -> None:
    for invoice_id, others in companions.items():
        group = {invoice_id, *others}
        first = next((why[one] for one in sorted(group) if one in why), None)
        if first is not None:
            together = ApprovedTogether(why_ko=first.text("ko"), why_en=first.text("en"))
            why.update({one: together for one in group if one not in why})


def _text(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > _MOST_TEXT:
        raise TooLong(most=_MOST_TEXT)
    return text
