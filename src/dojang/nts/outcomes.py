"""What can become of a message to 국세청: values to be told apart, stored and acted on, not exceptions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import TypeAlias

from dojang.nts.codes import CodeInfo, FailReason, describe
from dojang.nts.errors import NotReached, NtsError
from dojang.nts.response import SignedResponse, TaxInvoiceResponse


@dataclass(frozen=True, slots=True)
class Receipt:
    """The submission arrived (접수증). That is not acceptance: the verdicts come later, as results."""

    submit_id: str
    signed: SignedResponse

    @property
    def response(self) -> TaxInvoiceResponse:
        return self.signed.response


@dataclass(frozen=True, slots=True)
class Results:
    """The NTS knows the submission: its verdicts, or that it is still working."""

    submit_id: str
    signed: SignedResponse

    @property
    def response(self) -> TaxInvoiceResponse:
        return self.signed.response


@dataclass(frozen=True, slots=True)
class Refused:
    """The NTS turned the message down as a whole, for `reason`."""

    submit_id: str
    signed: SignedResponse

    @property
    def response(self) -> TaxInvoiceResponse:
        return self.signed.response

    @property
    def reason(self) -> CodeInfo:
        return describe(self.response.fail_reason or f"ProcessStatusCode {self.response.process_status}")

    @property
    def arrived_before(self) -> bool:
        """SYS002: an earlier sending of the same submission arrived. Not an error: ask for its results."""
        return self.response.fail_reason == FailReason.SYS002


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is certain that not one byte went out: sending again is safe."""

    submit_id: str
    why: NotReached


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """Something went wrong after the first byte may have gone out, or the answer proves nothing: reconcile."""

    submit_id: str
    why: NtsError


SubmitOutcome: TypeAlias = Receipt | Refused | NotSent | OutcomeUnknown
ResultsOutcome: TypeAlias = Results | Refused | NotSent | OutcomeUnknown


@unique
class Finding(StrEnum):
    """What asking for the results of a submission tells about it."""

    ACCEPTED = "accepted"
    """It arrived and was processed; what became of each invoice is in the results."""
    REFUSED = "refused"
    """It arrived and was turned down as a whole (SYN001)."""
    STILL_WORKING = "still_working"
    """It arrived and has no verdicts yet."""
    NEVER_ARRIVED = "never_arrived"
    """SYS003: it has not arrived, as far as the NTS can tell at this moment."""
    UNKNOWN = "unknown"
    """No answer, or one that says nothing about the submission."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The answer of `NtsClient.reconcile`: what is known, since when, and what it is known from."""

    submit_id: str
    finding: Finding
    asked_at: datetime
    outcome: ResultsOutcome


def finding_of(outcome: ResultsOutcome) -> Finding:
    """What an answer to ResultsReqSubmit tells about the submission."""
    if isinstance(outcome, Results):
        response = outcome.response
        judged = bool(response.results) and not response.still_working
        return Finding.ACCEPTED if judged else Finding.STILL_WORKING
    if isinstance(outcome, Refused):
        # SYS001 is about who asked, and SYS002 makes no sense here: neither says anything of the submission.
        return _FINDINGS.get(outcome.response.fail_reason or "", Finding.UNKNOWN)
    return Finding.UNKNOWN


_FINDINGS: dict[str, Finding] = {
    FailReason.SYS003: Finding.NEVER_ARRIVED,
    FailReason.SYN001: Finding.REFUSED,
}
