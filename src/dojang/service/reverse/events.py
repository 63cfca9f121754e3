"""What happened to a request, for its time line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dojang.service.audit.actor import Actor
from dojang.service.reverse.models import ReverseEvent, ReverseRequest


def note(
    request: ReverseRequest,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note one step, in the transaction of it."""
    ReverseEvent.objects.create(
        workspace_id=request.workspace_id,
        request=request,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        address=actor.address,
        action=action,
        data=dict(data or {}),
    )
