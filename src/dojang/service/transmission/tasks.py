"""The worker's jobs around transmission. Each only says where to look: rows are the truth, and doing it twice is harmless."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext

from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.services.statuses import refresh_statuses
from dojang.service.errors import ServiceError
from dojang.service.invoices import orders
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import carrying, conditions, deferring, nts_certificate, pipeline, system
from dojang.service.transmission.carrying import Clock
from dojang.service.transmission.models import Submission, SubmissionState

#: A worker that has not said for so long that it lives is dead.
DEAD_AFTER = timedelta(seconds=30)
_AT_ONCE = 50
_KEPT_HOURS = 14 * 24


@app.task(name="dojang.transmit")
def transmit() -> None:
    """Send what is due; what is left over goes with the next job."""
    if pipeline.transmit(clock=timezone.now):
        deferring.transmit_now()


@app.periodic(cron="* * * * *")
@app.task(name="dojang.transmit_due", queueing_lock="transmit-due")
def transmit_due(timestamp: int) -> None:
    """Send what has become due, each minute."""
    transmit()


@app.task(name="dojang.look")
def look(submission_id: int) -> None:
    """Look at one submission, and again when it is time."""
    row = Submission.objects.filter(pk=submission_id).defer("message").first()
    if row is None or row.next_look_at is None:
        return
    if row.next_look_at > timezone.now():
        deferring.look(submission_id, row.next_look_at)
        return
    _look([submission_id], timezone.now)


@app.periodic(cron="* * * * *")
@app.task(name="dojang.look_at_due", queueing_lock="look-at-due")
def look_each_minute(timestamp: int) -> None:
    """See to what no other job sees to any more, each minute and when a worker starts."""
    look_at_due(clock=timezone.now)


def look_at_due(*, clock: Clock) -> None:
    """Look at every submission whose time has come: those whose job was lost, or whose worker died."""
    waiting = Submission.objects.filter(next_look_at__lte=clock()).exclude(state=SubmissionState.SETTLED)
    _look(list(waiting.order_by("next_look_at").values_list("pk", flat=True)[:_AT_ONCE]), clock)


def _look(submission_ids: list[int], clock: Clock) -> None:
    if not submission_ids:
        return
    with system.connection(now=clock()).client(clock=clock) as client:
        for submission_id in submission_ids:
            carrying.look(submission_id, client, clock=clock)


@app.task(name="dojang.refresh_nts_certificate")
def refresh_nts_certificate() -> None:
    """The NTS could not open a message: fetch its certificate now."""
    nts_certificate.refresh(clock=timezone.now)


@app.periodic(cron="41 5 * * *")
@app.task(name="dojang.renew_nts_certificate", queueing_lock="renew-nts-certificate")
def renew_nts_certificate(timestamp: int) -> None:
    """Fetch the NTS's certificate before the one at hand ends, each day."""
    nts_certificate.refresh_when_due(clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(name="dojang.sweep_orders", queueing_lock="sweep-orders")
def sweep_orders(timestamp: int) -> None:
    """Take out orders that were not signed in time, each minute."""
    for workspace_id in crossing.workspaces():
        with in_workspace(workspace_id):
            orders.sweep(now=timezone.now())


class TaxStatusUnavailable(ServiceError):
    """휴폐업 could not be asked for."""

    code = "tax_status_unavailable"
    ko = "{why_ko}"
    en = "{why_en}"


@app.periodic(cron="23 4 * * *")
@app.task(name="dojang.refresh_tax_statuses", queueing_lock="tax-statuses")
def refresh_tax_statuses(timestamp: int) -> None:
    """Ask whether customers are still open, each day for those not asked for a week."""
    now, service = timezone.now(), taxstatus.configured()
    for workspace_id in crossing.open_workspaces():
        done = refresh_statuses(workspace_id, now, service=service)
        why = done.stopped_by
        if why is taxstatus.Unavailable.NOT_SET_UP:
            return
        if why is not None:
            error = TaxStatusUnavailable(why_ko=why.ko, why_en=why.en)
            conditions.bad(conditions.TAX_STATUS, error, at=now)
            return
    conditions.good(conditions.TAX_STATUS, at=now)


@app.periodic(cron="* * * * *")
@app.task(name="dojang.recover_jobs", queueing_lock="recover-jobs")
def recover_jobs(timestamp: int) -> None:
    """Take up the jobs of dead workers, each minute."""
    recover(now=timezone.now())


def recover(*, now: datetime) -> int:
    """Have the jobs of dead workers done again; how many. Where the same job waits already, the old one is dropped."""
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=now - DEAD_AFTER)
    stalled = list(ProcrastinateJob.objects.filter(dead, status="doing").values_list("pk", flat=True))
    for job_id in stalled:
        try:
            with transaction.atomic():
                app.job_manager.retry_job_by_id(job_id, now)
        except ConnectorException:
            drop(job_id)
    return len(stalled)


def drop(job_id: int) -> None:
    """Take out a job whose like waits already; one that has ended since it was looked for is let be."""
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', true)", [job_id])


@app.periodic(cron="7 3 * * *")
@app.task(name="dojang.forget_old_jobs", queueing_lock="forget-old-jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Take out failed jobs of two weeks ago, each day; those that went well go at once."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)
