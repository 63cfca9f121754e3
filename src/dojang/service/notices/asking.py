"""How many mails a person may ask for by hand: the server's good name is everybody's who sends by it."""

from datetime import datetime, timedelta
from typing import Final

from dojang.service.notices.errors import MailsOfTheDay
from dojang.service.tenancy import crossing
from dojang.service.workspaces.members import Member

A_DAY: Final = 200
"""Of one person, over all workspaces: founding another lifts no limit."""


def require_left(member: Member, *, now: datetime) -> None:
    """Refuse who has asked for all that one person may ask for in 24 hours.

    What goes out by itself (issued, refused, reminded) is not counted: each of those has an occasion of its own.

    Raises:
        MailsOfTheDay.
    """
    if crossing.asked_mails(member.user_id, now - timedelta(days=1)) >= A_DAY:
        raise MailsOfTheDay(most=A_DAY)
