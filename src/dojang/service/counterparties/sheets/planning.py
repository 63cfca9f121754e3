"""What a sheet would change: row by row, before anything is changed, and the same way when it is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from dojang.errors import Language
from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.counterparties.details import FIELDS, ContactDetails, Details, refusals
from dojang.service.counterparties.history import Pair, differences
from dojang.service.counterparties.models import Counterparty, Kind
from dojang.service.counterparties.names import name_key
from dojang.service.counterparties.problems import Problem
from dojang.service.counterparties.sheets.columns import Column, Headings

HIDDEN: Final = "*************"
"""In place of a number of a person, which is not taken from sheets and not kept from them."""

_RESIDENT_IN_TEXT: Final = re.compile(r"(?<![0-9])[0-9]{6}\s*[-‐-―]\s*[0-9]{7}(?![0-9])")
_KINDS: Final = {
    "개인": Kind.INDIVIDUAL, "외국인": Kind.FOREIGNER, "individual": Kind.INDIVIDUAL, "foreigner": Kind.FOREIGNER,
    "": Kind.BUSINESS, "사업자": Kind.BUSINESS, "법인": Kind.BUSINESS, "법인사업자": Kind.BUSINESS,
    "개인사업자": Kind.BUSINESS, "간이과세자": Kind.BUSINESS, "면세사업자": Kind.BUSINESS, "business": Kind.BUSINESS,
}  # fmt: skip
_LOST_ZERO: Final = re.compile(r"[1-9][0-9]{8,9}")

Key = tuple[str, str, str]


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a cell, or with a whole row where `column` is None."""

    column: Column | None
    problem: Problem

    def text(self, language: Language) -> str:
        if self.column is None:
            return self.problem.text(language)
        ko, en = self.column.label
        return f"{ko if language == 'ko' else en}: {self.problem.text(language)}"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the sheet and what it would do."""

    number: int
    """As the spreadsheet counts, from 1."""
    verdict: Verdict
    name: str
    findings: tuple[Finding, ...] = ()
    details: Details | None = None
    target: Counterparty | None = None
    changes: Mapping[str, Pair] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, and the headings that were not used."""

    rows: tuple[PlannedRow, ...]
    ignored: tuple[str, ...]

    def of(self, verdict: Verdict) -> list[PlannedRow]:
        return [row for row in self.rows if row.verdict is verdict]

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)


