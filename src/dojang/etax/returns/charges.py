"""가산세 of many documents at once: what was late, added up before the rate is applied, as the return does it.

Documents that share kind, dates and sign owe at one rate: they come as one `Late`, with the sum of their amounts.
`dojang.etax.penalties` judges one document of that sum; the caps of 국세기본법 제49조 are applied over all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType
from dojang.etax.facts import BuyerTaxType, Facts
from dojang.etax.parameters.law import Law
from dojang.etax.penalties import Certainty, DocumentFacts, Penalty, Who, assess, capped
from dojang.etax.penalties.charges import won
from dojang.etax.returns.rows import Party, Side, is_exempt


@dataclass(frozen=True, slots=True)
class Late:
    """Documents of one kind, sign and dates.

    Attributes:
        written_on: 작성일자, of several in one month the earliest.
        issued_on, sent_on: None: not yet.
        count, supply_amount, tax_amount: their sums; the amounts all bear one sign.
        deducts: of purchases, whether the input tax is deducted.
        supplied_on: the day from which their term runs where that is not 작성일자 (시행령 제70조 제2항·제3항).
    """

    side: Side
    document_type: DocumentType
    reason: AmendmentReason | None
    party: Party
    written_on: date
    issued_on: date | None
    sent_on: date | None
    count: int
    supply_amount: int
    tax_amount: int
    paper: bool = False
    deducts: bool = True
    supplied_on: date | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """One penalty over several documents.

    Attributes:
        side: 매출: owed as the supplier. 매입: owed as the buyer.
        code: `late_issue`, `late_send` …
        exempt: of 계산서, which is paid with income or corporate tax and stands on no line of the VAT return.
        count: documents.
        base: 공급가액 that it is counted on, in won.
        rate: as a fraction.
        amount: in won, after the cap.
        uncapped: the same before it.
        certainty: `practice`: disputed, the amount is the most it can be.
        citation: the law.
    """

    side: Side
    code: str
    exempt: bool
    count: int
    base: int
    rate: Decimal
    amount: int
    uncapped: int
    certainty: Certainty
    citation: str


def charged(late: Iterable[Late], facts: Facts, *, law: Law, today: date) -> tuple[Charged, ...]:
    """What a business owes for its late documents, one entry for each penalty and certainty.

    Args:
        late: of one business; what turns out to be in time costs nothing.
        facts: of the business itself.
        law: the figures and the calendar.
        today: the day as of which what is not issued or transmitted is judged.
    """
    found = [(part, penalty) for part in late for penalty in penalties_of(part, facts, law=law, today=today)]
    cut = capped(penalty for _, penalty in found)
    totals: dict[tuple[Side, str, bool, Certainty], Charged] = {}
    for (part, before), after in zip(found, cut, strict=True):
        key = (part.side, before.code, is_exempt(part.document_type), before.certainty)
        totals[key] = _added(totals.get(key), part, before, after)
    return tuple(totals.values())


def penalties_of(late: Late, facts: Facts, *, law: Law, today: date) -> tuple[Penalty, ...]:
    """The business's own penalties for documents of one kind and date, uncapped."""
    document = DocumentFacts(
        document_type=late.document_type,
        written_on=late.written_on,
        supply_amount=late.supply_amount,
        tax_amount=late.tax_amount,
        issued_on=late.issued_on,
        sent_on=late.sent_on,
        supplied_on=late.supplied_on,
        reason=late.reason,
        buyer_kind=BuyerKind.BUSINESS if late.party is Party.BUSINESS else BuyerKind.INDIVIDUAL,
        paper=late.paper,
    )
    if late.side is Side.PURCHASE and not late.deducts:
        # 제60조 제7항 제1호 counts on input tax that was deducted.
        return ()
    told = facts if late.side is Side.SALES else _as_buyer(facts, late.written_on)
    who = _WHO[late.side]
    found = assess(document, told, law=law, today=today).of(who)
    # The cap is of all documents together; `capped` applies it.
    return tuple(_uncut(each) for each in found)


_WHO: Mapping[Side, Who] = {Side.SALES: "supplier", Side.PURCHASE: "buyer"}


def _uncut(penalty: Penalty) -> Penalty:
    return replace(penalty, amount=won(penalty.base, penalty.rate))


def _as_buyer(facts: Facts, day: date) -> Facts:
    """The facts of a purchase: this business is the buyer, as it was that day, and of the supplier nothing is known."""
    tax_type = facts.supplier.tax_type(day)
    kind = BuyerTaxType(tax_type.value) if tax_type is not None else BuyerTaxType.UNKNOWN
    return Facts(buyer_tax_type=kind, buyer_closed_on=facts.supplier_closed_on)


def _added(before: Charged | None, part: Late, full: Penalty, cut: Penalty) -> Charged:
    if before is None:
        exempt = is_exempt(part.document_type)
        before = Charged(part.side, full.code, exempt, 0, 0, full.rate, 0, 0, full.certainty, full.citation)
    return replace(
        before,
        count=before.count + part.count,
        base=before.base + full.base,
        amount=before.amount + cut.amount,
        uncapped=before.uncapped + full.amount,
    )
