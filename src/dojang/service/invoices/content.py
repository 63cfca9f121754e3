"""A draft's content: the library's JSON of an invoice, half-written or whole.

What a person types is kept as they typed it, so that nothing is lost; `parse` makes it an `Invoice` when it can be
one. The number of a person never stands in `content`: it is kept apart, encrypted. That is a resident number in
`buyer.number`, or a foreigner's registration or passport number, which the standard wants in the first remark.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dojang.etax import Invoice as Document
from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.codes import BuyerKind, Purpose
from dojang.etax.errors import InvalidInvoice
from dojang.etax.findings import Finding
from dojang.etax.identifiers import is_resident_number, normalize
from dojang.etax.parameters.law import FIRST_DAY, LAST_DAY
from dojang.service import secrets
from dojang.service.errors import ServiceError
from dojang.service.invoices import consigned
from dojang.service.invoices.models import Invoice
from dojang.service.law import law
from dojang.service.lists.searching import search_text
from dojang.service.workspaces.models import Business

MAX_BYTES = 256 * 1024
_PURPOSE = "invoice.resident_number"
_DATE_OF_BIRTH = 6
_FIRST_OF_FOREIGN = 2
#: What a bigint holds, with room for sums.
_MOST_WON = 10**18
_MOST_ITEMS = 32_767
_MOST_EMAIL = 40
# Given when it is issued; never part of a draft.
_GIVEN_LATER = ("issue_id", "issued_at")
#: Of so many items the names are searched: enough for all but the longest documents.
_MOST_SEARCHED = 20


class TooLarge(ServiceError):
    """More than any invoice needs."""

    code = "content_too_large"
    ko = "내용이 너무 깁니다. 세금계산서에는 품목을 99개까지 쓸 수 있습니다."
    en = "The content is too long. An invoice takes up to 99 items."
    status = 413


class NoJson(ServiceError):
    """PostgreSQL keeps no NaN, infinite number, NUL character or half of a surrogate pair."""

    code = "content_not_storable"
    ko = "내용에 저장할 수 없는 글자나 수가 있습니다. 그 칸을 지우고 다시 입력해 주세요."
    en = "The content has a character or number that cannot be stored. Empty that field and enter it again."


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
    """Put content into a row: our business in its place, a person's number kept apart.

    That is the supplier's place, or the broker's of a consigned document (`consigned`). A place of business (종사업장) chosen in the draft is kept, if the business has it.

    Raises:
        TooLarge, NoJson.
    """
    own = supplier_of(business)
    role = "broker" if consigned.is_consigned(content) else "supplier"
    branch = _mapping(content.get(role)).get("branch_number")
    if branch and business.branches.filter(number=branch).exists():
        own["branch_number"] = branch
    _put(invoice, consigned.parties(content, own))
    invoice.issue_by = issue_by(invoice.written_on)


def fill_exactly(invoice: Invoice, document: Document, *, last_day: date | None) -> None:
    """Put a document into a row as it is: what it says follows from another document, parties and all.

    Args:
        invoice: a new row.
        document: without issue id.
        last_day: its 발급기한, which is not that of an ordinary document; None where it has none.

    Raises:
        TooLarge, NoJson.
    """
    _put(invoice, document.to_data())
    invoice.issue_by = last_day


def _put(invoice: Invoice, content: Mapping[str, Any]) -> None:
    kept = {name: value for name, value in content.items() if name not in _GIVEN_LATER}
    require_storable(kept)
    _hide_number(invoice, kept)
    invoice.content = kept
    _derive(invoice, whole(invoice))
    invoice.purpose = _purpose(kept)
    invoice.search = text_of(invoice)


def text_of(invoice: Invoice) -> str:
    """What its list finds it by. A person's number is kept apart and is not in it."""
    items = invoice.content.get("items")
    lines = [_mapping(item) for item in items] if isinstance(items, list) else []
    names = dict.fromkeys(str(line.get("name") or "") for line in lines[:_MOST_SEARCHED])
    remarks = [str(one or "") for one in _remarks(invoice.content)]
    return search_text(
        invoice.buyer_name,
        invoice.buyer_number,
        invoice.issue_id,
        invoice.original_issue_id,
        invoice.supplier_name,
        invoice.supplier_number,
        *names,
        *remarks,
    )


