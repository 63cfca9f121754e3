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


def see_to(workspaces: Iterable[int], rounds: Sequence[Round], *, now: datetime) -> None:
    """Each round in each workspace that is not closed, in a transaction of its own; older workspaces first."""
    for workspace_id in sorted(workspaces):
        for one in rounds:
            try:
                with in_workspace(workspace_id):
                    if closed.hold_open():
                        one(now=now)
            except Exception:  # noqa: BLE001 (one company's mistake holds up nobody else's)
                _log.exception("%s of workspace %s failed", one.__name__, workspace_id)
