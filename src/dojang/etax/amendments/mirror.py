"""Documents made from another one: its mirror, a part of it, a corrected copy.

A mirror copies every figure and turns its sign; nothing is computed anew. Quantity, supply, tax and payments carry
the sign, the unit price stays above 0. A part takes a tenth as tax, below a won dropped, and the last part takes
exactly the tax that is left. None of them has a 승인번호 or 발급일시 yet: those come with the signature.

Source: 부가가치세법 시행령 제70조제1항 ("음의 표시"); KEC 표준전자세금계산서 v3.0 (signs within one document).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dojang.etax import identifiers
from dojang.etax.amounts import Totals, tax_of, totals_of
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, Taxation
from dojang.etax.invoice import Invoice, LineItem, Payment
from dojang.etax.schema import limits

_LONGEST_QUANTITY = limits()["items.quantity"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a new document has of its own.

    Attributes:
        reason: 수정사유; None for a fresh document that amends nothing.
        original_issue_id: 당초승인번호; None on paper and on fresh documents.
        written_on: 작성일자.
        remarks: 비고.
    """

    reason: AmendmentReason | None
    original_issue_id: str | None
    written_on: date
    remarks: tuple[str, ...]


def headed(invoice: Invoice, heading: Heading, document_type: DocumentType) -> Invoice:
    """The same content as another document."""
    return invoice.replace(
        document_type=document_type,
        written_on=heading.written_on,
        remarks=heading.remarks,
        amendment_reason=heading.reason,
        original_issue_id=heading.original_issue_id,
        issue_id=None,
        issued_at=None,
        exchange_id=None,
    )


def mirrored(invoice: Invoice, heading: Heading) -> Invoice:
    """A document that takes back another one in full."""
    turned = invoice.replace(
        items=tuple(_turned(item) for item in redated(invoice, heading.written_on)),
        payments=tuple(Payment(means=paid.means, amount=-paid.amount) for paid in invoice.payments),
        supply_amount=-invoice.supply_amount,
        tax_amount=-invoice.tax_amount,
        total_amount=-invoice.total_amount,
    )
    return headed(turned, heading, invoice.document_type.amended)


def redated(invoice: Invoice, written_on: date) -> tuple[LineItem, ...]:
    """The items on a document of another date: an item dated like the document moves with it."""
    if written_on == invoice.written_on:
        return invoice.items
    return tuple(
        item.model_copy(update={"supplied_on": written_on})
        if item.supplied_on == invoice.written_on
        else item
        for item in invoice.items
    )


def _turned(item: LineItem) -> LineItem:
    turned: dict[str, object] = {
        "supply_amount": None if item.supply_amount is None else -item.supply_amount,
        "tax_amount": None if item.tax_amount is None else -item.tax_amount,
    }
    if item.quantity is not None:
        quantity = -item.quantity
        # The sign takes a place of its own; a quantity that fills its field has none left.
        fits = len(f"{quantity:.2f}") <= _LONGEST_QUANTITY
        turned |= {"quantity": quantity} if fits else _WITHOUT_QUANTITY
    return item.model_copy(update=turned)


_WITHOUT_QUANTITY: dict[str, object] = {"quantity": None, "unit": None, "unit_price": None}


def part(
    invoice: Invoice, heading: Heading, amounts: Totals, document_type: DocumentType, name: str
) -> Invoice:
    """A document for an amount of another one's supply.

    An original with one line keeps that line with the new amount; several lines become one with the name given.
    """
    line = invoice.items[0] if len(invoice.items) == 1 else LineItem(name=name)
    update: dict[str, object] = dict(_WITHOUT_QUANTITY) | {
        "supply_amount": amounts.supply_amount,
        "tax_amount": _line_tax(amounts.tax_amount, document_type),
        "supplied_on": heading.written_on,
    }
    return with_items(invoice, heading, (line.model_copy(update=update),), document_type)


