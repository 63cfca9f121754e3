"""TaxInvoiceSubmit: from a message whose signature holds to a receipt, in steps.

Each step either passes the arrival on or turns the whole message down with a code. What is answered with a
receipt is on disk; what is turned down before it could be opened is too, so that its SubmitID stays used.

Source: KEC 표준전자세금계산서 v3.0, 전자세금계산서 제출; FailReasonStatusCode.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from dojang.errors import DojangError
from dojang.nts import cms, package
from dojang.nts.codes import FailReason
from dojang.nts.errors import InvalidIdentifier
from dojang.nts.ids import RANDOM_BYTES, new_receipt_id, new_result_id, parse_submit_id
from dojang.nts.package import PackagedInvoice
from dojang.nts.response import ResponseKind, TaxInvoiceResponse
from dojang.nts.soap import Header, TaxInvoiceSubmit
from dojang.nts.wire import Received
from dojang.sandbox import answers
from dojang.sandbox.examine import Examined, examine, issue_id_of
from dojang.sandbox.ledger import AlreadyThere, Ledger
from dojang.sandbox.office import Office
from dojang.sandbox.rows import Callback, CallbackState, Submission, SubmissionState
from dojang.sandbox.settings import System
from dojang.sandbox.settle import Rules, settle


class TurnedDown(Exception):
    """The message as a whole is not taken, for a code of the standard; `why` is for people."""

    def __init__(self, reason: FailReason, why: str) -> None:
        self.reason = reason
        self.why = why
        super().__init__(f"{reason} {why}")


@dataclass(frozen=True)
class Arrival:
    """A TaxInvoiceSubmit as it arrived: its message, the package it carries, who signed it."""

    office: Office
    message: TaxInvoiceSubmit
    package: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    body_sha256: str

    @classmethod
    def of(cls, office: Office, message: TaxInvoiceSubmit, received: Received, body: bytes) -> "Arrival":
        return cls(
            office, message, received.attachment or b"", received.certificate, sha256(body).hexdigest()
        )

    @cached_property
    def invoices(self) -> tuple[PackagedInvoice, ...]:
        """What is in the package.

        Raises:
            NtsError: it cannot be decrypted or read.
        """
        return open_package(self.office, self.package)

    def issue_ids(self) -> frozenset[str]:
        """Of the invoices in the package; none when it cannot be opened."""
        try:
            return frozenset(issue_id_of(invoice.xml) for invoice in self.invoices)
        except DojangError:
            return frozenset()


def open_package(office: Office, content: bytes) -> tuple[PackagedInvoice, ...]:
    """Decrypt and read a package.

    Raises:
        NtsError: it is not encrypted to us, or no package.
    """
    keys = office.identities
    return package.decode(cms.open_envelope(content, keys.km_certificate, keys.decrypt))


# Steps before anything is written


def known_system(office: Office, submit_id: str, certificate: bytes, header: Header) -> System:
    """The registered system that a SubmitID names, if it is the one that signed.

    Raises:
        TurnedDown: SYS001.
    """
    system = office.systems.get(submit_id[:8])
    if system is None:
        raise TurnedDown(FailReason.SYS001, f"등록번호 {submit_id[:8]}은(는) 등록되어 있지 않습니다.")
    if certificate != system.certificate_der:
        raise TurnedDown(FailReason.SYS001, f"등록번호 {system.registration}의 인증서로 서명되지 않았습니다.")
    if header.sender.number != system.business_number:
        raise TurnedDown(FailReason.SYS001, "보낸 사업자등록번호(From)가 등록된 것과 다릅니다.")
    return system


def _sender(arrival: Arrival) -> None:
    """The transmitting system is registered, and it signed."""
    message = arrival.message
    known_system(arrival.office, message.submit_id, arrival.certificate, message.header)


def _submit_id(arrival: Arrival) -> None:
    """The SubmitID is of the standard's form."""
    try:
        parse_submit_id(arrival.message.submit_id)
    except InvalidIdentifier:
        raise TurnedDown(FailReason.SYS001, "SubmitID가 표준 형식이 아닙니다.") from None


def _new(arrival: Arrival) -> None:
    """No submission of this SubmitID arrived before."""
    if arrival.office.store.submission(arrival.message.submit_id) is not None:
        raise TurnedDown(FailReason.SYS002, "같은 SubmitID의 전송이 먼저 도착했습니다.")


