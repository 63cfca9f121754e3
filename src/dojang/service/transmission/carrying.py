"""Sending messages and asking after them: what is done between two transactions, when nobody knows how it will end.

A worker may be killed anywhere here. Before `begin` has committed, the message waits to be sent. After it, whoever finds
the row in `sending` while nobody holds the lock of that sending knows that the sender is dead, and takes the answer as
lost: from there on the NTS is asked, and the same bytes go again only as `reconciliation` allows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from dojang.nts.client import NtsClient
from dojang.service.transmission import outcomes
from dojang.service.transmission.models import Submission, SubmissionState
from dojang.service.transmission.places import held_alone

Clock = Callable[[], datetime]
Pause = Callable[[float], None]


def send(submission_id: int, client: NtsClient, *, clock: Clock) -> None:
    """Send a message once, if it may go out now."""
    with _sending(submission_id) as alone:
        if not alone:
            return
        begun = outcomes.begin(submission_id, now=clock())
        if begun is not None:
            outcome = client.submit(begun.message)
            outcomes.sent(submission_id, begun, outcome, now=clock())


def look(submission_id: int, client: NtsClient, *, clock: Clock) -> None:
    """Do what is due for a submission: send it, find out whether its sender is dead, or ask for its results."""
    row = Submission.objects.defer("message").get(pk=submission_id)
    if row.next_look_at is None or row.next_look_at > clock():
        return
    match SubmissionState(row.state):
        case SubmissionState.PREPARED:
            send(submission_id, client, clock=clock)
        case SubmissionState.SENDING:
            _bury(submission_id, clock)
        case SubmissionState.UNKNOWN if outcomes.reconciliation(row).may_resend(clock()):
            send(submission_id, client, clock=clock)
        case SubmissionState.UNKNOWN | SubmissionState.RECEIVED:
            found = client.reconcile(row.submit_id)
            outcomes.asked(submission_id, found, now=clock())
        case SubmissionState.REFUSED | SubmissionState.SETTLED:
            pass


def carry(submission_id: int, client: NtsClient, *, clock: Clock, pause: Pause = time.sleep) -> None:
    """Send a message and look after it for some seconds, in which a quiet NTS has its verdicts ready."""
    send(submission_id, client, clock=clock)
    until = clock() + outcomes.CARRIED
    while (at := _received_until(submission_id)) is not None and at < until:
        pause(max((at - clock()).total_seconds(), 0.0))
        look(submission_id, client, clock=clock)
        if clock() >= until:
            return


def _received_until(submission_id: int) -> datetime | None:
    """When to ask for the results of what has arrived; None where there is nothing to wait for here."""
    row = Submission.objects.filter(pk=submission_id, state=SubmissionState.RECEIVED)
    return row.values_list("next_look_at", flat=True).first()


def _bury(submission_id: int, clock: Clock) -> None:
    with _sending(submission_id) as alone:
        if alone:
            outcomes.abandoned(submission_id, now=clock())


@contextmanager
def _sending(submission_id: int) -> Iterator[bool]:
    with held_alone(f"dojang.sending:{submission_id}") as alone:
        yield alone
