"""What the book holds: submissions, documents, what is filed, callbacks, faults waiting."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique

from dojang.sandbox.faults import Fault


@unique
class SubmissionState(StrEnum):
    """How far a submission is."""

    RECEIVED = "received"
    """Receipt given; its verdicts are due later."""
    JUDGED = "judged"
    IMPOSSIBLE = "impossible"
    """Turned down as a whole: SYN001."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One package as it arrived.

    Attributes:
        submit_id: SubmitID.
        registration: of the system that sent it.
        receipt_id: ReceiptID.
        received_at: by the sandbox's clock.
        total: how many invoices.
        sha256: of the HTTP body, hex.
        reply_to: where results are to be sent.
        judge_at: when its verdicts are due, in seconds of the real clock.
        state: see SubmissionState.
        fail_reason: SYN001 when it is impossible.
        note: why, for people.
        judged_at: by the sandbox's clock.
    """

    submit_id: str
    registration: str
    receipt_id: str
    received_at: datetime
    total: int
    sha256: str
    reply_to: str | None
    judge_at: float
    state: SubmissionState
    fail_reason: str | None = None
    note: str | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One invoice of a submission; `codes` is empty until it is judged."""

    number: int
    submit_id: str
    place: int
    issue_id: str
    codes: tuple[str, ...]
    xml: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filed:
    """An invoice that was accepted: the number of its document, and what later documents are judged by."""

    issue_id: str
    document: int
    supplier: str
    document_type: str
    written_on: date
    supply_amount: int
    tax_amount: int


@unique
class CallbackState(StrEnum):
    """How far results are on their way to ReplyTo."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Callback:
    """Results to be sent to ReplyTo. `next_at` is in seconds of the real clock; `problem` is for people."""

    submit_id: str
    result_id: str
    reply_to: str
    attempts: int
    next_at: float
    state: CallbackState
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingFault:
    """A fault switched on, and how often it still fits; None is for ever."""

    number: int
    fault: Fault
    left: int | None


# How they stand in the tables


def integer(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - the columns are declared so
    return value


def submission_of(row: tuple[object, ...]) -> Submission:
    _, submit_id, registration, receipt_id, received_at, total, sha256, reply_to, judge_at, state, *rest = row
    fail_reason, note, judged_at = rest
    return Submission(
        submit_id=str(submit_id),
        registration=str(registration),
        receipt_id=str(receipt_id),
        received_at=datetime.fromisoformat(str(received_at)),
        total=integer(total),
        sha256=str(sha256),
        reply_to=text(reply_to),
        judge_at=float(str(judge_at)),
        state=SubmissionState(str(state)),
        fail_reason=text(fail_reason),
        note=text(note),
        judged_at=datetime.fromisoformat(str(judged_at)) if judged_at else None,
    )


def document_of(row: tuple[object, ...]) -> Document:
    number, submit_id, place, issue_id, codes, xml = row
    return Document(
        number=integer(number),
        submit_id=str(submit_id),
        place=integer(place),
        issue_id=str(issue_id),
        codes=tuple(json.loads(str(codes))),
        xml=xml if isinstance(xml, bytes) else b"",
    )


def filed_of(rows: list[tuple[object, ...]]) -> Filed | None:
    if not rows:
        return None
    issue_id, document, supplier, document_type, written_on, supply_amount, tax_amount = rows[0]
    return Filed(
        issue_id=str(issue_id),
        document=integer(document),
        supplier=str(supplier),
        document_type=str(document_type),
        written_on=date.fromisoformat(str(written_on)),
        supply_amount=integer(supply_amount),
        tax_amount=integer(tax_amount),
    )


def callback_of(row: tuple[object, ...]) -> Callback:
    submit_id, result_id, reply_to, attempts, next_at, state, problem = row
    return Callback(
        submit_id=str(submit_id),
        result_id=str(result_id),
        reply_to=str(reply_to),
        attempts=integer(attempts),
        next_at=float(str(next_at)),
        state=CallbackState(str(state)),
        problem=text(problem),
    )


def faults_of(rows: list[tuple[object, ...]]) -> list[WaitingFault]:
    return [
        WaitingFault(
            integer(number),
            Fault.model_validate_json(str(spec)),
            None if left is None else integer(left),
        )
        for number, spec, left in rows
    ]


def text(value: object) -> str | None:
    return None if value is None else str(value)