def hide_persons(rows: Sequence[Sequence[str]], headings: Headings) -> list[list[str]]:
    """Rows without numbers of persons: whole cells under the number, and hyphenated ones anywhere."""
    numbers = {place for place, column in headings.columns.items() if column.field == "number"}
    return [
        [
            HIDDEN if place in numbers and _has_13_digits(cell) else _RESIDENT_IN_TEXT.sub(HIDDEN, cell)
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]


def make_plan(rows: Sequence[Sequence[str]], headings: Headings, existing: Iterable[Counterparty]) -> Plan:
    """What each row below the headings would do.

    Args:
        rows: of the whole sheet, as text.
        headings: which column is what.
        existing: all counterparties of the workspace but merged ones, with their contacts.
    """
    planner = _Planner(headings, existing)
    first = headings.row + 1
    planned = (
        planner.plan(number, row) for number, row in enumerate(rows[first:], start=first + 1) if any(row)
    )
    return Plan(tuple(planned), headings.ignored)


class _Planner:
    """Knows what is there, and which rows came before."""

    def __init__(self, headings: Headings, existing: Iterable[Counterparty]) -> None:
        self._columns = headings.columns
        self._there: dict[Key, list[Counterparty]] = {}
        self._seen: dict[Key, int] = {}
        for counterparty in existing:
            self._there.setdefault(_key(counterparty), []).append(counterparty)

    def plan(self, number: int, row: Sequence[str]) -> PlannedRow:
        cells = {
            column: row[place] for place, column in self._columns.items() if place < len(row) and row[place]
        }
        typed, findings = _typed(cells)
        if findings:
            return _skipped(number, typed.name, *findings)
        key = _key(typed)
        obstacle = self._obstacle(key)
        self._seen.setdefault(key, number)
        if obstacle is not None:
            return _skipped(number, typed.name, Finding(None, obstacle))
        twin = next((one for one in self._there.get(key, ()) if one.archived_at is None), None)
        return _new(number, typed) if twin is None else _change(number, twin, typed)

    def _obstacle(self, key: Key) -> Problem | None:
        """Why a row of this key can be neither added nor matched."""
        if key in self._seen:
            return _twice(self._seen[key])
        there = self._there.get(key, ())
        used = sum(one.archived_at is None for one in there)
        if used > 1:
            return _SEVERAL
        return _ARCHIVED if there and not used else None


def _new(number: int, typed: Details) -> PlannedRow:
    if wrong := _findings(typed):
        return _skipped(number, typed.name, *wrong)
    changes = differences(Details(name="", kind=""), typed)
    return PlannedRow(number, Verdict.NEW, typed.name, details=typed, changes=changes)


def _change(number: int, target: Counterparty, typed: Details) -> PlannedRow:
    """What the row would change. An empty cell leaves what is there: a sheet never takes anything away."""
    saved = Details.of(target)
    texts = {name: getattr(typed, name) or getattr(saved, name) for name in FIELDS if name != "kind"}
    merged = replace(saved, **texts, contacts=_with_contacts(saved.contacts, typed.contacts))
    if wrong := _findings(merged):
        return _skipped(number, typed.name, *wrong)
    changes = differences(saved, merged)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return PlannedRow(number, verdict, merged.name, details=merged, target=target, changes=changes)


def _with_contacts(
    saved: tuple[ContactDetails, ...], typed: tuple[ContactDetails, ...]
) -> tuple[ContactDetails, ...]:
    """Someone with the same e-mail or the same name is the same person; others are added at the end."""
    contacts = list(saved)
    for one in typed:
        place = next((place for place, old in enumerate(contacts) if _is_same(old, one)), None)
        if place is None:
            contacts.append(one)
        else:
            old = contacts[place]
            contacts[place] = ContactDetails(
                name=one.name or old.name,
                department=one.department or old.department,
                email=one.email or old.email,
                phone=one.phone or old.phone,
            )
    return tuple(contacts)


def _is_same(old: ContactDetails, new: ContactDetails) -> bool:
    if new.email and new.email.lower() == old.email.lower():
        return True
    if new.name:
        return new.name == old.name
    return not new.email and bool(new.phone) and new.phone == old.phone


def _typed(cells: Mapping[Column, str]) -> tuple[Details, list[Finding]]:
    """The cells as details, and what is wrong before they are even looked up."""
    number_cell = cells.get(Column("number"), "")
    kind_cell = cells.get(Column("kind"), "")
    kind = _KINDS.get(kind_cell.strip().lower())
    # Many lists say 개인 of a sole trader: who has a business number is a business.
    if is_business_number(normalize(number_cell)):
        kind = Kind.BUSINESS
    texts = {name: cells.get(Column(name), "") for name in FIELDS if name != "kind"}
    places = sorted({column.place for column in cells if column.place is not None})
    contacts = tuple(
        ContactDetails(
            name=cells.get(Column("name", place), ""),
            department=cells.get(Column("department", place), ""),
            email=cells.get(Column("email", place), ""),
            phone=_phone(cells.get(Column("phone", place), "")),
        )
        for place in places
    )
    texts["branch_number"] = _branch(texts["branch_number"])
    typed = Details(**texts, kind=kind or Kind.BUSINESS, contacts=contacts).cleaned()
    findings: list[Finding] = []
    if kind is None:
        findings.append(Finding(Column("kind"), _KIND))
    if number_cell == HIDDEN:
        findings.append(Finding(Column("number"), _PERSON))
    elif typed.kind == Kind.BUSINESS:
        findings += [one for one in _findings(typed) if one.column == Column("number")]
    if not typed.name:
        findings += [one for one in _findings(typed) if one.column == Column("name")]
    return typed, findings


def _findings(details: Details) -> list[Finding]:
    return [Finding(_column(problem.field), problem) for problem in refusals(details)]


def _column(field: str) -> Column | None:
    """The column of a problem's field, as in `name` or `contacts.1.email`; None for all contacts."""
    parts = field.split(".")
    if parts[0] != "contacts":
        return Column(field)
    return Column(parts[2], int(parts[1])) if len(parts) > 1 else None


def _key(one: Counterparty | Details) -> Key:
    """By what two are the same: the number and branch, or kind and name."""
    if one.number:
        return ("number", one.number, one.branch_number)
    return ("name", str(one.kind), name_key(one.name) or one.name)


def _skipped(number: int, name: str, *findings: Finding) -> PlannedRow:
    return PlannedRow(number, Verdict.SKIPPED, name[:70], findings)


def _branch(text: str) -> str:
    """0001 of a number cell comes as 1."""
    bare = normalize(text)
    return bare.zfill(4) if bare.isascii() and bare.isdigit() else bare


def _phone(text: str) -> str:
    """01000000000 of a number cell comes without its zero."""
    return f"0{text}" if _LOST_ZERO.fullmatch(text) else text


def _has_13_digits(text: str) -> bool:
    bare = normalize(text)
    return len(bare) == 13 and bare.isdigit()  # noqa: PLR2004 - a resident number


def _twice(number: int) -> Problem:
    return Problem(
        "row",
        "row_twice",
        f"{number}행과 같은 거래처입니다. 한 행만 남겨 주세요.",
        f"The same as row {number}. Keep one.",
    )


_KIND: Final = Problem(
    "kind", "kind", "사업자, 개인, 외국인 가운데 하나로 적어 주세요.", "Write 사업자, 개인 or 외국인."
)
_PERSON: Final = Problem(
    "number",
    "personal_number_in_sheet",
    "주민등록번호는 엑셀로 받지 않습니다. 거래처를 등록한 뒤 화면에서 입력해 주세요.",
    "Resident numbers are not taken from sheets. Add the person, then enter the number on the page.",
)
_ARCHIVED: Final = Problem(
    "row",
    "row_archived",
    "보관함에 있는 거래처입니다. 보관을 해제한 뒤 다시 올려 주세요.",
    "It is in the archive. Take it out of there and upload again.",
)
_SEVERAL: Final = Problem(
    "row",
    "row_ambiguous",
    "같은 이름의 거래처가 여럿입니다. 화면에서 고쳐 주세요.",
    "There are several of this name. Change the right one on its page.",
)
