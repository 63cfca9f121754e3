"""확인, 공제·불공제, 고정자산, 메모: of one purchase or many, each with an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dojang.service.records import events
from dojang.service.records.errors import NoPurchase, NothingToDeduct, UnknownChoice
from dojang.service.records.locking import locked_many
from dojang.service.records.models import Check, NotDeductible, Record, Side
from dojang.service.workspaces.members import Member

_LONGEST = 200
_COLUMNS = ["check_state", "not_deductible", "fixed_asset", "note", "version", "changed_at"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided; None leaves it as it is.

    Attributes:
        not_deductible: a code of `NotDeductible`, or empty for 공제.
        fixed_asset: 고정자산 매입.
        note: 메모.
    """

    not_deductible: str | None = None
    fixed_asset: bool | None = None
    note: str | None = None


@transaction.atomic
def check(
    *, member: Member, versions: Mapping[int, int | None], checked: bool = True, now: datetime
) -> list[Record]:
    """확인, or that taken back: those that are so already stay as they are, and so do those asked to be corrected.

    Args:
        member: needs the right to write for each business.
        versions: by id, the version that was shown; None from a list.
        checked: False to take it back.
        now: aware.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, NoPurchase: then none is changed.
    """
    before, after = (Check.TO_CHECK, Check.CHECKED) if checked else (Check.CHECKED, Check.TO_CHECK)
    rows = _purchases(member, versions)
    changed = [row for row in rows if row.check_state == before]
    for row in changed:
        row.check_state = after
    _save(changed, now)
    action = "checked" if checked else "unchecked"
    events.note_many([(row, {}) for row in changed], action, actor=member.actor, now=now)
    return changed


@transaction.atomic
def decide(
    *, member: Member, versions: Mapping[int, int | None], decision: Decision, now: datetime
) -> list[Record]:
    """Save a decision, which is a check as well; what a supplier was asked to correct stays asked.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, NoPurchase, UnknownChoice.
        NothingToDeduct: one of them carries no input tax; then none is changed.
    """
    if decision.not_deductible and decision.not_deductible not in NotDeductible.values:
        raise UnknownChoice
    rows = _purchases(member, versions)
    if decision.not_deductible and not all(carries_tax(row) for row in rows):
        raise NothingToDeduct
    told: list[tuple[Record, Mapping[str, Any]]] = []
    for row in rows:
        changes = _apply(row, decision)
        if row.check_state == Check.TO_CHECK:
            row.check_state = Check.CHECKED
            changes["check_state"] = [Check.TO_CHECK.value, Check.CHECKED.value]
        if changes:
            told.append((row, changes))
    changed = [row for row, _ in told]
    _save(changed, now)
    events.note_many(told, "decided", actor=member.actor, now=now)
    return changed


def carries_tax(record: Record) -> bool:
    """Whether there is input tax to deduct; one that takes tax back carries some as well."""
    return record.side == Side.PURCHASE and record.tax_amount != 0


def _purchases(member: Member, versions: Mapping[int, int | None]) -> list[Record]:
    rows = locked_many(member, versions)
    if any(row.side != Side.PURCHASE for row in rows):
        raise NoPurchase
    return rows


def _apply(row: Record, decision: Decision) -> dict[str, list[Any]]:
    note = decision.note if decision.note is None else " ".join(decision.note.split())[:_LONGEST]
    wanted = {
        "not_deductible": decision.not_deductible,
        "fixed_asset": decision.fixed_asset,
        "note": note,
    }
    changes: dict[str, list[Any]] = {}
    for name, value in wanted.items():
        before = getattr(row, name)
        if value is not None and value != before:
            setattr(row, name, value)
            changes[name] = [before, value]
    return changes


def _save(rows: list[Record], now: datetime) -> None:
    for row in rows:
        row.version += 1
        row.changed_at = now
        row.save(update_fields=_COLUMNS)
