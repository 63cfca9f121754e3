"""The workspace of the running transaction: what row-level security compares every row with."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

from asgiref.local import Local
from django.db import connection, transaction

Part = TypeVar("Part")

# Kept as Django keeps its connections, per thread: in another thread another connection runs, and nothing is open.
_open = Local(thread_critical=True)


class OtherWorkspace(RuntimeError):
    """A programming error: one workspace's transaction was entered from within another's."""


@contextmanager
def in_workspace(workspace_id: int) -> Iterator[None]:
    """One transaction in which only the rows of `workspace_id` exist.

    The setting ends with the transaction; inside an outer transaction it is emptied on leaving, so what
    follows sees an unset tenant (an error), never the last one. Entering the same workspace again is a savepoint.
    A generator must not yield from within: see `stream_in_workspace`.

    Raises:
        OtherWorkspace: when another workspace is open.
    """
    current = _current()
    if current is not None and current != workspace_id:
        raise OtherWorkspace(
            f"workspace {current} is open; it has to be left before {workspace_id} is entered"
        )
    with transaction.atomic():
        if current is not None:
            yield
            return
        _set(str(workspace_id))
        _open.workspace = workspace_id
        try:
            yield
        finally:
            _open.workspace = None
        # What is about to be rolled back takes the setting with it, and can't be asked anything any more.
        if not connection.needs_rollback:
            _set("")


def current_workspace() -> int:
    """The workspace of the running transaction.

    Raises:
        LookupError: when none is open.
    """
    workspace = _current()
    if workspace is None:
        raise LookupError("no workspace is open")
    return workspace


def stream_in_workspace(workspace_id: int, parts: Iterator[Part]) -> Generator[Part]:
    """Parts of a long answer, each made in a transaction of its own and handed out when that is over.

    A streaming response is read after its view has left the workspace, as slowly as the reader likes: a transaction
    open all that while would hold old rows, and whatever ran between two parts would find the workspace open.
    So `parts` pages by key; a cursor of the database does not live from one part to the next.

    Raises:
        OtherWorkspace: when it is read while another workspace is open.
    """
    while True:
        with in_workspace(workspace_id):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part


def _current() -> int | None:
    return getattr(_open, "workspace", None)


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dojang.workspace', %s, true)", [value])