def _package(arrival: Arrival) -> None:
    """The package opens, and holds as many invoices as the message says."""
    try:
        count = len(arrival.invoices)
    except DojangError as error:
        raise TurnedDown(FailReason.SYN001, error.text("ko")) from None
    if count != arrival.message.total_count:
        said = arrival.message.total_count
        raise TurnedDown(FailReason.SYN001, f"TotalCount는 {said}인데 {count}건이 들어 있습니다.")


STEPS: tuple[Callable[[Arrival], None], ...] = (_sender, _submit_id, _new, _package)


def submit(arrival: Arrival) -> TaxInvoiceResponse:
    """Take a package, or say why not. With no delay scripted its verdicts are there at once."""
    office, now = arrival.office, arrival.office.now()
    try:
        for step in STEPS:
            step(arrival)
        submission = _take(arrival, now)
    except TurnedDown as error:
        if error.reason is FailReason.SYN001:
            _write_down_impossible(arrival, now, error)
        submit_id = arrival.message.submit_id
        return answers.refusal(office, submit_id, ResponseKind.RECEIPT, error.reason, error.why)
    office.wake()
    return answers.receipt(submission, now)


def _submission(arrival: Arrival, now: datetime) -> Submission:
    office, message = arrival.office, arrival.message
    return Submission(
        submit_id=message.submit_id,
        registration=message.submit_id[:8],
        receipt_id=new_receipt_id(now, office.random(RANDOM_BYTES)),
        received_at=now,
        total=message.total_count,
        sha256=arrival.body_sha256,
        reply_to=message.header.reply_to or None,
        judge_at=office.real_seconds() + office.settings.delays.judging_seconds,
        state=SubmissionState.RECEIVED,
    )


def _write_down_impossible(arrival: Arrival, now: datetime, error: TurnedDown) -> None:
    submission = replace(
        _submission(arrival, now),
        state=SubmissionState.IMPOSSIBLE,
        fail_reason=error.reason.value,
        note=error.why,
        judged_at=now,
    )
    try:
        with arrival.office.store.transaction() as ledger:
            ledger.add_submission(submission)
    except AlreadyThere:
        pass  # the same message twice at once: it stands there already


def _take(arrival: Arrival, now: datetime) -> Submission:
    """Write the submission down, with its verdicts when they are due at once.

    Raises:
        TurnedDown: SYS002, when the same SubmitID arrived at the same time.
    """
    office, submission = arrival.office, _submission(arrival, now)
    at_once = office.settings.delays.judging_seconds == 0
    examined = _examine(office, submission, arrival.invoices) if at_once else None
    xmls = [invoice.xml for invoice in arrival.invoices]
    issue_ids = map(issue_id_of, xmls) if examined is None else (one.issue_id for one in examined)
    documents = list(zip(issue_ids, xmls, strict=True))
    try:
        with office.store.transaction() as ledger:
            ledger.add_submission(submission)
            ledger.add_documents(submission.submit_id, documents)
            if examined is None:
                ledger.add_package(submission.submit_id, arrival.package)
            else:
                _settle(office, ledger, submission, examined)
    except AlreadyThere:
        raise TurnedDown(FailReason.SYS002, "같은 SubmitID의 전송이 먼저 도착했습니다.") from None
    return submission


# Verdicts


def judge(office: Office, submission: Submission) -> None:
    """The verdicts of a submission that waited for them; nothing when another thread gave them meanwhile."""
    content = office.store.package(submission.submit_id)
    if content is None:
        return
    examined = _examine(office, submission, open_package(office, content))
    with office.store.transaction() as ledger:
        if ledger.is_waiting(submission.submit_id):
            _settle(office, ledger, submission, examined)


def judge_due(office: Office) -> None:
    """The verdicts of all submissions whose time has come."""
    for submission in office.store.due(office.real_seconds()):
        judge(office, submission)


def _examine(office: Office, submission: Submission, invoices: Sequence[PackagedInvoice]) -> list[Examined]:
    system = office.systems.get(submission.registration, office.identities.system)
    context = replace(office.context(system), registration=submission.registration)
    return [examine(invoice, context) for invoice in invoices]


def _settle(office: Office, ledger: Ledger, submission: Submission, examined: Sequence[Examined]) -> None:
    rules = Rules(office.systems.keys(), frozenset(office.settings.paper_originals))
    now = office.now()
    settle(ledger, submission.submit_id, examined, rules, now)
    if submission.reply_to:
        ledger.set_callback(
            Callback(
                submit_id=submission.submit_id,
                result_id=new_result_id(now, office.random(RANDOM_BYTES)),
                reply_to=submission.reply_to,
                attempts=0,
                next_at=office.real_seconds(),
                state=CallbackState.PENDING,
            )
        )
