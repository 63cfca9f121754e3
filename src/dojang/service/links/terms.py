"""Until when whoever is asked by a link may answer: whole days in Korea."""

from datetime import date, datetime, time, timedelta

from dojang.etax.invoice import KST
from dojang.service.invoices import timing


def end_of(day: date) -> datetime:
    """The first moment after a day in Korea."""
    return datetime.combine(day + timedelta(days=1), time(), KST)


def last_day(expires_at: datetime) -> date:
    """The last day in Korea of a term."""
    return timing.today(expires_at - timedelta(seconds=1))


def is_within(day: date, *, today: date, most_days: int) -> bool:
    """Whether somebody can be given until this day."""
    return today <= day <= today + timedelta(days=most_days)
