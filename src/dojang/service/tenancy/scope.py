"""The workspace of the running transaction: what row-level security compares every row with."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_workspace: ContextVar[int | None] = ContextVar("dojang_workspace", default=None)


class OtherWorkspace(RuntimeError):
    """A programming error: one workspace's transaction was entered from within another's."""


@contextmanager
def in_workspace(workspace_id: int) -> Iterator[None]:
    """One transaction in which only the rows of `workspace_id` exist.

    The setting ends with the transaction; inside an outer transaction it is emptied on leaving, so what
    follows sees an unset tenant (an error), never the last one. Entering the same workspace again is a savepoint.

    Raises:
        OtherWorkspace: when another workspace is open.
    """
    current = _workspace.get()
    if current is not None and current != workspace_id:
        raise OtherWorkspace(
            f"workspace {current} is open; it has to be left before {workspace_id} is entered"
        )
    with transaction.atomic():
        if current is not None:
            yield
            return
        _set(str(workspace_id))
        token = _workspace.set(workspace_id)
        try:
            yield
        finally:
            _workspace.reset(token)
        _set("")


def current_workspace() -> int:
    """The workspace of the running transaction.

    Raises:
        LookupError: when none is open.
    """
    workspace = _workspace.get()
    if workspace is None:
        raise LookupError("no workspace is open")
    return workspace


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dojang.workspace', %s, true)", [value])
