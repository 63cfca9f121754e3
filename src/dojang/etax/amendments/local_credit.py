"""05 내국신용장 등 사후개설: a local letter of credit or purchase confirmation came after the supply.

Two documents dated like the original: the taxed part off, the same zero-rated part on. The test is on the day the
letter was opened (25 days after the 과세기간 at the latest); issuing later than that loses nothing but time.

Source: 부가가치세법 시행령 제70조제1항제4호, 시행규칙 제21조.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import Heading, mirrored, part, partial_tax, taxed, with_items
from dojang.etax.amendments.request import OpenLocalCredit
from dojang.etax.amounts import Totals
from dojang.etax.calendar.deadlines import Deadline, issue_deadline, local_credit_limit
from dojang.etax.codes import AmendmentReason, DocumentType, Taxation
from dojang.etax.invoice import Invoice
from dojang.etax.notices import Notice

_REASON = AmendmentReason.LOCAL_CREDIT
_CITATION = "부가가치세법 시행령 제70조제1항제4호, 시행규칙 제21조"

LOCAL_CREDIT: Final = Subtype(
    "evidence", "local_credit", "내국신용장", "local letter of credit", _CITATION, DeadlineKind.SOFT
)
PURCHASE_CONFIRMATION: Final = Subtype(
    "evidence", "purchase_confirmation", "구매확인서", "purchase confirmation", _CITATION, DeadlineKind.SOFT
)

REMARKS: Final[Mapping[str, str]] = MappingProxyType(
    {"local_credit": "내국신용장 개설일자({day})", "purchase_confirmation": "구매확인서 발급일자({day})"}
)
"""비고 by evidence (시행령 제70조제1항제4호: 개설일 등)."""

_ZERO_RATED = {
    DocumentType.AMENDED_TAX: DocumentType.AMENDED_TAX_ZERO_RATED,
    DocumentType.AMENDED_TAX_CONSIGNED: DocumentType.AMENDED_TAX_ZERO_RATED_CONSIGNED,
}


def _bars(case: Case, _subtype: Subtype) -> Iterator[Message]:
    if case.taxation is not Taxation.TAXABLE:
        yield message("05_original_not_taxable")
    elif case.sign <= 0:
        yield message("sign_of_target")
    elif _left(case).supply_amount <= 0:
        yield message("balance_negative", max=0)


def _left(case: Case) -> Totals:
    """What is left of the document that becomes zero-rated; what was added to it later has a day of its own."""
    return case.own.of(Taxation.TAXABLE)


def _supply(case: Case, request: OpenLocalCredit) -> int:
    return _left(case).supply_amount if request.supply_amount == "all" else request.supply_amount


def _limit(case: Case, request: OpenLocalCredit) -> Deadline:
    return local_credit_limit(
        case.invoice.written_on, law=case.law, opened_on=request.evidence_on, taxpayer=case.facts.supplier
    )


def _faults(case: Case, request: OpenLocalCredit) -> Iterator[Message]:
    barred = tuple(_bars(case, LOCAL_CREDIT))
    yield from barred
    if barred:
        return
    if _supply(case, request) <= 0:
        yield message("sign", what_ko="해당 공급가액", what_en="amount covered")
    yield from _date_faults(case, request)


def _date_faults(case: Case, request: OpenLocalCredit) -> Iterator[Message]:
    opened_on = request.evidence_on
    if opened_on > case.on:
        yield message("event_in_future", today=case.on, event_on=opened_on)
    if opened_on < case.invoice.written_on:
        yield message("evidence_before_original", evidence_on=opened_on, original_on=case.invoice.written_on)
        return
    limit = _limit(case, request).on
    if opened_on > limit:
        subtype = RULE.subtype(request)
        yield message(
            "05_lc_too_late",
            evidence=subtype.ko,
            evidence_en=subtype.en,
            evidence_on=opened_on,
            limit=limit,
        )


def _draft(case: Case, request: OpenLocalCredit) -> Draft:
    remark = REMARKS[request.evidence].format(day=request.evidence_on)
    heading = case.heading(_REASON, remarks=(remark,))
    supply = _supply(case, request)
    amounts = Totals(supply, -partial_tax(-supply, _left(case), Taxation.TAXABLE))
    deadline = _deadline(case, request)
    return Draft(
        documents=_pair(case.invoice, heading, amounts),
        deadline=deadline,
        deadline_kind=DeadlineKind.SOFT,
        warnings=(*_warnings(case, request, deadline), *deadline.warnings),
    )


def _pair(invoice: Invoice, heading: Heading, amounts: Totals) -> tuple[Invoice, Invoice]:
    taxable = invoice.document_type.amended
    zero_rated = _ZERO_RATED[taxable]
    if amounts == (invoice.supply_amount, invoice.tax_amount):
        lines = taxed(invoice.items, zero_rated, anew=True)
        return mirrored(invoice, heading), with_items(invoice, heading, lines, zero_rated)
    off = Totals(-amounts.supply_amount, -amounts.tax_amount)
    on = Totals(amounts.supply_amount, 0)
    return (
        part(invoice, heading, off, taxable, _REASON.ko),
        part(invoice, heading, on, zero_rated, _REASON.ko),
    )


def _deadline(case: Case, request: OpenLocalCredit) -> Deadline:
    """The 10th of the month after opening, but not after the limit for opening."""
    month, limit = issue_deadline(request.evidence_on, law=case.law), _limit(case, request)
    earlier = month if month.on <= limit.on else limit
    return replace(earlier, warnings=(*month.warnings, *limit.warnings))


def _warnings(case: Case, request: OpenLocalCredit, deadline: Deadline) -> Iterator[Notice]:
    if case.on > deadline.on:
        yield message("late", deadline=deadline.on)
    if request.evidence_number is None:
        yield message("evidence_number_missing")


RULE = Rule(_REASON, OpenLocalCredit, (LOCAL_CREDIT, PURCHASE_CONFIRMATION), _bars, _faults, _draft)
