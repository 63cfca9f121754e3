"""Writing what a supplier is to be asked to sign: our business is the buyer, a counterparty the supplier.

It is kept as the library's document from the first save, so that page, checks, mail and signature speak of the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from django.db import transaction

from dojang.etax import Invoice as Document
from dojang.etax import check
from dojang.etax.codes import DocumentType, Purpose, Taxation
from dojang.etax.errors import InvalidInvoice
from dojang.etax.findings import Finding
from dojang.etax.identifiers import is_branch_number, is_business_number, normalize
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import content as invoice_content
from dojang.service.links.events import note
from dojang.service.links.terms import end_of, last_day
from dojang.service.records.paper import tax_of_line
from dojang.service.records.refusals import Problem
from dojang.service.reverse.errors import OwnSupplier, RequestRefused
from dojang.service.reverse.locking import locked
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import business_for

_MOST_WON: Final = 10**15
_MOST_EMAIL: Final = 40
"""What stands on a document."""
TYPES: Final[Mapping[Taxation, DocumentType]] = {
    Taxation.TAXABLE: DocumentType.TAX,
    Taxation.ZERO_RATED: DocumentType.TAX_ZERO_RATED,
    Taxation.EXEMPT: DocumentType.EXEMPT,
}
_KINDS: Final = {kind.value: taxation for taxation, kind in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """품목 of one line. A supply amount that is left out is quantity times price, a tax amount 10 % of it."""

    name: str = ""
    specification: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    supply_amount: int | None = None
    tax_amount: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        typed = (self.quantity, self.unit_price, self.supply_amount, self.tax_amount)
        return not (self.name.strip() or self.specification.strip()) and all(one is None for one in typed)


@dataclass(frozen=True, slots=True)
class Supplier:
    """공급자, as its document names it, and where it is written to."""

    number: str
    name: str
    representative: str
    branch_number: str = ""
    address: str = ""
    business_type: str = ""
    business_item: str = ""
    contact_name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A request as somebody typed it.

    Attributes:
        answer_by: the last day on which the supplier may sign or refuse.
        message: what the supplier reads beside the document.
        purpose: 영수 or 청구; empty for neither.
    """

    taxation: Taxation
    written_on: date
    supplier: Supplier
    lines: tuple[Line, ...]
    purpose: str = ""
    remark: str = ""
    message: str = ""
    answer_by: date | None = None
    counterparty_id: int | None = None


@transaction.atomic
def add(*, member: Member, business_id: int, typed: Typed, now: datetime) -> ReverseRequest:
    """A new request, yet to be sent.

    Raises:
        NoSuchBusiness, PermissionDenied, OwnSupplier.
        RequestRefused: with what is wrong in each field.
    """
    business = business_for(member, business_id, Right.WRITE)
    row = ReverseRequest(
        workspace_id=business.workspace_id, business=business, created_by_id=member.user_id, created_at=now
    )
    _fill(row, typed, business, now)
    row.save(force_insert=True)
    note(row, "created", actor=member.actor, now=now)
    return row


@transaction.atomic
def edit(*, member: Member, request_id: int, version: int, typed: Typed, now: datetime) -> ReverseRequest:
    """Change a request that was not sent yet; its business stays.

    Raises:
        NoSuchRequest, PermissionDenied, RequestChanged, RequestOver, OwnSupplier, RequestRefused.
    """
    row = locked(member, request_id, version=version, state=State.DRAFT)
    _fill(row, typed, row.business, now)
    row.version += 1
    row.save()
    note(row, "edited", actor=member.actor, now=now)
    return row


@transaction.atomic
def delete(*, member: Member, request_id: int, version: int, now: datetime) -> None:
    """Throw away what was never sent; the row stays.

    Raises:
        NoSuchRequest, PermissionDenied, RequestChanged, RequestOver.
    """
    row = locked(member, request_id, version=version, state=State.DRAFT)
    row.deleted_at, row.version = now, row.version + 1
    row.save(update_fields=["deleted_at", "version"])


