"""Jobs asked for, in the transaction that made them necessary. A job only says where to look; rows are the truth."""

from datetime import datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def _once(task: str, *, lock: str, at: datetime | None = None, **arguments: int) -> None:
    """Ask for a job unless the same one waits already.

    No two wait, but two may run: rows and their locks keep order, and a job that a killed worker left behind must
    not hold up the next one.
    """
    from django.db import transaction  # noqa: PLC0415

    try:
        # A savepoint: the refusal of a second one must not spoil the caller's transaction.
        with transaction.atomic():
            app.configure_task(task, queueing_lock=lock, schedule_at=at).defer(**arguments)
    except AlreadyEnqueued:
        return


def transmit_now() -> None:
    """Somebody's invoices are due."""
    _once("dojang.transmit", lock="transmit")


def look(submission_id: int, at: datetime) -> None:
    """A submission is to be looked at."""
    _once("dojang.look", lock=f"look-{submission_id}", at=at, submission_id=submission_id)


def look_now(submission_id: int) -> None:
    """Somebody wants to know now, whenever it would be looked at otherwise."""
    _once("dojang.look", lock=f"look-now-{submission_id}", submission_id=submission_id)


def on_start() -> None:
    """A worker starts: what another one left behind is seen to at once."""
    _once("dojang.look_at_due", lock="look-at-due", timestamp=0)
    _once("dojang.recover_jobs", lock="recover-jobs", timestamp=0)
    _once("dojang.renew_nts_certificate", lock="renew-nts-certificate", timestamp=0)
    transmit_now()


def refresh_nts_certificate() -> None:
    """The NTS could not open a package: its certificate may have changed."""
    _once("dojang.refresh_nts_certificate", lock="nts-certificate")


def take_deliveries() -> None:
    """Documents may wait to be taken in."""
    _once("dojang.take_deliveries", lock="take-deliveries")


def see_to_reverse() -> None:
    """Something became of a request of 역발행: its writer is to be told."""
    _once("dojang.see_to_reverse", lock="see-to-reverse")


def decide_certificate(workspace_id: int, certificate_id: int) -> None:
    """A certificate waits for its verdict."""
    _once(
        "dojang.decide_certificate",
        lock=f"certificate-{certificate_id}",
        workspace_id=workspace_id,
        certificate_id=certificate_id,
    )
