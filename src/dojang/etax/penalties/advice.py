"""What to know beside the penalties: conditions of a deduction, traps, and the other case where a fact is unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dojang.etax.calendar.deadlines import Deadline, summary_cutoff
from dojang.etax.calendar.periods import TaxType, return_period
from dojang.etax.facts import BuyerTaxType, Facts, TaxTypeEntry
from dojang.etax.notices import Notice
from dojang.etax.penalties.buyer import Receipt
from dojang.etax.penalties.case import Case
from dojang.etax.penalties.charges import won
from dojang.etax.penalties.clauses import NO_INVOICE
from dojang.etax.penalties.records import Falsity, Penalty
from dojang.etax.penalties.sentences import percent


def notices(case: Case, received: Receipt) -> tuple[Notice, ...]:
    """Everything that this case should tell, deadlines' own warnings first."""
    if case.document.document_type.is_import:
        return (_IMPORT,)
    return (
        *_of_deadlines(case, received),
        *_of_deduction(case, received),
        *_of_transmission(case),
        *_of_never_issued(case),
    )


def _of_deadlines(case: Case, received: Receipt) -> Iterator[Notice]:
    yield from case.issue.warnings
    if case.issued_on > case.issue.on:
        yield from case.final.warnings
    if case.is_unsent:
        yield from case.transmit.warnings
    if received.deduction in {"late", "no"}:
        # The limit runs by the buyer's periods: what nobody knows there is the buyer's type.
        yield from (
            _BUYER_PERIODS_UNKNOWN if warning.code == "tax_type_unknown" else warning
            for warning in case.limit.warnings
        )


def _of_deduction(case: Case, received: Receipt) -> Iterator[Notice]:
    if case.document.falsity in {Falsity.FAKE, Falsity.NAME}:
        yield from (_untrue(received.lost_tax),) if received.deduction == "no" else ()
    elif case.early:
        yield from case.early.findings
    elif received.deduction == "no":
        yield _lost(case.limit, received.lost_tax)
    elif received.deduction == "late" and case.issued_on > case.buyer_final.on:
        yield _late_deduction(case.limit)


def _of_transmission(case: Case) -> Iterator[Notice]:
    was_in_time = case.issued_on <= case.issue.on < case.today and not case.document.keeps_original_date
    if case.is_unsent and was_in_time:
        yield _DO_NOT_CANCEL
    yield from _of_voluntary(case)


def _of_voluntary(case: Case) -> Iterator[Notice]:
    """One who issues electronically without having to owes no penalty, and yet loses something by not sending."""
    if (
        case.facts.is_obliged is not False
        or case.document.paper
        or case.is_unissued
        or case.document.is_exempt
    ):
        return
    period = return_period(
        case.document.written_on, case.facts.supplier, case.facts.files_preliminary is not False, law=case.law
    )
    cutoff = summary_cutoff(period, law=case.law)
    if case.sent_on > cutoff.on:
        yield _voluntary_unsent(cutoff)


def _of_never_issued(case: Case) -> Iterator[Notice]:
    """제68조의2제2항제1호: a 간이과세자 who takes no invoice at all owes on what it paid."""
    document = case.document
    is_late = case.is_unissued and case.today > case.buyer_final.on
    if is_late and case.buyer_is_simplified and document.input_tax > 0 and not document.reason:
        paid = document.supply_amount + document.input_tax
        rate = case.rate(NO_INVOICE)
        yield _never_received(rate.rate, won(paid, rate.rate), rate.citation)


@dataclass(frozen=True, slots=True)
class OtherCase:
    """What is so if an unknown fact is otherwise than assumed.

    Attributes:
        code: of the notice.
        ko: "… 라면", the other assumption in Korean.
        en: the same in English.
        facts: the parties under that assumption.
        citation: why it matters.
    """

    code: str
    ko: str
    en: str
    facts: Facts
    citation: str

    def told(self, penalties: tuple[Penalty, ...]) -> Notice:
        """The notice: what would then be owed."""
        ko = " ".join(penalty.ko for penalty in penalties) or "가산세가 없습니다."
        en = " ".join(penalty.en for penalty in penalties) or "there is no penalty."
        return Notice(self.code, f"{self.ko} {ko}", f"{self.en} {en}", self.citation)


