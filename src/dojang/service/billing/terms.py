"""Until when a customer may fill in what it is asked for, and how long that is kept unless somebody takes it over."""

from datetime import date, datetime, timedelta
from typing import Final

from dojang.service.invoices import timing
from dojang.service.links.terms import end_of, is_within

MOST_DAYS: Final = 60
USUALLY: Final = timedelta(days=14)
#: Whoever is sent back an answer has at least this long to mend it.
AGAIN: Final = timedelta(days=7)

ANSWER_KEPT: Final = timedelta(days=30)
"""How many whole days an answer waits: what nobody wanted by then is not needed for what it was asked for (개인정보 보호법 제21조
제1항), and the number of a person least of all (제24조의2)."""


def kept_until(*, answered_at: datetime, expires_at: datetime) -> datetime:
    """When an answer that nobody took over is erased; not before its customer may correct it no more."""
    return max(end_of(timing.today(answered_at) + ANSWER_KEPT), expires_at)


def answered_too_long_ago(now: datetime) -> datetime:
    """What was filled in before this moment has waited for `ANSWER_KEPT`."""
    return end_of(timing.today(now) - ANSWER_KEPT - timedelta(days=1))


def is_possible(day: date, *, today: date) -> bool:
    """Whether a customer can be given until this day."""
    return is_within(day, today=today, most_days=MOST_DAYS)
