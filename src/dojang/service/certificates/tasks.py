"""The worker's jobs around certificates."""

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.certificates import expiry_mail, revocation, services
from dojang.service.tenancy import crossing
from dojang.service.tenancy.jobs import workspace_task
from dojang.service.tenancy.scope import in_workspace
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


@app.periodic(cron="11 * * * *")
@app.task(name="dojang.tell_expiry", queueing_lock="tell-expiry")
def tell_expiry(timestamp: int) -> None:
    """Mail whose certificates end in 30, 7 or 1 days; looked for each hour, told once."""
    for workspace_id in crossing.open_workspaces():
        with in_workspace(workspace_id):
            waiting = [(row.pk, days) for row, days in expiry_mail.untold(now=timezone.now())]
        for certificate_id, days in waiting:
            with in_workspace(workspace_id):
                expiry_mail.tell(certificate_id, days, now=timezone.now())