def with_items(
    invoice: Invoice, heading: Heading, items: tuple[LineItem, ...], document_type: DocumentType
) -> Invoice:
    """A document with items of its own; a single means of payment takes the new total, several are dropped."""
    totals = totals_of(items)
    payments: tuple[Payment, ...] = ()
    if len(invoice.payments) == 1:
        payments = (Payment(means=invoice.payments[0].means, amount=totals.total_amount),)
    return headed(invoice.replace(items=items, payments=payments), heading, document_type)


def _line_tax(tax_amount: int, document_type: DocumentType) -> int | None:
    # A 계산서 has no tax elements at all.
    return None if document_type.taxation is Taxation.EXEMPT else tax_amount


def taxed(
    items: Iterable[LineItem], document_type: DocumentType, *, anew: bool = False
) -> tuple[LineItem, ...]:
    """The items with the tax of a document type; a stated tax stays unless it is to be computed anew."""

    def tax(item: LineItem) -> int | None:
        if document_type.taxation is Taxation.EXEMPT:
            return None if anew else item.tax_amount
        if document_type.taxation is Taxation.ZERO_RATED:
            return 0 if anew or item.tax_amount is None else item.tax_amount
        if item.supply_amount is None or (item.tax_amount is not None and not anew):
            return item.tax_amount
        return tax_of(item.supply_amount)

    return tuple(item.model_copy(update={"tax_amount": tax(item)}) for item in items)


def partial_tax(supply: int, balance: Totals, taxation: Taxation) -> int:
    """세액 of a part, in won: exactly what is left for the last part, and never more than what is left."""
    if taxation is not Taxation.TAXABLE:
        return 0
    if supply == -balance.supply_amount:
        return -balance.tax_amount
    tax = tax_of(supply)
    return max(tax, -balance.tax_amount) if supply < 0 <= balance.tax_amount else tax


def turned(items: Iterable[LineItem]) -> tuple[LineItem, ...]:
    """Items that came back, as items that take off."""
    return tuple(_turned(item) for item in items)


def signs_of(items: Iterable[LineItem]) -> set[int]:
    """The signs among the amounts and quantities of items: 1, −1; 0 is no sign."""
    numbers = [
        number
        for item in items
        for number in (item.supply_amount, item.tax_amount, item.quantity)
        if number is not None
    ]
    return {1 if Decimal(number) > 0 else -1 for number in numbers if number}


def kept_remarks(invoice: Invoice) -> tuple[str, ...]:
    """The remark that has to stay on every document: a foreigner's own number (KEC standard, InvoiceeParty)."""
    return invoice.remarks[:1] if invoice.buyer.kind is BuyerKind.FOREIGNER else ()


def without_residents(invoice: Invoice) -> Invoice:
    """A fresh document whose texts carry nobody's resident number over from the original: it would not be issued."""
    # In the first remark of a foreign buyer its number has to stand.
    first = 1 if invoice.buyer.kind is BuyerKind.FOREIGNER else 0
    return invoice.replace(
        remarks=(*invoice.remarks[:first], *map(identifiers.without_residents, invoice.remarks[first:])),
        items=tuple(item.model_copy(update=dict(_texts_without(item))) for item in invoice.items),
    )


def _texts_without(item: LineItem) -> Iterator[tuple[str, str]]:
    for name in ("name", "specification", "remark"):
        text = getattr(item, name)
        if text:
            yield name, identifiers.without_residents(text)


def fresh(invoice: Invoice, document_type: DocumentType, written_on: date) -> Invoice:
    """The same supply on a document of its own, of another type or date: its tax is computed anew."""
    lines = taxed(
        redated(invoice, written_on), document_type, anew=document_type.taxation is not invoice.taxation
    )
    heading = Heading(None, None, written_on, invoice.remarks)
    broker = invoice.broker if document_type.is_consigned else None
    return with_items(invoice.replace(broker=broker), heading, lines, document_type)
