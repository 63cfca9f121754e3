"""Until when a supplier may answer."""

from datetime import date, timedelta
from typing import Final

from dojang.service.invoices import content
from dojang.service.links.terms import is_within

MOST_DAYS: Final = 90
_USUALLY: Final = timedelta(days=7)


def usual_day(written_on: date, *, today: date) -> date:
    """발급기한 where that is still to come, and a week otherwise: a late document is still better than none."""
    deadline = content.issue_by(written_on)
    if deadline is not None and is_possible(deadline, today=today):
        return deadline
    return today + _USUALLY


def is_possible(day: date, *, today: date) -> bool:
    """Whether a supplier can be given until this day."""
    return is_within(day, today=today, most_days=MOST_DAYS)
