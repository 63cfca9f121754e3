"""The hash chain of a document's events, and the seals over all documents of a workspace.

An event's hash is SHA-256 over its canonical JSON (sorted keys, no spaces, UTF-8), in which stands the hash of the
event before it; the first has 64 zeros. A seal covers the newest event of every document that changed since the
last seal. Changing, taking out or putting in an event breaks the chain; taking out a whole document contradicts
the seals.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from dojang.service.audit.actor import Actor
from dojang.service.audit.models import Event, Seal, Unsealed
from dojang.service.tenancy.scope import current_workspace

FIRST = "0" * 64
# Read at a time.
_HEADS, _SEALS = 5000, 200
#: Ids of events, over all workspaces, that may be taken while one transaction is open.
_LATE = 100_000
# What is told of a break.
_NOT_NEXT = ("앞 기록과 이어지지 않습니다.", "does not follow the event before it.")
_CHANGED = ("기록이 바뀌었습니다.", "was changed.")
_GONE = ("봉인된 기록이 없어졌습니다.", "was sealed and is no longer there.")
_UNSEALED = ("봉인되지 않도록 빼놓은 기록입니다.", "was kept from being sealed.")


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
    Unsealed.objects.bulk_create(
        Unsealed(workspace_id=current_workspace(), invoice_number=invoice_id)
        for invoice_id in dict.fromkeys(row.invoice_id for row in rows)
    )
    return Event.objects.bulk_create(rows)


def seal(*, at: datetime) -> Seal | None:
    """Seal the heads that changed since the last seal; None where nothing did.

    One sealer at a time in a workspace: an advisory lock of the transaction. Its work is in proportion to what
    changed, however long the histories are.
    """
    workspace = current_workspace()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('dojang.seal', %s))", [workspace])
        cursor.execute(f"DELETE FROM {Unsealed._meta.db_table} RETURNING invoice_number")
        changed = sorted({invoice_id for (invoice_id,) in cursor.fetchall()})
    if not changed:
        return None
    last = Seal.objects.order_by("-sequence").first()
    heads = list(_new_heads(changed))
    newest = max(event_id for event_id, _ in heads)
    row = Seal(
        workspace_id=workspace,
        sequence=(last.sequence if last else 0) + 1,
        at=at,
        last_event=max(newest, last.last_event if last else 0),
        heads=[head for _, head in heads],
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
            yield Break(event.invoice_id, event.sequence, *_NOT_NEXT)
        if digest(_event_fields(event)) != event.hash:
            yield Break(event.invoice_id, event.sequence, *_CHANGED)
        heads[event.invoice_id] = (event.sequence, event.hash)
    yield from _verify_seals(heads)


def verify_document(invoice_id: int) -> Iterator[Break]:
    """Every place where the history of one document of the open workspace does not hold, its seals included."""
    head: tuple[int, str] | None = None
    last_at: datetime | None = None
    for event in Event.objects.filter(invoice_id=invoice_id).order_by("sequence").iterator(chunk_size=500):
        sequence, previous = head or (0, FIRST)
        if event.sequence != sequence + 1 or event.previous_hash != previous:
            yield Break(invoice_id, event.sequence, *_NOT_NEXT)
        if digest(_event_fields(event)) != event.hash:
            yield Break(invoice_id, event.sequence, *_CHANGED)
        head, last_at = (event.sequence, event.hash), event.at
    if head is None or last_at is None:
        return
    # What is sealed while this looks is no break: asked before the seals are.
    waits = Unsealed.objects.filter(invoice_number=invoice_id).exists()
    later = _seals_from(invoice_id, last_at)
    if any(sequence > head[0] for sequence, _ in later):
        yield Break(invoice_id, head[0], *_GONE)
    elif not waits and head not in later:
        yield Break(invoice_id, head[0], *_UNSEALED)


def _seals_from(invoice_id: int, at: datetime) -> list[tuple[int, str]]:
    """How the seals since then name a document: sequence and hash of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (head->>1)::int, head->>2 FROM {Seal._meta.db_table}, jsonb_array_elements(heads) AS head "
            "WHERE workspace_id = %s AND at >= %s AND head->0 = to_jsonb(%s::bigint)",
            [current_workspace(), at, invoice_id],
        )
        return [(int(sequence), str(event_hash)) for sequence, event_hash in cursor.fetchall()]


def _verify_seals(heads: Mapping[int, tuple[int, str]]) -> Iterator[Break]:
    previous, sequence = FIRST, 0
    sealed: dict[int, int] = {}
    # Read before the seals: what is sealed meanwhile is found among them.
    waiting = set(Unsealed.objects.values_list("invoice_number", flat=True))
    for rows in _in_parts(Seal.objects.order_by("sequence").iterator(chunk_size=_SEALS), _SEALS):
        there = _hashes_named_in(rows)
        for row in rows:
            if (
                row.sequence != sequence + 1
                or row.previous_hash != previous
                or digest(_seal_fields(row)) != row.hash
            ):
                yield Break(None, row.sequence, "봉인이 이어지지 않습니다.", "the seal does not hold.")
            for invoice_id, event_sequence, event_hash in row.heads:
                if there.get((invoice_id, event_sequence)) != event_hash:
                    yield Break(invoice_id, event_sequence, *_GONE)
                sealed[invoice_id] = max(event_sequence, sealed.get(invoice_id, 0))
            previous, sequence = row.hash, row.sequence
    for invoice_id, (event_sequence, _) in heads.items():
        if sealed.get(invoice_id, 0) < event_sequence and invoice_id not in waiting:
            yield Break(invoice_id, event_sequence, *_UNSEALED)


def _hashes_named_in(rows: Iterable[Seal]) -> dict[tuple[int, int], str]:
    """The events that seals name, as they are there now."""
    named = [(head[0], head[1]) for row in rows for head in row.heads]
    events = Event.objects.filter(
        invoice_id__in={invoice_id for invoice_id, _ in named},
        sequence__in={sequence for _, sequence in named},
    )
    return {
        (invoice_id, sequence): event_hash
        for invoice_id, sequence, event_hash in events.values_list("invoice_id", "sequence", "hash")
    }


def _in_parts(rows: Iterator[Seal], size: int) -> Iterator[list[Seal]]:
    while part := list(islice(rows, size)):
        yield part


def _heads(invoice_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    newest = Event.objects.filter(invoice_id__in=invoice_ids).order_by("invoice_id", "-sequence")
    return {
        row["invoice_id"]: (row["sequence"], row["hash"])
        for row in newest.distinct("invoice_id").values("invoice_id", "sequence", "hash")
    }


def _new_heads(invoice_ids: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
    """Each document's newest event: its id, and how a seal names it."""
    for start in range(0, len(invoice_ids), _HEADS):
        part = invoice_ids[start : start + _HEADS]
        newest = Event.objects.filter(invoice_id__in=part).order_by("invoice_id", "-sequence")
        rows = newest.distinct("invoice_id").values_list("id", "invoice_id", "sequence", "hash")
        for event_id, invoice_id, sequence, event_hash in rows:
            yield event_id, [invoice_id, sequence, event_hash]


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
