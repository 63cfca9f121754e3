"""A report as it is shown: tables of cells, each figure with the address of the documents behind it.

The page, its print and the workbook are all made from this, so that none shows what another does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dojang.service.web.say import say

Kind = Literal["text", "prose", "won", "count", "day", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; amounts stand right and have separators."""

    title: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Whether it is aligned as a number."""
        return self.kind in {"won", "count"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and where it is explained. `mark` is a word beside it, such as 최대."""

    value: str | int | date | None
    url: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row; `strong` for sums, `head` for the words that begin it."""

    cells: Sequence[Cell]
    strong: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report.

    Attributes:
        name: of the sheet in the workbook, at most 31 characters.
        caption: what it shows.
        columns: its columns; the first names the row.
        lines: its rows.
        total: the sums, shown above and below the rows; None where a row of the table is one.
        note: a sentence under the caption.
        empty: what to say where there is no row.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line | None = None
    note: str = ""
    empty: str = ""

    def pairs(self) -> list[tuple[Line, list[tuple[Column, Cell]]]]:
        """The rows, each cell beside its column."""
        return [(line, list(zip(self.columns, line.cells, strict=True))) for line in self.lines]

    def total_pairs(self) -> list[tuple[Column, Cell]]:
        """The sums, each beside its column."""
        return list(zip(self.columns, self.total.cells, strict=True)) if self.total else []


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the tables: `info`, `warn`; `url` shows the documents it speaks of."""

    text: str
    level: Literal["info", "warn"] = "info"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        title: its name.
        company: whose it is, with its number.
        period: what it covers, in words.
        tables: in order.
        notices: what to know first.
        is_sandbox: its figures are of 모의 documents.
    """

    title: str
    company: str
    period: str
    tables: Sequence[Table]
    notices: Sequence[Notice] = field(default_factory=tuple)
    is_sandbox: bool = False

    @property
    def warnings(self) -> list[Notice]:
        """What somebody has to look at."""
        return [one for one in self.notices if one.level == "warn"]

    @property
    def hints(self) -> list[Notice]:
        """How the figures are to be read."""
        return [one for one in self.notices if one.level == "info"]

    @property
    def file_name(self) -> str:
        """What the workbook is called."""
        mark = say("모의_", "sandbox_") if self.is_sandbox else ""
        words = f"{mark}{self.title}_{self.company.split(' (')[0]}_{self.period}"
        return "".join("_" if each in '\\/:*?"<>| ' else each for each in words)
