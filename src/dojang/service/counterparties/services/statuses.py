"""휴폐업 asked for and kept: when a counterparty is added, on demand, and by the worker every week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from dojang.service.audit.actor import WORKER, Actor
from dojang.service.counterparties import access, history
from dojang.service.counterparties.models import BusinessState, Counterparty, CounterpartyChange, Kind
from dojang.service.counterparties.taxstatus import (
    MOST_NUMBERS,
    TaxStatus,
    TaxStatusService,
    Unavailable,
    configured,
)
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

FRESH: Final = timedelta(days=7)
"""How long an answer is taken for true."""
MOST_IN_ONE_RUN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a run of the worker did; `stopped_by` says why it ended before its end."""

    asked: int
    changed: int
    stopped_by: Unavailable | None


def check(
    *, member: Member, counterparty_id: int, service: TaxStatusService, now: datetime
) -> TaxStatus | Unavailable | None:
    """Ask for one counterparty and keep the answer.

    Args:
        member: needs `Right.WRITE`.
        counterparty_id: in the open workspace.
        service: whom to ask.
        now: aware.

    Returns:
        None where the service knew nothing to say, or there is no business number.

    Raises:
        PermissionDenied.
    """
    access.require(member, Right.WRITE)
    number = Counterparty.objects.values_list("number", flat=True).get(pk=counterparty_id)
    if not number:
        return None
    # Asked before the row is locked: nobody waits for another office.
    answer = service.ask([number])
    if isinstance(answer, Unavailable):
        return answer
    keep(answer, Counterparty.objects.filter(pk=counterparty_id), actor=member.actor, now=now)
    return answer.get(number)


def refresh_statuses(
    workspace_id: int, now: datetime, *, service: TaxStatusService | None = None
) -> Refreshed:
    """Ask (whom the settings name, if nobody is given) for every counterparty in use whose status is older than `FRESH`, 100 at a time.

    Called by the worker outside of any transaction: none is open while the service is asked. It ends with the first
    refusal; the rest are still old the next time.
    """
    service = service or configured()
    with in_workspace(workspace_id):
        numbers = _stale_numbers(now)
    asked = changed = 0
    for start in range(0, len(numbers), MOST_NUMBERS):
        some = numbers[start : start + MOST_NUMBERS]
        answer = service.ask(some)
        if isinstance(answer, Unavailable):
            return Refreshed(asked, changed, answer)
        with in_workspace(workspace_id):
            rows = Counterparty.objects.filter(number__in=some, archived_at=None)
            changed += keep(answer, rows, actor=WORKER, now=now)
        asked += len(some)
    return Refreshed(asked, changed, None)


def apply_status(counterparty: Counterparty, status: TaxStatus, now: datetime) -> None:
    """Put an answer into a counterparty that is saved afterwards."""
    counterparty.tax_status = status.state
    counterparty.tax_type = status.tax_type
    counterparty.tax_status_text = status.text
    counterparty.closed_on = status.closed_on
    counterparty.tax_status_checked_at = now


def forget_status(counterparty: Counterparty) -> None:
    """The number has changed: what was said of the old one says nothing."""
    counterparty.tax_status = counterparty.tax_type = counterparty.tax_status_text = ""
    counterparty.closed_on = counterparty.tax_status_checked_at = None


_COLUMNS: Final = ("tax_status", "tax_type", "tax_status_text", "closed_on", "tax_status_checked_at")


def _stale_numbers(now: datetime) -> Sequence[str]:
    """Oldest first, those never asked before all others."""
    stale = Q(tax_status_checked_at=None) | Q(tax_status_checked_at__lt=now - FRESH)
    rows = Counterparty.objects.filter(stale, kind=Kind.BUSINESS, archived_at=None).exclude(number="")
    ordered = rows.order_by(F("tax_status_checked_at").asc(nulls_first=True), "id")
    return list(dict.fromkeys(ordered.values_list("number", flat=True)[:MOST_IN_ONE_RUN]))


def keep(
    answer: Mapping[str, TaxStatus], rows: QuerySet[Counterparty], *, actor: Actor, now: datetime
) -> int:
    """Save what was said; returns of how many it is news. Versions stay: no editor typed any of it."""
    with transaction.atomic():
        found = [row for row in rows.select_for_update(of=("self",)).order_by("pk") if row.number in answer]
        news = []
        for row in found:
            before = described(row)
            apply_status(row, answer[row.number], now)
            if described(row) != before:
                changes = {"tax_status": (before, described(row))}
                news.append(history.entry(row, "tax_status", changes, actor=actor, now=now))
        Counterparty.objects.bulk_update(found, _COLUMNS, batch_size=500)
        CounterpartyChange.objects.bulk_create(news)
    return len(news)


def described(counterparty: Counterparty) -> str:
    """The status as a history shows it: 폐업자 2026-10-31 · 부가가치세 일반과세자."""
    if not counterparty.tax_status:
        return ""
    state = BusinessState(counterparty.tax_status).label
    day = f" {counterparty.closed_on.isoformat()}" if counterparty.closed_on else ""
    text = "" if counterparty.tax_status == BusinessState.UNREGISTERED else counterparty.tax_status_text
    return f"{state}{day} · {text}" if text else f"{state}{day}"
