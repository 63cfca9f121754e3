"""Whether a document can be amended at all, before anything is asked: its status, its state, its chain.

Source: 부가가치세법 제32조제3항·제7항 (only what was issued and transmitted is amended), 제35조 (수입).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from dojang.etax.amendments.case import Case
from dojang.etax.amendments.chain import NodeState, Role, Status
from dojang.etax.amendments.messages import Message, message
from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.codes import AmendmentReason

_BY_STATUS: Final[Mapping[Status, str]] = {
    Status.SUBMITTED: "result_pending",
    Status.UNKNOWN: "result_pending",
    Status.CANCELLED: "issue_cancelled",
}

_OF_A_CANCELLATION = frozenset({AmendmentReason.MISTAKE, AmendmentReason.DUPLICATE})
"""What can be done to a 04, or to a chain that one has closed: put the 04 right, or take it back."""


def gate(case: Case, reason: AmendmentReason) -> Iterator[Message]:
    """Why the target cannot be amended for a reason; nothing if it can. The first cause is told alone."""
    for causes in (
        _of_status(case),
        _of_state(case, reason),
        _of_chain(case, reason),
        _of_balance(case, reason),
    ):
        found = next(causes, None)
        if found is not None:
            yield found
            return


def _of_status(case: Case) -> Iterator[Message]:
    document = case.target.document
    if document.status in _BY_STATUS:
        yield message(_BY_STATUS[document.status])
    if document.status is Status.REJECTED:
        yield message("send_failed_reissue", deadline=issue_deadline(case.original_on, law=case.law).on)
    if document.status is Status.ISSUED:
        yield message(_not_transmitted(case))
    if document.invoice.document_type.is_import:
        yield message("import_kind")
    if case.on < case.invoice.written_on:
        yield message("issued_before_written", today=case.on, written_on=case.invoice.written_on)


def _not_transmitted(case: Case) -> str:
    """Cancelling and issuing anew costs nothing in time; later it makes an invoice that was in time a late one."""
    issued_on = case.target.document.issued_on
    deadline = issue_deadline(case.original_on, law=case.law).on
    was_in_time = issued_on is not None and issued_on <= deadline
    is_late_now = case.on > deadline
    return (
        "not_transmitted_send_then_amend"
        if was_in_time and is_late_now
        else "not_transmitted_use_cancel_issue"
    )


def _of_state(case: Case, reason: AmendmentReason) -> Iterator[Message]:
    target = case.target
    corrected = target.target if target.role is Role.REVERSAL else None
    newest = case.chain.newest(corrected or target).key
    by = case.chain.taken_back_by(target)
    if by is not None:
        is_all = target.state is NodeState.REVERSED and target.role is Role.BASE
        day = by.document.issued_on or by.invoice.written_on
        if newest == target.key and target.state is NodeState.SUPERSEDED:
            yield message("plus_failed_reissue", corrected_on=day)
        yield (
            message("chain_cancelled_on", cancelled_on=day)
            if is_all
            else message("target_superseded", corrected_on=day, newest=newest)
        )
    if target.role is Role.REVERSAL and not _can_be_taken_back(case, reason):
        yield message("takes_back_only", newest=newest)


def _can_be_taken_back(case: Case, reason: AmendmentReason) -> bool:
    """A 06 that was a mistake, or one of two 01 on the same document."""
    is_06 = case.invoice.amendment_reason is AmendmentReason.DUPLICATE
    return reason is AmendmentReason.DUPLICATE and (is_06 or case.chain.is_surplus(case.target))


def _of_chain(case: Case, reason: AmendmentReason) -> Iterator[Message]:
    by = case.chain.cancelled_by(case.target)
    if by is None:
        return
    is_the_04 = case.target.role is Role.CANCEL
    if not (is_the_04 and reason in _OF_A_CANCELLATION):
        yield message("chain_cancelled_on", cancelled_on=by.invoice.written_on)


def _of_balance(case: Case, reason: AmendmentReason) -> Iterator[Message]:
    """While a correction stands without its minus the balance counts twice: nothing is taken off it.

    A 06 that takes back one of the two mends that; a 01 leaves the balance alone, but for the document already
    corrected.
    """
    if not case.chain.lacks_minus(case.target) or reason is AmendmentReason.DUPLICATE:
        return
    if reason is not AmendmentReason.MISTAKE or case.chain.is_half_corrected(case.target):
        yield message("minus_missing")
