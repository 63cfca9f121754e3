"""사업연도 and 과세기간 of income tax law, in which the penalties for 계산서 are counted.

Source: 법인세법 제6조 (사업연도), 소득세법 제5조 (1 January to 31 December).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

CALENDAR_YEAR = "12-31"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A 사업연도: first and last day."""

    start: date
    end: date


def fiscal_year(day: date, year_end: str = CALENDAR_YEAR) -> FiscalYear:
    """The fiscal year that a day lies in; `year_end` is its last day as "MM-DD", "02-28" being the end of February."""
    month, last = (int(part) for part in year_end.split("-"))
    end = _closing(day.year, month, last)
    if day > end:
        return FiscalYear(end + timedelta(days=1), _closing(day.year + 1, month, last))
    return FiscalYear(_closing(day.year - 1, month, last) + timedelta(days=1), end)


def _closing(year: int, month: int, day: int) -> date:
    length = monthrange(year, month)[1]
    is_end_of_february = month == 2 and day >= 28  # noqa: PLR2004
    return date(year, month, length if is_end_of_february else min(day, length))


def day_after_year(end: date, day: int) -> date:
    """A day of the month after a fiscal year's end."""
    month_after = end.replace(day=1) + timedelta(days=monthrange(end.year, end.month)[1])
    return month_after.replace(day=day)
