"""The hash chain of a document's events, and the seals over all documents of a workspace.

An event's hash is SHA-256 over its canonical JSON (sorted keys, no spaces, UTF-8), in which stands the hash of the
event before it; the first has 64 zeros. A seal covers the newest event of every document that changed since the
last seal. Changing, taking out or putting in an event breaks the chain; taking out a whole document contradicts
the seals.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from dojang.service.audit.actor import Actor
from dojang.service.audit.models import Event, Seal
from dojang.service.tenancy.scope import current_workspace

FIRST = "0" * 64
#: Ids of events, over all workspaces, that may be taken while one transaction is open.
_LATE = 100_000


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be recorded of one document."""

    invoice_id: int
    action: str
    from_state: str
    to_state: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a history does not hold."""

    invoice_id: int | None
    sequence: int
    ko: str
    en: str


def digest(fields: Mapping[str, Any]) -> str:
    """SHA-256 of canonical JSON, in hex."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def record(events: Iterable[NewEvent], *, actor: Actor, at: datetime) -> list[Event]:
    """Append events, each to its document's chain. The caller holds the documents' row locks."""
    events = list(events)
    heads = _heads({event.invoice_id for event in events})
    rows = []
    for event in events:
        sequence, previous = heads.get(event.invoice_id, (0, FIRST))
        row = Event(
            workspace_id=current_workspace(),
            invoice_id=event.invoice_id,
            sequence=sequence + 1,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.user_id,
            address=actor.address,
            action=event.action,
            from_state=event.from_state,
            to_state=event.to_state,
            data=dict(event.data),
            previous_hash=previous,
        )
        row.hash = digest(_event_fields(row))
        heads[event.invoice_id] = (row.sequence, row.hash)
        rows.append(row)
    return Event.objects.bulk_create(rows)


def seal(*, at: datetime) -> Seal | None:
    """Seal the heads that changed since the last seal; None where nothing did.

    One sealer at a time in a workspace: an advisory lock of the transaction. Events of transactions still open
    have lower ids than some that are covered, so each seal looks back over `_LATE` ids for heads that no seal names;
    `verify` takes heads from the seals by document.
    """
    workspace = current_workspace()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('dojang.seal', %s))", [workspace])
    last = Seal.objects.order_by("-sequence").first()
    newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    since = max(last.last_event - _LATE, 0) if last else 0
    sealed_to = _sealed_heads(since)
    heads = [
        [invoice_id, sequence, event_hash]
        for invoice_id, sequence, event_hash in _current_heads(since)
        if sealed_to.get(invoice_id, (0, ""))[0] < sequence
    ]
    if not heads and (last is None or last.last_event >= newest):
        return None
    row = Seal(
        workspace_id=workspace,
        sequence=(last.sequence if last else 0) + 1,
        at=at,
        last_event=newest,
        heads=heads,
        previous_hash=last.hash if last else FIRST,
    )
    row.hash = digest(_seal_fields(row))
    row.save(force_insert=True)
    return row


def verify() -> Iterator[Break]:
    """Every place in the open workspace where a history or the chain of seals does not hold."""
    heads: dict[int, tuple[int, str]] = {}
    for event in Event.objects.order_by("invoice_id", "sequence").iterator(chunk_size=2000):
        sequence, previous = heads.get(event.invoice_id, (0, FIRST))
        if event.sequence != sequence + 1 or event.previous_hash != previous:
            yield Break(
                event.invoice_id,
                event.sequence,
                "앞 기록과 이어지지 않습니다.",
                "does not follow the event before it.",
            )
        if digest(_event_fields(event)) != event.hash:
            yield Break(event.invoice_id, event.sequence, "기록이 바뀌었습니다.", "was changed.")
        heads[event.invoice_id] = (event.sequence, event.hash)
    yield from _verify_seals(heads)


def _verify_seals(heads: Mapping[int, tuple[int, str]]) -> Iterator[Break]:
    previous, sequence = FIRST, 0
    hashes = dict(Event.objects.values_list("hash", "id"))
    for row in Seal.objects.order_by("sequence").iterator(chunk_size=500):
        if (
            row.sequence != sequence + 1
            or row.previous_hash != previous
            or digest(_seal_fields(row)) != row.hash
        ):
            yield Break(None, row.sequence, "봉인이 이어지지 않습니다.", "the seal does not hold.")
        for invoice_id, event_sequence, event_hash in row.heads:
            if event_hash not in hashes or heads.get(invoice_id, (0, ""))[0] < event_sequence:
                yield Break(
                    invoice_id,
                    event_sequence,
                    "봉인된 기록이 없어졌습니다.",
                    "was sealed and is no longer there.",
                )
        previous, sequence = row.hash, row.sequence


def _heads(invoice_ids: set[int]) -> dict[int, tuple[int, str]]:
    newest = Event.objects.filter(invoice_id__in=invoice_ids).order_by("invoice_id", "-sequence")
    return {
        row["invoice_id"]: (row["sequence"], row["hash"])
        for row in newest.distinct("invoice_id").values("invoice_id", "sequence", "hash")
    }


def _current_heads(since: int) -> Iterator[tuple[int, int, str]]:
    """The newest event of each document that has one after this id."""
    return (
        Event.objects.filter(id__gt=since)
        .order_by("invoice_id", "-sequence")
        .distinct("invoice_id")
        .values_list("invoice_id", "sequence", "hash")
        .iterator(chunk_size=2000)
    )


def _sealed_heads(since: int) -> dict[int, tuple[int, str]]:
    """What seals say of the documents that have an event after this id: no seal that ended before can name those."""
    sealed: dict[int, tuple[int, str]] = {}
    for row in Seal.objects.order_by("-sequence").iterator(chunk_size=100):
        if row.last_event <= since:
            break
        for invoice_id, sequence, event_hash in row.heads:
            if sealed.get(invoice_id, (0, ""))[0] < sequence:
                sealed[invoice_id] = (sequence, event_hash)
    return sealed


def _event_fields(event: Event) -> dict[str, Any]:
    return {
        "workspace": event.workspace_id,
        "invoice": event.invoice_id,
        "sequence": event.sequence,
        "at": _utc(event.at),
        "actor_kind": event.actor_kind,
        "actor": event.actor_id,
        "address": event.address,
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "data": event.data,
        "previous": event.previous_hash,
    }


def _seal_fields(row: Seal) -> dict[str, Any]:
    return {
        "workspace": row.workspace_id,
        "sequence": row.sequence,
        "at": _utc(row.at),
        "last_event": row.last_event,
        "heads": row.heads,
        "previous": row.previous_hash,
    }


def _utc(at: datetime) -> str:
    return f"{at.timestamp():.6f}"
