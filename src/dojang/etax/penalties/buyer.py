"""What becomes of the buyer's input tax, and what the buyer is charged for.

Only who deducts can owe the 0.5 % of 지연수취: it is counted on the supply amount whose input tax was deducted late
(부가가치세법 제60조제7항제1호, 같은 법 시행령 제108조제5항, 제75조제3호·제7호·제8호). A document that takes something
back, a zero-rated one and a 계산서 carry nothing to deduct.
"""

from dataclasses import dataclass

from dojang.etax.amounts import tax_of
from dojang.etax.penalties.case import Case
from dojang.etax.penalties.charges import Charge
from dojang.etax.penalties.records import Deduction, Falsity


@dataclass(frozen=True, slots=True)
class Receipt:
    """The buyer's side of one document; `lost_tax` is input tax in won that it cannot deduct."""

    deduction: Deduction
    charges: tuple[Charge, ...] = ()
    lost_tax: int = 0


def receipt(case: Case) -> Receipt:
    """The buyer's side: deduction and what is charged."""
    if case.document.falsity in {Falsity.FAKE, Falsity.NAME}:
        return _false(case)
    received = _received(case)
    if not case.overstates:
        return received
    part = _overstated(case)
    return Receipt(received.deduction, (*part.charges, *received.charges), received.lost_tax + part.lost_tax)


def _received(case: Case) -> Receipt:
    if _input_tax(case) <= 0:
        return Receipt("none")
    if case.document.keeps_original_date:
        return _put_right(case)
    if case.early:
        return _late(case, "early_receive") if case.early.buyer_may_deduct else _lost(case)
    return _ordinary(case)


def _false(case: Case) -> Receipt:
    """제60조제3항제2호·제4호."""
    tax = _input_tax(case)
    charges = _of_falsity(case, abs(case.document.supply_amount))
    return Receipt("no", charges, tax) if tax > 0 else Receipt("none", charges)


def _overstated(case: Case) -> Receipt:
    """제60조제3항제6호: the part above what was supplied, whose tax is not deductible."""
    amount = case.document.overstated_amount
    return Receipt("none", _of_falsity(case, amount), tax_of(amount) if _input_tax(case) > 0 else 0)


def _of_falsity(case: Case, base: int) -> tuple[Charge, ...]:
    """Of 제3항 간이과세자 are charged only what they issue: items 1, 3 and 5 (제68조의2제1항)."""
    falsity = case.document.falsity
    is_spared = case.buyer_is_simplified and not case.document.is_exempt
    return () if falsity is None or base <= 0 or is_spared else (Charge(falsity.value, base),)


def _put_right(case: Case) -> Receipt:
    """01, 05, 06 keep the date of a document that the buyer already had; only another buyer receives anew."""
    if not case.document.new_buyer or case.issued_on <= case.buyer_final.on:
        return Receipt("yes")
    return _until_limit(case, doubt="new_buyer")


def _ordinary(case: Case) -> Receipt:
    if case.issued_on <= case.issue.on:
        return Receipt("yes")
    if case.issued_on <= case.buyer_final.on:
        is_paper = case.document.paper and case.must_be_electronic
        return _late(case, "late_receive", doubt="late_paper" if is_paper else None)
    return _until_limit(case)


def _until_limit(case: Case, doubt: str | None = None) -> Receipt:
    if case.issued_on > case.limit.on:
        return _lost(case)
    return _late(case, "late_receive_after_return", doubt)


def _late(case: Case, cause: str, doubt: str | None = None) -> Receipt:
    base = _real(case)
    return Receipt("late", (Charge("late_receive", base, cause, doubt),) if base > 0 else ())


def _lost(case: Case) -> Receipt:
    above = tax_of(case.document.overstated_amount) if case.overstates else 0
    return Receipt("no", lost_tax=_input_tax(case) - above)


def _real(case: Case) -> int:
    above = case.document.overstated_amount if case.overstates else 0
    return case.document.supply_amount - above


def _input_tax(case: Case) -> int:
    return case.document.input_tax if case.buyer_deducts else 0
