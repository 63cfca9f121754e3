"""The history of the workspace itself: what is recorded with every change of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from dojang.service.audit.actor import Actor
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.models import WorkspaceEvent

Changes = Mapping[str, tuple[Any, Any]]
Subject = WorkspaceEvent.Subject


def record(
    action: str,
    subject: Subject,
    row: Model,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    changes: Changes | None = None,
) -> WorkspaceEvent:
    """Add what was done to the history of the open workspace.

    Args:
        action: what was done: `create`, `edit`, `archive`, …
        subject: what kind of thing it was done to.
        row: that thing.
        name: what it is called, so that it stays named when it is gone.
        actor: the person who did it.
        at: when.
        changes: each changed field with what it was and what it is; values JSON can hold.

    Raises:
        ValueError: the machinery has no business here (a mistake in code).
    """
    if actor.user_id is None:
        raise ValueError("only a person changes a workspace")
    return WorkspaceEvent.objects.create(
        workspace_id=current_workspace(),
        at=at,
        by_id=actor.user_id,
        address=actor.address,
        action=action,
        subject=subject,
        subject_id=row.pk,
        subject_name=name[:254],
        changes={field: list(pair) for field, pair in (changes or {}).items()},
    )


def changes_of(row: Model, new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields that `new` changes on a row, each with both values."""
    return {
        field: (getattr(row, field), value) for field, value in new.items() if getattr(row, field) != value
    }


def apply(row: Model, changes: Changes) -> None:
    """Save the changed fields, and only those."""
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    if changes:
        row.save(update_fields=list(changes))


def redacted(changes: Changes, fields: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Changes whose values are too big for a history: only that they changed."""
    hidden = frozenset(fields)
    return {field: (None, None) if field in hidden else pair for field, pair in changes.items()}
