"""A closed workspace: everything can be read and taken out, nothing is written.

Requests under its address are asked in one place, the middleware; what writes in it from elsewhere (an invitation, a
buyer's look, a delivery) asks `hold_open`.
"""

from typing import Final

from django.db import connection
from django.http import HttpRequest

from dojang.service.errors import Conflict
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.models import Workspace

#: What may be sent to a closed workspace, by the names of addresses: taking out what is in it, and opening it again.
STILL_TAKEN: Final = frozenset({"export", "history_verify", "invoices_pdf", "workspace_reopen"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class WorkspaceClosed(Conflict):
    """Nothing is written in a closed workspace."""

    code = "workspace_closed"
    ko = "닫은 작업공간이라 바꿀 수 없습니다. 보기와 내려받기는 됩니다. 계속 쓰려면 소유자가 설정에서 다시 열어야 합니다."
    en = "This workspace is closed: it can be read and taken out, not changed. Its owner can open it again in the settings."


def hold(request: HttpRequest) -> None:
    """Keep the open workspace from being closed until a request that may change something has ended.

    The weakest lock there is: requests don't wait for each other, and closing waits for all of them.
    """
    if request.method in _SAFE:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {Workspace._meta.db_table} WHERE id = %s FOR KEY SHARE", [current_workspace()]
        )


def hold_open() -> bool:
    """Whether the open workspace is there and not closed; then it stays so until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT closed_at IS NULL FROM {Workspace._meta.db_table} WHERE id = %s FOR KEY SHARE",
            [current_workspace()],
        )
        found = cursor.fetchone()
        return found is not None and bool(found[0])


def refuse_change(request: HttpRequest, workspace: Workspace) -> None:
    """Refuse what would change a closed workspace.

    Raises:
        WorkspaceClosed.
    """
    if workspace.closed_at is None or request.method in _SAFE:
        return
    match = request.resolver_match
    if match is None or match.url_name not in STILL_TAKEN:
        raise WorkspaceClosed
