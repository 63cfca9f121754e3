"""01 기재사항 착오정정 등: something was written wrong from the start.

Two documents, issued together: a mirror of the target dated like it, and the right content, dated like it unless the
date is what was wrong. Where amendments hang on the target and the buyer or the kind of tax is put right, each of them
is corrected in the same way.

Source: 부가가치세법 시행령 제70조제1항제5호 (착오), 제6호 (착오 외), 제9호 (세율).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.chain import Node, Role
from dojang.etax.amendments.duplicate import judged_anew
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import Heading, headed, mirrored, part, redated, signs_of, taxed
from dojang.etax.amendments.request import Also, Corrected, CorrectMistake
from dojang.etax.amounts import Totals, tax_of, totals_of
from dojang.etax.calendar.deadlines import (
    Deadline,
    issue_deadline,
    one_year_limit,
)
from dojang.etax.calendar.periods import return_period
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, Taxation
from dojang.etax.invoice import Invoice, LineItem, Payment
from dojang.etax.notices import Notice
from dojang.etax.penalties import DocumentFacts
from dojang.etax.penalties.case import open_case

_REASON = AmendmentReason.MISTAKE

MISTAKE: Final = Subtype(
    "subtype",
    "mistake",
    "착오로 잘못 적음",
    "written wrong by mistake",
    "부가가치세법 시행령 제70조제1항제5호",
    DeadlineKind.NONE,
)
NON_MISTAKE: Final = Subtype(
    "subtype",
    "non_mistake",
    "공급받는자가 다른 사업자",
    "the buyer is somebody else",
    "부가가치세법 시행령 제70조제1항제6호",
    DeadlineKind.HARD,
)
TAX_RATE: Final = Subtype(
    "subtype",
    "tax_rate",
    "세율을 잘못 적용(과세·영세율)",
    "wrong rate (taxable, zero-rated)",
    "부가가치세법 시행령 제70조제1항제9호",
    DeadlineKind.NONE,
)
OPTIONAL: Final = Subtype(
    "subtype",
    "optional",
    "임의적 기재사항만 정정",
    "only what need not be stated",
    "부가가치세법 시행령 제67조제2항",
    DeadlineKind.NONE,
)


def _meant(case: Case, request: CorrectMistake) -> CorrectMistake:
    """A mistake in the rate has a ground of its own (제9호), whatever else it puts right."""
    taxations = {case.taxation, _kind(case.invoice, request.corrected).taxation}
    if request.subtype == MISTAKE.code and taxations == _RATES:
        return request.model_copy(update={"subtype": TAX_RATE.code})
    return request


_RATES: Final = {Taxation.TAXABLE, Taxation.ZERO_RATED}


# Bars ---------------------------------------------------------------------------------------------------------


def _bars(case: Case, subtype: Subtype) -> Iterator[Message]:
    yield from _barred(case, subtype, case.original_on)


def _barred(case: Case, subtype: Subtype, supplied_on: date) -> Iterator[Message]:
    if subtype is not OPTIONAL and _audit(case) == "yes":
        yield message("01_audit_known")
    limit = _limit(case, supplied_on)
    if subtype is NON_MISTAKE and case.on > limit.on:
        yield message("01_nonmistake_expired", limit=limit.on)


def _audit(case: Case) -> str:
    audit = case.facts.audit
    known_by_now = audit.received_on is None or audit.received_on <= case.on
    return audit.covers_this_supply if known_by_now else "no"


def _supplied_on(case: Case, corrected: Corrected) -> date:
    """The day from which periods run: the true one, where the original was dated too late."""
    return min(case.original_on, corrected.written_on or case.original_on)


def _limit(case: Case, supplied_on: date) -> Deadline:
    return one_year_limit(supplied_on, law=case.law, taxpayer=case.facts.supplier)


# Faults -------------------------------------------------------------------------------------------------------


def _faults(case: Case, request: CorrectMistake) -> Iterator[Message]:
    yield from _barred(case, RULE.subtype(request), _supplied_on(case, request.corrected))
    yield from _kind_faults(case, request)
    yield from _party_faults(case, request)
    yield from _date_faults(case, request.corrected.written_on)
    yield from _amount_faults(case, request.corrected)
    if _changes_amounts(case.invoice, request.corrected):
        yield from _changed_amount_faults(case)
    yield from _also_faults(case, request)
    if request.subtype == OPTIONAL.code and _states_otherwise(case.invoice, request.corrected):
        yield message("optional_only")
    if request.subtype == MISTAKE.code and not request.also and _changes_nothing(case, request.corrected):
        yield message("nothing_corrected")


def _changed_amount_faults(case: Case) -> Iterator[Message]:
    if case.target.role is Role.CANCEL:
        yield message("cancelled_amount_fixed")
    if case.chain.lacks_minus(case.target):
        yield message("minus_missing")


def _kind_faults(case: Case, request: CorrectMistake) -> Iterator[Message]:
    kind = _kind(case.invoice, request.corrected)
    if kind.is_import:
        yield message("import_kind")
    if (kind.taxation is Taxation.EXEMPT) is not (case.taxation is Taxation.EXEMPT):
        yield message("family_cross")
    elif request.subtype == TAX_RATE.code and kind.taxation is case.taxation:
        yield message("rate_unchanged")


def _party_faults(case: Case, request: CorrectMistake) -> Iterator[Message]:
    supplier, buyer = request.corrected.supplier, request.corrected.buyer
    if supplier is not None and supplier.business_number != case.invoice.supplier.business_number:
        yield message("supplier_changed")
    if request.subtype == NON_MISTAKE.code and (
        buyer is None or _buyer_stays(case.invoice, request.corrected)
    ):
        yield message("buyer_unchanged")


def _buyer_stays(invoice: Invoice, corrected: Corrected) -> bool:
    """Whether the buyer is the same by what has to be stated: kind and number."""
    buyer = corrected.buyer or invoice.buyer
    return (buyer.kind, buyer.number) == (invoice.buyer.kind, invoice.buyer.number)


def _date_faults(case: Case, written_on: date | None) -> Iterator[Message]:
    if written_on is None:
        return
    issued_on = case.target.document.issued_on
    if issued_on is not None and written_on > issued_on:
        deadline = issue_deadline(written_on, law=case.law).on
        yield message(
            "01_new_date_after_original_issue", issued_on=issued_on, written_on=written_on, deadline=deadline
        )
    elif written_on > case.on:
        yield message("event_in_future", today=case.on, event_on=written_on)
    if case.target.role in {Role.CHANGE, Role.CANCEL} and written_on < case.original_on:
        yield message("event_before_original", original_on=case.original_on, event_on=written_on)
    if case.target.role is Role.BASE:
        events = (node for node in case.chain.tree(case.target) if node.is_live and node.role is Role.CHANGE)
        first_on = min((node.invoice.written_on for node in events), default=written_on)
        if case.invoice.written_on <= first_on < written_on:
            yield message("event_before_original", original_on=written_on, event_on=first_on)


def _amount_faults(case: Case, corrected: Corrected) -> Iterator[Message]:
    kind = _kind(case.invoice, corrected)
    stated = (LineItem(supply_amount=corrected.supply_amount, tax_amount=corrected.tax_amount),)
    given = (*stated, *(corrected.items or ()))
    if kind.taxation is not Taxation.TAXABLE and any(line.tax_amount for line in given):
        yield message("zero_rate_tax")
        return
    needs_items = corrected.items is None and not (
        corrected.supply_amount is None and corrected.tax_amount is None
    )
    if needs_items and len(case.invoice.items) > 1:
        yield message("items_needed")
        return
    lines = _lines(case.invoice, corrected)
    totals = totals_of(lines)
    yield from _sum_faults(corrected, totals)
    if not (totals.supply_amount or totals.tax_amount):
        yield message("amount_zero")
    elif signs_of((*stated, LineItem(supply_amount=totals.supply_amount, tax_amount=totals.tax_amount))) != {
        case.sign
    }:
        yield message("sign_mixed")


def _sum_faults(corrected: Corrected, totals: Totals) -> Iterator[Message]:
    for stated, total in (
        (corrected.supply_amount, totals.supply_amount),
        (corrected.tax_amount, totals.tax_amount),
    ):
        if stated is not None and stated != total:
            yield message("items_mismatch", sum=total, stated=stated)


def _also_faults(case: Case, request: CorrectMistake) -> Iterator[Message]:
    """What is for another document is of the other family, and with the corrected part makes up the target."""
    is_exempt = case.taxation is Taxation.EXEMPT
    if not request.also:
        return
    if request.subtype == OPTIONAL.code:
        yield message("optional_only")
    elif any(also.document_type.is_import for also in request.also):
        yield message("import_kind")
    elif any((also.document_type.taxation is Taxation.EXEMPT) is is_exempt for also in request.also):
        yield message("also_same_family")
    elif not _makes_up_target(case, request):
        yield message(
            "also_mismatch",
            corrected=totals_of(_lines(case.invoice, request.corrected)).supply_amount,
            also=sum(also.supply_amount for also in request.also),
            stated=case.invoice.supply_amount,
        )


def _makes_up_target(case: Case, request: CorrectMistake) -> bool:
    """Both parts together are the target's supply; or all that was paid, where the price stayed with its tax."""
    invoice = case.invoice
    parts = (
        totals_of(_lines(invoice, request.corrected)),
        *(_also_totals(also) for also in request.also),
    )
    return case.sign > 0 and (
        sum(each.supply_amount for each in parts) == invoice.supply_amount
        or sum(each.total_amount for each in parts) == invoice.total_amount
    )


