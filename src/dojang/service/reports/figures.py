"""Sums by month and by party: one question to each table, the answers added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, Max, Q, Sum, Value, When
from django.db.models.functions import ExtractMonth

from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.returns import NOTHING, Filing, Party, Side, Sums
from dojang.service.days import FirstOfMonth
from dojang.service.reports import selecting
from dojang.service.reports.codes import KINDS


@dataclass(frozen=True, slots=True)
class Month:
    """One month's documents, by 과세구분 and whether they amend."""

    first: date
    by_taxation: dict[Taxation, Sums] = field(default_factory=dict[Taxation, Sums])
    amended: Sums = NOTHING

    @property
    def total(self) -> Sums:
        """All together."""
        return Sums.of(self.by_taxation.values())

    def of(self, taxation: Taxation) -> Sums:
        """The documents of one 과세구분."""
        return self.by_taxation.get(taxation, NOTHING)


def months(business_ids: Iterable[int], side: Side, start: date, end: date) -> dict[date, Month]:
    """The months between two days that have documents, by their first day; all businesses together."""
    found: dict[date, dict[DocumentType, Sums]] = {}
    for by_month in _kinds(business_ids, side, start, end).values():
        for first, kinds in by_month.items():
            month = found.setdefault(first, {})
            for kind, sums in kinds.items():
                month[kind] = month.get(kind, NOTHING) + sums
    return {first: _month(first, kinds) for first, kinds in found.items()}


def months_of_each(
    business_ids: Iterable[int], side: Side, start: date, end: date
) -> dict[int, dict[date, Month]]:
    """The same for each business by itself, by its id."""
    return {
        business: {first: _month(first, kinds) for first, kinds in by_month.items()}
        for business, by_month in _kinds(business_ids, side, start, end).items()
    }


def _kinds(
    business_ids: Iterable[int], side: Side, start: date, end: date
) -> dict[int, dict[date, dict[DocumentType, Sums]]]:
    found: dict[int, dict[date, dict[DocumentType, Sums]]] = {}
    for rows in selecting.documents(business_ids, side):
        grouped = (
            rows.filter(written_on__range=(start, end))
            .annotate(month=FirstOfMonth("written_on"))
            .order_by()
            .values("business_id", "month", "document_type")
            .annotate(n=Count("id"), supply=Sum("supply_amount"), tax=Sum("tax_amount"))
        )
        for row in grouped:
            month = found.setdefault(row["business_id"], {}).setdefault(row["month"], {})
            kind = KINDS[row["document_type"]]
            month[kind] = month.get(kind, NOTHING) + Sums(row["n"], row["supply"], row["tax"])
    return found


def _month(first: date, kinds: dict[DocumentType, Sums]) -> Month:
    return Month(
        first,
        {
            taxation: Sums.of(sums for kind, sums in kinds.items() if kind.taxation is taxation)
            for taxation in Taxation
        },
        Sums.of(sums for kind, sums in kinds.items() if kind.is_amendment),
    )


@dataclass(frozen=True, slots=True)
class Customer:
    """One other party's year; `number` is empty for all persons together. `months` are 공급가액, by month."""

    number: str
    name: str
    sums: Sums
    months: tuple[int, ...]


_MONTHS = range(1, 13)


def listed(business_id: int, filing: Filing, side: Side, *, exempt: bool) -> list[Customer]:
    """거래처별 명세 of 합계표: businesses whose documents are not among the e-invoices in by the 11th, by number."""
    found: dict[str, Customer] = {}
    for rows in selecting.documents([business_id], side):
        chosen = selecting.listed(rows, filing).filter(
            party=Party.BUSINESS.value,
            collected=False,
            exempt=exempt,
        )
        grouped = (
            chosen.order_by()
            .values("number")
            .annotate(latest=Max("name"), n=Count("id"), supply=Sum("supply_amount"), tax=Sum("tax_amount"))
        )
        for row in grouped:
            sums = Sums(row["n"], row["supply"], row["tax"])
            here = Customer(row["number"], row["latest"], sums, ())
            found[here.number] = _together(found.get(here.number), here)
    return [one for _, one in sorted(found.items())]


def customers(business_id: int, side: Side, year: int) -> list[Customer]:
    """Every party that documents of a year name, with its months; people are one line together."""
    found: dict[str, Customer] = {}
    for rows in selecting.documents([business_id], side):
        for row in _by_number(rows, year):
            is_person = row["person"]
            number = "" if is_person else row["number"]
            here = Customer(
                number,
                "" if is_person else row["latest"],
                Sums(row["n"], row["supply"], row["tax"]),
                tuple(row[f"m{month}"] for month in _MONTHS),
            )
            found[number] = _together(found.get(number), here)
    return list(found.values())


def _by_number(rows: Any, year: int) -> Any:
    return (
        rows.filter(written_on__range=(date(year, 1, 1), date(year, 12, 31)))
        .annotate(
            person=Case(
                When(party=Party.PERSON.value, then=Value(value=True)),
                default=Value(value=False),
                output_field=BooleanField(),
            ),
            month=ExtractMonth("written_on"),
        )
        .order_by()
        .values("number", "person")
        .annotate(
            latest=Max("name"),
            n=Count("id"),
            supply=Sum("supply_amount"),
            tax=Sum("tax_amount"),
            **{f"m{month}": Sum("supply_amount", filter=Q(month=month), default=0) for month in _MONTHS},
        )
    )


def _together(before: Customer | None, here: Customer) -> Customer:
    if before is None:
        return here
    return Customer(
        here.number,
        before.name or here.name,
        before.sums + here.sums,
        tuple(one + other for one, other in zip(before.months, here.months, strict=True)),
    )
