"""What happened to a request, for its time line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dojang.service.audit.actor import Actor
from dojang.service.billing.models import BillingEvent, BillingRequest


def note(
    request: BillingRequest,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note one step, in the transaction of it. `data` holds nothing of what a customer filled in."""
    BillingEvent.objects.create(
        workspace_id=request.workspace_id,
        request=request,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        address=actor.address,
        action=action,
        data=dict(data or {}),
    )