def _states_otherwise(invoice: Invoice, corrected: Corrected) -> bool:
    """Whether something that has to be stated changes (법 제32조제1항제1호–제4호)."""
    return (
        _changes_amounts(invoice, corrected)
        or corrected.written_on not in {None, invoice.written_on}
        or _kind(invoice, corrected) is not invoice.document_type.original
        or not _buyer_stays(invoice, corrected)
    )


def _changes_amounts(invoice: Invoice, corrected: Corrected) -> bool:
    return totals_of(_lines(invoice, corrected)) != (invoice.supply_amount, invoice.tax_amount)


# The corrected content ----------------------------------------------------------------------------------------


def _kind(invoice: Invoice, corrected: Corrected) -> DocumentType:
    """The right kind of document, as a normal one."""
    return (corrected.document_type or invoice.document_type).original


def _lines(invoice: Invoice, corrected: Corrected) -> tuple[LineItem, ...]:
    """The right items. An amount alone goes to the one line there is; its quantity and price no longer hold."""
    kind = _kind(invoice, corrected)
    rate_changes = kind.taxation is not invoice.taxation
    if corrected.items is not None:
        return taxed(corrected.items, kind)
    if corrected.supply_amount is None and corrected.tax_amount is None:
        return taxed(invoice.items, kind, anew=rate_changes)
    line = invoice.items[0] if invoice.items else LineItem(name=_REASON.ko)
    supply = corrected.supply_amount if corrected.supply_amount is not None else invoice.supply_amount
    tax = corrected.tax_amount
    if tax is None and kind.taxation is Taxation.TAXABLE:
        keeps = corrected.supply_amount is None and not rate_changes
        tax = invoice.tax_amount if keeps else tax_of(supply)
    changed: dict[str, object] = {"supply_amount": supply}
    if supply != invoice.supply_amount:
        changed |= {"quantity": None, "unit": None, "unit_price": None}
    line = line.model_copy(update=changed | {"tax_amount": tax})
    return taxed((line,), kind)