@transaction.atomic
def copy(*, member: Member, source: ReverseRequest, now: datetime) -> ReverseRequest:
    """A new draft of the same content: what was refused, withdrawn or ran out is mended and asked for again.

    Raises:
        PermissionDenied.
    """
    member.require(Right.WRITE, source.business_id)
    row = ReverseRequest(
        workspace_id=source.workspace_id,
        business=source.business,
        counterparty_id=source.counterparty_id,
        supplier_email=source.supplier_email,
        message=source.message,
        copied_from=source,
        created_by_id=member.user_id,
        created_at=now,
        changed_at=now,
    )
    put(row, Document.from_data(source.content))
    row.save(force_insert=True)
    note(row, "created", actor=member.actor, now=now, data={"copied_from": source.pk})
    return row


def put(row: ReverseRequest, document: Document) -> None:
    """Content and the columns that follow from it."""
    row.content = document.to_data()
    row.content_hash = invoice_content.hash_of(document)
    row.document_type = document.document_type.value
    row.supplier_number = document.supplier.business_number
    row.supplier_name = document.supplier.name[:70]
    row.item_name = ((document.items[0].name or "") if document.items else "")[:100]
    row.item_count = len(document.items)
    row.written_on = document.written_on
    row.issue_by = invoice_content.issue_by(document.written_on)
    row.supply_amount = document.supply_amount
    row.tax_amount = document.tax_amount
    row.total_amount = document.total_amount


def document_of(row: ReverseRequest) -> Document:
    """What the supplier is asked to sign."""
    found: Document = Document.from_data(row.content)
    return found


def findings_of(row: ReverseRequest, *, today: date) -> tuple[Finding, ...]:
    """What the checks say of it."""
    return tuple(check(document_of(row), on=today))


def typed_of(row: ReverseRequest) -> Typed:
    """What was typed, to be shown in the form again."""
    document = document_of(row)
    party, contact = document.supplier, document.supplier.contact
    return Typed(
        taxation=_KINDS[row.document_type],
        written_on=row.written_on,
        supplier=Supplier(
            number=party.business_number,
            name=party.name,
            representative=party.representative,
            branch_number=party.branch_number or "",
            address=party.address or "",
            business_type=party.business_type or "",
            business_item=party.business_item or "",
            contact_name=(contact.name or "") if contact else "",
            email=row.supplier_email,
        ),
        lines=tuple(
            Line(
                one.name or "",
                one.specification or "",
                one.quantity,
                one.unit_price,
                one.supply_amount,
                one.tax_amount,
            )
            for one in document.items
        ),
        purpose=document.purpose.value if document.purpose else "",
        remark=next(iter(document.remarks), ""),
        message=row.message,
        answer_by=last_day(row.expires_at) if row.expires_at else None,
        counterparty_id=row.counterparty_id,
    )


def _fill(row: ReverseRequest, typed: Typed, business: Business, now: datetime) -> None:
    problems = dict(_problems(typed))
    if problems:
        raise RequestRefused(problems)
    if normalize(typed.supplier.number) == business.number:
        raise OwnSupplier
    try:
        document = Document.from_data(_content(typed, business))
    except InvalidInvoice as error:
        first = error.findings[0]
        raise RequestRefused({"items": Problem(first.located("ko"), first.located("en"))}) from None
    put(row, document)
    row.counterparty = _counterparty(typed)
    row.supplier_email = typed.supplier.email.strip()
    row.message = " ".join(typed.message.split())
    # The last moment of the day: until then the supplier may answer.
    row.expires_at = end_of(typed.answer_by) if typed.answer_by else None
    row.changed_at = now


def _counterparty(typed: Typed) -> Counterparty | None:
    """The one that was chosen, if it still is whom the document names; or who has that number."""
    number = normalize(typed.supplier.number)
    rows = Counterparty.objects.filter(number=number, archived_at=None, merged_into=None).order_by("pk")
    chosen = rows.filter(pk=typed.counterparty_id).first() if typed.counterparty_id else None
    return chosen or rows.first()


