"""What the supplier of a document is charged for.

Three duties can be broken on one document: issuing it, filling it in, transmitting it. For 세금계산서 one excludes
the next (부가가치세법 제60조제2항 후단). For 계산서 issuing excludes transmitting, while a defect stands beside either
(법인세법 제75조의8제1항제5호·제6호, 소득세법 제81조의10제1항제5호·제6호: "제4호가 적용되는 분은 제외한다").
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from dojang.etax.penalties.case import Case
from dojang.etax.penalties.charges import Charge
from dojang.etax.penalties.clauses import Family
from dojang.etax.penalties.records import Falsity


def supplier_charges(case: Case) -> tuple[Charge, ...]:
    """Every duty that the supplier broke, none charged twice for one part of the document."""
    if _is_not_charged(case):
        return ()
    document = case.document
    size = abs(document.supply_amount)
    if document.falsity is Falsity.FAKE or document.falsity is Falsity.NAME:
        return (Charge(document.falsity.value, size),)
    overstated = document.overstated_amount if case.overstates else 0
    charges = (Charge("over", overstated), *_ordinary(case, size - overstated))
    return tuple(charge for charge in charges if charge.base > 0)


def _is_not_charged(case: Case) -> bool:
    """The customs office, and 소규모사업자 who issue 계산서 (소득세법 시행령 제147조의6제1항), owe none."""
    is_small = case.family is Family.INDIVIDUAL and case.facts.small_business
    return case.document.document_type.is_import or is_small


def _ordinary(case: Case, base: int) -> Iterator[Charge]:
    for duties in _EXCLUSIVE[case.family]:
        broken = (duty(case, base) for duty in duties)
        yield from islice(filter(None, broken), 1)


def _issuing(case: Case, base: int) -> Charge | None:
    charge = _not_issued_in_time(case, base)
    # 법60⑩: who pays for a cash receipt not issued does not pay item 2 again.
    return None if charge and case.document.cash_receipt_charged and _is_of_item_2(case, charge) else charge


def _not_issued_in_time(case: Case, base: int) -> Charge | None:
    if case.document.keeps_original_date:
        return None
    if case.early:
        return _issued_early(case, base)
    return _issued_late(case, base) or _issued_wrongly(case, base)


def _is_of_item_2(case: Case, charge: Charge) -> bool:
    """부가가치세법 제60조제2항제2호, with its 단서."""
    return case.family is Family.VAT and charge.code in {"non_issue", "paper", "other_place"}


def _issued_early(case: Case, base: int) -> Charge | None:
    """Until the final return date the right invoice can still come; the wrong one is then only a defect."""
    reissued_on = case.document.reissued_on
    is_made_good = reissued_on is not None and reissued_on <= case.final.on
    if is_made_good or case.today <= case.final.on:
        return None
    return Charge("non_issue", base, cause="early_non_issue")


def _issued_late(case: Case, base: int) -> Charge | None:
    if case.issued_on <= case.issue.on:
        return None
    code = "late_issue" if case.issued_on <= case.final.on else "non_issue"
    return Charge(code, base, doubt="decrease" if case.document.is_decrease else None)


def _issued_wrongly(case: Case, base: int) -> Charge | None:
    if case.document.paper and case.must_be_electronic:
        return Charge("paper", base, doubt="decrease" if case.document.is_decrease else None)
    return Charge("other_place", base) if case.document.other_place and case.family is Family.VAT else None


def _filling_in(case: Case, base: int) -> Charge | None:
    if case.early:
        return Charge("defect", base, cause="early_defect")
    misstates = case.document.defective or case.misstates_amount
    return Charge("defect", base) if misstates else None


def _transmitting(case: Case, base: int) -> Charge | None:
    if case.document.paper or not case.must_be_electronic or case.sent_on <= case.transmit.on:
        return None
    code = "late_send" if case.sent_on <= case.final.on else "non_send"
    return Charge(code, base, doubt=_doubt_of_sending(case))


def _doubt_of_sending(case: Case) -> str | None:
    if case.document.is_decrease:
        return "decrease"
    return "substitute_holiday" if case.sent_on <= case.transmit_if_substitute_counts else None


_Duty = Callable[[Case, int], Charge | None]

_EXCLUSIVE: Mapping[Family, tuple[tuple[_Duty, ...], ...]] = {
    Family.VAT: ((_issuing, _filling_in, _transmitting),),
    Family.CORPORATE: ((_issuing, _transmitting), (_filling_in,)),
    Family.INDIVIDUAL: ((_issuing, _transmitting), (_filling_in,)),
}
"""Groups of duties of which the first that was broken is charged alone."""
