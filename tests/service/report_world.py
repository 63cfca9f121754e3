"""Documents for reports: rows as issuing, transmitting and taking leave them, made without a signature."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from dojang.etax.calendar.deadlines import issue_deadline, transmit_deadline
from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.invoice import KST
from dojang.service import secrets
from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.law import law
from dojang.service.records.models import Record
from dojang.service.workspaces.models import Business

CUSTOMERS = ("9998100015", "9998600010", "9988100012")
_serials = count(1)


def _day(text: str | date) -> date:
    return date.fromisoformat(text) if isinstance(text, str) else text


def _tax(kind: str, supply: int) -> int:
    taxed = DocumentType(kind).taxation is Taxation.TAXABLE
    return supply // 10 if taxed else 0


def sold(
    business: Business,
    written_on: str | date,
    supply: int = 100_000,
    *,
    kind: str = "0101",
    issued: str | date | None = None,
    sent: str | date | None = None,
    state: State = State.ACCEPTED,
    person: str = "",
    **values: Any,
) -> Invoice:
    """One sale: issued on its 작성일자 and sent the same day unless told otherwise; `person` is a resident number."""
    day = _day(written_on)
    issued_on = _day(issued) if issued else day
    sent_on = _day(sent) if sent else issued_on
    number = "" if person else CUSTOMERS[0]
    user = User.objects.order_by("id")[0]
    given = {
        "buyer_number": number,
        "buyer_name": "박새봄" if person else "(주)새봄",
        "issue_id": f"{day:%Y%m%d}41000099{next(_serials):08d}",
        "way_out": "sandbox",
        "issued_at": datetime.combine(issued_on, time(10), KST),
        "delivered_on": issued_on,
        "issue_by": issue_deadline(day, law=law()).on,
        "transmit_by": transmit_deadline(issued_on, law=law(), written_on=day).on,
        "sent_at": datetime.combine(sent_on, time(11), KST) if state == State.ACCEPTED else None,
        "item_name": "종이",
        "item_count": 1,
    } | values
    if person:
        given["content"] = {"buyer": {"kind": "individual", "name": "박새봄"}}
        given["secret"] = secrets.encrypt(
            person.encode(), purpose="invoice.resident_number", workspace_id=business.workspace_id
        )
    tax = given.pop("tax_amount", _tax(kind, supply))
    return Invoice.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        state=state,
        document_type=kind,
        written_on=day,
        supply_amount=supply,
        tax_amount=tax,
        total_amount=supply + tax,
        created_by=user,
        changed_by=user,
        **given,
    )


def taken(
    business: Business,
    written_on: str | date,
    supply: int = 100_000,
    *,
    side: str = "purchase",
    kind: str = "0101",
    source: str = "xml",
    issued: str | date | None = None,
    **values: Any,
) -> Record:
    """One document of another issuer; paper has no 전송일."""
    day = _day(written_on)
    issued_on = _day(issued) if issued else day
    electronic = source != "paper"
    given = {
        "party_number": CUSTOMERS[1],
        "party_name": "가온유통",
        "issue_id": f"{day:%Y%m%d}41000098{next(_serials):08d}" if electronic else "",
        "sent_on": issued_on + timedelta(days=1) if electronic else None,
        "item_name": "운송료",
        "item_count": 1,
    } | values
    tax = given.pop("tax_amount", _tax(kind, supply))
    return Record.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        side=side,
        source=source,
        document_type=kind,
        written_on=day,
        issue_by=None if values.get("amendment_reason") else issue_deadline(day, law=law()).on,
        issued_on=issued_on,
        supply_amount=supply,
        tax_amount=tax,
        total_amount=supply + tax,
        **given,
    )
