"""The worker's jobs around certificates."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.certificates import revocation, services
from dojang.service.tenancy.jobs import workspace_task
from dojang.service.transmission import conditions


@workspace_task(name="dojang.decide_certificate")
def decide_certificate(certificate_id: int) -> None:
    """Prove whose certificate it is, record the verdict, forget R."""
    services.decide(certificate_id, now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="dojang.refresh_revocation", queueing_lock="revocation")
def refresh_revocation(timestamp: int) -> None:
    """Fetch revocation lists and judge every registered certificate anew, each hour."""
    now = timezone.now()
    troubles = revocation.refresh(now=now)
    if troubles:
        conditions.bad(conditions.REVOCATION, troubles[0], at=now, value=len(troubles))
    else:
        conditions.good(conditions.REVOCATION, at=now)
