"""`law.toml` as records: named parameters, each with dated values and citations."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dojang.etax.calendar.tables import Entry

KeyedBy = Literal["supply", "act"]
Unit = Literal["rate", "won", "days", "months", "day", "policy"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law on a day.

    Attributes:
        name: its name in `law.toml`.
        value: a rate as `Decimal`, won, days, months or a day of the month as `int`, a policy as `str`.
        citation: the text that says so.
        keyed_by: whether it is picked by the day of supply or by the day of the act.
        since: the first day on which this value held.
        known: False where the day lies outside what was read; `value` is then the nearest known one.
    """

    name: str
    value: Decimal | int | str
    citation: str
    keyed_by: KeyedBy
    since: date
    known: bool = True

    @property
    def rate(self) -> Decimal:
        """The value as a fraction: 0.01 is 1 %."""
        if isinstance(self.value, Decimal):
            return self.value
        raise TypeError(f"{self.name} is no rate")

    @property
    def number(self) -> int:
        """The value as won, days, months or a day of the month."""
        if isinstance(self.value, int):
            return self.value
        raise TypeError(f"{self.name} is no number")

    @property
    def policy(self) -> str:
        """The value as a word that code knows."""
        if isinstance(self.value, str):
            return self.value
        raise TypeError(f"{self.name} is no policy")


class _Value(Entry):
    since: Annotated[date, Field(validation_alias="from")]
    value: str | int
    citation: Annotated[str, Field(min_length=1)]


class _Row(Entry):
    name: str
    unit: Unit
    keyed_by: KeyedBy
    values: Annotated[tuple[_Value, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        days = [each.since for each in self.values]
        if days != sorted(set(days)):
            raise ValueError(f"{self.name}: values have to stand in order of their days")
        return self


class _Source(Entry):
    read_on: date
    known_until: date


class _File(Entry):
    law: _Source
    parameter: Annotated[tuple[_Row, ...], Field(strict=False)]


@dataclass(frozen=True, slots=True)
class History:
    """One parameter through time, oldest value first."""

    since: tuple[date, ...]
    values: tuple[Parameter, ...]

    def on(self, day: date, known_until: date) -> Parameter:
        """The value of a day; the nearest one, marked as unknown, outside the known range."""
        place = bisect_right(self.since, day) - 1
        if place < 0:
            return replace(self.values[0], known=False)
        return replace(self.values[place], known=day <= known_until)


@dataclass(frozen=True, slots=True)
class Table:
    """All parameters."""

    read_on: date
    known_until: date
    histories: Mapping[str, History]


@cache
def standard_table() -> Table:
    """The table of this release."""
    return read_table((files("dojang.etax.parameters") / "law.toml").read_text("utf-8"))


def read_table(text: str) -> Table:
    """A table from its TOML.

    Raises:
        ValueError: a name stands twice, values are not in the order of their days, or one is not of its unit.
    """
    parsed = _File.model_validate(tomllib.loads(text))
    histories = {row.name: _history(row) for row in parsed.parameter}
    if len(histories) != len(parsed.parameter):
        raise ValueError("a parameter is named twice")
    return Table(parsed.law.read_on, parsed.law.known_until, MappingProxyType(histories))


def _history(row: _Row) -> History:
    return History(
        tuple(each.since for each in row.values),
        tuple(
            Parameter(row.name, _typed(row.unit, each.value), each.citation, row.keyed_by, each.since)
            for each in row.values
        ),
    )


def _typed(unit: Unit, value: str | int) -> Decimal | int | str:
    if unit == "rate":
        return Decimal(str(value))
    if isinstance(value, int) is (unit == "policy"):
        raise ValueError(f"{value!r} is no {unit}")
    return value
