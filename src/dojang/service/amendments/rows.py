"""An amendment's row: begun, found, locked together with what may change it, saved.

Whoever changes a deal holds its lock first, then the rows of invoices, then the amendment's.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dojang.service.amendments import locking
from dojang.service.amendments.chains import Deal
from dojang.service.amendments.errors import AlreadyIssued, AmendmentWithdrawn, NotAsking
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.invoices.changes import lock
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Record
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

_STATES_EN = {
    AmendmentState.PREPARED: "prepared",
    AmendmentState.ISSUED: "issued",
    AmendmentState.WITHDRAWN: "given up",
}


def begin(member: Member, target: Invoice | Record, deal: Deal, now: datetime, **values: Any) -> Amendment:
    """A new one, of which nothing was answered."""
    return Amendment.objects.create(
        workspace_id=current_workspace(),
        business_id=target.business_id,
        target=target if isinstance(target, Invoice) else None,
        record=target if isinstance(target, Record) else None,
        chain=deal.key,
        started_by_id=member.user_id,
        started_at=now,
        changed_by_id=member.user_id,
        changed_at=now,
        **values,
    )


def found(member: Member, amendment_id: int) -> Amendment:
    """One of a business for which the member may write.

    Raises:
        Amendment.DoesNotExist, PermissionDenied.
    """
    row = Amendment.objects.select_related(
        "business", "target", "target__business", "target__counterparty", "record", "record__business",
        "record__counterparty", "mends", "changed_by",
    ).get(pk=amendment_id)  # fmt: skip
    member.require(Right.WRITE, row.business_id)
    return row


def locked(member: Member, amendment_id: int) -> Amendment:
    """The same, for this transaction alone."""
    Amendment.objects.select_for_update().get(pk=amendment_id)
    return found(member, amendment_id)


def asking(member: Member, amendment_id: int) -> Amendment:
    """The same, while its questions are open.

    Raises:
        NotAsking: with what is to be done first.
    """
    row = locked(member, amendment_id)
    if row.state != AmendmentState.ASKING:
        prepared = row.state == AmendmentState.PREPARED
        raise NotAsking(
            state=AmendmentState(row.state).label,
            state_en=_STATES_EN[AmendmentState(row.state)],
            remedy_ko="먼저 ‘답 고치기’를 누르세요." if prepared else "발행한 문서에서 새로 시작하세요.",
            remedy_en="Choose to change the answers first." if prepared else "Begin another on its document.",
        )
    return row


def closed_to_signing(member: Member, amendment_id: int) -> Amendment:
    """The row, while nobody can sign its documents, nor those prepared beside it: the deals are held, and so are they."""
    row = found(member, amendment_id)
    hold_deals(row)
    lock(one for amendment in with_others(row) for one in documents_of(amendment))
    row = locked(member, amendment_id)
    require_open(row)
    return row


def hold_deals(row: Amendment, *further: str) -> None:
    """Its deal, these, and those of what is prepared beside it; also what was prepared while this waited."""
    held: set[str] = set()
    while missing := {*further, *(one.chain for one in with_others(row))} - held:
        locking.hold(missing)
        held |= missing


def require_open(row: Amendment) -> None:
    """Refuse what is over.

    Raises:
        AlreadyIssued, AmendmentWithdrawn.
    """
    if row.state == AmendmentState.ISSUED:
        raise AlreadyIssued
    if row.state == AmendmentState.WITHDRAWN:
        raise AmendmentWithdrawn


def saved(row: Amendment, member: Member, now: datetime, *columns: str) -> Amendment:
    """Write columns, and who changed it last."""
    row.version += 1
    row.changed_by_id, row.changed_at = member.user_id, now
    row.save(update_fields=[*columns, "version", "changed_by", "changed_at"])
    return row


def documents_of(row: Amendment) -> list[int]:
    """The ids of the invoices that were made of it."""
    return list(row.documents.values_list("invoice_id", flat=True))


def with_others(row: Amendment) -> Iterator[Amendment]:
    """It, and what is prepared beside it for other documents of the same contract."""
    yield row
    yield from row.others.filter(state=AmendmentState.PREPARED).order_by("pk")
