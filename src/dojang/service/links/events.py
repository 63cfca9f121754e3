"""What happened to a request that is answered behind a link: noted, and told by its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from dojang.service.audit.actor import Actor
from dojang.service.web.say import say
from dojang.service.web.state_words import StateWords

#: Actors of who has the link, and no account.
_ASKED: Final = frozenset({"supplier", "customer"})


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


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history, for `links/parts/history.html`."""

    at: datetime
    text: str
    #: Who did it, and what was said with it.
    details: tuple[str, ...]


def told(request: Asked, *, words: StateWords, asked: str) -> list[Happened]:
    """What happened to a request, from the first on.

    Args:
        request: of the open workspace.
        words: of its steps.
        asked: who has the link, by the name that we have for it.
    """

    def who(event: Any) -> str:
        if event.actor is not None:
            return str(event.actor)
        return asked if event.actor_kind in _ASKED else say("자동", "by itself")

    rows = request.events.select_related("actor").order_by("id")
    return [
        Happened(
            row.at,
            words.action_text(row.action),
            (who(row), *(row.data[name] for name in ("to", "reason") if row.data.get(name))),
        )
        for row in rows
    ]
