"""Asking for mails to be sent, in the transaction that put them down. A job only says where to look."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

SEND = "dojang.send_mails"
#: One job of this name runs at a time: a mail server that hangs takes one of the worker's places, never all of them.
ONE_AT_A_TIME = "mails"


def send(workspace_id: int) -> None:
    """A workspace has mails to be sent."""
    task = app.configure_task(SEND, lock=ONE_AT_A_TIME, queueing_lock=f"mails-{workspace_id}")
    try:
        with transaction.atomic():  # a savepoint: being refused must not spoil what the caller does
            task.defer(workspace_id=workspace_id)
    except AlreadyEnqueued:
        return
