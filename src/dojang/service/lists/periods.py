"""Stretches of days that lists are asked for by name: 이번 달, 지난달, 이번 분기, 과세기간."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dojang.service.web.say import say

_QUARTER: Final = 3
_HALF: Final = 6
_MONTHS: Final = 12

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Preset:
    """A stretch of days, as it is today."""

    name: str
    ko: str
    en: str
    days: Callable[[date], Days]

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)


def _around(day: date, months: int, back: int = 0) -> Days:
    """The stretch of `months` from January on that holds a day, or one so many before it."""
    number = day.year * _MONTHS + day.month - 1
    begin = number - number % months - back * months
    return _month(begin), _month(begin + months) - timedelta(days=1)


def _month(number: int) -> date:
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, 1)


#: 과세기간: half a year, from January and from July (부가가치세법 §5①).
PRESETS: Final = (
    Preset("this-month", "이번 달", "This month", lambda day: _around(day, 1)),
    Preset("last-month", "지난달", "Last month", lambda day: _around(day, 1, 1)),
    Preset("this-quarter", "이번 분기", "This quarter", lambda day: _around(day, _QUARTER)),
    Preset("last-quarter", "지난 분기", "Last quarter", lambda day: _around(day, _QUARTER, 1)),
    Preset("tax-period", "이번 과세기간", "This tax period", lambda day: _around(day, _HALF)),
    Preset("last-tax-period", "지난 과세기간", "Last tax period", lambda day: _around(day, _HALF, 1)),
)
BY_NAME: Final = {one.name: one for one in PRESETS}
