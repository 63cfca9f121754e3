"""`Law`: everything dated that the rules ask for, of this release and of an operator's own file."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from pydantic import ValidationError

from dojang.etax.calendar.business_days import Calendar
from dojang.etax.calendar.tables import Additions, Extension, ReturnExtension, standard_tables
from dojang.etax.errors import EtaxError
from dojang.etax.notices import Notice
from dojang.etax.parameters.table import Parameter, Table, standard_table

FIRST_DAY = date(1977, 7, 1)
"""부가가치세 has existed since."""

LAST_DAY = date(2999, 12, 31)
"""Far enough for everything; so that no deadline leaves the calendar of the computer."""


class UnreadableAdditions(EtaxError):
    """An operator's file of holidays and extensions that is not what it has to be."""

    code = "law_file_unreadable"
    ko = "공휴일·기한연장 파일을 읽을 수 없습니다: {where} {why} 파일의 그 부분을 고치세요."
    en = "The file of holidays and extensions cannot be read: {where} {why} Mend that part of the file."


class DateOutOfReach(EtaxError):
    """A day for which nothing can be computed."""

    code = "date_out_of_reach"
    ko = "{day}에 대해서는 기한을 계산할 수 없습니다. 1977-07-01부터 2999-12-31 사이의 날짜를 입력하세요."
    en = "No deadline can be computed for {day}. Give a date from 1977-07-01 to 2999-12-31."


@dataclass(frozen=True, slots=True)
class Law:
    """The law's figures, its calendar, and the deadlines that were put off. Make one with `Law.load`."""

    table: Table = field(repr=False)
    calendar: Calendar = field(repr=False)
    known_until: date

    @classmethod
    def load(cls, extra: bytes | None = None) -> Self:
        """The law of this release, and what an operator's TOML adds to it (see `tables.Additions`).

        Raises:
            UnreadableAdditions: where `extra` is no TOML, or holds anything that it must not.
        """
        added = _additions(extra) if extra is not None else Additions()
        table = standard_table()
        return cls(
            table=table,
            calendar=Calendar(standard_tables().with_additions(added)),
            known_until=max(table.known_until, added.known_until.law or table.known_until),
        )

    def parameter(self, name: str, on: date) -> Parameter:
        """A figure on a day. Outside the known range the nearest one, with `known` False.

        Raises:
            KeyError: there is no such parameter (a mistake in code).
        """
        return self.table.histories[name].on(on, self.known_until)

    def notices(self, *used: Parameter) -> tuple[Notice, ...]:
        """A warning `outside_known_law` if one of these figures is a guess."""
        return (_outside_known_law(self.table.read_on),) if any(not each.known for each in used) else ()

    def day_notices(self, *days: date) -> tuple[Notice, ...]:
        """A warning `outside_known_calendar` if the holidays around one of these days are not all known."""
        return () if all(self.calendar.known(day) for day in days) else (_OUTSIDE_KNOWN_CALENDAR,)

    def extension(self, written_on: date) -> Extension | None:
        """What 국세청 announced for documents written in that day's month; of two the later entry."""
        month = written_on.strftime("%Y-%m")
        rows = self.calendar.tables.extension
        return next((row for row in reversed(rows) if row.written_in == month), None)

    def return_extension(self, period: str) -> ReturnExtension | None:
        """What 국세청 announced for the return of a period (`2026-1-final`)."""
        rows = self.calendar.tables.return_extension
        return next((row for row in reversed(rows) if row.period == period), None)


def within_reach(day: date) -> date:
    """The day, if deadlines can be computed for it.

    Raises:
        DateOutOfReach: where they cannot.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DateOutOfReach(day=day)
    return day


def _additions(extra: bytes) -> Additions:
    try:
        parsed = tomllib.loads(extra.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableAdditions(where="UTF-8", why=f"byte {error.start}.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableAdditions(where="TOML", why=f"{error}.") from None
    try:
        return Additions.model_validate(parsed)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    raise UnreadableAdditions(where=where, why=f"{first['msg']}.")


def _outside_known_law(read_on: date) -> Notice:
    return Notice(
        "outside_known_law",
        f"이 날짜에 적용되는 법령은 확인되지 않아({read_on} 공포분까지 확인) 가장 가까운 시기의 세율·기준으로 계산했습니다. "
        "개정 여부를 확인하세요.",
        f"The law of this day has not been read (read up to {read_on}); the nearest known figures were used. Check "
        "whether it has changed.",
    )


_OUTSIDE_KNOWN_CALENDAR = Notice(
    "outside_known_calendar",
    "이 무렵의 선거일·임시공휴일은 아직 확인되지 않았습니다. 기한이 휴일과 겹치는지 확인하세요.",
    "Elections and special holidays around this day are not known yet. Check whether the deadline meets one.",
)
