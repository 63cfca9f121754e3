"""How long to wait before the next attempt: tables of seconds, of which the last goes on for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Pauses = Sequence[float]

#: For the results of what has arrived. Verdicts of a quiet NTS are there within a second; a busy one takes minutes,
#: and tells them by itself where it can.
RESULTS: Pauses = (0.2, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1800)
#: No connection came about, so nothing was sent: asking a dead server more often than each five minutes helps nobody,
#: and none of the terms (a day at least) is lost by five minutes.
NOT_SENT: Pauses = (2, 5, 10, 30, 60, 120, 300)
#: A question about a lost answer went unanswered itself.
NO_ANSWER: Pauses = (2, 5, 10, 30, 60, 300, 600)
#: The whole message was turned down: the operator's settings or the NTS's certificate changed. The first pause is
#: enough to fetch the certificate anew; each further refusal uses up a SubmitID.
TURNED_DOWN: Pauses = (30, 300, 900, 3600)
#: One invoice cannot be packed.
HELD = timedelta(minutes=10)


def after(pauses: Pauses, attempts: int, now: datetime) -> datetime:
    """When to try again after so many attempts, 1 or more."""
    return now + timedelta(seconds=pauses[min(max(attempts, 1), len(pauses)) - 1])
