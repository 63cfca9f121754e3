"""What the sandbox says: receipts, refusals and results as TaxInvoiceResponse, each naming itself a sandbox.

Source: KEC 표준전자세금계산서 v3.0, TaxInvoiceResponse.
"""

from datetime import datetime

from dojang.nts.codes import FailReason, ProcessStatus
from dojang.nts.ids import new_receipt_id
from dojang.nts.response import InvoiceResult, ResponseKind, TaxInvoiceResponse
from dojang.sandbox.office import Office
from dojang.sandbox.rows import Submission, SubmissionState

_MARK = "[모의 국세청 SANDBOX] 실제로 신고되지 않습니다."
_MAX_DESCRIPTION = 150


def _said(text: str) -> str:
    return f"{_MARK} {text}"[:_MAX_DESCRIPTION]


def receipt(submission: Submission, at: datetime) -> TaxInvoiceResponse:
    """접수증: it arrived. That is not acceptance."""
    return TaxInvoiceResponse(
        ref_submit_id=submission.submit_id,
        receipt_id=submission.receipt_id,
        kind=ResponseKind.RECEIPT,
        responded_at=at,
        total=submission.total,
        description=_said("접수되었습니다. 처리결과를 조회하세요."),
    )


def refusal(
    office: Office, submit_id: str, kind: ResponseKind, reason: FailReason, why: str
) -> TaxInvoiceResponse:
    """The message as a whole is turned down."""
    now = office.now()
    return TaxInvoiceResponse(
        ref_submit_id=submit_id,
        receipt_id=new_receipt_id(now, office.random(16)),
        kind=kind,
        responded_at=now,
        process_status=ProcessStatus.IMPOSSIBLE,
        fail_reason=reason,
        description=_said(why),
    )


def results(office: Office, submission: Submission) -> TaxInvoiceResponse:
    """처리결과: the verdict on each invoice, or that there is none yet, or why there never will be."""
    if submission.state is SubmissionState.IMPOSSIBLE:
        reason = FailReason(submission.fail_reason or FailReason.SYN001)
        return refusal(office, submission.submit_id, ResponseKind.RESULTS, reason, submission.note or "")
    if submission.state is SubmissionState.RECEIVED:
        return _response(submission, office.now(), ProcessStatus.WORKING, (), "처리 중입니다.")
    documents = office.store.documents(submission.submit_id)
    verdicts = tuple(InvoiceResult(document.issue_id, document.codes) for document in documents)
    good = sum(verdict.accepted for verdict in verdicts)
    return _response(
        submission,
        office.now(),
        ProcessStatus.DONE,
        verdicts,
        f"성공 {good}건, 실패 {len(verdicts) - good}건",
    )


def _response(
    submission: Submission,
    now: datetime,
    status: ProcessStatus,
    verdicts: tuple[InvoiceResult, ...],
    text: str,
) -> TaxInvoiceResponse:
    good = sum(verdict.accepted for verdict in verdicts)
    return TaxInvoiceResponse(
        ref_submit_id=submission.submit_id,
        receipt_id=submission.receipt_id,
        kind=ResponseKind.RESULTS,
        responded_at=now,
        process_status=status,
        total=submission.total,
        success=good if verdicts else None,
        fail=len(verdicts) - good if verdicts else None,
        results=verdicts,
        description=_said(text),
    )
