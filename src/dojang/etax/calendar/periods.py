"""과세기간 and the periods of VAT returns, by the taxpayer's own history (부가가치세법 제5조).

General taxpayers have half-years, simplified ones (간이과세자) calendar years. A change of type or closing the
business ends a period early. The return of every period is due on the 25th of the month after it ends
(제48조·제49조; of simplified taxpayers 제66조·제67조).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from dojang.etax.parameters.law import Law, within_reach

_DAY = timedelta(days=1)
_HALVES = {1: ((1, 1), (6, 30)), 2: ((7, 1), (12, 31))}
_YEAR = ((1, 1), (12, 31))
_QUARTER_ENDS = {1: (3, 31), 2: (9, 30)}


class SupplierKind(StrEnum):
    """법인사업자 or 개인사업자."""

    CORPORATION = "corporation"
    INDIVIDUAL = "individual"


class TaxType(StrEnum):
    """과세유형."""

    GENERAL = "general"
    SIMPLIFIED = "simplified"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class TaxTypeSince:
    """A 과세유형 and the day from which it holds; `tax_type` None where nobody knows."""

    since: date
    tax_type: TaxType | None


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """What decides the periods of a taxpayer.

    Attributes:
        tax_types: the history, in any order; none at all means a general taxpayer throughout. Before a first entry
            stands the other type: simplified before general, general before anything else.
        closed_on: 폐업일, if the business was closed.
    """

    tax_types: tuple[TaxTypeSince, ...] = ()
    closed_on: date | None = None

    def history(self) -> tuple[TaxTypeSince, ...]:
        """The types from the beginning of time, each with the day on which it really changed."""
        given = sorted(self.tax_types, key=lambda entry: entry.since)
        before = TaxTypeSince(date.min, _before(given[0].tax_type) if given else TaxType.GENERAL)
        return tuple(_changes((before, *given)))

    def tax_type(self, day: date) -> TaxType | None:
        """The type on a day; None where nobody knows."""
        return next(entry.tax_type for entry in reversed(self.history()) if entry.since <= day)

    def type_is_assumed(self, day: date) -> bool:
        """Whether the type on a day was not told but concluded, because the day lies before the first entry."""
        return bool(self.tax_types) and day < min(entry.since for entry in self.tax_types)

    def changed_between(self, first: date, last: date) -> date | None:
        """The day after `first`, and not after `last`, on which the type last changed, if it did."""
        days = [entry.since for entry in self.history() if first < entry.since <= last]
        return days[-1] if days and self.tax_type(first) != self.tax_type(last) else None

    def is_closed(self, day: date) -> bool:
        """Whether the business was closed before this day; on 폐업일 itself it is still open."""
        return self.closed_on is not None and day > self.closed_on


GENERAL = Taxpayer()
"""A 일반과세자 that always was one."""

UNKNOWN = Taxpayer((TaxTypeSince(date.min, None),))
"""A taxpayer of whom nothing is known."""


def _before(first: TaxType | None) -> TaxType | None:
    if first is None:
        return None
    return TaxType.SIMPLIFIED if first is TaxType.GENERAL else TaxType.GENERAL


def _changes(entries: tuple[TaxTypeSince, ...]) -> Iterator[TaxTypeSince]:
    """Only entries that change something; of two of one day the later one."""
    previous: TaxTypeSince | None = None
    for entry, following in zip(entries, (*entries[1:], None), strict=True):
        if following is not None and following.since == entry.since:
            continue
        if previous is None or entry.tax_type != previous.tax_type:
            previous = entry
            yield entry


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """과세기간: `half` is 1 or 2 for a period that lies in one half-year, None for a simplified taxpayer's year."""

    start: date
    end: date
    year: int
    half: int | None

    @property
    def key(self) -> str:
        """Such as `2026-1`; `2026` for a simplified taxpayer's year."""
        return f"{self.year}-{self.half}" if self.half else str(self.year)


@dataclass(frozen=True, slots=True)
class ReturnPeriod:
    """What one VAT return covers.

    Attributes:
        key: `2026-1-preliminary`, `2026-1-final`, or the month of an early refund, `2026-04`.
        ko: its name in Korean.
        en: its name in English.
        start: its first day.
        end: its last day.
        due: the day on which the return is due, moved over holidays and by announced extensions.
        statutory: the same without announced extensions.
        is_levy: whether it is a simplified taxpayer's 예정부과기간 (제66조), filed only by one who issued a 세금계산서
            in it; its final return covers the same months again.
    """

    key: str
    ko: str
    en: str
    start: date
    end: date
    due: date
    statutory: date
    is_levy: bool = False

    @property
    def is_before_final(self) -> bool:
        """Whether the final return of the same 과세기간 comes after it."""
        return self.key.endswith(f"-{_PRELIMINARY.key}")


