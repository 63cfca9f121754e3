"""The worker's jobs around lists of 홈택스."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.hometax import importing, looking, taking
from dojang.service.tenancy import crossing


@app.task(name="dojang.read_hometax_list")
def read_hometax_list(workspace_id: int, list_id: int) -> None:
    """Read a file and look at its rows."""
    looking.read_list(workspace_id, list_id, clock=timezone.now)


@app.task(name="dojang.take_hometax_list")
def take_hometax_list(workspace_id: int, list_id: int) -> None:
    """Make documents of its rows."""
    taking.take_list(workspace_id, list_id, clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(name="dojang.see_to_hometax_lists", queueing_lock="see-to-hometax-lists")
def see_to_hometax_lists(timestamp: int) -> None:
    """Those whose job was lost, and those that are not kept any longer, each minute."""
    now = timezone.now()
    for workspace_id in crossing.hometax_workspaces(now - importing.STALE, now):
        importing.waiting(workspace_id, now=now)
        importing.forget_old(workspace_id, now=now)
