"""The worker's jobs around histories."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.audit import chain
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace


@app.periodic(cron="* * * * *")
@app.task(name="dojang.seal_histories", queueing_lock="seal")
def seal_histories(timestamp: int) -> None:
    """Seal the new heads of each workspace, each minute."""
    for workspace_id in crossing.unsealed_workspaces():
        with in_workspace(workspace_id):
            chain.seal(at=timezone.now())
