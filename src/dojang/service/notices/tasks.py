"""The worker's jobs around mails. Each only says where to look; rows are the truth."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.notices import jobs, rounds, sending
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import drop_dead_connections
from dojang.service.workspaces.rounds import see_to


@app.task(name=jobs.SEND, lock=jobs.ONE_AT_A_TIME)
def send_mails(workspace_id: int) -> None:
    """Hand over what is due in a workspace; what is left over goes with the next job."""
    drop_dead_connections()
    try:
        if sending.send_due(workspace_id, clock=timezone.now):
            jobs.send(workspace_id)
    finally:
        drop_dead_connections()


@app.periodic(cron="* * * * *")
@app.task(name="dojang.sweep_mails", queueing_lock="sweep-mails")
def sweep_mails(timestamp: int) -> None:
    """See to mails whose time has come again, or whose job was lost, each minute."""
    for workspace_id in crossing.due_mails(timezone.now()):
        jobs.send(workspace_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="dojang.morning_mails", queueing_lock="morning-mails")
def morning_mails(timestamp: int) -> None:
    """The reminders and the digest of the day, from 08:30 in Korea; a worker that was down then catches up."""
    now = timezone.now()
    if not rounds.is_time(now):
        return
    drop_dead_connections()
    see_to(crossing.open_workspaces(), (rounds.remind, rounds.digest), now=now)
