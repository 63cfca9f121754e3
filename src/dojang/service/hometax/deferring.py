"""Jobs asked for, in the transaction that made them necessary. A job only says where to look."""

from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

_ONE_AT_A_TIME: Final = "hometax-lists"
"""A list takes minutes: however many are uploaded, they never stand in the way of transmission."""


def read_list(workspace_id: int, list_id: int) -> None:
    """A file waits to be read."""
    _once("dojang.read_hometax_list", workspace_id, list_id)


def take_list(workspace_id: int, list_id: int) -> None:
    """A list waits to be taken over."""
    _once("dojang.take_hometax_list", workspace_id, list_id)


def _once(task: str, workspace_id: int, list_id: int) -> None:
    try:
        # A savepoint: the refusal of a second one must not spoil the caller's transaction.
        with transaction.atomic():
            job = app.configure_task(task, lock=_ONE_AT_A_TIME, queueing_lock=f"{task}-{list_id}")
            job.defer(workspace_id=workspace_id, list_id=list_id)
    except AlreadyEnqueued:
        return
