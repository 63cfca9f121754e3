"""The beginning and the end of an export, written down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from dojang.service.exports.errors import ExportRunning
from dojang.service.exports.models import Export
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Right

#: A running export says so often that it lives.
BEAT: Final = timedelta(seconds=20)
#: After so long without a word its process is gone.
DEAD_AFTER: Final = timedelta(minutes=5)


@transaction.atomic
def begin(*, member: Member, parts: Mapping[str, Any], now: datetime) -> Export:
    """Write down that everything is being taken out.

    Args:
        member: the owner.
        parts: what was asked for.
        now: aware.

    Raises:
        PermissionDenied.
        ExportRunning: another one has not ended.
    """
    member.require(Right.OWN)
    # Two who press at once meet here.
    workspace = Workspace.objects.select_for_update(no_key=True).get()
    running = Export.objects.select_related("by").filter(ended_at=None, alive_at__gt=now - DEAD_AFTER).first()
    if running is not None:
        at = timezone.localtime(running.began_at).strftime("%H:%M")
        raise ExportRunning(who=str(running.by), at=at)
    Export.objects.filter(ended_at=None).update(ended_at=now)
    export = Export.objects.create(
        workspace=workspace, by_id=member.user_id, began_at=now, alive_at=now, contents={"parts": dict(parts)}
    )
    record("export", Subject.WORKSPACE, workspace, workspace.name, actor=member.actor, at=now)
    return export


def beat(export_id: int, *, now: datetime) -> None:
    """It lives."""
    Export.objects.filter(pk=export_id, ended_at=None).update(alive_at=now)


def end(export_id: int, *, is_whole: bool, counts: Mapping[str, int], now: datetime) -> None:
    """Write down that it was read to its end, or that it was broken off, and what it held until then."""
    export = Export.objects.get(pk=export_id)
    export.ended_at, export.is_whole = now, is_whole
    export.contents = {**export.contents, "counts": dict(counts)}
    export.save(update_fields=["ended_at", "is_whole", "contents"])
