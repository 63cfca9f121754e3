"""The history of a counterparty: what was changed, by whom, when. Numbers of people are never in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from dojang.service.audit.actor import Actor
from dojang.service.counterparties.details import FIELDS, LABELS, Details
from dojang.service.counterparties.models import Counterparty, CounterpartyChange

Pair = tuple[str, str]

ACTIONS: Final[dict[str, Pair]] = {
    "create": ("등록", "Added"),
    "edit": ("수정", "Changed"),
    "import": ("엑셀 반영", "Taken from a sheet"),
    "archive": ("보관", "Archived"),
    "unarchive": ("보관 해제", "Taken out of the archive"),
    "merge": ("다른 거래처를 합침", "Another was merged into it"),
    "merged": ("다른 거래처에 합쳐짐", "Merged into another"),
    "reveal": ("주민·외국인등록번호 열람", "Personal number revealed"),
    "tax_status": ("휴폐업 상태 변경", "Tax status changed"),
}
CHANGED: Final = "●"
"""Stands for a value that a history does not keep."""

_MORE_LABELS: Final[dict[str, Pair]] = {
    "tax_status": ("휴폐업", "Tax status"),
    "merged": ("합쳐진 거래처", "Merged"),
    "invoices": ("세금계산서", "Invoices"),
}


def label(field: str) -> Pair:
    """What a field is called."""
    return LABELS.get(field) or _MORE_LABELS.get(field) or (field, field)


def differences(before: Details, after: Details) -> dict[str, Pair]:
    """The fields in which two differ, each with both values as text."""
    changes = {
        name: (str(getattr(before, name)), str(getattr(after, name)))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    }
    if before.contacts != after.contacts:
        changes["contacts"] = (_lines(before), _lines(after))
    return changes


def entry(
    counterparty: Counterparty, action: str, changes: Mapping[str, Pair], *, actor: Actor, now: datetime
) -> CounterpartyChange:
    """One entry, not saved yet."""
    return CounterpartyChange(
        workspace_id=counterparty.workspace_id,
        counterparty=counterparty,
        at=now,
        by_id=actor.user_id,
        address=actor.address,
        action=action,
        changes={name: list(pair) for name, pair in changes.items()},
    )


def record(
    counterparty: Counterparty, action: str, changes: Mapping[str, Pair], *, actor: Actor, now: datetime
) -> None:
    """Add an entry."""
    entry(counterparty, action, changes, actor=actor, now=now).save()


def _lines(details: Details) -> str:
    return "\n".join(contact.line() for contact in details.contacts)
