"""발급기한 of a draft and what lateness costs, in the sentences that stand under its 작성일자.

The law engine decides (`penalties.ladder`); here its rungs become one line to read while typing and a list to open.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dojang.etax.calendar.deadlines import Deadline, issue_deadline
from dojang.etax.codes import BuyerKind, DocumentType
from dojang.etax.facts import BuyerTaxType, Facts, InvalidFacts
from dojang.etax.parameters.law import DateOutOfReach
from dojang.etax.penalties import DocumentFacts, Penalty, Rung, ladder
from dojang.etax.penalties.sentences import NAMES, percent
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import consigned, content
from dojang.service.invoices.models import Invoice
from dojang.service.law import law

_WEEKDAYS_KO: Final = "월화수목금토일"
#: 과세유형 of the tax office's service, as far as it decides what a buyer deducts.
_TAX_TYPES: Final[Mapping[str, BuyerTaxType]] = {
    "01": BuyerTaxType.GENERAL,
    "02": BuyerTaxType.SIMPLIFIED,
    "03": BuyerTaxType.SIMPLIFIED,
    "04": BuyerTaxType.EXEMPT,
    "05": BuyerTaxType.PUBLIC,
    "06": BuyerTaxType.PUBLIC,
    "07": BuyerTaxType.SIMPLIFIED,
}
_KINDS: Final = {kind.value: kind for kind in DocumentType}
_PEOPLE: Final[Mapping[str, BuyerTaxType]] = {
    BuyerKind.INDIVIDUAL.value: BuyerTaxType.INDIVIDUAL,
    BuyerKind.FOREIGNER.value: BuyerTaxType.FOREIGN,
}


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on, what issuing costs."""

    ko: str
    en: str
    citation: str

    def to_data(self) -> dict[str, str]:
        """For JSON."""
        return {"ko": self.ko, "en": self.en, "citation": self.citation}


@dataclass(frozen=True, slots=True)
class Cost:
    """발급기한 and the price of missing it.

    Attributes:
        issue_by: 발급기한.
        days_left: until then; negative once it has passed.
        ko, en: the line under the field.
        steps: what it costs from which day, earliest first; empty where nothing is to pay.
        citation: the law of the deadline.
    """

    issue_by: date
    days_left: int
    ko: str
    en: str
    steps: tuple[Step, ...]
    citation: str

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "issue_by": self.issue_by.isoformat(),
            "days_left": self.days_left,
            "ko": self.ko,
            "en": self.en,
            "steps": [step.to_data() for step in self.steps],
            "citation": self.citation,
        }


def cost_of(invoice: Invoice, *, today: date) -> Cost | None:
    """What it costs to issue this draft late; None while its 작성일자 or kind is not known.

    Args:
        invoice: a draft with its business and counterparty.
        today: in Korea.
    """
    known = _facts_of_document(invoice)
    if known is None:
        return None
    try:
        deadline = issue_deadline(known.written_on, law=law())
        rungs = ladder(known, facts_of(invoice), law=law(), today=today)
    except DateOutOfReach:
        return None
    return _told(deadline, rungs, today)


def facts_of(invoice: Invoice) -> Facts:
    """What the law engine has to know of both parties: the business's own facts, and what is known of the buyer.

    A broker's facts say nothing of whose sale it issues (위수탁), and penalties are the supplier's.
    """
    try:
        own = {} if invoice.document_type in consigned.TYPES else invoice.business.facts
        facts = Facts.from_json(json.dumps(own))
    except InvalidFacts:
        # Settings of another version: the usual case, as where nothing was said.
        facts = Facts()
    buyer = _tax_type_of_buyer(invoice)
    return facts.model_copy(update={"buyer_tax_type": buyer}) if buyer else facts


def _tax_type_of_buyer(invoice: Invoice) -> BuyerTaxType | None:
    buyer = invoice.content.get("buyer")
    kind = buyer.get("kind") if isinstance(buyer, dict) else None
    return tax_type_of(kind if isinstance(kind, str) else "", invoice.counterparty)


def tax_type_of(kind: str, counterparty: Counterparty | None) -> BuyerTaxType | None:
    """과세유형 of a buyer of a kind; None where nobody asked the tax office."""
    if kind in _PEOPLE:
        return _PEOPLE[kind]
    return _TAX_TYPES.get(counterparty.tax_type) if counterparty is not None else None


def _facts_of_document(invoice: Invoice) -> DocumentFacts | None:
    document = content.parse(invoice).document
    if document is not None:
        return DocumentFacts.of(document)
    # Half-written: what stands in the columns is enough.
    kind = _KINDS.get(invoice.document_type)
    if invoice.written_on is None or kind is None:
        return None
    return DocumentFacts(
        document_type=kind,
        written_on=invoice.written_on,
        supply_amount=invoice.supply_amount,
        tax_amount=invoice.tax_amount,
    )


def _told(deadline: Deadline, rungs: tuple[Rung, ...], today: date) -> Cost:
    costly = [rung for rung in rungs if rung.cost]
    days_left = (deadline.on - today).days
    next_penalty = next(
        (penalty for rung in costly for penalty in rung.assessment.of("supplier") if penalty.amount), None
    )
    return Cost(
        issue_by=deadline.on,
        days_left=days_left,
        ko=_line_ko(deadline.on, days_left, next_penalty),
        en=_line_en(deadline.on, days_left, next_penalty),
        steps=tuple(_step(rung) for rung in costly),
        citation=deadline.citation,
    )


def _line_ko(on: date, days_left: int, penalty: Penalty | None) -> str:
    day = f"발급기한 {on.month}월 {on.day}일({_WEEKDAYS_KO[on.weekday()]})"
    if penalty is None:
        return day if days_left >= 0 else f"{day}이 지났습니다"
    price = f"{NAMES[penalty.code].ko} {percent(penalty.rate)} (최대 {penalty.amount:,}원)"
    return f"{day} · 그 뒤에는 {price}" if days_left >= 0 else f"{day}이 지났습니다 · 지금 발행하면 {price}"


def _line_en(on: date, days_left: int, penalty: Penalty | None) -> str:
    day = f"Issue by {on:%a} {on.isoformat()}"
    if penalty is None:
        return day if days_left >= 0 else f"{day}: that day has passed"
    name = NAMES[penalty.code].en
    price = f"{name[:1].lower()}{name[1:]} of {percent(penalty.rate)} (at most {penalty.amount:,} won)"
    return f"{day}; afterwards {price}" if days_left >= 0 else f"{day}: that day has passed; now {price}"


def _step(rung: Rung) -> Step:
    citations = dict.fromkeys(penalty.citation for penalty in rung.penalties)
    return Step(rung.text("ko"), rung.text("en"), ", ".join(citations))
