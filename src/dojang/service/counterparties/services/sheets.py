"""A spreadsheet taken over: uploaded, looked at, applied. The same file twice changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from dojang.service import workbooks
from dojang.service.counterparties import access, history
from dojang.service.counterparties.details import FIELDS, Details
from dojang.service.counterparties.errors import SheetGone, SheetOvertaken, SheetTooLarge, SheetUnreadable
from dojang.service.counterparties.models import Contact, Counterparty, CounterpartyChange, SheetUpload
from dojang.service.counterparties.services.editing import contact_rows, derive
from dojang.service.counterparties.sheets import reading
from dojang.service.counterparties.sheets.columns import find_headings
from dojang.service.counterparties.sheets.planning import Plan, PlannedRow, Verdict, hide_persons, make_plan
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

KEPT: Final = timedelta(days=1)
_BATCH: Final = 1_000
_COLUMNS: Final = (*FIELDS, "search", "name_key", "version")


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows did what."""

    new: int
    changed: int
    unchanged: int
    skipped: int


def upload(*, member: Member, content: bytes, file_name: str, now: datetime) -> SheetUpload:
    """Read a file and keep its rows until they are applied; resident numbers in it are not kept.

    Args:
        member: needs `Right.WRITE`.
        content: of an .xlsx, .xls or .csv file.
        file_name: as people call it.
        now: aware.

    Raises:
        PermissionDenied, SheetTooLarge, SheetUnreadable, SheetWithoutName, SheetEmpty.
    """
    access.require(member, Right.WRITE)
    try:
        rows = reading.read(content)
    except workbooks.TooLarge:
        raise SheetTooLarge from None
    except workbooks.Unreadable:
        raise SheetUnreadable from None
    rows = [[cell.replace("\x00", "") for cell in row] for row in rows]
    headings = find_headings(rows)
    if len(rows) - headings.row - 1 > reading.MOST_ROWS:
        raise SheetTooLarge
    SheetUpload.objects.filter(at__lt=now - KEPT).delete()
    person = member.actor.user_id
    assert person is not None  # noqa: S101 - a member is a person
    return SheetUpload.objects.create(
        workspace=member.workspace,
        by_id=person,
        at=now,
        file_name=" ".join(file_name.replace("\x00", "").split())[:200],
        rows=hide_persons(rows, headings),
    )


def preview(*, member: Member, upload_id: int, now: datetime) -> tuple[SheetUpload, Plan]:
    """What an upload would change now.

    Raises:
        PermissionDenied.
        SheetGone: it was applied, is too old, or is somebody else's.
    """
    access.require(member, Right.WRITE)
    found = _uploads(member, now).filter(pk=upload_id).first()
    if found is None:
        raise SheetGone
    return found, _plan(found, _existing())


def apply(*, member: Member, upload_id: int, now: datetime) -> Applied:
    """Do what a preview would show now: new ones added, changed ones changed, each with its entry in the history.

    Raises:
        PermissionDenied, SheetGone.
        SheetOvertaken: someone added one of the numbers at the same moment; nothing was changed.
    """
    access.require(member, Right.WRITE)
    try:
        with transaction.atomic():
            found = _uploads(member, now).select_for_update(of=("self",)).filter(pk=upload_id).first()
            if found is None:
                raise SheetGone
            plan = _plan(found, _existing().select_for_update(of=("self",)).order_by("pk"))
            _change(plan.of(Verdict.CHANGED), member, now)
            _add(plan.of(Verdict.NEW), member, now)
            found.delete()
    except IntegrityError:
        raise SheetOvertaken from None
    return Applied(*(plan.count(verdict) for verdict in Verdict))


def _uploads(member: Member, now: datetime) -> QuerySet[SheetUpload]:
    return SheetUpload.objects.filter(by_id=member.actor.user_id, at__gte=now - KEPT)


def _existing() -> QuerySet[Counterparty]:
    return Counterparty.objects.filter(merged_into=None).prefetch_related("contacts")


def _plan(found: SheetUpload, existing: QuerySet[Counterparty]) -> Plan:
    rows: list[list[str]] = found.rows
    return make_plan(rows, find_headings(rows), existing)


def _change(rows: list[PlannedRow], member: Member, now: datetime) -> None:
    targets: list[Counterparty] = []
    contacts: list[Contact] = []
    entries: list[CounterpartyChange] = []
    replaced: list[int] = []
    for row in rows:
        assert row.target is not None  # noqa: S101
        assert row.details is not None  # noqa: S101
        changes = row.changes or {}
        _fill(row.target, row.details)
        row.target.version += 1
        targets.append(row.target)
        if "contacts" in changes:
            replaced.append(row.target.pk)
            contacts += contact_rows(row.target, row.details.contacts)
        entries.append(history.entry(row.target, "import", changes, actor=member.actor, now=now))
    Counterparty.objects.bulk_update(targets, _COLUMNS, batch_size=_BATCH)
    Contact.objects.filter(counterparty_id__in=replaced).delete()
    Contact.objects.bulk_create(contacts, batch_size=_BATCH)
    CounterpartyChange.objects.bulk_create(entries, batch_size=_BATCH)


def _add(rows: list[PlannedRow], member: Member, now: datetime) -> None:
    added: list[Counterparty] = []
    for row in rows:
        assert row.details is not None  # noqa: S101
        counterparty = Counterparty(workspace=member.workspace, created_at=now)
        _fill(counterparty, row.details)
        added.append(counterparty)
    Counterparty.objects.bulk_create(added, batch_size=_BATCH)
    contacts: list[Contact] = []
    entries: list[CounterpartyChange] = []
    for row, counterparty in zip(rows, added, strict=True):
        contacts += contact_rows(counterparty, row.details.contacts if row.details else ())
        entries.append(history.entry(counterparty, "import", row.changes or {}, actor=member.actor, now=now))
    Contact.objects.bulk_create(contacts, batch_size=_BATCH)
    CounterpartyChange.objects.bulk_create(entries, batch_size=_BATCH)


def _fill(counterparty: Counterparty, details: Details) -> None:
    for name in FIELDS:
        setattr(counterparty, name, getattr(details, name))
    derive(counterparty)
