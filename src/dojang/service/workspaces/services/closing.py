"""Closing a workspace and opening it again. Nothing is deleted by either."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from dojang.service.errors import Conflict, ServiceError
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Right

#: Signed, and not yet known to be with the NTS or turned down by it.
UNDER_WAY: Final = (State.ISSUED, State.SUBMITTED, State.UNKNOWN)


class OtherName(ServiceError):
    """What was typed is not the name of this workspace."""

    code = "other_name"
    ko = "작업공간 이름이 다릅니다. 위에 적힌 이름을 그대로 입력해 주세요."
    en = "That is not the name of this workspace. Type it as it stands above."


class DocumentsUnderWay(Conflict):
    """What was issued has to reach the NTS first."""

    code = "documents_under_way"
    ko = "국세청에 아직 다 전송되지 않은 세금계산서가 {count}건 있어 닫을 수 없습니다. 전송이 끝나거나 발행을 취소한 뒤에 닫아 주세요."
    en = "{count} issued invoice(s) have not been through to the NTS yet. Close it when they have, or when they are cancelled."


class ClosedAlready(Conflict):
    """It is closed."""

    code = "closed_already"
    ko = "이미 닫은 작업공간입니다."
    en = "This workspace is closed already."


class NotClosed(Conflict):
    """It is open."""

    code = "not_closed"
    ko = "닫지 않은 작업공간입니다."
    en = "This workspace is not closed."


def under_way() -> QuerySet[Invoice]:
    """What keeps the open workspace from being closed, what is to be sent first before all."""
    rows = Invoice.objects.filter(state__in=UNDER_WAY, deleted_at=None)
    return rows.defer("content", "editor", "secret").order_by("transmit_at", "id")


@transaction.atomic
def close(*, member: Member, name: str, now: datetime) -> Workspace:
    """Close the workspace: from here on it is only read and taken out.

    Args:
        member: its owner.
        name: as it was typed; has to be the workspace's.
        now: aware.

    Raises:
        PermissionDenied, ClosedAlready, OtherName, DocumentsUnderWay.
    """
    member.require(Right.OWN)
    # Waits for every request that is changing something, and keeps those that come out until it is closed.
    workspace = Workspace.objects.select_for_update().get()
    if workspace.closed_at is not None:
        raise ClosedAlready
    if " ".join(name.split()) != workspace.name:
        raise OtherName
    count = under_way().count()
    if count:
        raise DocumentsUnderWay(count=f"{count:,}")
    workspace.closed_at = now
    workspace.save(update_fields=["closed_at"])
    record("close", Subject.WORKSPACE, workspace, workspace.name, actor=member.actor, at=now)
    return workspace


@transaction.atomic
def reopen(*, member: Member, now: datetime) -> Workspace:
    """Open a closed workspace again.

    Raises:
        PermissionDenied, NotClosed.
    """
    member.require(Right.OWN)
    workspace = Workspace.objects.select_for_update(no_key=True).get()
    if workspace.closed_at is None:
        raise NotClosed
    workspace.closed_at = None
    workspace.save(update_fields=["closed_at"])
    record("reopen", Subject.WORKSPACE, workspace, workspace.name, actor=member.actor, at=now)
    return workspace
