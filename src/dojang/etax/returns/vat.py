"""부가가치세 신고서: the lines that documents speak to, from cells, penalties and the credit.

Every line that documents do not tell (카드, 대손, 의제매입 …) is there and empty, so that nobody takes the sums for the
whole return. Penalties and the credit are estimates.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from dojang.errors import Language
from dojang.etax.calendar.tables import Entry
from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.returns.charges import Charged
from dojang.etax.returns.credit import Credit
from dojang.etax.returns.filing import Told
from dojang.etax.returns.rows import NOTHING, Cell, Key, Side, Sums

Origin = Literal["documents", "sum", "penalty", "credit", "outside"]
Section = Literal["sales", "purchases", "result", "missed", "not_deductible", "credit", "penalties", "exempt"]
Standing = Literal["sure", "estimate", "outside"]
"""sure: what the documents say. estimate: depends on facts outside them. outside: not known here, enter it by hand."""


class _Line(Entry):
    key: str
    number: str
    section: Section
    ko: str
    en: str
    origin: Annotated[Origin, Field(alias="from")]
    side: Annotated[Side | None, Field(strict=False)] = None
    taxation: Annotated[tuple[Annotated[Taxation, Field(strict=False)], ...], Field(strict=False)] = ()
    told: Annotated[tuple[Annotated[Told, Field(strict=False)], ...], Field(strict=False)] = ()
    fixed_asset: bool | None = None
    reasons: Annotated[tuple[str, ...], Field(strict=False)] = ()
    kinds: Annotated[tuple[str, ...], Field(strict=False)] = ()
    of: Mapping[str, int] = {}
    codes: Annotated[tuple[str, ...], Field(strict=False)] = ()
    tax_only: bool = False

    def takes(self, key: Key) -> bool:
        """Whether the documents of a cell stand on this line."""
        return (
            key.side is self.side
            and key.document_type.taxation in self.taxation
            and key.told in self.told
            and (self.fixed_asset is None or key.fixed_asset is self.fixed_asset)
            and (not self.reasons or key.not_deductible in self.reasons)
            and (not self.kinds or key.document_type.kind in self.kinds)
        )


class Reason(Entry):
    """One 불공제 사유, with the law that says so."""

    code: str
    ko: str
    en: str
    citation: str

    def text(self, language: Language = "ko") -> str:
        """For a person."""
        return self.ko if language == "ko" else self.en


class _Form(Entry):
    ko: str
    en: str
    citation: str


class _File(Entry):
    form: _Form
    line: Annotated[tuple[_Line, ...], Field(strict=False)]
    reason: Annotated[tuple[Reason, ...], Field(strict=False)]


@cache
def _file() -> _File:
    return _File.model_validate(tomllib.loads((files("dojang.etax.returns") / "vat.toml").read_text("utf-8")))


NOT_DEDUCTIBLE: Sequence[Reason] = _file().reason
"""Every 불공제 사유."""

LINES = _file().line
"""Every line, in the order of the form, with where its figures come from."""

CITATION = _file().form.citation
"""The form whose numbers the lines bear."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the return.

    Attributes:
        key: its name in code.
        number: as the form prints it, `(1)`.
        section: the part of the form.
        ko, en: its name.
        sums: 매수, 금액 and 세액; of penalties the amount is their base and the tax the penalty.
        standing: how sure it is.
        at_most: an estimate that is an upper bound, because the law is disputed.
        citation: of an estimate, the law.
        shows_amount: whether 금액 means something here.
    """

    key: str
    number: str
    section: Section
    ko: str
    en: str
    sums: Sums = NOTHING
    standing: Standing = "sure"
    at_most: bool = False
    citation: str = ""
    shows_amount: bool = True

    def name(self, language: Language = "ko") -> str:
        """Its name for a person."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class VatReturn:
    """The lines in the order of the form, and 불공제 by reason."""

    lines: tuple[Line, ...]
    not_deductible: Mapping[str, Sums] = field(default_factory=dict[str, Sums])

    def line(self, key: str) -> Line:
        """A line by its name in code."""
        return next(line for line in self.lines if line.key == key)


@dataclass(frozen=True, slots=True)
class Documents:
    """Which documents stand on a line.

    Attributes:
        side: 매출 or 매입.
        document_types: their kinds.
        told: how they stand to the return.
        fixed_asset: only these, only others, or None for both.
        reasons: 불공제 사유, or none for any document.
    """

    side: Side
    document_types: tuple[DocumentType, ...]
    told: tuple[Told, ...]
    fixed_asset: bool | None
    reasons: tuple[str, ...]


