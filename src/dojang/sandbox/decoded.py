"""An invoice as people read it, from its XML; resident numbers masked."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from dojang.errors import DojangError
from dojang.etax.invoice import Buyer, Invoice, Party
from dojang.etax.xml_reader import read

# Stricter than the legal form, which shows numbers of corporations: what is looked at here is often wrong on purpose.
_RESIDENT_NUMBER = re.compile(r"(?<![0-9])([0-9]{6}-?[0-9])[0-9]{6}(?![0-9])")
_FOREIGNERS = "9999999999999"
_BUSINESS_DIGITS = 10


def masked(text: str) -> str:
    """Text with the tail of every resident or foreign registration number in it hidden."""
    return _RESIDENT_NUMBER.sub(
        lambda found: found[0] if found[0] == _FOREIGNERS else f"{found[1]}******", text
    )


# An amount may have thirteen digits too.
_IN_XML = re.compile(rf"(<\w*Amount>\s*)?{_RESIDENT_NUMBER.pattern}")


def masked_xml(xml: bytes) -> str:
    """The XML as text, masked likewise but for amounts; bytes that are no UTF-8 are replaced."""
    text = xml.decode("utf-8", "replace")
    return _IN_XML.sub(lambda found: found[0] if found[1] else masked(found[0]), text)


@dataclass(frozen=True, slots=True)
class Line:
    """품목."""

    supplied_on: str
    name: str
    specification: str
    quantity: str
    unit_price: str
    supply_amount: int | None
    tax_amount: int | None
    remark: str


@dataclass(frozen=True, slots=True)
class Side:
    """A party as it stands on the document."""

    number: str
    name: str
    representative: str
    business_type: str
    business_item: str
    address: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """The document as it is shown."""

    document_type: str
    type_name: str
    written_on: str
    issued_at: str
    supplier: Side
    buyer: Side
    broker: Side | None
    supply_amount: int
    tax_amount: int
    total_amount: int
    purpose: str
    amendment_reason: str
    original_issue_id: str
    remarks: tuple[str, ...]
    items: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def decode(xml: bytes) -> Decoded | None:
    """What the XML says; None when it cannot be read."""
    try:
        invoice = read(xml).invoice
    except DojangError:
        return None
    return Decoded(
        document_type=invoice.document_type.value,
        type_name=invoice.document_type.ko,
        written_on=invoice.written_on.isoformat(),
        issued_at=f"{invoice.issued_at:%Y-%m-%d %H:%M:%S}" if invoice.issued_at else "",
        supplier=_side(invoice.supplier, invoice.supplier.business_number),
        buyer=_side(invoice.buyer, invoice.buyer.number),
        broker=_side(invoice.broker, invoice.broker.business_number) if invoice.broker else None,
        supply_amount=invoice.supply_amount,
        tax_amount=invoice.tax_amount,
        total_amount=invoice.total_amount,
        purpose=invoice.purpose.ko if invoice.purpose else "",
        amendment_reason=invoice.amendment_reason.ko if invoice.amendment_reason else "",
        original_issue_id=invoice.original_issue_id or "",
        remarks=tuple(map(masked, invoice.remarks)),
        items=_lines(invoice),
    )


def _side(party: Party | Buyer, number: str) -> Side:
    return Side(
        number=shown_number(number),
        name=masked(party.name),
        representative=party.representative,
        business_type=party.business_type or "",
        business_item=party.business_item or "",
        address=masked(party.address or ""),
    )


def shown_number(number: str) -> str:
    """A business number with its hyphens, a person's masked."""
    if len(number) == _BUSINESS_DIGITS:
        return f"{number[:3]}-{number[3:5]}-{number[5:]}"
    return masked(number)


def _lines(invoice: Invoice) -> tuple[Line, ...]:
    return tuple(
        Line(
            supplied_on=item.supplied_on.isoformat() if item.supplied_on else "",
            name=masked(item.name or ""),
            specification=masked(item.specification or ""),
            quantity="" if item.quantity is None else f"{item.quantity:,f}",
            unit_price="" if item.unit_price is None else f"{item.unit_price:,f}",
            supply_amount=item.supply_amount,
            tax_amount=item.tax_amount,
            remark=masked(item.remark or ""),
        )
        for item in invoice.items
    )
