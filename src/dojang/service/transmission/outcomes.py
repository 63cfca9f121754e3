"""What became of a message, written down: every step of a submission, each in one transaction under its row's lock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dojang.errors import DojangError
from dojang.nts.codes import FailReason
from dojang.nts.outcomes import (
    Finding,
    NotSent,
    OutcomeUnknown,
    Receipt,
    Reconciled,
    Refused,
    Results,
    SubmitOutcome,
)
from dojang.nts.reconciliation import Answer, Reconciliation
from dojang.nts.response import TaxInvoiceResponse
from dojang.nts.submission import Submission as Message
from dojang.service.audit.actor import NTS, WORKER
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import clockskew, deferring, results, schedule
from dojang.service.transmission.models import Submission, SubmissionCall, SubmissionState
from dojang.service.transmission.places import of_submission

SUBMIT, ASK, CALLBACK = "submit", "ask", "callback"
#: How long a carrier goes on looking after a submission that it has just sent.
CARRIED = timedelta(seconds=3)
_LONGEST = 500
#: A signed notice can be sent again by whoever has seen it: more of them are applied as ever, and not written down.
_MOST_CALLBACKS = 100
_OPEN = frozenset(
    {SubmissionState.PREPARED, SubmissionState.SENDING, SubmissionState.RECEIVED, SubmissionState.UNKNOWN}
)
#: Outcomes of sending that say that the message is there, in words of asking.
_ARRIVED = frozenset({"receipt", "arrived_before"})
#: Why a whole message is not taken: who sent it, or that it cannot be opened.
_TURNED_DOWN = frozenset({FailReason.SYS001, FailReason.SYN001})


@dataclass(frozen=True, slots=True)
class Begun:
    """A message that may go out now, and what its row said before, should nothing be sent."""

    message: Message
    before: str
    sent_before: datetime | None


def locked(submission_id: int) -> Submission:
    """The row, for this transaction alone."""
    return Submission.objects.select_for_update().get(pk=submission_id)


@transaction.atomic
def begin(submission_id: int, *, now: datetime) -> Begun | None:
    """Write down that the message goes out now; None where it may not.

    It may for the first time, and again when the NTS has said twice that it never came.
    """
    row = locked(submission_id)
    may = row.state == SubmissionState.PREPARED or (
        row.state == SubmissionState.UNKNOWN and reconciliation(row).may_resend(now)
    )
    if not may or row.message is None:
        return None
    begun = Begun(Message.from_bytes(bytes(row.message)), row.state, row.sent_at)
    row.state, row.sent_at, row.next_look_at = SubmissionState.SENDING, now, now
    row.save(update_fields=["state", "sent_at", "next_look_at"])
    return begun


@transaction.atomic
def sent(submission_id: int, begun: Begun, outcome: SubmitOutcome, *, now: datetime) -> None:
    """Write down what came of sending."""
    row = locked(submission_id)
    match outcome:
        case Receipt():
            _receipt(row, outcome, now)
        case Refused():
            _refusal(row, begun, outcome, now)
        case NotSent():
            _not_sent(row, begun, outcome, now)
        case OutcomeUnknown():
            _call(row, SUBMIT, "unknown", now, code=outcome.why.code, detail=outcome.why.text("en"))
            if row.state == SubmissionState.SENDING:
                _lose(row, now)


def _receipt(row: Submission, outcome: Receipt, now: datetime) -> None:
    clockskew.observe(outcome.response, now=now)
    _call(row, SUBMIT, "receipt", now, detail=outcome.response.receipt_id)
    if row.state in _OPEN:
        _move(row, SubmissionState.RECEIVED, schedule.after(schedule.RESULTS, 1, now))


def _refusal(row: Submission, begun: Begun, outcome: Refused, now: datetime) -> None:
    code = outcome.reason.code
    if outcome.arrived_before:
        _call(row, SUBMIT, "arrived_before", now, code=code)
        if row.state in _OPEN:
            _lose(row, now)
        return
    _call(row, SUBMIT, "refused", now, code=code, detail=_told(outcome.response))
    if row.state != SubmissionState.SENDING:
        return
    # A reason that the standard does not give for a submission proves nothing: it is asked for.
    if code in _TURNED_DOWN:
        _turn_down(row, outcome, now, was_sent=begun.sent_before is not None)
    else:
        _lose(row, now)


def _not_sent(row: Submission, begun: Begun, outcome: NotSent, now: datetime) -> None:
    _call(row, SUBMIT, "not_sent", now, code=outcome.why.code, detail=outcome.why.text("en"))
    if row.state == SubmissionState.SENDING:
        row.sent_at = begun.sent_before
        at = schedule.after(schedule.NOT_SENT, _streak(row, SUBMIT, "not_sent"), now)
        _move(row, SubmissionState(begun.before), at)


@transaction.atomic
def abandoned(submission_id: int, *, now: datetime) -> None:
    """The process that was sending it is dead: nobody knows how far it came."""
    row = locked(submission_id)
    if row.state == SubmissionState.SENDING:
        _call(row, SUBMIT, "abandoned", now)
        _lose(row, now)


@transaction.atomic
def asked(submission_id: int, found: Reconciled, *, now: datetime) -> None:
    """Write down what the NTS says of it."""
    row = locked(submission_id)
    code, detail = _said(found)
    _call(row, ASK, found.finding.value, found.asked_at, code=code, detail=detail)
    if row.state not in {SubmissionState.RECEIVED, SubmissionState.UNKNOWN}:
        return
    _FOUND[found.finding](row, found, now)


@transaction.atomic
def told(submit_id: str, response: TaxInvoiceResponse, *, now: datetime) -> bool:
    """Apply results that the NTS sent by itself; False where no such submission is ours."""
    row = Submission.objects.select_for_update().filter(submit_id=submit_id).first()
    if row is None:
        return False
    if row.state not in _OPEN:
        return True  # told again: nothing is left to learn
    clockskew.observe(response, now=now)
    if row.calls.filter(kind=CALLBACK).count() < _MOST_CALLBACKS:
        _call(row, CALLBACK, "results", now, code=response.fail_reason or "", detail=_told(response))
    if response.refused or response.still_working:
        _move(row, SubmissionState(row.state), now)  # what it means is asked for
    else:
        _apply(row, response, now)
    return True


def reconciliation(row: Submission) -> Reconciliation:
    """Everything that was found out about it, as the library decides by."""
    answers = tuple(
        Answer(Finding.STILL_WORKING if call.outcome in _ARRIVED else Finding(call.outcome), call.at)
        for call in row.calls.all()
        if call.kind == ASK or call.outcome in _ARRIVED
    )
    return Reconciliation(row.sent_at or row.prepared_at, answers)


# What asking found


def _accepted(row: Submission, found: Reconciled, now: datetime) -> None:
    assert isinstance(found.outcome, Results)  # noqa: S101 (that is what this finding is made from)
    clockskew.observe(found.outcome.response, now=now)
    _apply(row, found.outcome.response, now)


def _working(row: Submission, found: Reconciled, now: datetime) -> None:
    _move(row, SubmissionState.RECEIVED, schedule.after(schedule.RESULTS, _asked(row), now))


def _refused(row: Submission, found: Reconciled, now: datetime) -> None:
    assert isinstance(found.outcome, Refused)  # noqa: S101 (likewise)
    _turn_down(row, found.outcome, now, was_sent=False)


def _missing(row: Submission, found: Reconciled, now: datetime) -> None:
    known = reconciliation(row)
    if known.arrived:
        # It was there and is not any more: only a person can find out why. It goes on being asked for.
        _move(row, SubmissionState.UNKNOWN, schedule.after(schedule.RESULTS, len(schedule.RESULTS), now))
        return
    _move(row, SubmissionState.UNKNOWN, now if known.may_resend(now) else max(known.ask_from(), now))


def _no_answer(row: Submission, found: Reconciled, now: datetime) -> None:
    at = schedule.after(schedule.NO_ANSWER, _streak(row, ASK, Finding.UNKNOWN.value), now)
    _move(row, SubmissionState(row.state), at)


_FOUND: Mapping[Finding, Callable[[Submission, Reconciled, datetime], None]] = {
    Finding.ACCEPTED: _accepted,
    Finding.STILL_WORKING: _working,
    Finding.REFUSED: _refused,
    Finding.NEVER_ARRIVED: _missing,
    Finding.UNKNOWN: _no_answer,
}


# Steps


def _move(row: Submission, state: SubmissionState, at: datetime | None) -> None:
    row.state, row.next_look_at = state, at
    row.save(update_fields=["state", "next_look_at", "sent_at"])
    if at is not None:
        # Whoever carries it looks again by itself for some seconds; the job is for when nobody does any more.
        deferring.look(row.pk, max(at, timezone.now() + CARRIED))


def _lose(row: Submission, now: datetime) -> None:
    """Its answer is lost: from here on it is only asked for."""
    _step(row, Action.LOSE_ANSWER, now, sources={State.SUBMITTED})
    _move(row, SubmissionState.UNKNOWN, now)


def _turn_down(row: Submission, outcome: Refused, now: datetime, *, was_sent: bool) -> None:
    """The NTS took none of it. Its invoices are as they were before, and go again under another SubmitID.

    But where the same message went out before, being turned down at the door says nothing of that one.
    """
    if was_sent and outcome.reason.code != FailReason.SYN001:
        _move(row, SubmissionState.UNKNOWN, schedule.after(schedule.NO_ANSWER, _asked(row), now))
        return
    data = {"code": outcome.reason.code}
    _step(row, Action.NOT_SENT, now, sources={State.SUBMITTED, State.UNKNOWN}, data=data)
    row.state, row.message, row.settled_at, row.next_look_at = SubmissionState.REFUSED, None, now, None
    row.save(update_fields=["state", "message", "settled_at", "next_look_at"])
    deferring.refresh_nts_certificate()


def _apply(row: Submission, response: TaxInvoiceResponse, now: datetime) -> None:
    left = results.apply_results(row, response, now=now)
    if left:
        _move(row, SubmissionState.RECEIVED, schedule.after(schedule.RESULTS, _asked(row), now))
        return
    row.state, row.message, row.settled_at, row.next_look_at = SubmissionState.SETTLED, None, now, None
    row.save(update_fields=["state", "message", "settled_at", "next_look_at"])


def _step(
    row: Submission,
    action: Action,
    now: datetime,
    *,
    sources: set[State],
    data: Mapping[str, Any] | None = None,
) -> None:
    """The same step for those of its invoices that are in one of these states."""
    for workspace_id, invoice_ids in of_submission(row.pk):
        with in_workspace(workspace_id):
            rows = [one for one in lock(invoice_ids).values() if one.state in sources]
            told = {"submit_id": row.submit_id, **(data or {})}
            actor = NTS if action is Action.NOT_SENT else WORKER
            apply(action, [Change(one, data=told) for one in rows], actor=actor, now=now)


# Calls


def _call(
    row: Submission, kind: str, outcome: str, at: datetime, *, code: str = "", detail: str = ""
) -> None:
    SubmissionCall.objects.create(
        submission=row, kind=kind, outcome=outcome, at=at, code=code[:40], detail=detail[:_LONGEST]
    )


def _asked(row: Submission) -> int:
    return row.calls.filter(kind=ASK).count() + 1


def _streak(row: Submission, kind: str, outcome: str) -> int:
    """How often in a row, counted from the last call of this kind."""
    outcomes = list(row.calls.filter(kind=kind).order_by("-id").values_list("outcome", flat=True)[:20])
    return next((n for n, one in enumerate(outcomes) if one != outcome), len(outcomes))


def _said(found: Reconciled) -> tuple[str, str]:
    outcome = found.outcome
    if isinstance(outcome, Results):
        return "", _told(outcome.response)
    if isinstance(outcome, Refused):
        return outcome.reason.code, _told(outcome.response)
    why: DojangError = outcome.why
    return why.code, why.text("en")


def _told(response: TaxInvoiceResponse) -> str:
    counts = f"{response.success}/{response.total}" if response.total is not None else ""
    return " ".join(part for part in (response.receipt_id, counts, response.description or "") if part)
