"""The worker's jobs around histories."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.audit import chain, standing
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import defer_here, workspace_task
from dojang.service.tenancy.scope import in_workspace


@app.periodic(cron="* * * * *")
@app.task(name="dojang.seal_histories", queueing_lock="seal")
def seal_histories(timestamp: int) -> None:
    """Seal the new heads of each workspace, each minute."""
    for workspace_id in crossing.unsealed_workspaces():
        with in_workspace(workspace_id):
            chain.seal(at=timezone.now())


@workspace_task(name="dojang.verify_history")
def verify_history() -> None:
    """Verify the whole history of one workspace."""
    standing.verify_here(now=timezone.now())


@app.periodic(cron="23 2 * * 0")
@app.task(name="dojang.verify_histories", queueing_lock="verify-histories")
def verify_histories(timestamp: int) -> None:
    """Have every workspace verified, each Sunday night; closed ones too, since they are kept for years."""
    for workspace_id in crossing.workspaces():
        with in_workspace(workspace_id):
            verify_soon()


def verify_soon() -> None:
    """Have the open workspace verified, once however often it is asked for."""
    defer_here(verify_history, once="all")
