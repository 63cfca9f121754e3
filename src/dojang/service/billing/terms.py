"""Until when a customer may fill in what it is asked for."""

from datetime import date, datetime, time, timedelta
from typing import Final

from dojang.etax.invoice import KST
from dojang.service.invoices import timing

MOST_DAYS: Final = 60
USUALLY: Final = timedelta(days=14)
#: Whoever is sent back an answer has at least this long to mend it.
AGAIN: Final = timedelta(days=7)


def end_of(day: date) -> datetime:
    """The first moment after a day in Korea."""
    return datetime.combine(day + timedelta(days=1), time(), KST)


def last_day(expires_at: datetime) -> date:
    """The last day in Korea of a term."""
    return timing.today(expires_at - timedelta(seconds=1))


def is_possible(day: date, *, today: date) -> bool:
    """Whether a customer can be given until this day."""
    return today <= day <= today + timedelta(days=MOST_DAYS)
