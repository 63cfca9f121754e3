"""Lists of 홈택스 as files, and what the worker makes of them."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from service_world import NOW, acting, details, make_workspace
from spreadsheet_files import xlsx

from dojang.service.hometax import importing, looking, taking
from dojang.service.hometax.models import ListImport, ListRow
from dojang.service.records.models import Record
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Workspace

sys.path.append(str(Path(__file__).parent.parent / "hometax"))

from hometax_lists import HEADINGS, OTHER, OURS, THIRD, a_list, issue_id, row

__all__ = ["HEADINGS", "OTHER", "OURS", "THIRD", "a_list", "issue_id", "plain_id", "row"]


def plain_id(serial: int = 1) -> str:
    """As it is kept."""
    return issue_id(serial).replace("-", "")


def workspace_of_list(number: str = OURS) -> Workspace:
    """A workspace whose business the lists are about."""
    return make_workspace(business=details(number))


def upload(
    workspace: Workspace, *rows: Any, content: bytes | None = None, member: Member | None = None, now: datetime = NOW,
    **values: Any,
) -> ListImport:  # fmt: skip
    """A file is uploaded; nobody has read it yet."""
    data = xlsx(*a_list(*rows, **values)) if content is None else content
    with in_workspace(workspace.pk):
        return importing.upload(
            member=member or acting(workspace), content=data, file_name="매출.xlsx", now=now
        )


def looked(workspace: Workspace, *rows: Any, now: datetime = NOW, **values: Any) -> ListImport:
    """It was uploaded, and the worker has read it."""
    found = upload(workspace, *rows, now=now, **values)
    looking.read_list(workspace.pk, found.pk, clock=lambda: now)
    return again(workspace, found)


def taken(workspace: Workspace, *rows: Any, now: datetime = NOW, **values: Any) -> ListImport:
    """It was taken over as well."""
    found = looked(workspace, *rows, now=now, **values)
    with in_workspace(workspace.pk):
        importing.start(member=acting(workspace), list_id=found.pk, now=now)
    taking.take_list(workspace.pk, found.pk, clock=lambda: now)
    return again(workspace, found)


def again(workspace: Workspace, found: ListImport) -> ListImport:
    """As it stands now."""
    with in_workspace(workspace.pk):
        return ListImport.objects.get(pk=found.pk)


def rows_of(workspace: Workspace, found: ListImport) -> list[ListRow]:
    """What pages show."""
    with in_workspace(workspace.pk):
        return list(found.rows.select_related("record", "invoice").order_by("pk"))


def records(workspace: Workspace) -> list[Record]:
    """All documents of others."""
    with in_workspace(workspace.pk):
        return list(Record.objects.select_related("business").order_by("pk"))
