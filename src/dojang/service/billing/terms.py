"""Until when a customer may fill in what it is asked for."""

from datetime import date, timedelta
from typing import Final

from dojang.service.links.terms import is_within

MOST_DAYS: Final = 60
USUALLY: Final = timedelta(days=14)
#: Whoever is sent back an answer has at least this long to mend it.
AGAIN: Final = timedelta(days=7)


def is_possible(day: date, *, today: date) -> bool:
    """Whether a customer can be given until this day."""
    return is_within(day, today=today, most_days=MOST_DAYS)
