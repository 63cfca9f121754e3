"""선발급: a tax invoice issued before the supply, and when that is lawful (부가가치세법 제17조).

Where it is, the day of issue becomes 공급시기. Where it is not, the invoice is 사실과 다른 세금계산서, and its buyer
deducts only if the supply follows soon enough (시행령 제75조 제8호).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dojang.etax.calendar.deadlines import early_deduction_limit
from dojang.etax.calendar.periods import GENERAL, Taxpayer, vat_period
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters.law import Law, within_reach


class Continuing(StrEnum):
    """Supplies that may be invoiced before each part is due (제17조 제4항, 시행령 제30조)."""

    INSTALMENTS = "instalments"
    CONTINUOUS = "continuous"
    SHIPPING = "shipping"


class EarlyGround(StrEnum):
    """Why an invoice before the supply is lawful."""

    NOT_EARLY = "not_early"
    PAID_BEFORE = "paid_before"
    PAID_SOON = "paid_soon"
    CONTRACT = "contract"
    SAME_PERIOD = "same_period"
    CONTINUING = "continuing"


@dataclass(frozen=True, slots=True)
class EarlyFacts:
    """What decides about an invoice before the supply.

    Attributes:
        issued_on: 발급일.
        supplied_on: when it is supplied really (본래의 공급시기).
        paid_on: when the amount on the invoice was paid; None if it is not.
        paid_amount_matches: whether what was paid before is just the amount on the invoice.
        billing_on: 대금 청구시기 by the contract, which the law takes for the day of issue.
        payment_on: 지급시기 by the contract.
        continuing: 장기할부, continuous supply or 외국항행, or None.
        bill_of_lading_on: the day of 선하증권, for shipping; None for the day of issue.
        early_refund: whether the buyer took 조기환급 by this invoice.
    """

    issued_on: date
    supplied_on: date
    paid_on: date | None = None
    paid_amount_matches: bool = True
    billing_on: date | None = None
    payment_on: date | None = None
    continuing: Continuing | None = None
    bill_of_lading_on: date | None = None
    early_refund: bool = False


@dataclass(frozen=True, slots=True)
class EarlyIssue:
    """Whether an invoice before the supply is lawful, and what follows.

    Attributes:
        valid: whether it is.
        ground: why; None if it is not.
        supply_on: 공급시기: the day of issue where it is lawful, else the day of the real supply.
        deductible_until: by when the supply has to follow for the buyer to deduct all the same; None if lawful.
        buyer_may_deduct: whether the buyer deducts, with the penalty of 제60조 제7항 if it is not lawful.
        citation: the law.
        findings: what to know, and to do.
    """

    valid: bool
    ground: EarlyGround | None
    supply_on: date
    deductible_until: date | None
    buyer_may_deduct: bool
    citation: str
    findings: tuple[Notice, ...] = ()


def early_issue(facts: EarlyFacts, *, law: Law, taxpayer: Taxpayer = GENERAL) -> EarlyIssue:
    """Judge an invoice that was, or would be, issued before the supply.

    Args:
        facts: the dates.
        law: the figures.
        taxpayer: the supplier, whose 과세기간 count.
    """
    within_reach(facts.issued_on)
    within_reach(facts.supplied_on)
    if facts.supplied_on <= facts.issued_on:
        return EarlyIssue(
            True, EarlyGround.NOT_EARLY, facts.supplied_on, None, True, "부가가치세법 제34조 제1항"
        )
    for ground, name, holds in _GROUNDS:
        limit = law.parameter(name, facts.issued_on) if name else None
        if holds(facts, limit.number if limit else 0, taxpayer):
            return EarlyIssue(
                valid=True,
                ground=ground,
                supply_on=facts.issued_on,
                deductible_until=None,
                buyer_may_deduct=True,
                citation=_CITATIONS[ground],
                findings=law.notices(limit) if limit else (),
            )
    return _unlawful(facts, law)


def _unlawful(facts: EarlyFacts, law: Law) -> EarlyIssue:
    limit = early_deduction_limit(facts.issued_on, law=law, supply_on=facts.supplied_on)
    deducts = facts.supplied_on <= limit.on
    mismatched = facts.billing_on is not None and facts.billing_on != facts.issued_on
    return EarlyIssue(
        valid=False,
        ground=None,
        supply_on=facts.supplied_on,
        deductible_until=limit.on,
        buyer_may_deduct=deducts,
        citation=limit.citation if deducts else "부가가치세법 제39조 제1항 제2호",
        findings=distinct(
            (
                *limit.warnings,
                _TOO_EARLY,
                _buyer_deducts_late(limit.on) if deducts else _buyer_deducts_nothing(limit.on),
                *((_BILLING_DAY,) if mismatched else ()),
            )
        ),
    )


def _paid_before(facts: EarlyFacts, _limit: int, _taxpayer: Taxpayer) -> bool:
    paid = facts.paid_on
    return paid is not None and paid <= facts.issued_on and facts.paid_amount_matches


def _paid_soon(facts: EarlyFacts, limit: int, _taxpayer: Taxpayer) -> bool:
    paid = facts.paid_on
    return paid is not None and facts.issued_on < paid <= facts.issued_on + timedelta(days=limit)


def _contract(facts: EarlyFacts, limit: int, _taxpayer: Taxpayer) -> bool:
    if facts.billing_on is None or facts.payment_on is None:
        return False
    apart = facts.payment_on - facts.billing_on
    return facts.billing_on == facts.issued_on and timedelta(0) <= apart <= timedelta(days=limit)


def _same_period(facts: EarlyFacts, limit: int, taxpayer: Taxpayer) -> bool:
    if facts.early_refund:
        return facts.supplied_on <= facts.issued_on + timedelta(days=limit)
    return facts.supplied_on <= vat_period(facts.issued_on, taxpayer).end


def _continuing(facts: EarlyFacts, limit: int, _taxpayer: Taxpayer) -> bool:
    if facts.continuing is not Continuing.SHIPPING:
        return facts.continuing is not None
    lading = facts.bill_of_lading_on or facts.issued_on
    return facts.supplied_on <= lading + timedelta(days=limit)


_Holds = Callable[[EarlyFacts, int, Taxpayer], bool]

# In the order of 제17조; the figure that each one needs, if it needs one.
_GROUNDS: tuple[tuple[EarlyGround, str | None, _Holds], ...] = (
    (EarlyGround.PAID_BEFORE, None, _paid_before),
    (EarlyGround.PAID_SOON, "early_issue_paid_days", _paid_soon),
    (EarlyGround.CONTRACT, "early_issue_contract_days", _contract),
    (EarlyGround.SAME_PERIOD, "early_issue_refund_days", _same_period),
    (EarlyGround.CONTINUING, "early_issue_shipping_days", _continuing),
)

_CITATIONS = {
    EarlyGround.PAID_BEFORE: "부가가치세법 제17조 제1항",
    EarlyGround.PAID_SOON: "부가가치세법 제17조 제2항",
    EarlyGround.CONTRACT: "부가가치세법 제17조 제3항 제1호",
    EarlyGround.SAME_PERIOD: "부가가치세법 제17조 제3항 제2호",
    EarlyGround.CONTINUING: "부가가치세법 제17조 제4항",
}

_TOO_EARLY = Notice(
    "issued_too_early",
    "공급시기 전에 발급할 수 있는 경우(부가가치세법 제17조)에 해당하지 않습니다. 공급자에게 공급가액의 1%(그 뒤 맞는 과세기간에 "
    "발급하지 않으면 2%) 가산세가 있을 수 있으니 공급시기에 발급하세요.",
    "None of the cases of article 17 allows this invoice before the supply. The supplier may owe 1% of the supply "
    "amount (2% if none is issued in the right period); issue when it is supplied.",
    "부가가치세법 제60조 제2항 제5호, 서면3팀-187(2008. 1. 23.), 서면-2016-법령해석부가-5066(2017. 4. 20.)",
)
_BILLING_DAY = Notice(
    "billing_day_is_not_issue_day",
    "계약서의 대금 청구시기와 발급일이 다릅니다. 청구시기에 발급해야 30일 규정을 적용받습니다.",
    "The contract's billing date is not the day of issue. Issue on the billing date to rely on the 30-day rule.",
    "부가가치세법 제17조 제3항 제1호",
)


def _buyer_deducts_late(until: date) -> Notice:
    return Notice(
        "early_buyer_deducts_with_penalty",
        f"공급시기가 {until}까지 오고 세무서가 거래를 확인하면 매입자는 공제받되 공급가액의 0.5% 가산세가 있습니다.",
        f"If it is supplied by {until} and the tax office confirms it, the buyer deducts with a penalty of 0.5%.",
        "부가가치세법 시행령 제75조 제8호, 제108조 제5항",
    )


def _buyer_deducts_nothing(until: date) -> Notice:
    return Notice(
        "early_buyer_cannot_deduct",
        f"공급시기가 {until}보다 늦어 매입자가 이 세금계산서로 공제받을 수 없습니다. 공급할 때 새로 발급하세요.",
        f"It is supplied after {until}: the buyer cannot deduct by this invoice. Issue a new one at the supply.",
        "부가가치세법 제39조 제1항 제2호, 같은 법 시행령 제75조 제8호",
    )
