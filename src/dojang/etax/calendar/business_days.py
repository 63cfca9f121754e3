"""영업일: public holidays with their substitutes, and moving a deadline to the next day on which one works.

Holidays follow 관공서의 공휴일에 관한 규정 제2조, substitutes (대체공휴일) its 제3조 in the version of the day;
elections and days set by the government are data. The tables are complete for 2014 to 2028 (`Calendar.known`);
lunar holidays are known to 2050. Later days are still computed, as far as they can be, and callers say so with
a notice `outside_known_calendar`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from dojang.etax.calendar import lunar
from dojang.etax.calendar.tables import FixedHoliday, Kind, Substitution, Tables, standard_tables

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday on its own day."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year: holidays with their names, and two kinds of day on which the law is not of one mind.

    Attributes:
        holidays: public holidays and substitutes, but not plain Sundays.
        tax_only: days that are no public holiday, and yet move tax deadlines.
        labor_substitutes: substitutes of 노동절 alone, which 국세기본법 제5조 does not name.
    """

    holidays: Mapping[date, str]
    tax_only: Mapping[date, str]
    labor_substitutes: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of Korea."""

    tables: Tables = field(default_factory=standard_tables, repr=False)
    # What was computed is kept: a year is asked for many times, and never changes.
    _years: dict[int, Year] = field(default_factory=dict[int, Year], init=False, repr=False, compare=False)

    def year(self, year: int) -> Year:
        """Everything known of a year's days."""
        if year not in self._years:
            self._years[year] = _year(self.tables, year)
        return self._years[year]

    def holidays(self, year: int) -> Mapping[date, str]:
        """Public holidays with their Korean names, substitutes included, in order; not plain Sundays."""
        return self.year(year).holidays

    def tax_only_holidays(self, year: int) -> Mapping[date, str]:
        """Days that move tax deadlines without being public holidays (근로자의 날 before 2026)."""
        return self.year(year).tax_only

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday: a Sunday (제2조 제1호), a named one, or a substitute."""
        return day.weekday() == SUNDAY or day in self.holidays(day.year)

    def is_business_day(self, day: date, *, transmit: bool = False) -> bool:
        """Whether a tax deadline can end on it.

        Args:
            day: the day asked about.
            transmit: count the substitute of 노동절 as a working day. 국세기본법 제5조 names only 노동절 itself;
                where the law is open the earlier deadline is the safe one.
        """
        if transmit and self.is_open(day):
            return True
        return not (
            day.weekday() in {SATURDAY, SUNDAY}
            or day in self.year(day.year).holidays
            or day in self.year(day.year).tax_only
        )

    def is_open(self, day: date) -> bool:
        """Whether the law leaves it open if a transmission deadline can end on this day (substitute of 노동절)."""
        return day in self.year(day.year).labor_substitutes

    def roll(self, day: date, *, transmit: bool = False) -> date:
        """The day itself, or the first business day after it (국세기본법 제5조 제1항)."""
        while not self.is_business_day(day, transmit=transmit):
            day += DAY
        return day

    def before(self, day: date) -> date:
        """The day itself, or the last business day before it."""
        while not self.is_business_day(day):
            day -= DAY
        return day

    def known(self, day: date) -> bool:
        """Whether the tables are complete for this day."""
        return self.tables.known.since <= day <= self.tables.known.until

    def why_closed(self, day: date) -> str:
        """Why it is no business day, in Korean: the holiday's name, or the weekday."""
        named = self.holidays(day.year).get(day) or self.tax_only_holidays(day.year).get(day)
        return named or ("일요일" if day.weekday() == SUNDAY else "토요일")


def _year(tables: Tables, year: int) -> Year:
    working = {row.on for row in tables.working_day}
    listed = {day: held for day, held in _listed(tables, year).items() if day not in working}
    substitutes = _substitutes(tables, listed)
    names = {day: "·".join(holiday.name for holiday in held) for day, held in listed.items()}
    names |= {
        day: f"대체공휴일({'·'.join(holiday.name for holiday in lost)})"
        for day, lost in substitutes.items()
        if day not in working
    }
    return Year(
        MappingProxyType(dict(sorted(names.items()))),
        MappingProxyType(dict(_tax_only(tables, year))),
        frozenset(day for day, lost in substitutes.items() if {each.kind for each in lost} == {"labor"}),
    )


def _listed(tables: Tables, year: int) -> dict[date, list[Holiday]]:
    listed: dict[date, list[Holiday]] = {}
    for day, holiday in _all_listed(tables, year):
        listed.setdefault(day, []).append(holiday)
    return listed


def _all_listed(tables: Tables, year: int) -> Iterator[tuple[date, Holiday]]:
    for row in tables.fixed:
        yield from _in_force(row, date(year, row.month, row.day))
    for row in tables.lunar:
        day = lunar.solar(year, row.month, row.day)
        if day is not None:
            yield from _in_force(row, day + row.offset * DAY)
    for once in tables.once:
        if once.on.year == year:
            yield once.on, Holiday(once.name, "once")


def _in_force(row: FixedHoliday, day: date) -> Iterator[tuple[date, Holiday]]:
    if row.since <= day:
        yield day, Holiday(row.name, row.kind)


def _tax_only(tables: Tables, year: int) -> Iterator[tuple[date, str]]:
    for row in tables.tax_only:
        day = date(year, row.month, row.day)
        if day <= row.until:
            yield day, row.name


def _substitutes(tables: Tables, listed: Mapping[date, list[Holiday]]) -> dict[date, list[Holiday]]:
    """제3조: each lost holiday moves to the next day that is free, and no two to the same."""
    taken: dict[date, list[Holiday]] = {}
    for day, held in sorted(listed.items()):
        for lost in _lost(tables, day, held):
            free = day + DAY
            while free in listed or free in taken or free.weekday() in {SATURDAY, SUNDAY}:
                free += DAY
            taken[free] = lost
    return taken


def _lost(tables: Tables, day: date, held: list[Holiday]) -> list[list[Holiday]]:
    """The holidays that a day swallows, each to be made up for by one day; two that meet lose one day together."""
    version = _version(tables, day)
    if version is None:
        return []
    if day.weekday() == SATURDAY:
        return [[each] for each in held if each.kind in version.saturday]
    if day.weekday() == SUNDAY:
        return [[each] for each in held if each.kind in version.sunday]
    meeting = [each for each in held if each.kind in version.meeting]
    return [meeting] * min(len(meeting), len(held) - 1)


def _version(tables: Tables, day: date) -> Substitution | None:
    return next((row for row in reversed(tables.substitution) if row.since <= day), None)
