"""The worker's jobs around transmission. Each only says where to look: rows are the truth, and doing it twice is harmless."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from dojang.service.certificates import services as certificates
from dojang.service.tenancy.jobs import workspace_task
from dojang.service.transmission import carrying, deferring, pipeline, system
from dojang.service.transmission.carrying import Clock
from dojang.service.transmission.models import Submission, SubmissionState

_AT_ONCE = 50

_log = logging.getLogger(__name__)


@app.task(name="dojang.transmit")
def transmit() -> None:
    """Send what is due; what is left over goes with the next job."""
    if pipeline.transmit(clock=timezone.now):
        deferring.transmit_now()


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


def look_at_due(*, clock: Clock) -> None:
    """Look at every submission whose time has come: those whose job was lost, or whose worker died."""
    waiting = Submission.objects.filter(next_look_at__lte=clock()).exclude(state=SubmissionState.SETTLED)
    _look(list(waiting.order_by("next_look_at").values_list("pk", flat=True)[:_AT_ONCE]), clock)


def _look(submission_ids: list[int], clock: Clock) -> None:
    if not submission_ids:
        return
    connection = system.connection(now=clock())
    with connection.client(clock=clock) as client:
        for submission_id in submission_ids:
            carrying.look(submission_id, client, clock=clock)


@workspace_task(name="dojang.decide_certificate")
def decide_certificate(certificate_id: int) -> None:
    """Prove whose certificate it is, record the verdict, forget R."""
    certificates.decide(certificate_id, now=timezone.now())
