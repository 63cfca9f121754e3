"""기재사항 착오정정 (01) of a 작성일자: a date put right does not heal an original that was too late for it.

발급기한 runs from the time of supply (부가가치세법 제34조 제3항), so that the day on which the first document was issued is held
against the right date. The law engine says so when the correction is planned; here such documents are found afterwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.codes import AmendmentReason
from dojang.etax.returns import Side
from dojang.service.law import law
from dojang.service.reports import selecting

_MISTAKE = AmendmentReason.MISTAKE.value
#: Corrections of corrections that are followed.
_MOST_STEPS = 20
_COLUMNS = ("original_issue_id", "written_on", "issued", "amendment_reason", "supply_amount")


@dataclass(frozen=True, slots=True)
class First:
    """The document that a chain of corrections began with.

    Attributes:
        issued_on: 발급일.
        reason: 수정사유, empty of an original.
    """

    issued_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class _Document:
    original_issue_id: str
    written_on: date
    issued_on: date
    reason: str
    supply_amount: int


def too_late_for_their_date(rows: QuerySet[Any], business_id: int, side: Side) -> dict[int, First]:
    """Which of some documents bear a date that the first document was issued too late for, by their id.

    What was late for its own date already is charged by itself, and what takes something back corrects no supply.
    """
    corrections = rows.filter(amendment_reason=_MISTAKE, supply_amount__gt=0).exclude(original_issue_id="")
    found = {row[0]: _Document(*row[1:]) for row in corrections.order_by().values_list("pk", *_COLUMNS)}
    known: dict[str, _Document] = {}
    wanted = {one.original_issue_id for one in found.values()}
    for _ in range(_MOST_STEPS):
        if not wanted:
            break
        targets = _by_issue_id(wanted, business_id, side)
        known |= targets
        wanted = {one.original_issue_id for one in targets.values() if one.reason == _MISTAKE} - known.keys()
    firsts = {pk: _first(one, known) for pk, one in found.items()}
    return {
        pk: First(first.issued_on, first.reason)
        for pk, first in firsts.items()
        if first is not None and _is_late(found[pk], first)
    }


def _by_issue_id(ids: Iterable[str], business_id: int, side: Side) -> Mapping[str, _Document]:
    return {
        row[0]: _Document(*row[1:])
        for rows in selecting.documents([business_id], side)
        for row in rows.filter(issue_id__in=list(ids)).order_by().values_list("issue_id", *_COLUMNS)
    }


def _first(one: _Document, known: Mapping[str, _Document]) -> _Document | None:
    """None where it is not here, or its date stands as it was."""
    target = known.get(one.original_issue_id)
    if target is None or target.written_on == one.written_on:
        return None
    for _ in range(_MOST_STEPS):
        if target is None or target.reason != _MISTAKE:
            break
        target = known.get(target.original_issue_id)
    is_found = target is not None and target.reason != _MISTAKE and target.supply_amount > 0
    return target if is_found else None


def _is_late(one: _Document, first: _Document) -> bool:
    right, own = (issue_deadline(day, law=law()).on for day in (one.written_on, first.written_on))
    return right < first.issued_on <= own