def issue_by(written_on: date | None) -> date | None:
    """발급기한 of a document that was written then; None where no calendar reaches."""
    if written_on is None or not FIRST_DAY <= written_on <= LAST_DAY:
        return None
    day: date = issue_deadline(written_on, law=law()).on
    return day


def whole(invoice: Invoice) -> dict[str, Any]:
    """The content with a person's number in its place. Not for logs, lists or events."""
    number = personal_number(invoice)
    if not number:
        return dict(invoice.content)
    if _kind_of(invoice.content) == BuyerKind.FOREIGNER:
        return {**invoice.content, "remarks": [number, *_remarks(invoice.content)[1:]]}
    return {**invoice.content, "buyer": {**invoice.content["buyer"], "number": number}}


def personal_number(invoice: Invoice) -> str:
    """The number of the person who buys, or nothing."""
    if invoice.secret is None:
        return ""
    return secrets.decrypt(
        bytes(invoice.secret), purpose=_PURPOSE, workspace_id=invoice.workspace_id
    ).decode()


def masked_number(invoice: Invoice) -> str:
    """The same as it may be shown to whoever writes the invoice: 900101-*******, or M1*******."""
    number = personal_number(invoice)
    if _kind_of(invoice.content) == BuyerKind.FOREIGNER:
        return number[:_FIRST_OF_FOREIGN] + "*" * (len(number) - _FIRST_OF_FOREIGN)
    hidden = "*" * (len(number) - _DATE_OF_BIRTH)
    return f"{number[:_DATE_OF_BIRTH]}-{hidden}" if number else ""


def parse(invoice: Invoice) -> Parsed:
    """The document of a row."""
    try:
        return Parsed(Document.from_data(whole(invoice)), ())
    except InvalidInvoice as error:
        return Parsed(None, error.findings)


def signer_of(document: Document) -> str:
    """The business number of whoever signs: the supplier's, or the broker's of a consigned document (시행령 §69)."""
    signer = document.broker if document.document_type.is_consigned and document.broker else document.supplier
    number: str = signer.business_number
    return number


def hash_of(document: Document) -> str:
    """SHA-256 of what a document says, without what is given when it is issued."""
    data = document.to_data()
    for name in _GIVEN_LATER:
        data.pop(name, None)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def require_storable(content: Mapping[str, Any]) -> None:
    """Refuse what a column of JSON cannot keep, or no invoice needs.

    Raises:
        TooLarge, NoJson.
    """
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (ValueError, TypeError, RecursionError):
        raise NoJson from None
    # A NUL is written so, and so is a backslash before these letters.
    if "\\u0000" in text.replace("\\\\", ""):
        raise NoJson
    if size > MAX_BYTES:
        raise TooLarge


def _hide_number(invoice: Invoice, content: dict[str, Any]) -> None:
    kind = _kind_of(content)
    number = ""
    if kind == BuyerKind.INDIVIDUAL:
        number = normalize(str(content["buyer"].get("number") or ""))
        content["buyer"] = {**content["buyer"], "number": ""}
    elif kind == BuyerKind.FOREIGNER and (remarks := _remarks(content)):
        number = str(remarks[0] or "").strip()
        content["remarks"] = ["", *remarks[1:]]
    elif kind != BuyerKind.FOREIGNER and is_resident_number(typed := _typed_number(content)):
        # Typed before, or without, saying that the buyer is a person: kept apart all the same.
        number = typed
        content["buyer"] = {**content["buyer"], "number": ""}
    invoice.secret = (
        secrets.encrypt(number.encode(), purpose=_PURPOSE, workspace_id=invoice.workspace_id)
        if number
        else None
    )


