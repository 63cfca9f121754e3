"""When an issued invoice goes to the NTS, and until when what can be done.

The law lets a day pass after 발급 (부가가치세법 §32③), and the time between is the user's to undo. But 발급 itself
needs an inbox: a buyer without one has only Hometax's, so the document is issued when it is entered there
(시행령 §68⑪⑫). Hence at once where no mail can be delivered, and on the last day of issuing.
"""

from datetime import date, datetime, time, timedelta

from dojang.etax.calendar.deadlines import transmit_deadline
from dojang.etax.invoice import KST
from dojang.service.law import law
from dojang.service.workspaces.models import TransmitPolicy, Workspace

#: A document is never planned later than this on the last lawful day: time for the NTS to be slow.
_LATEST = time(21, 0)
_OPENING = time(9, 0)


def today(now: datetime) -> date:
    """The day in Korea, which is what every rule means by a day."""
    return now.astimezone(KST).date()


def midnight_after(now: datetime) -> datetime:
    """The end of the day in Korea."""
    return datetime.combine(today(now) + timedelta(days=1), time(), KST)


def transmit_at(
    workspace: Workspace, *, written_on: date, issue_by: date | None, buyer_email: str, now: datetime
) -> datetime:
    """When a document that is issued `now` is to be transmitted; `issue_by` is its 발급기한, if it has one."""
    if not buyer_email or (issue_by is not None and today(now) >= issue_by):
        return now
    latest = datetime.combine(
        transmit_deadline(today(now), law=law(), written_on=written_on).on, _LATEST, KST
    )
    return max(now, min(_planned(workspace, now), latest))


def transmit_by(*, written_on: date, issued_at: datetime) -> date:
    """전송기한 of a document that was issued then (부가가치세법 §32③)."""
    day: date = transmit_deadline(today(issued_at), law=law(), written_on=written_on).on
    return day


def _planned(workspace: Workspace, now: datetime) -> datetime:
    match TransmitPolicy(workspace.transmit_policy):
        case TransmitPolicy.AT_ONCE:
            return now
        case TransmitPolicy.AFTER_MINUTES:
            return now + timedelta(minutes=workspace.transmit_minutes)
        case TransmitPolicy.NEXT_BUSINESS_DAY:
            day = law().calendar.roll(today(now) + timedelta(days=1), transmit=True)
            return datetime.combine(day, _OPENING, KST)
