"""합계표: 매출처별·매입처별 세금계산서합계표, and that of 계산서.

Two groups: e-invoices that 국세청 had by the 11th of the month after the period, told by their total alone, and all
others (paper, or transmitted later), listed by party. If there is none of the second kind, the form need not be
submitted at all (제54조 제2항). What the preliminary return could not have had is submitted with the final one
(제54조 제3항), so that the form adds up to what its return tells. 수정 documents count one each; a party whose documents add up to nothing still counts.
A party with documents in both groups stands in both, so that 처수 of 합계 is the sum of its column.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from dojang.errors import Language
from dojang.etax.calendar.tables import Entry
from dojang.etax.returns.filing import Filing
from dojang.etax.returns.rows import Cell, Party, Side, Sums, is_exempt


class Family(StrEnum):
    """세금계산서 or 계산서."""

    TAX = "tax"
    EXEMPT = "exempt"


class SummaryForm(Entry):
    """One of the four forms, with its name and the law that asks for it."""

    side: Annotated[Side, Field(strict=False)]
    family: Annotated[Family, Field(strict=False)]
    ko: str
    en: str
    citation: str

    def name(self, language: Language = "ko") -> str:
        """Its name for a person."""
        return self.ko if language == "ko" else self.en


class _Row(Entry):
    key: str
    ko: str
    en: str
    collected: bool | None = None
    party: Annotated[Party | None, Field(strict=False)] = None

    def takes(self, party: Party, *, collected: bool) -> bool:
        return self.collected in {None, collected} and self.party in {None, party}


class _File(Entry):
    form: Annotated[tuple[SummaryForm, ...], Field(strict=False)]
    row: Annotated[tuple[_Row, ...], Field(strict=False)]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One row of 총합계.

    Attributes:
        key: `total`, `collected_business` … `listed`.
        ko, en: its name.
        collected: the group: True until the 11th, False the others, None both.
        party: 사업자등록번호분 or 주민등록번호분, None both.
        parties: 처수.
        sums: 매수, 공급가액, 세액.
    """

    key: str
    ko: str
    en: str
    collected: bool | None
    party: Party | None
    parties: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Summary:
    """총합계 of one form."""

    form: SummaryForm
    lines: tuple[SummaryLine, ...]

    def line(self, key: str) -> SummaryLine:
        """A row by its key."""
        return next(line for line in self.lines if line.key == key)

    @property
    def need_not_be_submitted(self) -> bool:
        """Whether every document is an e-invoice that was transmitted by the 11th (제54조 제2항)."""
        return self.line("listed").sums.count == 0


@cache
def _file() -> _File:
    text = (files("dojang.etax.returns") / "summary.toml").read_text("utf-8")
    return _File.model_validate(tomllib.loads(text))


def form_of(side: Side, family: Family) -> SummaryForm:
    """The form of a side and family."""
    return next(form for form in _file().form if (form.side, form.family) == (side, family))


def summary(
    found: Iterable[Cell],
    parties: Mapping[tuple[Side, bool, Party, bool], int],
    *,
    side: Side,
    family: Family,
    filing: Filing,
) -> Summary:
    """총합계 of one form, from cells of its period.

    Args:
        found: cells of both sides and families.
        parties: 처수 by side, exempt, party and collected, as `rows.parties` counts them.
        side: 매출 or 매입.
        family: 세금계산서 or 계산서.
        filing: the return that the cells are of; it says which of them its form lists.
    """
    exempt = family is Family.EXEMPT
    chosen = [
        cell
        for cell in found
        if cell.key.side is side
        and cell.key.told in filing.listed
        and is_exempt(cell.key.document_type) is exempt
    ]
    return Summary(
        form_of(side, family), tuple(_line(row, chosen, parties, side, exempt=exempt) for row in _file().row)
    )


def _line(
    row: _Row,
    chosen: Iterable[Cell],
    parties: Mapping[tuple[Side, bool, Party, bool], int],
    side: Side,
    *,
    exempt: bool,
) -> SummaryLine:
    return SummaryLine(
        row.key,
        row.ko,
        row.en,
        row.collected,
        row.party,
        sum(
            parties.get((side, exempt, party, collected), 0)
            for party in Party
            for collected in (True, False)
            if row.takes(party, collected=collected)
        ),
        Sums.of(cell.sums for cell in chosen if row.takes(cell.key.party, collected=cell.key.collected)),
    )
