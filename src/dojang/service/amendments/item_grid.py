"""The grid of items in a question: the document's lines to be put right, or what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from dojang.etax import Invoice as Document
from dojang.etax.amendments.suggest import Question, tree
from dojang.etax.invoice import LineItem
from dojang.service.amendments.answer_fields import answer_or_default

_BLANK_LINES: Final = 3
_WITHOUT_COLUMN: Final = ("supplied_on", "unit", "remark")
_FIELDS: Final = (
    "supplied_on", "name", "specification", "unit", "quantity", "unit_price", "supply_amount", "tax_amount", "remark",
)  # fmt: skip
_MONEY: Final = frozenset({"supply_amount", "tax_amount", "unit_price", "quantity"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid of items: what stands in its fields."""

    number: int
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its number as names of fields have it."""
        return str(self.number)

    @property
    def place(self) -> int:
        """Its number as people count."""
        return self.number + 1

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the grid has no column for and goes along."""
        return [(name, self.values.get(name, "")) for name in _WITHOUT_COLUMN]


def wants_items(question: Question, document: Document) -> bool:
    """Whether an amount alone is no answer: several lines do not divide themselves."""
    asked = tree().questions[question.key]
    return asked.only_items or (asked.items_if_several and len(document.items) > 1)


def lines_of(question: Question, document: Document, posted: QueryDict | None) -> tuple[Line, ...]:
    """What was typed, what was answered, or the lines of the document; with some blank ones."""
    if posted is not None:
        return tuple(_posted_lines(posted))
    current = answer_or_default(question)
    if isinstance(current, list | tuple):
        rows = [_line_values(item) for item in current if isinstance(item, Mapping)]
    else:
        whole = wants_items(question, document)
        rows = [_item_values(item, whole=whole) for item in document.items]
    rows += [{}] * _BLANK_LINES
    return tuple(Line(number, values) for number, values in enumerate(rows))


def _posted_lines(posted: QueryDict) -> list[Line]:
    numbers = {
        int(parts[1]) for name in posted if (parts := name.split("-"))[0] == "item" and _is_number(parts)
    }
    return [
        Line(number, {name: posted.get(f"item-{number}-{name}", "") for name in _FIELDS})
        for number in sorted(numbers)
    ]


def _is_number(parts: list[str]) -> bool:
    return len(parts) > 2 and parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 3  # noqa: PLR2004


def _item_values(item: LineItem, *, whole: bool) -> dict[str, str]:
    """A line of the document: all of it to be put right, or only what it is, to say how much of it."""
    # What a part of it is about has a day of its own, which the document's date tells.
    amounts = {"supplied_on", "quantity", "supply_amount", "tax_amount"}
    given = item.model_dump(mode="json")
    return _line_values({name: value for name, value in given.items() if whole or name not in amounts})


def _line_values(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: _in_field(name, given.get(name)) for name in _FIELDS}


def _in_field(name: str, value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    if name not in _MONEY:
        return text
    whole, point, rest = text.partition(".")
    rest = rest.rstrip("0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point if rest else ''}{rest}" if digits.isdigit() else text
