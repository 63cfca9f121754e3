"""The rows of a page, the sums of everything, and all of it for Excel.

What is filtered, sorted and summed by stands in one index, so that rows are read only where they are shown. Text is
looked for first, by the function that may use the index of trigrams: where it finds few, they are all there is to
filter; where it finds many, the newest of them nearly always hold a page.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Model, Q, QuerySet, Sum

from dojang.service.lists import lookups  # noqa: F401 (registers LIKE)
from dojang.service.lists.asked import Asked, Cursor, token
from dojang.service.lists.described import Tab
from dojang.service.tenancy.scope import current_workspace

PER_PAGE: Final = 50
#: What a text finds is taken for all there is up to so many.
FEW: Final = 500
#: A list with more rows than that is shown first and summed after.
LONG: Final = 50_000
_LONG_FOR_SECONDS: Final = 600
#: Of what is filtered by anything else so many are looked through for a text that very many rows hold, in portions.
_LOOKED_THROUGH: Final = 5000
_AT_ONCE: Final = 500
_PORTION: Final = 2000


@dataclass(frozen=True, slots=True)
class Sums:
    """건수 and amounts in won."""

    count: int = 0
    supply_amount: int = 0
    tax_amount: int = 0
    total_amount: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count,
            self.supply_amount + other.supply_amount,
            self.tax_amount + other.tax_amount,
            self.total_amount + other.total_amount,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of the chosen tab, and how many rows each tab has."""

    sums: Sums
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and where its neighbours begin; empty where there is none."""

    rows: list[Any]
    after: str
    before: str


class Listing:
    """One list as it is asked for, in the open workspace."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._newest = self._searched()

    @property
    def is_broad(self) -> bool:
        """Whether many rows hold the text."""
        return self._newest is not None and len(self._newest) > FEW

    @property
    def takes_a_moment(self) -> bool:
        """Whether the sums are of so many rows that the page had better not wait for them."""
        if self._newest is not None:
            return self.is_broad
        return "counterparty" not in self._asked.values and self._is_long()

    def _is_long(self) -> bool:
        """Looked at once in a while: a list does not become long from one page to the next."""
        asked = self._asked
        key = f"lists.long:{current_workspace()}:{asked.of.name}"
        known: bool | None = cache.get(key)
        if known is None:
            rows = _rows(asked.of.model).filter(asked.of.base, deleted_at=None).order_by()
            known = rows.values("pk")[LONG : LONG + 1].exists()
            cache.set(key, known, _LONG_FOR_SECONDS)
        return known

    def page(self) -> Page:
        """The rows to be shown."""
        asked = self._asked
        backwards = asked.before is not None and asked.after is None
        ids = self._ids(backwards=backwards)
        more = len(ids) > PER_PAGE
        ids = ids[:PER_PAGE]
        if backwards:
            ids.reverse()
        rows = self._read(ids)
        if not rows:
            return Page([], "", "")
        has_next = backwards or more
        has_previous = more if backwards else asked.after is not None
        return Page(
            rows,
            self._token(rows[-1]) if has_next else "",
            self._token(rows[0]) if has_previous else "",
        )

    def totals(self) -> Totals:
        """Sums over everything that is asked for, and the counts of all tabs, in one go."""
        asked = self._asked
        groups = (
            self._filtered(self._base())
            .order_by()
            .values(*asked.of.grouped)
            .annotate(
                how_many=Count("pk"),
                supply=Sum("supply_amount"),
                tax=Sum("tax_amount"),
                total=Sum("total_amount"),
            )
        )
        sums, counts = Sums(), dict.fromkeys((tab.name for tab in asked.of.tabs), 0)
        for group in groups:
            for tab in asked.of.tabs:
                if tab.holds(group):
                    counts[tab.name] += group["how_many"]
            if asked.tab.holds(group):
                sums += Sums(group["how_many"], int(group["supply"]), int(group["tax"]), int(group["total"]))
        return Totals(sums, counts)

    def everything(self) -> Iterator[Any]:
        """Every row in the order of the list, in portions: never all of them in memory."""
        asked = self._asked
        rows = self._filtered(self._of_tab(asked.tab)).order_by(*self._order(backwards=False))
        yield from self._shown(rows).iterator(chunk_size=_PORTION)

    def _searched(self, until: date | None = None) -> list[int] | None:
        """The newest ids that hold the text, one more than few; None where nothing is searched for."""
        asked = self._asked
        if not asked.words:
            return None
        first, last = asked.written
        patterns = [one.pattern for one in asked.words]
        return asked.of.search(
            patterns, since=first, until=min(filter(None, (last, until)), default=None), how_many=FEW + 1
        )

    def _ids(self, *, backwards: bool) -> list[int]:
        asked = self._asked
        rows = self._of_tab(asked.tab)
        cursor = asked.before if backwards else asked.after
        if cursor is not None:
            rows = rows.filter(self._beyond(cursor, backwards=backwards))
        rows = rows.order_by(*self._order(backwards=backwards))
        if self.is_broad:
            return self._ids_of_broad(rows, cursor, backwards=backwards)
        return self._first(self._filtered(rows))

    def _ids_of_broad(self, rows: QuerySet[Any], cursor: Cursor | None, *, backwards: bool) -> list[int]:
        """A page of a text that many rows hold.

        Among the newest of them, or among the first of what else is asked for; only where neither has enough,
        everything is looked through.
        """
        asked = self._asked
        if not backwards and asked.sort.name == asked.of.default_sort:
            newest = self._newest if cursor is None else self._searched(cursor.value)
            if len(ids := self._first(rows.filter(pk__in=newest or ()))) > PER_PAGE:
                return ids
        found: list[int] = []
        looked_through = 0
        with closing(_in_portions(rows)) as portions:
            for portion in portions:
                found += self._holding(portion)
                if len(found) > PER_PAGE:
                    return found[: PER_PAGE + 1]
                looked_through += len(portion)
                if looked_through >= _LOOKED_THROUGH:
                    return self._first(self._filtered(rows))
        return found

    def _holding(self, ids: Sequence[int]) -> list[int]:
        """Those that hold the text, in their order."""
        rows = self._filtered(_rows(self._asked.of.model).filter(pk__in=ids)).order_by()
        holding = set(rows.values_list("pk", flat=True))
        return [one for one in ids if one in holding]

    def _first(self, rows: QuerySet[Any]) -> list[int]:
        return list(rows.values_list("pk", flat=True)[: PER_PAGE + 1])

    def _filtered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self._newest is None:
            return rows
        if not self.is_broad:
            return rows.filter(pk__in=self._newest)
        for word in self._asked.words:
            rows = rows.filter(search__like=word.pattern)
        return rows

    def _base(self) -> QuerySet[Any]:
        asked = self._asked
        rows: QuerySet[Any] = _rows(asked.of.model)
        return rows.filter(
            asked.of.base, asked.condition, deleted_at=None, business_id__in=asked.business_ids
        )

    def _of_tab(self, tab: Tab) -> QuerySet[Any]:
        return self._base().filter(tab.condition)

    def _order(self, *, backwards: bool) -> tuple[str, str]:
        sort = self._asked.sort
        sign = "-" if sort.descending != backwards else ""
        return f"{sign}{sort.column.sort}", f"{sign}id"

    def _beyond(self, cursor: Cursor, *, backwards: bool) -> Q:
        """Rows behind a place, or before it. PostgreSQL puts what is empty first going down and last going up."""
        sort = self._asked.sort
        down = sort.descending != backwards
        name, word = sort.column.sort, "lt" if down else "gt"
        same = Q(**{f"id__{word}": cursor.row_id})
        if cursor.value is None:
            empty = Q(**{f"{name}__isnull": True}) & same
            return empty | Q(**{f"{name}__isnull": False}) if down else empty
        # The first half alone is what an index can begin at.
        beyond = Q(**{f"{name}__{word}e": cursor.value}) & (Q(**{f"{name}__{word}": cursor.value}) | same)
        can_be_empty = self._asked.of.model._meta.get_field(name).null
        return beyond if down or not can_be_empty else beyond | Q(**{f"{name}__isnull": True})

    def _read(self, ids: Sequence[int]) -> list[Any]:
        found = {row.pk: row for row in self._shown(_rows(self._asked.of.model).filter(pk__in=ids))}
        return [found[one] for one in ids if one in found]

    def _shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        of = self._asked.of
        return rows.select_related(*of.related).only(*of.columns_read)

    def _token(self, row: Any) -> str:
        return token(getattr(row, self._asked.sort.column.sort), row.pk)


def _in_portions(rows: QuerySet[Any]) -> Generator[list[int]]:
    """Their ids, looked for while they are needed and no longer: one row in a hundred may be among them."""
    ids: Iterator[int] = rows.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE)
    while portion := list(islice(ids, _AT_ONCE)):
        yield portion


def _rows(model: type[Model]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.all()
    return rows
