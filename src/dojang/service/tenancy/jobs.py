"""Background work inside one workspace: each job names its workspace and opens it itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import close_old_connections, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from dojang.service.tenancy.scope import current_workspace, in_workspace

P = ParamSpec("P")
R = TypeVar("R")


def workspace_task(**options: Any) -> Callable[[Callable[P, R]], Task[..., R, ...]]:
    """Make a function a background task that runs inside the workspace of its job.

    The function is called in that workspace's transaction: what it changes and its end stand together, an
    exception undoes everything and `retry` begins anew. The job takes `workspace_id` besides the function's own
    arguments; `defer_here` fills it in.

    Args:
        options: those of procrastinate's `task`: `name`, `queue`, `retry`, `lock`, …
    """

    def decorate(work: Callable[P, R]) -> Task[..., R, ...]:
        @wraps(work)
        def run(workspace_id: int, *arguments: P.args, **named: P.kwargs) -> R:
            drop_dead_connections()
            try:
                with in_workspace(workspace_id):
                    return work(*arguments, **named)
            finally:
                drop_dead_connections()

        task: Task[Concatenate[int, P], R, Concatenate[int, P]] = app.task(**options)(run)
        return task

    return decorate


def drop_dead_connections() -> None:
    """A worker's threads live long: a connection that the server has dropped meanwhile is opened anew."""
    if not connection.in_atomic_block:
        close_old_connections()


def defer_here(task: Task[..., Any, ...], *, once: str | None = None, **arguments: Any) -> None:
    """Defer a `workspace_task` for the open workspace, as part of the running transaction.

    Args:
        task: what `workspace_task` made.
        once: names the work within its task and workspace; where such a job waits already, no second one is made.
        arguments: what the function is called with; JSON, and never a secret: it stands in the table of jobs.

    Raises:
        LookupError: no workspace is open.
    """
    workspace_id = current_workspace()
    lock = None if once is None else f"{task.name}:{workspace_id}:{once}"
    try:
        with transaction.atomic():  # a savepoint: being refused must not spoil what the caller does
            task.configure(queueing_lock=lock).defer(workspace_id=workspace_id, **arguments)
    except AlreadyEnqueued:
        return
