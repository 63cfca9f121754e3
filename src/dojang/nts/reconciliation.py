"""When a submission whose answer was lost may be sent again: one rule, for service and command line alike.

The same bytes, under the same SubmitID, and only after 국세청 said SYS003 (no such SubmitID) twice, at least
10 minutes apart, since the last sending. A first sending that was only late then makes SYS002, never a double.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dojang.nts.outcomes import Finding, Reconciled

APART = timedelta(minutes=10)

_ARRIVED = frozenset({Finding.ACCEPTED, Finding.REFUSED, Finding.STILL_WORKING})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out about a submission, and when it was asked."""

    finding: Finding
    asked_at: datetime

    @classmethod
    def of(cls, reconciled: Reconciled) -> "Answer":
        return cls(reconciled.finding, reconciled.asked_at)


def may_resend(history: Iterable[Answer], now: datetime, *, sent_at: datetime) -> bool:
    """Whether the same bytes may go again.

    Args:
        history: everything found out about the submission, in any order.
        now: aware; answers from later than now (a clock was set back) do not count.
        sent_at: when it was last sent; questions from before that sending do not count.
    """
    answers = list(history)
    if any(answer.finding in _ARRIVED for answer in answers):
        return False
    missing = [
        answer.asked_at
        for answer in answers
        if answer.finding is Finding.NEVER_ARRIVED and sent_at <= answer.asked_at <= now
    ]
    return bool(missing) and max(missing) - min(missing) >= APART


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The record of one submission in doubt: when it was last sent, and every answer since."""

    sent_at: datetime
    history: tuple[Answer, ...] = ()

    def heard(self, answer: Answer) -> "Reconciliation":
        """With one more answer."""
        return replace(self, history=(*self.history, answer))

    def resent(self, at: datetime) -> "Reconciliation":
        """After the same bytes went again: the two questions begin anew."""
        return replace(self, sent_at=at)

    @property
    def arrived(self) -> bool:
        """Whether the NTS ever said that it has the submission."""
        return any(answer.finding in _ARRIVED for answer in self.history)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to find out."""
        return any(a.finding in {Finding.ACCEPTED, Finding.REFUSED} for a in self.history)

    def may_resend(self, now: datetime) -> bool:
        """See the function of this name."""
        return may_resend(self.history, now, sent_at=self.sent_at)

    def ask_from(self) -> datetime:
        """From when on the next question can decide something: at once, or 10 minutes after the first SYS003."""
        missing = [
            answer.asked_at
            for answer in self.history
            if answer.finding is Finding.NEVER_ARRIVED and answer.asked_at >= self.sent_at
        ]
        return min(missing) + APART if missing else self.sent_at