def _payments(invoice: Invoice, corrected: Corrected, total: int) -> tuple[Payment, ...]:
    if corrected.payments is not None:
        return corrected.payments
    if total == invoice.total_amount:
        return invoice.payments
    means = {paid.means for paid in invoice.payments}
    return (Payment(means=means.pop(), amount=total),) if len(means) == 1 else ()


def _corrected(invoice: Invoice, corrected: Corrected, heading: Heading) -> Invoice:
    kind = _kind(invoice, corrected).amended
    right = invoice.replace(
        purpose=corrected.purpose or invoice.purpose,
        supplier=corrected.supplier or invoice.supplier,
        buyer=corrected.buyer or invoice.buyer,
        broker=(corrected.broker or invoice.broker) if kind.is_consigned else None,
    )
    right = right.replace(**_right_amounts(invoice, corrected, heading.written_on))
    return headed(right, heading, kind)


def _right_amounts(invoice: Invoice, corrected: Corrected, written_on: date) -> dict[str, object]:
    lines = _lines(invoice, corrected)
    if corrected.items is None:
        lines = redated(invoice.model_copy(update={"items": lines}), written_on)
    if not corrected.changes_amounts:
        # Copied to the won, also where a foreign document's totals are not the sums of its items.
        totals = Totals(invoice.supply_amount, invoice.tax_amount)
    else:
        totals = totals_of(lines)
    return {
        "items": lines,
        "payments": _payments(invoice, corrected, totals.total_amount),
        "supply_amount": totals.supply_amount,
        "tax_amount": totals.tax_amount,
        "total_amount": totals.total_amount,
    }


def _changes_nothing(case: Case, corrected: Corrected) -> bool:
    """Whether what would be issued says again what the target says."""
    return _pair(case.target, corrected).plus == _pair(case.target, Corrected()).plus