def _derive(invoice: Invoice, content: Mapping[str, Any]) -> None:
    """The columns that lists are made of: cut to fit, since a draft may hold anything."""
    try:
        document = Document.from_data(content)
    except InvalidInvoice:
        _derive_from_half(invoice, invoice.content)
        return
    buyer = document.buyer
    email = next((one.email for one in buyer.contacts if one.email), "")
    invoice.document_type = document.document_type.value
    principal = document.supplier if document.document_type.is_consigned else None
    invoice.supplier_number = principal.business_number[:10] if principal else ""
    invoice.supplier_name = principal.name[:70] if principal else ""
    invoice.amendment_reason = document.amendment_reason.value if document.amendment_reason else ""
    invoice.original_issue_id = (document.original_issue_id or "")[:24]
    invoice.buyer_number = buyer.number[:10] if buyer.kind is BuyerKind.BUSINESS else ""
    invoice.buyer_name = buyer.name[:70]
    # Half an address is no address: nothing could be delivered to it.
    invoice.buyer_email = email if len(email) <= _MOST_EMAIL else ""
    invoice.item_name = ((document.items[0].name or "") if document.items else "")[:100]
    invoice.item_count = min(len(document.items), _MOST_ITEMS)
    invoice.written_on = document.written_on
    invoice.supply_amount = _bounded(document.supply_amount)
    invoice.tax_amount = _bounded(document.tax_amount)
    invoice.total_amount = _bounded(document.total_amount)


def _derive_from_half(invoice: Invoice, content: Mapping[str, Any]) -> None:
    """What a list can show of a document that is not one yet: cut to fit, nothing guessed."""
    buyer = _mapping(content.get("buyer"))
    items = content.get("items")
    first = _mapping(items[0]) if isinstance(items, list) and items else {}
    invoice.document_type = _text(content, "document_type", 4)
    principal = _mapping(content.get("supplier")) if consigned.is_consigned(content) else {}
    invoice.supplier_number = _text(principal, "business_number", 10)
    invoice.supplier_name = _text(principal, "name", 70)
    invoice.buyer_name = _text(buyer, "name", 70)
    invoice.buyer_number = _text(buyer, "number", 10) if _kind_of(content) == BuyerKind.BUSINESS else ""
    invoice.buyer_email = ""
    invoice.item_name = _text(first, "name", 100)
    invoice.item_count = min(len(items), _MOST_ITEMS) if isinstance(items, list) else 0
    invoice.written_on = _day(content.get("written_on"))
    amounts = [_mapping(item) for item in items] if isinstance(items, list) else []
    invoice.supply_amount = _bounded(sum(_won(item.get("supply_amount")) for item in amounts))
    invoice.tax_amount = _bounded(sum(_won(item.get("tax_amount")) for item in amounts))
    invoice.total_amount = _bounded(invoice.supply_amount + invoice.tax_amount)


def _purpose(content: Mapping[str, Any]) -> str:
    given = content.get("purpose")
    return given if isinstance(given, str) and given in set(Purpose) else ""


def _kind_of(content: Mapping[str, Any]) -> str:
    return str(_mapping(content.get("buyer")).get("kind") or "")


def _typed_number(content: Mapping[str, Any]) -> str:
    return normalize(str(_mapping(content.get("buyer")).get("number") or ""))


def _remarks(content: Mapping[str, Any]) -> list[Any]:
    remarks = content.get("remarks")
    return list(remarks) if isinstance(remarks, list | tuple) else []


def _bounded(amount: int) -> int:
    return max(-_MOST_WON, min(_MOST_WON, amount))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(values: Mapping[str, Any], name: str, limit: int) -> str:
    value = values.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _won(value: object) -> int:
    return _bounded(value) if isinstance(value, int) and not isinstance(value, bool) else 0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
