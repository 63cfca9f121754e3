"""A document of somebody else in a row: the columns that lists need, and the number of a person kept apart.

Only a sale issued elsewhere can name a person: 매입 names our own business as its buyer. As in drafts, that number is a
resident number in `buyer.number`, or what a foreigner's document has in its first remark.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dojang.etax import Invoice as Document
from dojang.etax.codes import BuyerKind, DocumentType
from dojang.etax.identifiers import is_business_number
from dojang.service import secrets
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.content import issue_by
from dojang.service.lists.searching import search_text
from dojang.service.records.models import Record, Side

_PURPOSE = "record.personal_number"
_MOST_WON = 10**18
KINDS: Final[Mapping[str, DocumentType]] = {kind.value: kind for kind in DocumentType}
"""The types of documents by their codes, as the column has them."""


def fill(
    record: Record,
    document: Document,
    *,
    counterparty: Callable[[Record], Counterparty | None] | None = None,
) -> None:
    """Put a document into a row; `business`, `side` and `workspace` are set before.

    Args:
        record: the row.
        document: what it says.
        counterparty: finds the 거래처 of a row whose columns are filled, for many rows at once; else the database does.
    """
    data = document.to_data()
    number = _take_number(data)
    record.content = data
    record.secret = (
        secrets.encrypt(number.encode(), purpose=_PURPOSE, workspace_id=record.workspace_id)
        if number
        else None
    )
    record.party_hmac = secrets.fingerprint(number, record.workspace_id) if number else ""
    _derive(record, document)
    record.counterparty = (counterparty or counterparty_of)(record)


def names_a_person(document: Document) -> bool:
    """Whether the bytes of it have to be encrypted."""
    return bool(_take_number(document.to_data()))


def whole(record: Record) -> Document:
    """The document of a row, with a person's number in its place. Not for logs, lists or events."""
    if record.secret is None:
        return Document.from_data(record.content)
    number = secrets.decrypt(record.secret, purpose=_PURPOSE, workspace_id=record.workspace_id).decode()
    data = dict(record.content)
    if data["buyer"]["kind"] == BuyerKind.FOREIGNER:
        data["remarks"] = [number, *data["remarks"][1:]]
    else:
        data["buyer"] = {**data["buyer"], "number": number}
    return Document.from_data(data)


def counterparty_of(record: Record) -> Counterparty | None:
    """거래처 with the other party's number: of the same 종사업장 where there is one, else any of that number."""
    known = Counterparty.objects.filter(archived_at=None)
    if record.party_hmac:
        return known.filter(personal_number_hmac=record.party_hmac).first()
    if not record.party_number:
        return None
    rows = list(known.filter(number=record.party_number).order_by("branch_number", "pk"))
    branch = party_of(record.content, record.side).get("branch_number") or ""
    return next((one for one in rows if one.branch_number == branch), rows[0] if rows else None)


def _derive(record: Record, document: Document) -> None:
    is_purchase = record.side == Side.PURCHASE
    kind = BuyerKind.BUSINESS if is_purchase else document.buyer.kind
    number = document.supplier.business_number if is_purchase else document.buyer.number
    party = document.supplier if is_purchase else document.buyer
    record.document_type = document.document_type.value
    record.amendment_reason = document.amendment_reason.value if document.amendment_reason else ""
    record.issue_id = (document.issue_id or "")[:24]
    record.original_issue_id = (document.original_issue_id or "")[:24]
    record.party_kind = kind.value
    record.party_number = number if kind is BuyerKind.BUSINESS and is_business_number(number) else ""
    record.party_name = party.name[:70]
    record.item_name = ((document.items[0].name or "") if document.items else "")[:100]
    record.item_count = len(document.items)
    record.purpose = document.purpose.value if document.purpose else ""
    record.written_on = document.written_on
    record.issue_by = None if document.amendment_reason else issue_by(document.written_on)
    record.supply_amount = _bounded(document.supply_amount)
    record.tax_amount = _bounded(document.tax_amount)
    record.total_amount = _bounded(document.total_amount)
    record.search = search_text(
        record.party_name,
        record.party_number,
        party.representative,
        record.issue_id,
        *(item.name for item in document.items),
        *document.remarks[1 if kind is BuyerKind.FOREIGNER else 0 :],
    )


def _take_number(data: dict[str, Any]) -> str:
    """Take a person's number out of a document's JSON."""
    kind, number = data["buyer"]["kind"], ""
    if kind == BuyerKind.INDIVIDUAL:
        number = data["buyer"]["number"]
        data["buyer"] = {**data["buyer"], "number": ""}
    elif kind == BuyerKind.FOREIGNER and data["remarks"]:
        number = data["remarks"][0].strip()
        data["remarks"] = ["", *data["remarks"][1:]]
    return number


def party_of(content: dict[str, Any], side: str) -> dict[str, Any]:
    """The other party's part of a document."""
    party: dict[str, Any] = content.get("supplier" if side == Side.PURCHASE else "buyer") or {}
    return party


def _bounded(amount: int) -> int:
    return max(-_MOST_WON, min(_MOST_WON, amount))
