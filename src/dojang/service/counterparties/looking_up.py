"""A counterparty looked up while a form is filled in: [찾기] shows those that fit, [선택] takes one of them.

Both are buttons of the form itself, so that it works without a script; nothing of what was typed is judged yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.selectors import find
from dojang.service.web.numbers import row_id


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What came of it.

    Attributes:
        used: the one that was chosen.
        matches: those that fit what was typed, for `counterparties/parts/matches.html`; None where one was chosen.
    """

    used: Counterparty | None
    matches: tuple[Counterparty, ...] | None


def is_looking_up(posted: Mapping[str, str]) -> bool:
    """Whether one of the two buttons was pressed."""
    return "look_up" in posted or "use" in posted


def look_up(posted: Mapping[str, str], *, workspace_id: int) -> LookedUp:
    """Those that fit `find`, or the one that `use` names."""
    used = in_use(posted.get("use", ""))
    if used is not None:
        return LookedUp(used, None)
    return LookedUp(None, tuple(find(workspace_id=workspace_id, query=posted.get("find", ""))))


def in_use(text: str) -> Counterparty | None:
    """The counterparty whose id a browser names, unless it is in the archive."""
    found = row_id(text)
    return Counterparty.objects.filter(pk=found, archived_at=None).first() if found else None
