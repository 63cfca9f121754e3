"""A list as data: its rows, tabs, columns and conditions. Each list is one `ListOf`, made in its own app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from dojang.service.web.say import say
from dojang.service.workspaces.roles import Right


class Shape(StrEnum):
    """How a value is shown, on the page and in Excel."""

    TEXT = "text"
    LINK = "link"
    BADGES = "badges"
    DAY = "day"
    INSTANT = "instant"
    WON = "won"
    NUMBER = "number"  # a registration number


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a colour: `state` is what the style sheet knows it by."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: in addresses and in what is kept.
        value: what a row has there: text, int, date, datetime, or for `Shape.BADGES` badges.
        sort: the field that it is sorted by; none where it can't be.
        shown: whether it is there before anybody chose.
        narrow: whether a telephone shows it.
        width: in Excel, in characters.
    """

    name: str
    ko: str
    en: str
    shape: Shape
    value: Callable[[Any], Any]
    sort: str = ""
    shown: bool = True
    narrow: bool = False
    width: int = 14

    @property
    def text(self) -> str:
        """The heading in the person's language."""
        return say(self.ko, self.en)

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.shape is Shape.WON


@dataclass(frozen=True, slots=True)
class Tab:
    """What a tab holds: rows with one of `values` in `field`, or all."""

    name: str
    ko: str
    en: str
    field: str = ""
    values: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)

    @property
    def condition(self) -> Q:
        """For the database."""
        return Q(**{f"{self.field}__in": sorted(self.values)}) if self.field else Q()

    def holds(self, row: Mapping[str, Any]) -> bool:
        """The same for a row, or for a group of rows."""
        return not self.field or row[self.field] in self.values


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a condition and the rows that it means."""

    name: str
    ko: str
    en: str
    condition: Q = Q()  # noqa: RUF009 (never changed)

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A condition that is chosen from a few: 과세구분, 영수·청구, 수정, 지연.

    `choices` is asked with the day in Korea, which lateness depends on.
    """

    name: str
    ko: str
    en: str
    choices: Callable[[Any], tuple[Choice, ...]]

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)


@dataclass(frozen=True, slots=True)
class DateField:
    """One of the dates of a document; `instant` where the database keeps the time, too."""

    name: str
    ko: str
    en: str
    field: str
    instant: bool = False

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)


@dataclass(frozen=True, slots=True)
class Batch:
    """What can be done with ticked rows: a button that sends their ids as `ListOf.tick`.

    `in_tabs` are those in which it makes sense; `reads` where nothing is changed, so that it may open a new window.
    `sends` is a name and value beside the ids; `field` and `options` are a choice that is made beside the button.
    """

    url_name: str
    ko: str
    en: str
    right: Right
    in_tabs: frozenset[str] = frozenset()
    primary: bool = False
    reads: bool = False
    sends: tuple[str, str] = ("", "")
    field: str = ""
    options: tuple[tuple[str, str, str], ...] = ()

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The options, in the person's language."""
        return [(value, say(ko, en)) for value, ko, en in self.options]


@dataclass(frozen=True)
class ListOf:
    """Everything that tells one list from another.

    Attributes:
        name: in what is kept of it.
        model: its rows, with `search`, `business`, `deleted_at` and the three amounts.
        base: the rows that it is about.
        grouped: the fields of `tabs`, by which they are counted in one go.
        url_name, excel_url_name, totals_url_name: its addresses; all take the same query.
        row_url_name: the page of a row.
        tick: the name under which ticked rows are sent.
        columns_read: the fields of a row that its columns need.
        person: the rows that somebody looks after (담당자).
        search: finds ids by text past row-level security, in the open workspace alone (`tenancy.crossing`).
        fixed: what its addresses always name.
    """

    name: str
    ko: str
    en: str
    model: type[Model]
    base: Q
    tabs: tuple[Tab, ...]
    grouped: tuple[str, ...]
    columns: tuple[Column, ...]
    dates: tuple[DateField, ...]
    one_of: tuple[OneOf, ...]
    person: Callable[[int], Q]
    search: Callable[..., list[int]]
    url_name: str
    excel_url_name: str
    totals_url_name: str
    row_url_name: str
    tick: str
    columns_read: tuple[str, ...]
    related: tuple[str, ...] = ("business",)
    batches: tuple[Batch, ...] = ()
    party_ko: str = "거래처"
    party_en: str = "Counterparty"
    default_sort: str = "-written_on"
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its name in the person's language."""
        return say(self.ko, self.en)

    def tab(self, name: str) -> Tab | None:
        """The tab of this name."""
        return next((one for one in self.tabs if one.name == name), None)

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((one for one in self.columns if one.name == name), None)
