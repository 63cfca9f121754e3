"""The worker's jobs around documents of others."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.records import delivering


@app.task(name="dojang.take_deliveries")
def take_deliveries() -> None:
    """Make records of what was delivered, in every workspace."""
    delivering.take_all(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="dojang.take_waiting_deliveries", queueing_lock="take-waiting-deliveries")
def take_waiting_deliveries(timestamp: int) -> None:
    """Those whose job was lost, each minute."""
    take_deliveries()