def documents_of(key: str) -> tuple[Documents, ...]:
    """The documents behind a line, those of a sum together; none for what documents do not tell.

    Raises:
        KeyError: there is no such line.
    """
    rows = {row.key: row for row in _file().line}
    row = rows[key]
    if row.origin == "sum":
        # What a line takes off stands on another one already, or is not its own.
        return tuple(each for name, sign in row.of.items() if sign > 0 for each in documents_of(name))
    if row.origin != "documents" or row.side is None:
        return ()
    types = tuple(
        kind
        for kind in DocumentType
        if kind.taxation in row.taxation and (not row.kinds or kind.kind in row.kinds)
    )
    return (Documents(row.side, types, row.told, row.fixed_asset, row.reasons),)


def vat_return(
    found: Iterable[Cell], *, charged: Iterable[Charged] = (), credit: Credit | None = None
) -> VatReturn:
    """The lines, from the cells of a return's period.

    Args:
        found: cells, 예정신고 누락분 among them.
        charged: penalties of its 과세기간; none for a preliminary return, which carries none (시행령 제90조 제1항).
        credit: 발급세액공제, where the taxpayer can have it.
    """
    kept, owed = tuple(found), tuple(charged)
    lines: dict[str, Line] = {}
    for row in _file().line:
        if row.origin != "sum":
            lines[row.key] = _single(row, kept, owed, credit)
    for row in _in_order_of_need():
        parts = [(_counted(lines[key]), sign) for key, sign in row.of.items()]
        total = Sums.of(sums if sign > 0 else -sums for sums, sign in parts)
        lines[row.key] = _line(row, Sums(0, 0, total.tax_amount) if row.tax_only else total)
    return VatReturn(tuple(lines[row.key] for row in _file().line), _by_reason(kept))


def _counted(line: Line) -> Sums:
    """What a line adds to a sum: of one that the form tells by its tax alone, only that."""
    return line.sums if line.shows_amount else Sums(0, 0, line.sums.tax_amount)


@cache
def _in_order_of_need() -> tuple[_Line, ...]:
    """Sums, each after those that it is a sum of."""
    waiting = {row.key: row for row in _file().line if row.origin == "sum"}
    ordered: list[_Line] = []
    while waiting:
        ready = [row for row in waiting.values() if not waiting.keys() & row.of.keys()]
        if not ready:
            raise ValueError("lines that are sums of each other")
        ordered.extend(waiting.pop(row.key) for row in ready)
    return tuple(ordered)


def _single(row: _Line, found: Sequence[Cell], charged: Sequence[Charged], credit: Credit | None) -> Line:
    if row.origin == "documents":
        return _line(row, Sums.of(cell.sums for cell in found if row.takes(cell.key)))
    if row.origin == "penalty":
        return _penalty(row, _of(row, charged))
    if row.origin == "credit" and credit is not None:
        return _line(row, Sums(credit.count, 0, credit.amount), "estimate", citation=credit.citation)
    return _line(row, NOTHING, "outside")


def _of(row: _Line, charged: Sequence[Charged]) -> list[Charged]:
    """Those of 계산서 stand in the return of income or corporate tax (소득세법 제81조의10, 법인세법 제75조의8)."""
    return [each for each in charged if not each.exempt and each.side is row.side and each.code in row.codes]


def _penalty(row: _Line, owed: Sequence[Charged]) -> Line:
    sums = Sums.of(Sums(each.count, each.base, each.amount) for each in owed)
    citation = ", ".join(dict.fromkeys(each.citation for each in owed))
    disputed = any(each.certainty == "practice" for each in owed)
    return _line(row, sums, "estimate", citation=citation, at_most=disputed)


def _line(
    row: _Line, sums: Sums, standing: Standing = "sure", *, citation: str = "", at_most: bool = False
) -> Line:
    return Line(
        row.key,
        row.number,
        row.section,
        row.ko,
        row.en,
        sums,
        standing,
        at_most,
        citation,
        shows_amount=not row.tax_only and row.origin not in {"credit", "outside"},
    )


def _by_reason(found: Iterable[Cell]) -> Mapping[str, Sums]:
    totals = {reason.code: NOTHING for reason in NOT_DEDUCTIBLE}
    for cell in found:
        key = cell.key
        counts = key.side is Side.PURCHASE and key.told is not Told.AFTER
        if counts and key.not_deductible in totals and key.document_type.taxation is not Taxation.EXEMPT:
            totals[key.not_deductible] += cell.sums
    return totals