# The draft ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    minus: Invoice
    plus: Invoice


def _pair(node: Node, corrected: Corrected) -> _Pair:
    """The mirror of a document, and what it should have been; its own 비고 (처음 작성일) stays on both."""
    invoice = node.invoice
    heading = Heading(_REASON, node.document.reference, invoice.written_on, invoice.remarks)
    right = replace(
        heading,
        written_on=corrected.written_on or invoice.written_on,
        remarks=invoice.remarks if corrected.remarks is None else corrected.remarks,
    )
    return _Pair(mirrored(invoice, heading), _corrected(invoice, corrected, right))


def _draft(case: Case, request: CorrectMistake) -> Draft:
    corrected = request.corrected
    pair = _pair(case.target, corrected)
    followers = tuple(_followers(case, corrected))
    pairs = (pair, *(_pair(node, _followed(case, node, corrected)) for node in followers))
    follow_ups = tuple(_also(case.invoice, corrected, also) for also in request.also)
    is_hard = request.subtype == NON_MISTAKE.code
    limit = _limit(case, _supplied_on(case, corrected))
    return Draft(
        documents=tuple(document for each in pairs for document in (each.minus, each.plus)),
        follow_ups=follow_ups,
        deadline=limit if is_hard else None,
        deadline_kind=RULE.subtype(request).kind,
        judged=(*_judged(case, request, pair.plus), *(judged_anew(each, case) for each in follow_ups)),
        warnings=(
            *_warnings(case, request, pair, len(followers)),
            *(limit.warnings if is_hard else ()),
        ),
    )


def _followers(case: Case, corrected: Corrected) -> Iterator[Node]:
    """Amendments that hang on the target's supply and have the same mistake in them."""
    if case.target.role is not Role.BASE:
        return
    new_buyer = not _buyer_stays(case.invoice, corrected)
    new_rate = _kind(case.invoice, corrected).taxation is not case.taxation
    new_date = corrected.written_on not in {None, case.invoice.written_on}
    for node in case.chain.tree(case.target):
        if node is case.target or not node.is_live or node.role not in {Role.CHANGE, Role.CREDIT}:
            continue
        same_rate = node.invoice.taxation is case.taxation
        if new_buyer or (new_rate and same_rate) or (new_date and _is_dated_alike(case, node)):
            yield node


def _is_dated_alike(case: Case, node: Node) -> bool:
    """Whether an amendment is dated like the target because the law says so: half of a 05."""
    return node.role is Role.CREDIT and node.invoice.written_on == case.invoice.written_on


def _followed(case: Case, node: Node, corrected: Corrected) -> Corrected:
    """What of a correction holds for an amendment that hangs on its target."""
    same_rate = node.invoice.taxation is case.taxation
    return Corrected(
        buyer=corrected.buyer,
        document_type=corrected.document_type if same_rate else None,
        written_on=corrected.written_on if _is_dated_alike(case, node) else None,
    )


def _also(invoice: Invoice, corrected: Corrected, also: Also) -> Invoice:
    """The part that belonged on a document of another kind: for the right buyer, on the right day."""
    kind = also.document_type.original
    heading = Heading(None, None, corrected.written_on or invoice.written_on, invoice.remarks)
    name = next((item.name for item in invoice.items if item.name), _REASON.ko)
    buyer = corrected.buyer or invoice.buyer
    bare = invoice.replace(buyer=buyer, broker=invoice.broker if kind.is_consigned else None)
    return part(bare, heading, _also_totals(also), kind, name)


def _also_totals(also: Also) -> Totals:
    tax = tax_of(also.supply_amount) if also.document_type.taxation is Taxation.TAXABLE else 0
    return Totals(also.supply_amount, tax)


def _judged(case: Case, request: CorrectMistake, plus: Invoice) -> Iterator[DocumentFacts]:
    """A new buyer receives anew; a date put right shows whether the original was late."""
    if request.subtype == NON_MISTAKE.code:
        yield DocumentFacts.of(plus, issued_on=case.on, sent_on=case.on, new_buyer=True)
    first = _first(case.target)
    issued_on = first.document.issued_on
    if plus.written_on != case.invoice.written_on and issued_on is not None:
        judged = DocumentFacts.of(plus, issued_on=issued_on, sent_on=issued_on)
        # Judged as what it corrects: a 01 as such has no deadline to miss.
        yield replace(judged, reason=first.invoice.amendment_reason)


