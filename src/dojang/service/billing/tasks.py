"""The worker's job around requests. It only says where to look; rows are the truth."""

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.billing import rounds, terms
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import drop_dead_connections
from dojang.service.workspaces.rounds import see_to


@app.periodic(cron="*/10 * * * *")
@app.task(name="dojang.sweep_billing", queueing_lock="sweep-billing")
def sweep_billing(timestamp: int) -> None:
    """Requests whose end has come or is near, and answers that nobody took over, every ten minutes."""
    drop_dead_connections()
    try:
        see_to_all(timezone.now())
    finally:
        drop_dead_connections()


def see_to_all(now: datetime) -> None:
    """In every workspace that has some; what is not to be kept is erased in closed ones too."""
    see_to(crossing.billing_workspaces(now, now + rounds.REMINDED_BEFORE), rounds.ROUNDS, now=now)
    lapsed = crossing.unconfirmed_billing(terms.answered_too_long_ago(now), now)
    see_to(lapsed, (rounds.lapse,), now=now, closed_too=True)
