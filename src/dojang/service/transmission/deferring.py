"""Jobs asked for, in the transaction that made them necessary. A job only says where to look; rows are the truth."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def _once(task: str, *, lock: str, **arguments: int) -> None:
    """Ask for a job unless the same one waits already."""
    from django.db import transaction  # noqa: PLC0415

    try:
        # A savepoint: the refusal of a second one must not spoil the caller's transaction.
        with transaction.atomic():
            app.configure_task(task, queueing_lock=lock, lock=lock).defer(**arguments)
    except AlreadyEnqueued:
        return


def transmit_now() -> None:
    """Somebody's invoices are due."""
    _once("dojang.transmit", lock="transmit")


def decide_certificate(workspace_id: int, certificate_id: int) -> None:
    """A certificate waits for its verdict."""
    _once(
        "dojang.decide_certificate",
        lock=f"certificate-{certificate_id}",
        workspace_id=workspace_id,
        certificate_id=certificate_id,
    )
