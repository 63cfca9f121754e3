"""The data that the calendar is computed from: what `holidays.toml` holds, and what an operator adds to it."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

Kind = Literal[
    "new_year",
    "national",
    "labor",
    "children",
    "memorial",
    "christmas",
    "seollal",
    "buddha",
    "chuseok",
    "once",
]
"""What a holiday is, as far as 대체공휴일 distinguishes it."""

_From = Annotated[date, Field(validation_alias=AliasChoices("from", "since"))]


class Entry(BaseModel):
    """A table's row: frozen, strict, nothing unknown."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class FixedHoliday(Entry):
    """A holiday of the solar calendar, or with `offset` days from a day of the lunar one."""

    name: str
    kind: Kind
    month: int
    day: int
    offset: int = 0
    since: _From = date.min
    citation: str = "관공서의 공휴일에 관한 규정 제2조"


class TaxOnlyDay(Entry):
    """A day that moved tax deadlines without being a public holiday."""

    name: str
    month: int
    day: int
    until: date
    citation: str


class Substitution(Entry):
    """One version of 제3조: which kinds get a substitute, and when."""

    since: _From
    saturday: Annotated[frozenset[Kind], Field(strict=False)]
    sunday: Annotated[frozenset[Kind], Field(strict=False)]
    meeting: Annotated[frozenset[Kind], Field(strict=False)]
    citation: str


class OnceHoliday(Entry):
    """An election, or a day that the government set."""

    on: date
    name: str = "임시공휴일"
    citation: str = "관공서의 공휴일에 관한 규정 제2조"


class WorkingDay(Entry):
    """A day that would be a holiday and is not."""

    on: date
    citation: str = ""


class Extension(Entry):
    """Deadlines of all documents written in one month (`YYYY-MM`), put off by 국세청."""

    written_in: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    issue: date | None = None
    transmit: date | None = None
    announced_on: date | None = None
    citation: str = "국세기본법 제6조"


class ReturnExtension(Entry):
    """The due date of one period's return, put off by 국세청."""

    period: Annotated[str, Field(pattern=r"^\d{4}-[12]-(preliminary|final)$")]
    due: date
    announced_on: date | None = None
    citation: str = "국세기본법 제6조"


class Known(Entry):
    """The days for which the tables are complete."""

    since: _From
    until: date


_Rows = Field(default=(), strict=False)


class Additions(Entry):
    """An operator's own file: what was decided after this release.

    ```toml
    [[holiday]]
    on = 2027-08-16
    name = "임시공휴일"

    [[working_day]]
    on = 2027-10-04

    [[extension]]
    written_in = "2027-09"
    issue = 2027-10-15
    transmit = 2027-10-18

    [[return_extension]]
    period = "2027-1-final"
    due = 2027-08-25

    [known_until]        # after checking that nothing else changed
    calendar = 2029-12-31
    law = 2028-12-31
    ```
    """

    class KnownUntil(Entry):
        """Days up to which the operator has checked the tables."""

        calendar: date | None = None
        law: date | None = None

    holiday: tuple[OnceHoliday, ...] = _Rows
    working_day: tuple[WorkingDay, ...] = _Rows
    extension: tuple[Extension, ...] = _Rows
    return_extension: tuple[ReturnExtension, ...] = _Rows
    known_until: KnownUntil = KnownUntil()


class Tables(Entry):
    """Everything that `holidays.toml` holds."""

    known: Known
    fixed: tuple[FixedHoliday, ...] = _Rows
    lunar: tuple[FixedHoliday, ...] = _Rows
    tax_only: tuple[TaxOnlyDay, ...] = _Rows
    substitution: tuple[Substitution, ...] = _Rows
    once: tuple[OnceHoliday, ...] = _Rows
    working_day: tuple[WorkingDay, ...] = _Rows
    extension: tuple[Extension, ...] = _Rows
    return_extension: tuple[ReturnExtension, ...] = _Rows

    def with_additions(self, added: Additions) -> "Tables":
        """These tables and an operator's; of two extensions of one month the operator's holds."""
        until = max(self.known.until, added.known_until.calendar or self.known.until)
        return self.model_copy(
            update={
                "known": self.known.model_copy(update={"until": until}),
                "once": self.once + added.holiday,
                "working_day": self.working_day + added.working_day,
                "extension": self.extension + added.extension,
                "return_extension": self.return_extension + added.return_extension,
            }
        )


@cache
def standard_tables() -> Tables:
    """The tables of this release."""
    text = (files("dojang.etax.calendar") / "holidays.toml").read_text("utf-8")
    return Tables.model_validate(tomllib.loads(text))
