"""Until when a supplier may answer."""

from datetime import date, datetime, time, timedelta
from typing import Final

from dojang.etax.invoice import KST
from dojang.service.invoices import content, timing

MOST_DAYS: Final = 90
_USUALLY: Final = timedelta(days=7)


def end_of(day: date) -> datetime:
    """The first moment after a day in Korea."""
    return datetime.combine(day + timedelta(days=1), time(), KST)


def last_day(expires_at: datetime) -> date:
    """The last day in Korea of a term."""
    return timing.today(expires_at - timedelta(seconds=1))


def usual_day(written_on: date, *, today: date) -> date:
    """발급기한 where that is still to come, and a week otherwise: a late document is still better than none."""
    deadline = content.issue_by(written_on)
    if deadline is not None and today <= deadline <= today + timedelta(days=MOST_DAYS):
        return deadline
    return today + _USUALLY


def is_possible(day: date, *, today: date) -> bool:
    """Whether a supplier can be given until this day."""
    return today <= day <= today + timedelta(days=MOST_DAYS)