def other_cases(facts: Facts) -> Iterator[OtherCase]:
    """The case that was not assumed, for every fact that nobody knows."""
    if facts.is_obliged is None:
        yield OtherCase(
            "e_duty_unknown",
            "전자발급 의무자인지 몰라 아닌 것으로 계산했습니다. 의무자라면:",
            "Whether it must issue electronically is not known; it was taken not to. If it must:",
            facts.model_copy(update={"e_obligated": True}),
            "부가가치세법 제32조 제2항·제3항",
        )
    if facts.buyer_deducts is None:
        yield OtherCase(
            "buyer_tax_type_unknown",
            "거래처의 과세유형을 몰라 일반과세자로 계산했습니다. 매입세액을 공제받지 않는 거래처라면:",
            "The buyer's tax type is not known; it was taken as a general taxpayer. If it deducts nothing:",
            facts.model_copy(update={"buyer_tax_type": BuyerTaxType.EXEMPT}),
            "부가가치세법 제60조 제7항 제1호",
        )
    if facts.supplier_tax_types is None:
        simplified = TaxTypeEntry.model_validate({"from": date.min, "type": TaxType.SIMPLIFIED})
        yield OtherCase(
            "supplier_tax_type_unknown",
            "공급자의 과세유형을 몰라 일반과세자로 계산했습니다. 간이과세자라면:",
            "The supplier's tax type is not known; it was taken as a general taxpayer. If it is a simplified one:",
            facts.model_copy(update={"supplier_tax_types": (simplified,)}),
            "부가가치세법 제5조 제1항",
        )


def _late_deduction(limit: Deadline) -> Notice:
    return Notice(
        "deduction_needs_amended_return",
        f"거래처는 {limit.on}까지 받은 세금계산서를 수정신고나 경정청구에 붙여 내야 매입세액을 공제받습니다.",
        f"The buyer deducts only with an amended return or a claim that encloses the invoice, received by {limit.on}.",
        limit.citation,
    )


def _lost(limit: Deadline, lost_tax: int) -> Notice:
    return Notice(
        "deduction_lost",
        f"거래처는 매입세액 {lost_tax:,}원을 공제받지 못합니다. 공제되는 기한은 {limit.on}까지입니다.",
        f"The buyer cannot deduct the input tax of {lost_tax:,} won; deduction ends on {limit.on}.",
        "부가가치세법 제39조 제1항 제2호",
    )


def _untrue(lost_tax: int) -> Notice:
    return Notice(
        "deduction_lost",
        f"사실과 다른 세금계산서여서 거래처는 매입세액 {lost_tax:,}원을 공제받지 못합니다.",
        f"The invoice is untrue: the buyer cannot deduct the input tax of {lost_tax:,} won.",
        "부가가치세법 제39조 제1항 제2호",
    )


def _voluntary_unsent(cutoff: Deadline) -> Notice:
    return Notice(
        "voluntary_unsent",
        f"전자발급 의무자가 아니어서 전송 가산세는 없습니다. 다만 {cutoff.on}까지 전송하지 않은 것은 합계표에 거래처별로 "
        "적어야 하고 발급세액공제를 받지 못합니다.",
        f"Not being obliged to issue electronically, the supplier owes no penalty; but what is not sent by {cutoff.on} "
        "has to be listed by customer in the summary, and earns no tax credit.",
        "부가가치세법 제32조 제5항, 제47조 제1항, 제54조 제2항",
    )


def _never_received(rate: Decimal, amount: int, citation: str) -> Notice:
    return Notice(
        "simplified_buyer_without_invoice",
        f"간이과세자인 거래처는 세금계산서를 끝내 받지 않으면 공급대가의 {percent(rate)} = {amount:,}원을 가산세로 냅니다.",
        f"A simplified buyer who never takes the invoice owes {percent(rate)} of what it paid = {amount:,} won.",
        citation,
    )


_IMPORT = Notice(
    "import_kind",
    "수입세금계산서는 세관장이 발급하므로 공급자 가산세를 계산하지 않습니다.",
    "Import invoices are issued by the customs office; nothing is charged here.",
    "부가가치세법 제35조",
)
_BUYER_PERIODS_UNKNOWN = Notice(
    "tax_type_unknown",
    "거래처의 과세유형을 몰라 거래처의 공제 기한을 일반과세자의 과세기간으로 계산했습니다.",
    "The buyer's tax type is not known; its limit for deducting was taken from a general taxpayer's periods.",
    "부가가치세법 제5조 제1항",
)
_DO_NOT_CANCEL = Notice(
    "send_then_amend",
    "발급은 기한 안에 했으니 취소하지 말고 전송하세요. 취소하고 다시 발급하면 지연발급이 됩니다. 고칠 것이 있으면 전송한 뒤 "
    "수정발급(01)하면 가산세가 없습니다.",
    "It was issued in time: do not cancel it, transmit it. Issuing anew would be late; amending it (01) afterwards "
    "costs nothing.",
    "부가가치세법 시행령 제70조 제1항 제5호",
)
