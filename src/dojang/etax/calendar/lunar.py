"""음력: days of the Korean lunar calendar, by the tables of the Korea Astronomy and Space Science Institute.

The library's tables reach from 1000 to 2050; another year has no answer here, and its lunar holidays are unknown.
"""

from datetime import date
from typing import Protocol, cast

import korean_lunar_calendar  # pyright: ignore[reportMissingTypeStubs] (it has none; `_Converter` says what is used)

FIRST_YEAR = 1000
LAST_YEAR = 2050


class _Converter(Protocol):
    """What is used of the library."""

    def setLunarDate(self, year: int, month: int, day: int, leap: bool, /) -> bool: ...  # noqa: N802
    def SolarIsoFormat(self) -> str: ...  # noqa: N802


def solar(year: int, month: int, day: int) -> date | None:
    """The solar day of a day of an ordinary (never leap) lunar month; None outside the tables."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    converter = cast("_Converter", korean_lunar_calendar.KoreanLunarCalendar())
    # False: not the leap month of that number. No holiday lies in one.
    return (
        date.fromisoformat(converter.SolarIsoFormat())
        if converter.setLunarDate(year, month, day, False)
        else None
    )
