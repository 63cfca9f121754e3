"""The worker's job around requests. It only says where to look; rows are the truth."""

import logging
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.billing import rounds
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import drop_dead_connections
from dojang.service.tenancy.scope import in_workspace

_log = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(name="dojang.sweep_billing", queueing_lock="sweep-billing")
def sweep_billing(timestamp: int) -> None:
    """Requests whose end has come or is near, every ten minutes."""
    drop_dead_connections()
    try:
        see_to_all(timezone.now())
    finally:
        drop_dead_connections()


def see_to_all(now: datetime) -> None:
    """In every workspace that has some."""
    for workspace_id in crossing.billing_workspaces(now, now + rounds.REMINDED_BEFORE):
        try:
            with in_workspace(workspace_id):
                rounds.see_to_workspace(now)
        except Exception:  # noqa: BLE001 (one company's mistake holds up nobody else's)
            _log.exception("requests of workspace %s were not seen to", workspace_id)
