"""`lists.toml` as records: which heading is which column, for which party, and what findings say."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from dojang.etax.amendments.particles import fill
from dojang.etax.findings import Severity
from dojang.hometax.cells import Cell, letter, text
from dojang.hometax.findings import Finding

SUPPLIER: Final = "supplier"
BUYER: Final = "buyer"
_MOST_HEADING: Final = 60
_MOST_MISSING: Final = 2
"""Required columns that a row of headings may lack and still be known for one, so that they can be named."""


class Kind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    DAY = "day"
    WON = "won"
    NUMBER = "number"
    BRANCH = "branch"
    ISSUE_ID = "issue_id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is its field, with its group in front."""

    name: str
    kind: Kind
    required: bool
    ko: str
    en: str

    def label(self, language: str) -> str:
        """What it is called."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings stand and what they mean.

    Attributes:
        row: of the headings, from 1.
        columns: by the name of a column its place, from 0.
        is_exempt: whether they speak of 계산서 rather than of 세금계산서.
        findings: of columns that are unknown, there twice, or missing.
    """

    row: int
    columns: Mapping[str, int]
    is_exempt: bool
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether rows can be read."""
        return not any(finding.is_error for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Table:
    above: int
    sales: tuple[str, ...]
    purchases: tuple[str, ...]
    columns: Mapping[str, Column]
    named: Mapping[str, str]
    bare: Mapping[str, str]
    kinds: Mapping[str, str]
    sums: frozenset[str]
    findings: Mapping[str, Mapping[str, str]]


@cache
def table() -> _Table:
    """What `lists.toml` says."""
    given: dict[str, Any] = tomllib.loads(files("dojang.hometax").joinpath("lists.toml").read_text("utf-8"))
    columns: dict[str, Column] = {}
    named: dict[str, str] = {}
    bare: dict[str, str] = {}
    for one in given["column"]:
        group, field = one.get("group", ""), one["field"]
        if "bare" in one:
            for party, ko, en in ((SUPPLIER, "공급자", "supplier's"), (BUYER, "공급받는자", "buyer's")):
                name = f"{party}.{field}"
                columns[name] = Column(
                    name, Kind(one["kind"]), False, f"{ko} {one['ko']}", f"{en} {one['en']}"
                )
                named |= {f"{ko}{heading}": name for heading in one["bare"]}
            bare |= dict.fromkeys(one["bare"], field)
            continue
        name = f"{group}.{field}" if group else field
        columns[name] = Column(name, Kind(one["kind"]), one.get("required", False), one["ko"], one["en"])
        named |= dict.fromkeys(one["headings"], name)
    return _Table(
        given["above"],
        tuple(given["sales"]),
        tuple(given["purchases"]),
        columns,
        named,
        bare,
        given["kinds"],
        frozenset(given["sums"]["words"]),
        given["findings"],
    )


def bare(heading: str) -> str:
    """A heading without blanks, signs and case."""
    kept = (one for one in unicodedata.normalize("NFKC", heading[:_MOST_HEADING]) if one.isalnum())
    return "".join(kept).lower()


def finding(
    code: str, row: int, place: int | None = None, *, suggestion: str = "", **facts: object
) -> Finding:
    """A finding with the words of the table; `column` among the facts gives it its label."""
    words = table().findings[code]
    column = facts.pop("column", None)
    told: dict[str, str] = {}
    for language in ("ko", "en"):
        label = {"label": column.label(language)} if isinstance(column, Column) else {}
        told[language] = fill(words[language], {**facts, **label})
    return Finding(
        row,
        "" if place is None else letter(place),
        code,
        Severity(words["severity"]),
        told["ko"],
        told["en"],
        suggestion,
    )


def find_headings(rows: Sequence[Sequence[Cell]]) -> Headings | None:
    """The first row that names most of what is required; None where none does."""
    for number, row in enumerate(rows, start=1):
        found = _headings(number, row)
        missing = sum(one.code == "missing_column" for one in found.findings)
        if missing <= _MOST_MISSING and "issue_id" in found.columns:
            return found
    return None


def _headings(number: int, row: Sequence[Cell]) -> Headings:
    known = table()
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    party = ""
    exempt = False
    for place, cell in enumerate(row):
        heading = bare(text(cell))
        if not heading:
            continue
        exempt |= heading.startswith("전자계산서")
        name = known.named.get(heading) or _of_party(known.bare.get(heading), party, columns)
        if name in {f"{SUPPLIER}.number", f"{BUYER}.number"}:
            party = name.partition(".")[0]
        if not name:
            findings.append(finding("unknown_column", number, place))
        elif name in columns:
            findings.append(finding("column_again", number, place, column=known.columns[name]))
        else:
            columns[name] = place
    findings += [
        finding("missing_column", number, column=column)
        for name, column in known.columns.items()
        if column.required and name not in columns
    ]
    return Headings(number, columns, exempt, tuple(findings))


def _of_party(field: str | None, party: str, columns: Mapping[str, int]) -> str:
    """Whose a heading is that names no party."""
    if field is None:
        return ""
    if party:
        return f"{party}.{field}"
    first = f"{SUPPLIER}.{field}"
    return first if first not in columns else f"{BUYER}.{field}"
