"""What the worker sees to in many workspaces, one after the other."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import closed

_log = logging.getLogger(__name__)


class Round(Protocol):
    """Sees to all that is due in the open workspace; twice is once."""

    __name__: str

    def __call__(self, *, now: datetime) -> Any: ...


def see_to(
    workspaces: Iterable[int], rounds: Sequence[Round], *, now: datetime, closed_too: bool = False
) -> None:
    """Each round in each workspace that is not closed, in a transaction of its own; older workspaces first.

    Args:
        workspaces: where to look.
        rounds: what to do there.
        now: aware.
        closed_too: what only erases what must not be kept is done in closed ones as well.
    """
    for workspace_id in sorted(workspaces):
        for one in rounds:
            try:
                with in_workspace(workspace_id):
                    if closed_too or closed.hold_open():
                        one(now=now)
            except Exception:  # noqa: BLE001 (one company's mistake holds up nobody else's)
                _log.exception("%s of workspace %s failed", one.__name__, workspace_id)
