"""A list from 홈택스: uploaded, read and looked at by the worker (`looking`), taken over in portions (`taking`).

Nothing is done twice: a list that is begun to be read anew begins empty, a portion is marked in the transaction that
takes it, and a document that is here under its issue id is never made again. A worker that dies leaves rows from which
the next one goes on.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dojang.service import workbooks
from dojang.service.hometax import chunks, deferring, reading
from dojang.service.hometax.errors import (
    ListTooLarge,
    ListUnreadable,
    NoSuchList,
    NotNow,
    RowsGone,
    TooManyLists,
)
from dojang.service.hometax.models import UNDER_WAY, ListImport, ListState
from dojang.service.tenancy.scope import current_workspace, in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

KEPT: Final = timedelta(days=7)
STALE: Final = timedelta(minutes=2)
"""Nobody works on a list that was not touched for so long."""
MOST_AT_ONCE: Final = 24
"""Lists of one workspace that are being read or taken over: sales and purchases of a year, month by month."""
_MOST_NAME: Final = 200


def upload(*, member: Member, content: bytes, file_name: str, now: datetime) -> ListImport:
    """Keep a file, encrypted, and have it read.

    Args:
        member: needs `Right.WRITE` for one business at least; rows of those are looked for.
        content: of an .xls or .xlsx file.
        file_name: as people call it.
        now: aware.

    Raises:
        PermissionDenied, ListTooLarge, ListUnreadable, TooManyLists.
    """
    ids = businesses_with(member, Right.WRITE)
    if not ids:
        raise PermissionDenied(Right.WRITE.value)
    try:
        reading.look_at(content)
    except workbooks.TooLarge:
        raise ListTooLarge from None
    except workbooks.Unreadable:
        raise ListUnreadable from None
    if ListImport.objects.filter(state__in=UNDER_WAY).count() >= MOST_AT_ONCE:
        raise TooManyLists(most=MOST_AT_ONCE)
    workspace_id = current_workspace()
    found = ListImport.objects.create(
        workspace_id=workspace_id,
        by_id=member.user_id,
        at=now,
        file_name=" ".join(file_name.replace("\x00", "").split())[:_MOST_NAME],
        sha256=hashlib.sha256(content).hexdigest(),
        file=chunks.seal_file(content, workspace_id=workspace_id),
        beat_at=now,
        kept_until=now + KEPT,
        business_ids=ids,
    )
    deferring.read_list(workspace_id, found.pk)
    return found


def list_for(member: Member, list_id: int) -> ListImport:
    """A list whose businesses the member may all write for.

    Raises:
        NoSuchList.
    """
    found = ListImport.objects.defer("file").select_related("by", "taken_by").filter(pk=list_id).first()
    if found is None or not may_see(member, found):
        raise NoSuchList
    return found


def may_see(member: Member, found: ListImport) -> bool:
    """Whether all that is in a list is the member's business."""
    return all(member.may(Right.WRITE, business_id) for business_id in found.business_ids)


@transaction.atomic
def start(*, member: Member, list_id: int, now: datetime) -> ListImport:
    """Take over what the page has shown. Pressed twice, it is taken over once.

    Raises:
        NoSuchList, RowsGone.
        NotNow: it is still being read, or was dropped.
    """
    found = _locked(list_for(member, list_id).pk)
    if found.state in {ListState.TAKING, ListState.DONE}:
        return found
    if found.state != ListState.LOOKED:
        raise NotNow
    if found.kept_until is None:
        raise RowsGone
    found.state, found.taken_by_id, found.taken_at, found.beat_at = ListState.TAKING, member.user_id, now, now
    found.save(update_fields=["state", "taken_by", "taken_at", "beat_at"])
    deferring.take_list(found.workspace_id, found.pk)
    return found


@transaction.atomic
def drop(*, member: Member, list_id: int, now: datetime) -> None:
    """Forget what was read; what was taken over stays.

    Raises:
        NoSuchList.
        NotNow: it is being taken over.
    """
    found = _locked(list_for(member, list_id).pk)
    if found.state in {ListState.TAKING, ListState.DONE}:
        raise NotNow
    forget(found)
    found.rows.all().delete()
    found.state, found.ended_at = ListState.DROPPED, now
    found.save(update_fields=["state", "ended_at", "file", "kept_until"])


def forget_old(workspace_id: int, *, now: datetime) -> None:
    """What was read and is not to be kept any longer."""
    with in_workspace(workspace_id):
        old = ListImport.objects.select_for_update(of=("self",), skip_locked=True).defer("file")
        for found in old.filter(kept_until__lt=now):
            forget(found)
            found.save(update_fields=["file", "kept_until"])


def waiting(workspace_id: int, *, now: datetime) -> None:
    """Ask again for the work on lists that nobody works on."""
    with in_workspace(workspace_id):
        rows = ListImport.objects.filter(state__in=UNDER_WAY, beat_at__lt=now - STALE)
        for list_id, state in rows.values_list("pk", "state"):
            if state == ListState.TAKING:
                deferring.take_list(workspace_id, list_id)
            else:
                deferring.read_list(workspace_id, list_id)


def _locked(list_id: int) -> ListImport:
    return ListImport.objects.select_for_update(of=("self",)).defer("file").get(pk=list_id)


def forget(found: ListImport) -> None:
    """The file and its rows, which may name persons."""
    found.chunks.all().delete()
    found.file, found.kept_until = None, None