def _first(node: Node) -> Node:
    """What a chain of corrections began with: it was issued when that was, however late they came."""
    while node.target is not None and node.invoice.amendment_reason is _REASON:
        node = node.target
    return node


def _warnings(case: Case, request: CorrectMistake, pair: _Pair, followers: int) -> Iterator[Notice]:
    if followers:
        yield message("also_correct_supplied", count=followers)
    if pair.plus.total_amount == -pair.minus.total_amount and pair.plus.tax_amount == -pair.minus.tax_amount:
        yield message("amounts_unchanged", count=2 * (1 + followers))
    if request.subtype != OPTIONAL.code and _audit(case) == "unsure":
        yield message("audit_unsure")
    if request.subtype in _OF_THIS_BUYER and _is_somebody_else(case.invoice, request.corrected):
        yield message("check_subtype")
    yield from _date_warnings(case, request.corrected.written_on)
    yield from _age_warnings(case, request)


_OF_THIS_BUYER: Final = frozenset({MISTAKE.code, TAX_RATE.code})
"""Corrections of what has to be stated that leave the buyer who it is: without a limit."""


def _is_somebody_else(invoice: Invoice, corrected: Corrected) -> bool:
    buyer, was = corrected.buyer or invoice.buyer, invoice.buyer
    names = {buyer.name}
    if was.kind is BuyerKind.INDIVIDUAL:
        # A person's business has a name of its own; whose it is, its representative tells.
        names.add(buyer.representative)
    return not _buyer_stays(invoice, corrected) and was.name not in names


def _date_warnings(case: Case, written_on: date | None) -> Iterator[Notice]:
    if written_on is None or written_on == case.invoice.written_on:
        return
    deadline = issue_deadline(written_on, law=case.law)
    if case.on > deadline.on:
        yield message("late", deadline=deadline.on)
    if case.target.document.issued_on is None:
        yield message("issued_on_unknown")
    yield from _of_preliminary(case, written_on)


def _of_preliminary(case: Case, written_on: date) -> Iterator[Notice]:
    """Within one 과세기간 whose final return is filed nothing changes but that the preliminary return was too low."""
    facts, law = case.facts, case.law
    was, now = (facts.return_of(day, law=law) for day in (case.invoice.written_on, written_on))
    final = return_period(was.end, facts.supplier, files_preliminary=False, law=law)
    is_moved = now.is_before_final and not now.is_levy and now.key != was.key and now.start >= final.start
    if is_moved and case.sign > 0 and case.invoice.tax_amount and facts.filed(final, on=case.on) is not False:
        yield message("preliminary_left_out", period=now.ko, period_en=now.en)


def _age_warnings(case: Case, request: CorrectMistake) -> Iterator[Notice]:
    supplied_on = _supplied_on(case, request.corrected)
    if request.subtype == NON_MISTAKE.code:
        yield from _late_for_new_buyer(case, request, supplied_on)
    limit = _limit(case, supplied_on).on
    if request.subtype in _OF_THIS_BUYER and case.on > limit:
        yield message("past_one_year", limit=limit)


_LATE_FOR_NEW_BUYER: Final[Mapping[Taxation, str]] = {
    Taxation.TAXABLE: "non_mistake_after_final_return",
    Taxation.ZERO_RATED: "non_mistake_late_zero_rated",
    Taxation.EXEMPT: "non_mistake_late_exempt",
}


def _late_for_new_buyer(case: Case, request: CorrectMistake, supplied_on: date) -> Iterator[Notice]:
    """After the day from which late counts as never: of 계산서 that is no return date, and nothing is deducted."""
    judged = replace(
        DocumentFacts.of(case.invoice, issued_on=case.on, sent_on=case.on), supplied_on=supplied_on
    )
    found = open_case(judged, case.facts, law=case.law, today=case.on)
    if case.on > found.final.on and _new_buyer_deducts(case, request):
        final_ko, final_en = found.words["final_ko"], found.words["final_en"]
        yield message(
            _LATE_FOR_NEW_BUYER[case.taxation],
            final=final_ko,
            final_en=final_en,
            final_due=found.final.on,
        )


def _new_buyer_deducts(case: Case, request: CorrectMistake) -> bool:
    buyer = request.corrected.buyer
    return buyer is not None and buyer.kind is BuyerKind.BUSINESS and case.facts.buyer_deducts is not False


RULE = Rule(
    _REASON, CorrectMistake, (MISTAKE, NON_MISTAKE, TAX_RATE, OPTIONAL), _bars, _faults, _draft, _meant
)
