"""With what the editor begins: a blank document, a template, another invoice, a draft that was saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dojang.etax.codes import BuyerKind, DocumentType
from dojang.etax.identifiers import FOREIGNER_NUMBER
from dojang.service.counterparties import personal
from dojang.service.counterparties.models import Counterparty, Kind
from dojang.service.invoices import content, drafts
from dojang.service.invoices.bodies import NumberFrom
from dojang.service.invoices.consigned import OF_KIND
from dojang.service.invoices.models import Invoice, Template
from dojang.service.workspaces.models import Business

#: The kinds that are written from nothing, as a supplier or as a broker; 수정 comes about in another way.
KINDS: Final = tuple(OF_KIND)
WRITTEN: Final = frozenset(one.value for one in (*OF_KIND, *OF_KIND.values()))
#: How many contacts of a buyer stand on an invoice.
_CONTACTS: Final = 2


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the editor shows first.

    Attributes:
        content: never with the number of a person.
        kept: how it was typed.
        counterparty: the buyer in the address book.
        number: of a person, masked.
        number_from: where saving takes it from.
        copied_from: id of the invoice it was copied from.
    """

    content: Mapping[str, Any]
    kept: Mapping[str, Any] = field(default_factory=dict)
    counterparty: Counterparty | None = None
    number: str = ""
    number_from: NumberFrom = NumberFrom.NOWHERE
    copied_from: int | None = None


def blank(business: Business, *, kind: str, counterparty: Counterparty | None, today: date) -> Beginning:
    """An empty document of a kind, dated today, for a buyer if one is chosen already."""
    given: dict[str, Any] = {
        "document_type": kind if kind in WRITTEN else DocumentType.TAX.value,
        "written_on": today.isoformat(),
        "purpose": business.default_purpose,
        "remarks": [],
        "buyer": buyer_of(counterparty) if counterparty else {"kind": BuyerKind.BUSINESS.value},
        "items": [],
        "payments": [],
    }
    masked = personal.masked(counterparty) if counterparty else ""
    return Beginning(
        given,
        counterparty=counterparty,
        number=masked,
        number_from=NumberFrom.COUNTERPARTY if masked else NumberFrom.NOWHERE,
    )


def copied(source: Invoice, *, today: date) -> Beginning:
    """Another invoice, dated today."""
    masked = content.masked_number(source)
    return Beginning(
        drafts.dated_anew(dict(source.content), today),
        counterparty=source.counterparty,
        number=masked,
        number_from=NumberFrom.COPY if masked else NumberFrom.NOWHERE,
        copied_from=source.pk,
    )


def from_template(template: Template, *, today: date) -> Beginning:
    """A template, dated today. A person's number is not in it: it comes from the address book, or is typed anew."""
    counterparty = template.counterparty
    masked = personal.masked(counterparty) if counterparty else ""
    return Beginning(
        drafts.dated_anew(dict(template.content), today),
        kept=template.editor,
        counterparty=counterparty,
        number=masked,
        number_from=NumberFrom.COUNTERPARTY if masked else NumberFrom.NOWHERE,
    )


def saved(invoice: Invoice) -> Beginning:
    """A draft as it was saved."""
    masked = content.masked_number(invoice)
    return Beginning(
        invoice.content,
        kept=invoice.editor,
        counterparty=invoice.counterparty,
        number=masked,
        number_from=NumberFrom.SAVED if masked else NumberFrom.NOWHERE,
        copied_from=invoice.copied_from_id,
    )


def buyer_of(counterparty: Counterparty) -> dict[str, Any]:
    """공급받는자 of a document, from the address book; without the number of a person."""
    contacts = list(counterparty.contacts.all())[:_CONTACTS]
    return {
        "kind": counterparty.kind,
        "number": counterparty.number if counterparty.kind == Kind.BUSINESS else "",
        "branch_number": counterparty.branch_number,
        "name": counterparty.name,
        "representative": counterparty.representative,
        "business_type": counterparty.business_type,
        "business_item": counterparty.business_item,
        "address": counterparty.address,
        "contacts": [
            {"department": one.department, "name": one.name, "email": one.email, "phone": one.phone}
            for one in contacts
        ],
    }


def with_number(given: Mapping[str, Any], number: str) -> dict[str, Any]:
    """Content with the number of a person where the standard wants it, by the kind of buyer."""
    filled = dict(given)
    buyer = filled.get("buyer")
    if not isinstance(buyer, dict):
        return filled
    if buyer.get("kind") == BuyerKind.INDIVIDUAL.value:
        filled["buyer"] = {**buyer, "number": number}
    elif buyer.get("kind") == BuyerKind.FOREIGNER.value:
        filled["buyer"] = {**buyer, "number": FOREIGNER_NUMBER}
        remarks = filled.get("remarks")
        filled["remarks"] = [number, *(remarks[1:] if isinstance(remarks, list) else ())]
    return filled


def for_page(value: Any) -> Any:
    """Content with whole numbers as text: a script would round large ones."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return {name: for_page(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [for_page(one) for one in value]
    return value
