"""06 착오에 의한 이중발급 등: the document should not have been issued at all.

One document that takes back the whole target, dated like it. Where another document should have been issued instead
(계산서 for 세금계산서, or one with the right date) it is drafted too, with a deadline and penalties of its own.

Source: 부가가치세법 시행령 제70조제1항제7호 (이중발급), 제8호 (면세 등 발급대상이 아닌 거래 등).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.chain import Node, NodeState, Role
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import fresh, mirrored
from dojang.etax.amendments.request import CancelDuplicate
from dojang.etax.amounts import Totals
from dojang.etax.codes import AmendmentReason, DocumentType, Taxation
from dojang.etax.invoice import Invoice
from dojang.etax.notices import Notice
from dojang.etax.penalties import DocumentFacts
from dojang.etax.penalties.case import open_case

_REASON = AmendmentReason.DUPLICATE
_TWICE = "부가가치세법 시행령 제70조제1항제7호"
_NOT_TO_BE = "부가가치세법 시행령 제70조제1항제8호"

DUPLICATE: Final = Subtype(
    "subtype", "duplicate", "같은 거래를 두 번 발행", "issued twice", _TWICE, DeadlineKind.NONE
)
NOT_TAXABLE: Final = Subtype(
    "subtype",
    "not_taxable",
    "면세 등 발급대상이 아닌 거래",
    "exempt or not to be invoiced",
    _NOT_TO_BE,
    DeadlineKind.NONE,
)
WRONG_SUPPLIER: Final = Subtype(
    "subtype", "wrong_supplier", "공급자를 잘못 적음", "wrong supplier", _NOT_TO_BE, DeadlineKind.NONE
)
TOO_EARLY: Final = Subtype(
    "subtype",
    "too_early",
    "공급시기보다 먼저 발행",
    "issued before the supply",
    _NOT_TO_BE,
    DeadlineKind.NONE,
)

_REPLACED = {NOT_TAXABLE.code, TOO_EARLY.code}
"""Sub-types after which the same supplier may have to issue another document."""


def _bars(case: Case, _subtype: Subtype) -> Iterator[Message]:
    left = case.balance.of(case.taxation)
    after = Totals(left.supply_amount - case.invoice.supply_amount, left.tax_amount - case.invoice.tax_amount)
    if after.supply_amount < min(0, left.supply_amount) or after.tax_amount < min(0, left.tax_amount):
        yield message("attached_first")


def _faults(case: Case, request: CancelDuplicate) -> Iterator[Message]:
    yield from _bars(case, RULE.subtype(request))
    if request.supply_amount not in {None, case.invoice.supply_amount}:
        yield message("06_must_be_full")
    yield from _twin_faults(case, request)
    yield from _replacement_faults(case, request)


def _twin_faults(case: Case, request: CancelDuplicate) -> Iterator[Message]:
    if request.twin is None:
        return
    if request.twin == case.target.key:
        yield message("twin_is_target")
    twin = case.chain.find(request.twin)
    if twin is not None and twin.state in {NodeState.REVERSED, NodeState.VOID}:
        yield message("twin_cancelled")


def _replacement_faults(case: Case, request: CancelDuplicate) -> Iterator[Message]:
    if request.replace_with is None:
        if request.replace_written_on is not None:
            yield message("replacement_kind_missing")
        return
    if request.replace_with.is_import:
        yield message("import_kind")
    if request.subtype not in _REPLACED:
        yield message("replacement_unexpected")
    if case.sign < 0:
        yield message("sign_of_target")
    yield from _family_faults(case, request.subtype, request.replace_with)
    yield from _replaced_on_faults(case, request)


def _family_faults(case: Case, subtype: str, replacement: DocumentType) -> Iterator[Message]:
    """What was not to be issued at all can only have belonged in the other family."""
    stays = (replacement.taxation is Taxation.EXEMPT) is (case.taxation is Taxation.EXEMPT)
    if subtype == NOT_TAXABLE.code and stays and not replacement.is_import:
        yield message("family_same")


def _replaced_on_faults(case: Case, request: CancelDuplicate) -> Iterator[Message]:
    written_on = _replaced_on(case, request)
    issued_on = case.target.document.issued_on or case.invoice.written_on
    if written_on > case.on:
        yield message("event_in_future", today=case.on, event_on=written_on)
    elif request.subtype == TOO_EARLY.code and written_on <= issued_on:
        yield message("too_early_not_after_issue", issued_on=issued_on, written_on=written_on)


def _replaced_on(case: Case, request: CancelDuplicate) -> date:
    return request.replace_written_on or case.invoice.written_on


def _draft(case: Case, request: CancelDuplicate) -> Draft:
    follow_ups = tuple(_replacements(case, request))
    return Draft(
        documents=(mirrored(case.invoice, case.heading(_REASON)),),
        follow_ups=follow_ups,
        judged=(*_early(case, request), *(judged_anew(each, case) for each in follow_ups)),
        warnings=tuple(_warnings(case, request)),
    )


def judged_anew(invoice: Invoice, case: Case) -> DocumentFacts:
    """A fresh document, issued and sent today, as penalties see it."""
    return DocumentFacts.of(invoice, issued_on=case.on, sent_on=case.on)


def _replacements(case: Case, request: CancelDuplicate) -> Iterator[Invoice]:
    if request.replace_with is not None:
        yield fresh(case.invoice, request.replace_with.original, _replaced_on(case, request))


def _early(case: Case, request: CancelDuplicate) -> Iterator[DocumentFacts]:
    """The target itself, when it was issued before the supply and nothing in 법17 allowed that."""
    true_on, document = request.replace_written_on, case.target.document
    if request.subtype != TOO_EARLY.code or true_on is None or document.issued_on is None:
        return
    judged = DocumentFacts.of(case.invoice, issued_on=document.issued_on, sent_on=document.issued_on)
    # Taken back, it leaves the buyer nothing to deduct; that is what the right one is for.
    yield replace(judged, tax_amount=0, supplied_on=true_on, reissued_on=case.on)


def _warnings(case: Case, request: CancelDuplicate) -> Iterator[Notice]:
    if case.sign < 0:
        yield message("positive_06")
    children = [child for child in case.chain.children(case.target) if child.is_live]
    if children:
        yield message("children_remain", count=len(children))
    yield from _pair_warnings(case)
    yield from _SUBTYPE_WARNINGS[request.subtype](case, request)


def _pair_warnings(case: Case) -> Iterator[Notice]:
    """A 05, or one surplus 01, is right only together with its other half."""
    target = case.target
    if target.target is None or target.invoice.amendment_reason is _REASON:
        return
    other = next((each for each in case.chain.children(target.target) if _is_other_half(each, target)), None)
    if other is not None:
        yield message("other_of_pair", other=other.key)


def _is_other_half(each: Node, target: Node) -> bool:
    reason = target.invoice.amendment_reason
    if not each.is_live or each is target or each.invoice.amendment_reason is not reason:
        return False
    if target.role is Role.CREDIT:
        same = each.invoice.remarks == target.invoice.remarks
        return same and each.invoice.supply_amount == -target.invoice.supply_amount
    return reason is AmendmentReason.MISTAKE and each.invoice.issued_at == target.invoice.issued_at


def _warn_duplicate(case: Case, request: CancelDuplicate) -> Iterator[Notice]:
    if case.sign < 0:
        return
    twin = case.chain.find(request.twin) if request.twin else None
    if request.twin is None:
        yield message("twin_missing")
    elif twin is not None and _deal(twin.invoice) != _deal(case.invoice):
        yield message("twin_differs")


def _deal(invoice: Invoice) -> tuple[str, int, int]:
    return (invoice.buyer.number, invoice.supply_amount, invoice.tax_amount)


def _warn_not_taxable(case: Case, request: CancelDuplicate) -> Iterator[Notice]:
    # What an amendment says of a deal may be untrue; that there was a deal is not in question then.
    if request.replace_with is None and case.target.is_supply and case.sign > 0:
        yield message("no_supply_not_settled")


def _warn_wrong_supplier(_case: Case, _request: CancelDuplicate) -> Iterator[Notice]:
    yield message("other_supplier_issues")


def _warn_too_early(case: Case, request: CancelDuplicate) -> Iterator[Notice]:
    issued_on = case.target.document.issued_on
    if issued_on is not None and _was_lawful(case, request):
        yield message("early_is_valid", issued_on=issued_on)
    else:
        yield message("too_early")
    if request.replace_with is None:
        yield message("replacement_needed")
    elif issued_on is None:
        yield message("issued_on_unknown")


def _was_lawful(case: Case, request: CancelDuplicate) -> bool:
    """Whether the facts show that 법17 allowed issuing it ahead."""
    return any(
        open_case(judged, case.facts, law=case.law, today=case.on).early is None
        for judged in _early(case, request)
    )


_SUBTYPE_WARNINGS = {
    DUPLICATE.code: _warn_duplicate,
    NOT_TAXABLE.code: _warn_not_taxable,
    WRONG_SUPPLIER.code: _warn_wrong_supplier,
    TOO_EARLY.code: _warn_too_early,
}

RULE = Rule(
    _REASON,
    CancelDuplicate,
    (DUPLICATE, NOT_TAXABLE, WRONG_SUPPLIER, TOO_EARLY),
    _bars,
    _faults,
    _draft,
)
