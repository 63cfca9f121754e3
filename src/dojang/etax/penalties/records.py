"""What a penalty is judged on and what the judgement says.

Concepts: 발급 (the document reaches the buyer) and 전송 (its data reach 국세청) are two duties with two dates;
a supplier may owe a penalty (가산세) for either, a buyer for having received late, and a late document may cost
the buyer its deduction (매입세액 불공제). Amounts are whole won.

Source: 부가가치세법 제60조, 법인세법 제75조의8, 소득세법 제81조의10, 국세기본법 제49조.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from dojang.errors import Language
from dojang.etax.amounts import tax_of
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, Taxation
from dojang.etax.invoice import KST, Invoice
from dojang.etax.notices import Notice

Who = Literal["supplier", "buyer"]

Certainty = Literal["law", "practice"]
"""law: the statute says so. practice: disputed; the amount is then the upper bound, shown as 최대."""

Deduction = Literal["yes", "late", "no", "none"]
"""yes: as usual. late: still deductible, though late or early. no: lost (불공제). none: there is nothing to deduct."""


class Falsity(StrEnum):
    """How a document tells of another deal than there was. Source: 부가가치세법 제60조제3항."""

    FAKE = "fake"
    """가공: nothing was supplied."""
    NAME = "name"
    """위장: supplied, but by or to another than the document names."""
    OVER = "over"
    """과다기재: the supply amount is larger than what was supplied."""


_ORIGINAL_DATE_REASONS = frozenset(
    {AmendmentReason.MISTAKE, AmendmentReason.LOCAL_CREDIT, AmendmentReason.DUPLICATE}
)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document, as far as penalties depend on it.

    Attributes:
        document_type: 전자(세금)계산서 종류; the family decides which statute charges.
        written_on: 작성일자.
        supply_amount: 공급가액 in won; negative on documents that take something back.
        tax_amount: 세액 in won; left out, a taxable document's is 10 %.
        issued_on: 발급일, the day on which the buyer could have it; None: not issued yet.
        sent_on: 전송일; None: not transmitted yet.
        supplied_on: 공급시기, or the day the cause of a 02, 03, 04 arose, where it is not the 작성일자 (it differs for
            invoices issued before the supply, for a wrong 작성일자, and after a switch of tax type, 령70②③).
        reason: 수정사유 of an amendment.
        buyer_kind: 공급받는자 구분.
        new_buyer: an amendment (01, 착오 외) on which the buyer is another person than before.
        paper: issued on paper.
        other_place: issued in the name of another place of business of the same supplier.
        no_inbox: the buyer named no inbox (or mail bounced), so that Hometax is it and 발급 happens by transmission.
        early_is_valid: an invoice issued before the supply is one that 법17 allows.
        reissued_on: of one wrongly issued before the supply: when the right one was issued.
        defective: 부실기재: a required entry missing or untrue, and the rest does not prove the deal (령108③).
        falsity: 가공, 위장 or 과다기재.
        overstated_amount: for 과다기재: the part of the supply amount that was not supplied, in won.
        cash_receipt_charged: the supplier already pays the penalty for a cash receipt not issued (법60⑩).
        deliberate: the duty was broken on purpose; nothing is capped then.
    """

    document_type: DocumentType
    written_on: date
    supply_amount: int
    tax_amount: int | None = None
    issued_on: date | None = None
    sent_on: date | None = None
    supplied_on: date | None = None
    reason: AmendmentReason | None = None
    buyer_kind: BuyerKind = BuyerKind.BUSINESS
    new_buyer: bool = False
    paper: bool = False
    other_place: bool = False
    no_inbox: bool = False
    early_is_valid: bool = False
    reissued_on: date | None = None
    defective: bool = False
    falsity: Falsity | None = None
    overstated_amount: int = 0
    cash_receipt_charged: bool = False
    deliberate: bool = False

    @classmethod
    def of(
        cls,
        invoice: Invoice,
        *,
        issued_on: date | None = None,
        sent_on: date | None = None,
        supplied_on: date | None = None,
        paper: bool = False,
        new_buyer: bool = False,
    ) -> Self:
        """An invoice's own facts. `issued_on` left out is the day of its 발급일시 in Korea, if it has one.

        What an invoice cannot know (a true 공급시기, paper, defects) is given or set with `dataclasses.replace`.
        """
        if issued_on is None and invoice.issued_at is not None:
            issued_on = invoice.issued_at.astimezone(KST).date()
        return cls(
            document_type=invoice.document_type,
            written_on=invoice.written_on,
            supply_amount=invoice.supply_amount,
            tax_amount=invoice.tax_amount,
            issued_on=issued_on,
            sent_on=sent_on,
            supplied_on=supplied_on,
            reason=invoice.amendment_reason,
            buyer_kind=invoice.buyer.kind,
            new_buyer=new_buyer,
            paper=paper,
        )

    @property
    def is_exempt(self) -> bool:
        """계산서, charged by income tax law instead of VAT law."""
        return self.document_type.taxation is Taxation.EXEMPT

    @property
    def is_decrease(self) -> bool:
        """It takes something back; whether 발급 penalties reach it is disputed."""
        return self.supply_amount < 0

    @property
    def keeps_original_date(self) -> bool:
        """An amendment (01, 05, 06) that has no issue deadline of its own: it corrects one that met or missed it."""
        return self.reason in _ORIGINAL_DATE_REASONS

    @property
    def counted_from(self) -> date:
        """The day from which the deadlines run, and whose rates apply."""
        return self.supplied_on or self.written_on

    @property
    def input_tax(self) -> int:
        """The tax that the buyer of this document could deduct, in won."""
        if self.document_type.taxation is not Taxation.TAXABLE or self.is_decrease:
            return 0
        return tax_of(self.supply_amount) if self.tax_amount is None else self.tax_amount