def _content(typed: Typed, business: Business) -> dict[str, Any]:
    supplier, ours = typed.supplier, invoice_content.supplier_of(business)
    email = supplier.email.strip()
    contact = {"name": _text(supplier.contact_name), "email": email if len(email) <= _MOST_EMAIL else None}
    remark = _text(typed.remark)
    return {
        "document_type": TYPES[typed.taxation].value,
        "written_on": typed.written_on.isoformat(),
        "purpose": typed.purpose or None,
        "remarks": [remark] if remark else [],
        "supplier": {
            "business_number": normalize(supplier.number),
            "branch_number": normalize(supplier.branch_number) or None,
            "name": _text(supplier.name) or "",
            "representative": _text(supplier.representative) or "",
            "business_type": _text(supplier.business_type),
            "business_item": _text(supplier.business_item),
            "address": _text(supplier.address),
            "contact": contact if any(contact.values()) else None,
        },
        "buyer": {
            "kind": "business",
            "number": ours.pop("business_number"),
            "contacts": [found] if (found := ours.pop("contact")) else [],
            **ours,
        },
        "items": [_item(one, typed, business) for one in typed.lines if not one.is_empty],
    }


def _item(line: Line, typed: Typed, business: Business) -> dict[str, Any]:
    supply = line.supply_amount
    if supply is None and line.quantity is not None and line.unit_price is not None:
        supply = int((line.quantity * line.unit_price).to_integral_value(ROUND_DOWN))
    tax = tax_of_line(line.tax_amount, supply=supply or 0, taxation=typed.taxation, business=business)
    return {
        "supplied_on": typed.written_on.isoformat(),
        "name": _text(line.name),
        "specification": _text(line.specification),
        "quantity": _exact(line.quantity),
        "unit_price": _exact(line.unit_price),
        "supply_amount": supply,
        "tax_amount": tax,
    }


def _text(typed: str) -> str | None:
    return " ".join(typed.split()) or None


def _exact(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _problems(typed: Typed) -> Iterator[tuple[str, Problem]]:
    """What keeps it from being a document at all, by the name of its field; the checks say the rest."""
    supplier = typed.supplier
    if not is_business_number(normalize(supplier.number)):
        yield (
            "number",
            Problem("공급자의 사업자등록번호 10자리를 확인해 주세요.", "That is no business number."),
        )
    branch = normalize(supplier.branch_number)
    if branch and not is_branch_number(branch):
        yield "branch_number", Problem("종사업장번호는 4자리입니다.", "A branch number has four digits.")
    if not supplier.name.strip():
        yield "name", Problem("공급자의 상호를 적어 주세요.", "Enter the supplier's name.")
    if not supplier.representative.strip():
        yield (
            "representative",
            Problem("공급자의 대표자를 적어 주세요.", "Enter the supplier's representative."),
        )
    if typed.purpose and typed.purpose not in {one.value for one in Purpose}:
        yield "purpose", Problem("영수와 청구 가운데 골라 주세요.", "Choose receipt or claim.")
    yield from _problems_of_lines(typed)


def _problems_of_lines(typed: Typed) -> Iterator[tuple[str, Problem]]:
    lines = [one for one in typed.lines if not one.is_empty]
    if not lines:
        yield "items", Problem("품목과 공급가액을 한 줄 이상 적어 주세요.", "Enter at least one item.")
    for one in lines:
        if one.supply_amount is None and (one.quantity is None or one.unit_price is None):
            yield (
                "items",
                Problem(
                    "품목마다 공급가액을, 또는 수량과 단가를 적어 주세요.",
                    "Enter the supply amount of each item, or quantity and price.",
                ),
            )
            return
        worth = Decimal(one.supply_amount or 0) or (one.quantity or Decimal(0)) * (
            one.unit_price or Decimal(0)
        )
        if abs(worth) > _MOST_WON or abs(one.tax_amount or 0) > _MOST_WON:
            yield "items", Problem("금액이 너무 큽니다.", "An amount is too large.")
            return
