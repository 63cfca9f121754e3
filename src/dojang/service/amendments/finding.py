"""What pages of amendments look for: documents that a member may see, deals by their name, amendments in a list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from dojang.etax.amendments.suggest import tree
from dojang.service.amendments.actions import Place
from dojang.service.amendments.chains import Deal, deal_of
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.invoices.models import Invoice
from dojang.service.lists.kinds import reason_text
from dojang.service.records.content import KINDS
from dojang.service.records.models import Record, Side
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

Row = TypeVar("Row", Invoice, Record)

OPEN = (AmendmentState.ASKING, AmendmentState.PREPARED)
_ON_PAPER = "paper-"
_MOST_NEAR = 20
_TARGETS = ("business", "target", "target__business", "target__counterparty", "record", "record__business",
            "record__counterparty", "mends", "changed_by", "started_by")  # fmt: skip


def amendments_of(member: Member) -> QuerySet[Amendment]:
    """Those of the businesses that the member may see."""
    rows = Amendment.objects.filter(business_id__in=businesses_with(member, Right.VIEW))
    return rows.select_related(*_TARGETS)


def unfinished(business_ids: Collection[int]) -> QuerySet[Amendment]:
    """Begun and neither issued nor given up."""
    return Amendment.objects.filter(business_id__in=business_ids, state__in=OPEN, beside=None)


def amendment_for(member: Member, amendment_id: int) -> Amendment:
    """One amendment; what a member may not see is not there."""
    found = amendments_of(member).filter(pk=amendment_id).first()
    if found is None:
        raise Http404
    return found


def invoice_for(member: Member, invoice_id: int) -> Invoice:
    """One of our documents."""
    rows = Invoice.objects.select_related("business", "counterparty")
    found = rows.filter(pk=invoice_id, deleted_at=None).first()
    return _seen(member, found)


def sale_for(member: Member, record_id: int) -> Record:
    """A sale that was issued elsewhere."""
    rows = Record.objects.select_related("business", "counterparty")
    found = rows.filter(pk=record_id, side=Side.SALES, deleted_at=None).first()
    return _seen(member, found)


def by_number(member: Member, issue_id: str) -> Invoice | Record:
    """The document of ours with a 승인번호, wherever it was issued."""
    businesses = businesses_with(member, Right.VIEW)
    ours = Invoice.objects.filter(issue_id=issue_id, deleted_at=None, business_id__in=businesses)
    elsewhere = Record.objects.filter(
        issue_id=issue_id, side=Side.SALES, deleted_at=None, business_id__in=businesses
    )
    found = ours.select_related("business", "counterparty").first()
    if found is not None:
        return _seen(member, found)
    return _seen(member, elsewhere.select_related("business", "counterparty").first())


def deal_named(member: Member, key: str) -> Deal:
    """The deal of a name: the 승인번호 of its original, or that of an original on paper."""
    if key.startswith(_ON_PAPER):
        row: Invoice | Record = sale_for(member, row_id(key.removeprefix(_ON_PAPER)))
    else:
        row = by_number(member, key)
    return deal_of(invoice=row) if isinstance(row, Invoice) else deal_of(record=row)


def _seen(member: Member, row: Row | None) -> Row:
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class Listed:
    """An amendment in a list."""

    amendment: Amendment

    @property
    def row(self) -> Invoice | Record:
        """What it amends."""
        found = self.amendment.target or self.amendment.record
        assert found is not None  # noqa: S101 (an amendment has one)
        return found

    @property
    def buyer(self) -> str:
        """거래처."""
        return self.row.buyer_name if isinstance(self.row, Invoice) else self.row.party_name

    @property
    def what(self) -> str:
        """What happened, in the user's words."""
        return event_text(self.amendment.event)


def event_text(key: str) -> str:
    """An event in the user's words; nothing where none was chosen."""
    event = tree().events.get(key)
    return say(event.ko, event.en) if event is not None else ""


def amendment_of(invoice: Invoice) -> AmendmentDocument | None:
    """The amendment that a document was made by."""
    rows = AmendmentDocument.objects.select_related("amendment").filter(invoice=invoice)
    return rows.first()


def made_by(amendment: Amendment) -> tuple[list[Invoice], list[Invoice]]:
    """Its documents, and those that follow up."""
    rows = amendment.documents.select_related("invoice").filter(invoice__deleted_at=None).order_by("position")
    found: Mapping[str, list[Invoice]] = {Kind.AMENDMENT: [], Kind.FOLLOW_UP: []}
    for row in rows:
        found[row.kind].append(row.invoice)
    return found[Kind.AMENDMENT], found[Kind.FOLLOW_UP]


@dataclass(frozen=True, slots=True)
class Near:
    """Another document of the same deal, as a link."""

    url: str
    title: str
    row: Invoice | Record


@dataclass(frozen=True, slots=True)
class Around:
    """What a document amends, what amends it, and the name of their deal; empty where there is nothing."""

    original: Near | None
    amended_by: tuple[Near, ...]
    chain: str


def around(member: Member, row: Invoice | Record) -> Around:
    """The nearest documents of a deal, found by their numbers alone: a page shows them beside one document."""
    number = row.issue_id or ""
    original = row.original_issue_id or ""
    above = _with_number(row.business_id, original) if original else None
    below = _amending(row.business_id, number) if number else []
    return Around(
        _near(member, above) if above is not None else None,
        tuple(_near(member, one) for one in below),
        _deal_name(row) if original or below else "",
    )


def _deal_name(row: Invoice | Record) -> str:
    """The 승인번호 of any document names its deal's page as well."""
    return row.issue_id or row.original_issue_id or f"{_ON_PAPER}{row.pk}"


def _with_number(business_id: int, issue_id: str) -> Invoice | Record | None:
    ours = Invoice.objects.filter(issue_id=issue_id, business_id=business_id, deleted_at=None).first()
    if ours is not None:
        return ours
    return Record.objects.filter(
        issue_id=issue_id, business_id=business_id, side=Side.SALES, deleted_at=None
    ).first()


def _amending(business_id: int, issue_id: str) -> list[Invoice | Record]:
    ours = Invoice.objects.filter(original_issue_id=issue_id, business_id=business_id, deleted_at=None)
    elsewhere = Record.objects.filter(
        original_issue_id=issue_id, business_id=business_id, side=Side.SALES, deleted_at=None
    )
    known = [*ours.order_by("pk")[:_MOST_NEAR]]
    numbers = {one.issue_id for one in known}
    return [*known, *(one for one in elsewhere.order_by("pk")[:_MOST_NEAR] if one.issue_id not in numbers)]


def _near(member: Member, row: Invoice | Record) -> Near:
    kind = KINDS[row.document_type]
    name = say(kind.ko, kind.en)
    reason = reason_text(row.amendment_reason)
    return Near(Place(member.workspace.slug, row).document(), f"{name} · {reason}" if reason else name, row)
