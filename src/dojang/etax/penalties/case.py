"""One document on one day, with every date that its penalties depend on.

What has not been done yet is judged as if it were done today: an unissued document as issued today, an
untransmitted one as transmitted today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dojang.etax.calendar.deadlines import (
    Deadline,
    final_return_due,
    issue_deadline,
    late_deduction_limit,
    transmit_deadline,
)
from dojang.etax.calendar.early_issue import EarlyFacts, EarlyIssue, early_issue
from dojang.etax.calendar.periods import SupplierKind, Taxpayer, vat_period
from dojang.etax.codes import BuyerKind
from dojang.etax.facts import BuyerTaxType, Facts
from dojang.etax.parameters import Law, Parameter
from dojang.etax.penalties.clauses import CUTOFF_DAY, EARLY_DEDUCTION, Family
from dojang.etax.penalties.fiscal_years import CALENDAR_YEAR, FiscalYear, day_after_year, fiscal_year
from dojang.etax.penalties.records import DocumentFacts, Falsity, Who
from dojang.etax.penalties.sentences import FINAL_NAMES

_EARLY_WORDS = {"months": ("개월", "months"), "days": ("일", "days")}


@dataclass(frozen=True, slots=True)
class Case:
    """One document on one day.

    Attributes:
        document: the document.
        facts: the parties.
        law: the figures and the calendar.
        today: the day on which it is judged.
        family: the statute that charges it.
        supply_on: the day from which the deadlines run.
        issued_on: 발급일, today if it is not issued yet.
        sent_on: 전송일, today if it is not transmitted yet.
        early: the judgement on an invoice issued before the time of supply in no way that 법17 allows; else None.
        issue: 발급기한.
        transmit: 전송기한.
        final: after this day issuing late is not issuing, and sending late is not sending.
        buyer_final: 확정신고기한 by the buyer's own periods.
        limit: the last day on which an invoice received late is still deductible.
    """

    document: DocumentFacts
    facts: Facts
    law: Law
    today: date
    family: Family
    supply_on: date
    issued_on: date
    sent_on: date
    early: EarlyIssue | None
    issue: Deadline
    transmit: Deadline
    final: Deadline
    buyer_final: Deadline
    limit: Deadline

    @property
    def must_be_electronic(self) -> bool:
        """Whether it had to be issued electronically; not, as long as nobody knows."""
        return self.facts.is_obliged is True

    @property
    def buyer_deducts(self) -> bool:
        """Whether the buyer deducts input tax; where nobody knows, it does."""
        return self.document.buyer_kind is BuyerKind.BUSINESS and self.facts.buyer_deducts is not False

    @property
    def buyer_is_simplified(self) -> bool:
        """간이과세자."""
        return self.facts.buyer_tax_type is BuyerTaxType.SIMPLIFIED

    @property
    def overstates(self) -> bool:
        """과다기재 of a 세금계산서."""
        return self.document.falsity is Falsity.OVER and self.family is Family.VAT

    @property
    def misstates_amount(self) -> bool:
        """과다기재 of a 계산서, whose laws know no such penalty: it is an untrue entry."""
        return self.document.falsity is Falsity.OVER and self.family is not Family.VAT

    @property
    def transmit_if_substitute_counts(self) -> date:
        """전송기한 if the substitute of 노동절 were a day on which one does not have to transmit."""
        return max(self.transmit.on, self.law.calendar.roll(self.transmit.statutory))

    @property
    def is_unissued(self) -> bool:
        """Nothing has reached the buyer yet."""
        return (self.document.sent_on if self.document.no_inbox else self.document.issued_on) is None

    @property
    def is_unsent(self) -> bool:
        """Issued electronically, and 국세청 does not have it yet."""
        return not self.is_unissued and self.document.sent_on is None and not self.document.paper

    def rate(self, name: str) -> Parameter:
        """A figure of the law, picked by the supply or by the act as the law has it."""
        by_supply = self.law.parameter(name, self.supply_on)
        return by_supply if by_supply.keyed_by == "supply" else self.law.parameter(name, self.issued_on)

    def period_of(self, who: Who) -> FiscalYear:
        """The period within which a party's penalties of one kind are capped (국세기본법 시행령 제29조의2제2항)."""
        if self.family is not Family.VAT:
            return fiscal_year(self.supply_on, _year_end(self.facts, self.family))
        period = vat_period(self.supply_on, _taxpayer(self.facts, who))
        return FiscalYear(period.start, period.end)

    @property
    def words(self) -> Mapping[str, str]:
        """What the sentences of this case name."""
        number, unit = self.law.parameter(EARLY_DEDUCTION, self.supply_on).policy.split()
        unit_ko, unit_en = _EARLY_WORDS[unit]
        return {
            "issue": str(self.issue.on),
            "transmit": str(self.transmit.on),
            "final": str(self.final.on),
            "final_ko": FINAL_NAMES[self.family].ko,
            "final_en": FINAL_NAMES[self.family].en,
            "buyer_final": str(self.buyer_final.on),
            "limit": str(self.limit.on),
            "supply": str(self.supply_on),
            "issued": str(self.issued_on),
            "early_ko": f"발급일부터 {number}{unit_ko}",
            "early_en": f"{number} {unit_en} of issue",
        }