@dataclass(frozen=True, slots=True)
class Cap:
    """가산세 한도: what one kind of duty can cost one party in one period. Source: 국세기본법 제49조, 영 제29조의2.

    Attributes:
        duty: the kind of duty: issue, entries, transmission, receipt.
        limit: in won.
        start: first day of the period.
        end: its last day.
    """

    duty: str
    limit: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Penalty:
    """One penalty.

    Attributes:
        who: who owes it.
        code: which: late_issue, non_issue, paper, other_place, late_send, non_send, defect, late_receive,
            fake, name, over.
        rate: share of the base.
        base: the 공급가액 it is counted on, in won, never negative.
        amount: in won, below a won dropped; after the cap, where one applies.
        certainty: law, or practice where it is disputed: the amount is then the most it can be.
        citation: the statute.
        ko: the sentence in Korean.
        en: the sentence in English.
        cap: what it counts toward; None: without limit.
    """

    who: Who
    code: str
    rate: Decimal
    base: int
    amount: int
    certainty: Certainty
    citation: str
    ko: str
    en: str
    cap: Cap | None = field(default=None, repr=False)

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return self.ko if language == "ko" else self.en

    def to_data(self) -> dict[str, str | int]:
        """For JSON; the rate as text, so that no digit is lost."""
        names = ("who", "code", "rate", "base", "amount", "certainty", "citation", "ko", "en")
        return {name: getattr(self, name) for name in names} | {"rate": str(self.rate)}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one document costs, and what else to know.

    Attributes:
        penalties: supplier's first.
        deduction: what becomes of the buyer's input tax.
        lost_tax: input tax that the buyer loses, in won.
        notices: conditions, disputes, and both cases where a fact is unknown.
    """

    penalties: tuple[Penalty, ...] = ()
    deduction: Deduction = "none"
    lost_tax: int = 0
    notices: tuple[Notice, ...] = ()

    def of(self, who: Who) -> tuple[Penalty, ...]:
        """The penalties of one party."""
        return tuple(penalty for penalty in self.penalties if penalty.who == who)

    @property
    def penalties_total(self) -> int:
        """All penalties of both parties, in won."""
        return sum(penalty.amount for penalty in self.penalties)

    @property
    def cost(self) -> int:
        """Penalties and lost input tax, in won: what lateness costs both together."""
        return self.penalties_total + self.lost_tax
