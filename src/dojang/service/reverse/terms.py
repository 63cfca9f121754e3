"""Until when a supplier may answer, and how long what it left behind is kept."""

from datetime import date, timedelta
from typing import Final

from dojang.service.invoices import content
from dojang.service.links.terms import is_within

MOST_DAYS: Final = 90
_USUALLY: Final = timedelta(days=7)
GUEST_KEPT: Final = timedelta(days=30)
"""How long a guest's workspace stays after its request came to nothing and nothing was issued in it.

Long enough to look into what went wrong; what it holds of the supplier (its certificate, from where it came) serves
nobody then (개인정보 보호법 제21조 제1항). Where something was issued the workspace stays, since its documents have to
be kept for five years (부가가치세법 제71조 제3항, 국세기본법 제85조의3 제2항).
"""


def usual_day(written_on: date, *, today: date) -> date:
    """발급기한 where that is still to come, and a week otherwise: a late document is still better than none."""
    deadline = content.issue_by(written_on)
    if deadline is not None and is_possible(deadline, today=today):
        return deadline
    return today + _USUALLY


def is_possible(day: date, *, today: date) -> bool:
    """Whether a supplier can be given until this day."""
    return is_within(day, today=today, most_days=MOST_DAYS)
