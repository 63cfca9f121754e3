"""Rules about numbers of persons where they do not belong.

The law has a person's number stand in the buyer's number field, and nowhere else (부가가치세법 제32조 제1항 제2호). For a
text there is no such law: it goes to the other party and to 국세청 as it was typed, is shown and searched, and cannot be
taken back once it is signed. So what is surely such a number forbids issuing, and what only looks like one is asked
about: to refuse an account number on the last day would cost a penalty. An amendment repeats what its original says, and
must not fail by that.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, cast

from dojang.etax.checks.rule import Hit, InvoiceSearch, Rules, hit
from dojang.etax.checks.walk import Value
from dojang.etax.checks.walk import values as values_of
from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import Likeness, resident_within
from dojang.etax.invoice import Invoice, Record

RULES = Rules[InvoiceSearch]()

_LAW = "개인정보 보호법 제24조의2; 부가가치세법 제32조제1항제2호"
_SHORTEST: Final = 13
_NUMBERS = frozenset(
    {
        "buyer.number",
        "supplier.business_number",
        "broker.business_number",
        "issue_id",
        "original_issue_id",
        "exchange_id",
        "reference_id",
        "import_document.declaration_number",
    }
)
"""Fields that hold a number of their own."""


@RULES.error(
    "resident_number_elsewhere",
    "{ko} 항목에 주민등록번호가 있습니다. 여기서는 지우고, 공급받는자가 개인이면 공급받는자의 등록번호 칸에 적으세요. "
    "이 칸의 글은 암호화되지 않은 채 상대방과 국세청에 그대로 갑니다.",
    "There is a resident number in the {en}. Take it out; an individual buyer's belongs in the buyer's number field. "
    "This text goes to the other party and to the tax office as it is.",
    _LAW,
)
def _resident_number_elsewhere(invoice: Invoice, on: date) -> Iterator[Hit]:
    if not invoice.document_type.is_amendment:
        yield from _like(invoice, on, Likeness.SURE)


@RULES.warning(
    "resident_number_likely",
    "{ko} 항목에 주민등록번호처럼 보이는 번호가 있습니다. 주민등록번호라면 지우고, 공급받는자가 개인이면 공급받는자의 "
    "등록번호 칸에 적으세요.",
    "A number in the {en} looks like a resident number. If it is one, take it out; an individual buyer's belongs in the "
    "buyer's number field.",
    _LAW,
)
def _resident_number_likely(invoice: Invoice, on: date) -> Iterator[Hit]:
    if not invoice.document_type.is_amendment:
        yield from _like(invoice, on, Likeness.LIKELY)


@RULES.warning(
    "resident_number_carried",
    "{ko} 항목에 주민등록번호처럼 보이는 번호가 있습니다. 당초 문서에서 옮겨 온 것이면 그대로 발행할 수 있고, 새로 적은 "
    "것이면 지우세요.",
    "A number in the {en} looks like a resident number. It may stay if it comes from the original; take it out if it was "
    "newly typed.",
    _LAW,
)
def _resident_number_carried(invoice: Invoice, on: date) -> Iterator[Hit]:
    if invoice.document_type.is_amendment:
        yield from _like(invoice, on, Likeness.SURE, Likeness.LIKELY)


def _like(invoice: Invoice, on: date, *wanted: Likeness) -> Iterator[Hit]:
    if not any(resident_within(text, on=on) in wanted for text in _long(invoice)):
        return  # as nearly always: naming the way to every field takes its time
    for found, text in _texts(invoice):
        if resident_within(text, on=on) in wanted:
            yield hit(found.path, ko=found.label.ko, en=found.label.en)


def _long(invoice: Invoice) -> list[str]:
    """Texts that are long enough, those of `_NUMBERS` too, without the way to them."""
    found: list[str] = []
    left: list[object] = [invoice]
    while left:
        value = left.pop()
        if isinstance(value, str):
            if len(value) >= _SHORTEST:
                found.append(value)
        elif isinstance(value, tuple):
            left += cast("tuple[object, ...]", value)
        elif isinstance(value, Record):
            left += value.__dict__.values()
    return found


def _texts(invoice: Invoice) -> Iterator[tuple[Value, str]]:
    """Every text; but not the first remark of a foreign buyer, in which the standard wants the number."""
    of_foreigner = "remarks[0]" if invoice.buyer.kind is BuyerKind.FOREIGNER else None
    for found in values_of(invoice):
        if isinstance(found.value, str) and found.key not in _NUMBERS and found.path != of_foreigner:
            yield found, found.value