def vat_period(day: date, taxpayer: Taxpayer = GENERAL) -> VatPeriod:
    """The 과세기간 of a day. An unknown or exempt taxpayer is counted as a general one.

    Raises:
        DateOutOfReach: for a day far outside any calendar.
    """
    within_reach(day)
    yearly = taxpayer.tax_type(day) is TaxType.SIMPLIFIED
    first, last = _YEAR if yearly else _HALVES[_half(day)]
    borders = tuple(_borders(taxpayer))
    start = max(date(day.year, *first), *(each for each in borders if each <= day), date.min)
    end = min(date(day.year, *last), *(each - _DAY for each in borders if each > day), date.max)
    in_one_half = not yearly or _half(start) == _half(end)
    return VatPeriod(start, end, day.year, _half(end) if in_one_half else None)


def _borders(taxpayer: Taxpayer) -> Iterator[date]:
    """Days on which a new period begins, besides those of the calendar."""
    yield from (entry.since for entry in taxpayer.history()[1:])
    if taxpayer.closed_on is not None:
        yield taxpayer.closed_on + _DAY


def next_period_start(day: date, taxpayer: Taxpayer = GENERAL) -> date:
    """The first day of the 과세기간 after that of a day."""
    return vat_period(day, taxpayer).end + _DAY


def return_period(
    day: date, taxpayer: Taxpayer = GENERAL, files_preliminary: bool = True, *, law: Law
) -> ReturnPeriod:
    """The return in which a supply of a day stands.

    Args:
        day: the day of supply, or the 작성일자 of a document.
        taxpayer: whose return.
        files_preliminary: whether it files 예정신고; those who are only billed (예정고지) do not.
        law: the figures and the calendar.
    """
    period = vat_period(day, taxpayer)
    is_simplified = taxpayer.tax_type(period.start) is TaxType.SIMPLIFIED
    middle = _end_of_preliminary(period, is_simplified=is_simplified) if files_preliminary else None
    if middle is not None and day <= middle:
        return _return(period.start, middle, _LEVY if is_simplified else _PRELIMINARY, law)
    # 확정신고 leaves out what 예정신고 told (제49조제1항 단서); a simplified taxpayer's has no such exception (제67조).
    start = period.start if middle is None or is_simplified else middle + _DAY
    return _return(start, period.end, _FINAL if period.half else _FINAL_OF_YEAR, law)


def month_return(month: date, *, law: Law) -> ReturnPeriod:
    """조기환급신고 of one month."""
    start = month.replace(day=1)
    end = _month_after(start) - _DAY
    due = law.calendar.roll(_due_day(end, law))
    return ReturnPeriod(
        key=start.strftime("%Y-%m"),
        ko=f"{start.year}년 {start.month}월 조기환급",
        en=f"early refund of {start:%Y-%m}",
        start=start,
        end=end,
        due=due,
        statutory=due,
    )


def _end_of_preliminary(period: VatPeriod, *, is_simplified: bool) -> date | None:
    """The last day of 예정신고기간, where a period has one (부가가치세법 제48조).

    A simplified taxpayer's is the first half-year (예정부과기간, 제66조 제1항·제3항).
    """
    month, day = _HALVES[1][1] if is_simplified else _QUARTER_ENDS[_half(period.end)]
    end = date(period.end.year, month, day)
    return end if period.start <= end < period.end else None


class _Kind(NamedTuple):
    """A kind of return: how its key ends, and its names, in which {half} is 1 or 2."""

    key: str
    ko: str
    en: str


_PRELIMINARY = _Kind("preliminary", "{year}년 {half}기 예정", "preliminary return of {year}, half {half}")
_FINAL = _Kind("final", "{year}년 {half}기 확정", "final return of {year}, half {half}")
_LEVY = _Kind("preliminary", "{year}년 예정부과기간", "simplified taxpayer's mid-year return of {year}")
_FINAL_OF_YEAR = _Kind("final", "{year}년 확정", "final return of {year}")


def _return(start: date, end: date, kind: _Kind, law: Law) -> ReturnPeriod:
    year, half = end.year, _half(end)
    key = f"{year}-{half}-{kind.key}"
    statutory = law.calendar.roll(_due_day(end, law))
    extension = law.return_extension(key)
    return ReturnPeriod(
        key=key,
        ko=kind.ko.format(year=year, half=half),
        en=kind.en.format(year=year, half=half),
        start=start,
        end=end,
        due=max(statutory, extension.due) if extension else statutory,
        statutory=statutory,
        is_levy=kind is _LEVY,
    )


def _due_day(end: date, law: Law) -> date:
    return _month_after(end).replace(day=law.parameter("return_day", end).number)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + 31 * _DAY).replace(day=1)


def _half(day: date) -> int:
    return 1 if day.month <= 6 else 2  # noqa: PLR2004
