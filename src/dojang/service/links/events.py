"""What happened to a request that is answered behind a link, for its time line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from dojang.service.audit.actor import Actor


class Asked(Protocol):
    """A request whose events are a `links.models.RequestEvent` of its own."""

    workspace_id: int
    events: Any


def note(
    request: Asked,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note one step, in the transaction of it. `data` holds nothing of what somebody filled in."""
    request.events.create(
        workspace_id=request.workspace_id,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        address=actor.address,
        action=action,
        data=dict(data or {}),
    )