def open_case(document: DocumentFacts, facts: Facts, *, law: Law, today: date) -> Case:
    """Finds the dates of a document."""
    buyer = facts.buyer_taxpayer
    issued_on = _issued_on(document, today)
    early = _early(document, facts, issued_on, law)
    # Where issuing early is lawful, the day of issue is the time of supply (법17).
    supply_on = early.supply_on
    family = _family(document, facts)
    return Case(
        document=document,
        facts=facts,
        law=law,
        today=today,
        family=family,
        supply_on=supply_on,
        issued_on=issued_on,
        sent_on=document.sent_on or max(today, issued_on),
        early=None if early.valid else early,
        issue=issue_deadline(supply_on, law=law),
        transmit=transmit_deadline(issued_on, law=law, written_on=document.written_on),
        final=_final(family, supply_on, facts, law),
        buyer_final=final_return_due(supply_on, law=law, taxpayer=buyer),
        limit=late_deduction_limit(supply_on, law=law, taxpayer=buyer),
    )


def _issued_on(document: DocumentFacts, today: date) -> date:
    issued_on = document.sent_on if document.no_inbox else document.issued_on
    return issued_on or max(today, document.counted_from)


def _early(document: DocumentFacts, facts: Facts, issued_on: date, law: Law) -> EarlyIssue:
    billing, supplied_on = facts.contract_billing, document.counted_from
    told = EarlyFacts(
        issued_on=issued_on,
        supplied_on=min(issued_on, supplied_on) if document.early_is_valid else supplied_on,
        paid_on=facts.paid_on,
        billing_on=billing.billing_on if billing else None,
        payment_on=billing.payment_on if billing else None,
    )
    return early_issue(told, law=law, taxpayer=facts.supplier)


def _family(document: DocumentFacts, facts: Facts) -> Family:
    if not document.is_exempt:
        return Family.VAT
    return Family.CORPORATE if facts.supplier_kind is SupplierKind.CORPORATION else Family.INDIVIDUAL


def _final(family: Family, supply_on: date, facts: Facts, law: Law) -> Deadline:
    """확정신고기한; for 계산서 the 25th of the month after the fiscal year, of individuals the calendar year."""
    if family is Family.VAT:
        return final_return_due(supply_on, law=law, taxpayer=facts.supplier)
    day = law.parameter(CUTOFF_DAY, supply_on)
    nominal = day_after_year(fiscal_year(supply_on, _year_end(facts, family)).end, day.number)
    rolled = law.calendar.roll(nominal)
    return Deadline(
        rolled, rolled, None, day.citation, (*law.notices(day), *law.day_notices(nominal, rolled))
    )


def _year_end(facts: Facts, family: Family) -> str:
    return facts.fiscal_year_end if family is Family.CORPORATE else CALENDAR_YEAR


def _taxpayer(facts: Facts, who: Who) -> Taxpayer:
    return facts.supplier if who == "supplier" else facts.buyer_taxpayer
