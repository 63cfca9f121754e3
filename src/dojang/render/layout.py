"""`layout.toml` as records: the boxes of the form, and the grid they stand in."""

import json
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, NamedTuple, Self

from pydantic import model_validator

from dojang.etax.invoice import Label, Record


class Align(StrEnum):
    """Where the text of a box stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Role(StrEnum):
    """What a box is for: the heading of a group, the label of another box, or a value."""

    GROUP = "group"
    LABEL = "label"
    VALUE = "value"


Condition = Literal["taxed", "exempt", "original", "amendment", "consigned", "import"]

_PREFIXES = {"@": Role.GROUP, "#": Role.LABEL}


class ValueSpec(Record):
    """What fills a box.

    Attributes:
        ko: its label.
        en: its label in English.
        field: path from the invoice or the item; None: the box's own name.
        shown: the function of `values` that makes text of it.
        align: where the text stands.
        room: how many digits stand on one line; None: the text may wrap.
        strong: whether it is set bold.
    """

    ko: str
    en: str
    field: str | None = None
    shown: str = "text"
    align: Align = Align.LEFT
    room: int | None = None
    strong: bool = False

    @property
    def names(self) -> Label:
        return Label(self.ko, self.en)


class Area(NamedTuple):
    """Where a box stands in the grid of its section, counted from 0."""

    row: int
    column: int
    row_span: int
    column_span: int


class Place(NamedTuple):
    """A box of the description."""

    role: Role
    name: str
    area: Area


class _Names(Record):
    ko: str
    en: str


class SectionSpec(Record):
    """A table of the form; see the head of `layout.toml`."""

    key: str
    ko: str
    en: str
    when: tuple[Condition, ...] = ()
    columns: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    line: tuple[str, ...] = ()

    @property
    def names(self) -> Label:
        return Label(self.ko, self.en)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The boxes of the grid, row by row; the repeated line is not among them."""
        return tuple(_places(self.rows))

    @model_validator(mode="after")
    def _is_a_grid(self) -> Self:
        width = len(self.columns)
        if sum(self.columns) != 100:  # noqa: PLR2004 (hundredths)
            raise ValueError(f"{self.key}: the columns are not 100 wide")
        if any(len(row) != width for row in (*self.rows, *filter(None, [self.line]))):
            raise ValueError(f"{self.key}: a row has not {width} columns")
        if not all(_is_rectangle(place.area, self.rows) for place in self.places):
            raise ValueError(f"{self.key}: a box is no rectangle")
        return self


class Ink(Record):
    """The colours of a copy, as CSS writes them.

    Attributes:
        line: of lines and labels.
        tint: behind labels.
    """

    line: str
    tint: str


class Paper(Record):
    """Measures on A4.

    Attributes:
        margin_x: left and right, in millimetres; and so on, see `layout.toml`.
        text: size of values, in points; and so of labels (`caption`), title and notes.
        inset_x: space in a box beside its text, in millimetres; above and below (`inset_y`), and so in a line of more
            items than the form has lines (`inset_y_many`: 99 on two sheets).
        thin: of lines within a table, in points; `thick` of those around.
        identity: the first section's share of the form's width, in hundredths.
    """

    margin_x: float
    margin_y: float
    text: float
    caption: float
    title: float
    note: float
    inset_x: float
    inset_y: float
    inset_y_many: float
    thin: float
    thick: float
    identity: int


class Layout(Record):
    """The whole description."""

    section: tuple[SectionSpec, ...]
    ink: dict[str, Ink]
    paper: Paper
    group: dict[str, _Names]
    value: dict[str, ValueSpec]

    def sections(self, conditions: frozenset[Condition]) -> tuple[SectionSpec, ...]:
        """Those of a document for which these conditions hold."""
        return tuple(section for section in self.section if conditions.issuperset(section.when))

    def spec(self, name: str) -> ValueSpec:
        """What fills the box of this name: its own entry, or that for the last part of its name."""
        return self.value.get(name) or self.value[name.rpartition(".")[2]]

    def group_label(self, name: str) -> Label:
        names = self.group[name]
        return Label(names.ko, names.en)


@cache
def layout() -> Layout:
    """The description that comes with the package."""
    text = files("dojang.render").joinpath("layout.toml").read_text(encoding="utf-8")
    # As JSON, whose lists are tuples and whose words are members of an enumeration.
    return Layout.model_validate_json(json.dumps(tomllib.loads(text)))


def _places(rows: tuple[tuple[str, ...], ...]) -> Iterable[Place]:
    cells = [(word, row, column) for row, words in enumerate(rows) for column, word in enumerate(words)]
    for word in dict.fromkeys(word for word, _, _ in cells):
        where = [(row, column) for other, row, column in cells if other == word]
        (top, left), (bottom, right) = where[0], where[-1]
        role = _PREFIXES.get(word[0], Role.VALUE)
        name = word if role is Role.VALUE else word[1:]
        yield Place(role, name, Area(top, left, bottom - top + 1, right - left + 1))


def _is_rectangle(area: Area, rows: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the word at the area's corner stands everywhere in it, and nowhere else."""
    word = rows[area.row][area.column]
    inside = [
        cell
        for row in rows[area.row : area.row + area.row_span]
        for cell in row[area.column : area.column + area.column_span]
    ]
    return set(inside) == {word} and len(inside) == sum(row.count(word) for row in rows)
