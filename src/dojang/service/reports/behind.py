"""The documents behind a figure: what stands in the address of a drill-down, and the rows it means."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.returns import Documents, Family, Filing, Party, Side, documents_of
from dojang.service.reports import selecting
from dojang.service.reports.codes import TAXATIONS

_TYPES = {
    taxation: [kind.value for kind in DocumentType if kind.taxation is taxation] for taxation in Taxation
}
_TRUE, _FALSE = "1", "0"


@dataclass(frozen=True, slots=True)
class Behind:
    """Conditions on documents, each empty where it asks nothing.

    Attributes:
        business: whose.
        side: sales or purchase.
        period: the key of a return; `first` and `last` otherwise.
        first, last: 작성일자, as ISO dates.
        taxation: taxable, zero_rated, exempt.
        family: tax or exempt.
        amended: 1 for 수정, 0 for others.
        collected: 1 for e-invoices in by the 11th, 0 for others.
        party: business or person.
        number: of the other party.
        line: of the VAT return.
        told: how they stand to the return.
        left_out: the state of invoices that do not count.
        otherwise: 1 for amendments of purchases that are not deducted as what they amend.
    """

    business: str = ""
    side: str = ""
    period: str = ""
    first: str = ""
    last: str = ""
    taxation: str = ""
    family: str = ""
    amended: str = ""
    collected: str = ""
    party: str = ""
    number: str = ""
    line: str = ""
    told: str = ""
    left_out: str = ""
    otherwise: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """From an address; what is longer than any of its values is dropped."""
        return cls(**{each.name: asked.get(each.name, "")[:40] for each in fields(cls)})

    def url(self, slug: str) -> str:
        """The page of these documents."""
        return f"{reverse('report_documents', args=[slug])}?{self.query()}"

    def query(self) -> str:
        """What stands behind the question mark."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return urlencode({name: value for name, value in told.items() if value})


def rows_of(behind: Behind, business_id: int, filing: Filing | None) -> list[QuerySet[Any]]:
    """The documents, by table; nothing where the conditions make no sense."""
    if behind.left_out:
        return _left_out(behind, business_id, filing)
    if behind.line:
        return _of_line(behind.line, business_id, filing)
    side = Side.PURCHASE if behind.side == Side.PURCHASE else Side.SALES
    return [
        _chosen(_within(rows, behind, filing), behind) for rows in selecting.documents([business_id], side)
    ]


def _left_out(behind: Behind, business_id: int, filing: Filing | None) -> list[QuerySet[Any]]:
    rows = selecting.told_invoices(selecting.unfinished([business_id]))
    if filing is not None:
        rows = rows.filter(written_on__range=(filing.start, filing.end))
    return [rows.filter(state=behind.left_out)]


def _of_line(line: str, business_id: int, filing: Filing | None) -> list[QuerySet[Any]]:
    try:
        choices = documents_of(line)
    except KeyError:
        return []
    if filing is None:
        return []
    return [
        rows
        for side in Side
        if (mine := [_of(one) for one in choices if one.side is side])
        for rows in _any(side, mine, business_id, filing)
    ]


def _any(side: Side, conditions: list[Q], business_id: int, filing: Filing) -> list[QuerySet[Any]]:
    wanted = conditions[0]
    for one in conditions[1:]:
        wanted |= one
    return [
        selecting.in_filing(rows, filing).filter(wanted) for rows in selecting.documents([business_id], side)
    ]


def _of(choice: Documents) -> Q:
    wanted = Q(document_type__in=list(choice.document_types), told__in=[told.value for told in choice.told])
    if choice.fixed_asset is not None:
        wanted &= Q(asset=choice.fixed_asset)
    if choice.reasons:
        wanted &= Q(refused__in=choice.reasons)
    return wanted


def _within(rows: QuerySet[Any], behind: Behind, filing: Filing | None) -> QuerySet[Any]:
    if filing is None:
        return rows.filter(written_on__range=(_day(behind.first, date.min), _day(behind.last, date.max)))
    if behind.told:
        return selecting.in_filing(rows, filing).filter(told=behind.told)
    return selecting.listed(rows, filing)


def _chosen(rows: QuerySet[Any], behind: Behind) -> QuerySet[Any]:
    if behind.taxation in TAXATIONS:
        rows = rows.filter(document_type__in=_TYPES[TAXATIONS[behind.taxation]])
    if behind.family in set(Family):
        exempt = Q(document_type__in=_TYPES[Taxation.EXEMPT])
        rows = rows.filter(exempt if behind.family == Family.EXEMPT else ~exempt)
    if behind.amended in {_TRUE, _FALSE}:
        amended = Q(document_type__startswith="02") | Q(document_type__startswith="04")
        rows = rows.filter(amended if behind.amended == _TRUE else ~amended)
    if behind.collected in {_TRUE, _FALSE} and "collected" in rows.query.annotations:
        rows = rows.filter(collected=behind.collected == _TRUE)
    if behind.otherwise == _TRUE and behind.side == Side.PURCHASE:
        rows = selecting.deducted_otherwise(rows)
    if behind.party in set(Party):
        rows = rows.filter(party=behind.party)
    return rows.filter(number=behind.number) if behind.number else rows


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def address_of(row: Any, slug: str) -> str:
    """The page of a document."""
    return reverse("record" if hasattr(row, "party_hmac") else "invoice", args=[slug, row.pk])
