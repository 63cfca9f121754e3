"""Verdicts of the NTS, applied to each invoice in its workspace: once, in whatever order and however often they come."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from dojang.nts.codes import ResultCode
from dojang.nts.response import InvoiceResult, TaxInvoiceResponse
from dojang.service.audit.actor import NTS
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.notices import occasions
from dojang.service.records import delivering
from dojang.service.tenancy.beside import beside
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import randoms
from dojang.service.transmission.models import Submission, SubmissionItem
from dojang.service.transmission.places import of_submission
from dojang.service.transmission.receipts import entered_on

_LONGEST = 500
_COLUMNS = ("result_code", "sent_at", "answered_at", "delivered_on")


def apply_results(submission: Submission, response: TaxInvoiceResponse, *, now: datetime) -> int:
    """Apply the verdicts of a submission whose row is locked; how many of its invoices have none yet."""
    verdicts = {result.issue_id: result for result in response.results}
    left = 0
    for workspace_id, invoice_ids in of_submission(submission.pk):
        with in_workspace(workspace_id):
            left += _apply_here(submission, invoice_ids, verdicts, response, now)
    return left


def _apply_here(
    submission: Submission,
    invoice_ids: list[int],
    verdicts: Mapping[str, InvoiceResult],
    response: TaxInvoiceResponse,
    now: datetime,
) -> int:
    rows = lock(invoice_ids)
    items = SubmissionItem.objects.filter(submission=submission, invoice_id__in=rows, result_at=None)
    accepted: list[Change] = []
    rejected: list[Change] = []
    answered: list[SubmissionItem] = []
    left = 0
    for item in items:
        invoice = rows[item.invoice_id]
        verdict = verdicts.get(invoice.issue_id or "")
        if verdict is None or not verdict.codes:
            left += 1
            continue
        _note(item, verdict, now)
        answered.append(item)
        if invoice.state in {State.SUBMITTED, State.UNKNOWN}:
            change = _change(invoice, item, submission, response, now)
            (accepted if verdict.accepted else rejected).append(change)
    SubmissionItem.objects.bulk_update(
        answered, ["result_code", "result_codes", "result_message", "result_at"]
    )
    for action, changes in ((Action.ACCEPT, accepted), (Action.REJECT, rejected)):
        if changes:
            apply(action, changes, actor=NTS, now=now)
    _tell([one.invoice for one in accepted], [one.invoice for one in rejected], now)
    randoms.erase_unneeded([item.invoice_id for item in answered], now=now)
    return left


def _tell(accepted: list[Invoice], rejected: list[Invoice], now: datetime) -> None:
    """Mails and copies of the verdicts, which stand whatever becomes of those."""
    if rejected:
        beside(partial(occasions.rejected, rejected, now=now), what="mails of refused invoices")
    if accepted:
        beside(
            partial(delivering.deliver, [one.pk for one in accepted], now=now), what="delivery to buyers here"
        )


def _note(item: SubmissionItem, verdict: InvoiceResult, now: datetime) -> None:
    bad = [code for code in verdict.codes if code != ResultCode.SUC001]
    item.result_code = (bad or verdict.codes)[0][:10]
    item.result_codes = list(verdict.codes)
    item.result_message = " ".join(one.text("ko") for one in verdict.described)[:_LONGEST]
    item.result_at = now


def _change(
    invoice: Invoice,
    item: SubmissionItem,
    submission: Submission,
    response: TaxInvoiceResponse,
    now: datetime,
) -> Change:
    invoice.result_code = item.result_code
    invoice.sent_at = submission.sent_at
    invoice.answered_at = now
    if invoice.delivered_on is None and item.result_code == ResultCode.SUC001:
        invoice.delivered_on = entered_on(response.receipt_id, sent_at=submission.sent_at or now)
    told = {
        "submit_id": submission.submit_id,
        "receipt_id": response.receipt_id,
        "codes": item.result_codes,
    }
    return Change(invoice, _COLUMNS, told)
