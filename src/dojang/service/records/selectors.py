"""What is asked of documents of others: those a member may see, and the chain that one stands in."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from dojang.etax.invoice import Invoice as Document
from dojang.service.records.errors import NoSuchRecord
from dojang.service.records.models import Delivery, Record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

_MOST_IN_CHAIN = 200


def visible(member: Member, right: Right = Right.VIEW) -> QuerySet[Record]:
    """Every record of a business in which the member has the right."""
    return Record.objects.filter(business_id__in=businesses_with(member, right), deleted_at=None)


def with_flags(rows: QuerySet[Record]) -> QuerySet[Record]:
    """What `flags.flags_of` needs to know besides the columns."""
    amendments = Record.objects.filter(
        workspace_id=OuterRef("workspace_id"),
        business_id=OuterRef("business_id"),
        original_issue_id=OuterRef("issue_id"),
        deleted_at=None,
    ).exclude(original_issue_id="")
    return rows.select_related("counterparty", "business").annotate(is_amended=Exists(amendments))


def record_for(member: Member, record_id: int, right: Right = Right.VIEW) -> Record:
    """One record.

    Raises:
        NoSuchRecord: it isn't here, was deleted, or this member may not see it.
        PermissionDenied: it may be seen, but not with this right.
    """
    record = with_flags(Record.objects.filter(pk=record_id, deleted_at=None)).first()
    if record is None or not member.may(Right.VIEW, record.business_id):
        raise NoSuchRecord
    member.require(right, record.business_id)
    return record


def refused_deliveries(business_ids: Collection[int]) -> QuerySet[Delivery]:
    """Documents that arrived for these businesses and could not be taken in, the oldest first."""
    return Delivery.objects.filter(business_id__in=business_ids).exclude(refused="").order_by("pk")


def chain_of(record: Record) -> list[Record]:
    """The original and every amendment that is here, this one among them, oldest first."""
    found = {record.pk: record}
    asked: set[str] = set()
    while (ids := _named(found.values()) - asked) and len(found) < _MOST_IN_CHAIN:
        asked |= ids
        rows = Record.objects.filter(
            Q(issue_id__in=ids) | Q(original_issue_id__in=ids),
            business_id=record.business_id,
            side=record.side,
            deleted_at=None,
        )
        found.update((row.pk, row) for row in rows[:_MOST_IN_CHAIN] if row.pk not in found)
    return sorted(found.values(), key=lambda row: (row.issued_on or row.written_on, row.pk))


def twins(
    *, business_id: int, side: str, document: Document, except_id: int | None = None
) -> QuerySet[Record]:
    """Records with the same party, day and total: perhaps the same document twice."""
    party = document.supplier.business_number if side == "purchase" else document.buyer.number
    name = document.supplier.name if side == "purchase" else document.buyer.name
    same = Q(party_number=party) if party else Q(party_name=name)
    rows = Record.objects.filter(
        same,
        business_id=business_id,
        side=side,
        written_on=document.written_on,
        total_amount=document.total_amount,
        deleted_at=None,
    )
    return rows.exclude(pk=except_id) if except_id else rows


def _named(rows: Iterable[Record]) -> set[str]:
    return {number for row in rows for number in (row.issue_id, row.original_issue_id) if number}
