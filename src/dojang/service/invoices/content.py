"""A draft's content: the library's JSON of an invoice, half-written or whole.

What a person types is kept as they typed it, so that nothing is lost; `parse` makes it an `Invoice` when it can be
one. A resident number never stands in `content`: it is kept apart, encrypted.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dojang.etax import Invoice as Document
from dojang.etax.codes import BuyerKind
from dojang.etax.errors import InvalidInvoice
from dojang.etax.findings import Finding
from dojang.service import secrets
from dojang.service.errors import ServiceError
from dojang.service.invoices.models import Invoice
from dojang.service.workspaces.models import Business

MAX_BYTES = 256 * 1024
_PURPOSE = "invoice.resident_number"
# Given when it is issued; never part of a draft.
_GIVEN_LATER = ("issue_id", "issued_at")


class TooLarge(ServiceError):
    """More than any invoice needs."""

    code = "content_too_large"
    ko = "내용이 너무 깁니다. 세금계산서에는 품목을 99개까지 쓸 수 있습니다."
    en = "The content is too long. An invoice takes up to 99 items."
    status = 413


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, or why it can't be one yet."""

    document: Document | None
    findings: tuple[Finding, ...]


def supplier_of(business: Business) -> dict[str, Any]:
    """공급자 of a document, as the business is registered now."""
    contact = {
        "name": business.contact_name,
        "email": business.contact_email,
        "phone": business.contact_phone,
    }
    return {
        "business_number": business.number,
        "name": business.name,
        "representative": business.representative,
        "business_type": business.business_type or None,
        "business_item": business.business_item or None,
        "address": business.address or None,
        "contact": {name: value or None for name, value in contact.items()}
        if any(contact.values())
        else None,
    }


def fill(invoice: Invoice, content: Mapping[str, Any], business: Business) -> None:
    """Put content into a row: the supplier is always the business, a resident number is kept apart.

    A place of business (종사업장) chosen in the draft is kept, if the business has it.

    Raises:
        TooLarge.
    """
    kept = {name: value for name, value in content.items() if name not in _GIVEN_LATER}
    supplier = supplier_of(business)
    branch = _mapping(content.get("supplier")).get("branch_number")
    if branch and business.branches.filter(number=branch).exists():
        supplier["branch_number"] = branch
    kept["supplier"] = supplier
    if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_BYTES:
        raise TooLarge
    _hide_resident_number(invoice, kept)
    invoice.content = kept
    _derive(invoice, whole(invoice))


def whole(invoice: Invoice) -> dict[str, Any]:
    """The content with the resident number in its place. Not for logs, lists or events."""
    if invoice.secret is None:
        return dict(invoice.content)
    number = secrets.decrypt(
        bytes(invoice.secret), purpose=_PURPOSE, workspace_id=invoice.workspace_id
    ).decode()
    return {**invoice.content, "buyer": {**invoice.content["buyer"], "number": number}}


def parse(invoice: Invoice) -> Parsed:
    """The document of a row."""
    try:
        return Parsed(Document.from_data(whole(invoice)), ())
    except InvalidInvoice as error:
        return Parsed(None, error.findings)


def hash_of(document: Document) -> str:
    """SHA-256 of what a document says, without what is given when it is issued."""
    data = document.to_data()
    for name in _GIVEN_LATER:
        data.pop(name, None)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _hide_resident_number(invoice: Invoice, content: dict[str, Any]) -> None:
    buyer = content.get("buyer")
    number = buyer.get("number") if isinstance(buyer, Mapping) else None
    if not isinstance(buyer, Mapping) or buyer.get("kind") != BuyerKind.INDIVIDUAL.value or not number:
        invoice.secret = None
        return
    content["buyer"] = {**buyer, "number": ""}
    invoice.secret = secrets.encrypt(
        str(number).encode(), purpose=_PURPOSE, workspace_id=invoice.workspace_id
    )


def _derive(invoice: Invoice, content: Mapping[str, Any]) -> None:
    """The columns that lists are made of."""
    try:
        document = Document.from_data(content)
    except InvalidInvoice:
        _derive_from_half(invoice, content)
        return
    buyer = document.buyer
    invoice.document_type = document.document_type.value
    invoice.amendment_reason = document.amendment_reason.value if document.amendment_reason else ""
    invoice.original_issue_id = document.original_issue_id or ""
    invoice.buyer_number = buyer.number if buyer.kind is BuyerKind.BUSINESS else ""
    invoice.buyer_name = buyer.name
    invoice.buyer_email = next((one.email for one in buyer.contacts if one.email), "")
    invoice.item_name = (document.items[0].name or "") if document.items else ""
    invoice.item_count = len(document.items)
    invoice.written_on = document.written_on
    invoice.supply_amount = document.supply_amount
    invoice.tax_amount = document.tax_amount
    invoice.total_amount = document.total_amount


def _derive_from_half(invoice: Invoice, content: Mapping[str, Any]) -> None:
    """What a list can show of a document that is not one yet: cut to fit, nothing guessed."""
    buyer = _mapping(content.get("buyer"))
    items = content.get("items")
    first = _mapping(items[0]) if isinstance(items, list) and items else {}
    invoice.document_type = _text(content, "document_type", 4)
    invoice.buyer_name = _text(buyer, "name", 70)
    invoice.buyer_number = _text(buyer, "number", 10) if buyer.get("kind") == BuyerKind.BUSINESS.value else ""
    invoice.buyer_email = ""
    invoice.item_name = _text(first, "name", 100)
    invoice.item_count = len(items) if isinstance(items, list) else 0
    invoice.written_on = _day(content.get("written_on"))
    amounts = [_mapping(item) for item in items] if isinstance(items, list) else []
    invoice.supply_amount = sum(_won(item.get("supply_amount")) for item in amounts)
    invoice.tax_amount = sum(_won(item.get("tax_amount")) for item in amounts)
    invoice.total_amount = invoice.supply_amount + invoice.tax_amount


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(values: Mapping[str, Any], name: str, limit: int) -> str:
    value = values.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _won(value: object) -> int:
    bound = 10**15
    return value if isinstance(value, int) and not isinstance(value, bool) and -bound < value < bound else 0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
