"""The worker's jobs around requests. Each only says where to look; rows are the truth."""

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.reverse import rounds, terms
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import drop_dead_connections
from dojang.service.workspaces.rounds import see_to


@app.task(name="dojang.see_to_reverse")
def see_to_reverse() -> None:
    """Requests that ended, are to be told of, or whose end is near, in every workspace."""
    drop_dead_connections()
    try:
        see_to_all(timezone.now())
    finally:
        drop_dead_connections()


@app.periodic(cron="* * * * *")
@app.task(name="dojang.sweep_reverse", queueing_lock="sweep-reverse")
def sweep_reverse(timestamp: int) -> None:
    """Those whose time has come or whose job was lost, each minute."""
    see_to_reverse()


@app.periodic(cron="41 * * * *")
@app.task(name="dojang.remove_guests", queueing_lock="remove-guests")
def remove_guests(timestamp: int) -> None:
    """What suppliers without an account left behind and nobody needs any more, each hour."""
    drop_dead_connections()
    try:
        remove_ended(timezone.now())
    finally:
        drop_dead_connections()


def remove_ended(now: datetime) -> None:
    """Guests' workspaces whose time is over, each in a transaction of its own."""
    see_to(crossing.ended_guests(now - terms.GUEST_KEPT), (rounds.remove,), now=now)


def see_to_all(now: datetime) -> None:
    """Twice round: what one workspace makes of its documents, another is told of."""
    for _ in range(2):
        see_to(crossing.reverse_workspaces(now + rounds.REMINDED_BEFORE), rounds.ROUNDS, now=now)
    see_to(crossing.unlaid_reverse(now), (rounds.lay,), now=now)
