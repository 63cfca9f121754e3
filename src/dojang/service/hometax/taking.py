"""Rows of a list become documents, portion by portion; what is here already is left as it is."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection
from django.db.models import F

from dojang.service.audit.actor import Actor
from dojang.service.counterparties.models import Counterparty
from dojang.service.hometax import chunks
from dojang.service.hometax.comparing import Compared, Comparison
from dojang.service.hometax.looking import PORTION, REAL, Clock
from dojang.service.hometax.models import ListChunk, ListImport, ListRow, ListState, Verdict
from dojang.service.records import content, correcting, events
from dojang.service.records.models import Record, Source
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import closed
from dojang.service.workspaces.models import Business

_TRIES: Final = 5
_Finder = Callable[[Record], Counterparty | None]


def take_list(workspace_id: int, list_id: int, *, clock: Clock) -> None:
    """Take over all portions that nobody has taken yet: the worker's job."""
    while _portion_tried(workspace_id, list_id, clock):
        pass


def _portion_tried(workspace_id: int, list_id: int, clock: Clock) -> bool:
    for attempt in range(1, _TRIES + 1):
        try:
            with in_workspace(workspace_id):
                return _portion(list_id, clock())
        except IntegrityError:
            # One of the documents came in another way in this moment: the next look finds it here.
            if attempt == _TRIES:
                raise
    return False


def _portion(list_id: int, now: datetime) -> bool:
    """Take one portion; False when there is none left, or none for this worker."""
    if not closed.hold_open():
        return False
    found = ListImport.objects.defer("file").filter(pk=list_id, state=ListState.TAKING).first()
    if found is None:
        return False
    untaken = ListChunk.objects.filter(source=found, taken_at=None).order_by("number")
    chunk = untaken.select_for_update(skip_locked=True, of=("self",)).first()
    if chunk is None:
        _end(list_id, now)
        return False
    rows = chunks.unpack(chunk.rows, workspace_id=chunk.workspace_id)
    businesses = Business.objects.filter(pk__in=found.business_ids).defer("seal_image")
    compared = Comparison(rows, {one.number: one for one in businesses})
    made = _make(found, compared, now)
    chunk.taken_at = now
    chunk.save(update_fields=["taken_at"])
    ListImport.objects.filter(pk=list_id).update(taken=F("taken") + made, beat_at=now)
    return True


def _end(list_id: int, now: datetime) -> None:
    """The last portion is taken; while another worker has one, it will be that one that ends it."""
    ListImport.objects.select_for_update(of=("self",)).filter(pk=list_id).values_list("pk").first()
    if not ListChunk.objects.filter(source_id=list_id, taken_at=None).exists():
        rows = ListImport.objects.filter(pk=list_id, state=ListState.TAKING)
        rows.update(state=ListState.DONE, ended_at=now)


def _make(found: ListImport, compared: Iterable[Compared], now: datetime) -> int:
    """Documents of the rows that are not here yet."""
    rows: dict[tuple[int, str, str], Compared] = {}
    for one in compared:
        if one.verdict in {Verdict.NEW, Verdict.DRAFT} and one.document and one.business:
            rows.setdefault((one.business.pk, one.side, one.document.issue_id or ""), one)
    finder = _counterparties(list(rows.values()), found.workspace_id)
    records = [_record(found, one, finder, now) for one in rows.values()]
    _insert(records)
    actor = Actor("user", found.taken_by_id)
    events.note_many([(one, {"list": found.pk}) for one in records], "listed", actor=actor, now=now)
    for record in records:
        if record.original_issue_id:
            correcting.answer_with(record, actor=actor, now=now)
    _link(found, records)
    return len(records)


def _insert(records: Sequence[Record]) -> None:
    """Write rows: one statement, sent for each row in a pipeline.

    Django's `bulk_create` makes one statement of thousands of values, which takes longer to build than to run.
    """
    if not records:
        return
    fields = Record._meta.concrete_fields
    table, names = Record._meta.db_table, ", ".join(field.attname for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [len(records)])
        for record, (number,) in zip(records, cursor.fetchall(), strict=True):
            record.pk = number
        values = [
            [field.get_db_prep_save(field.pre_save(record, add=True), connection) for field in fields]
            for record in records
        ]
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)
    for record in records:
        record._state.adding = False


def _record(found: ListImport, one: Compared, finder: _Finder, now: datetime) -> Record:
    assert one.document is not None  # noqa: S101
    record = Record(
        workspace_id=found.workspace_id,
        business=one.business,
        side=one.side,
        source=Source.HOMETAX,
        way_out=REAL,
        issued_on=one.row.day("issued_on"),
        sent_on=one.row.day("sent_on"),
        created_by_id=found.taken_by_id,
        created_at=now,
        changed_at=now,
    )
    content.fill(record, one.document, counterparty=finder)
    return record


def _counterparties(rows: Sequence[Compared], workspace_id: int) -> _Finder:
    """`content.counterparty_of` for many at once: people are still asked for one by one, there are few."""
    numbers = set()
    for one in rows:
        if one.document is not None:
            numbers |= {one.document.supplier.business_number, one.document.buyer.number}
    known: dict[str, list[Counterparty]] = {}
    for row in Counterparty.objects.filter(archived_at=None, number__in=numbers).order_by(
        "branch_number", "pk"
    ):
        known.setdefault(row.number, []).append(row)

    def find(record: Record) -> Counterparty | None:
        if record.party_hmac:
            return content.counterparty_of(record)
        found = known.get(record.party_number, []) if record.party_number else []
        branch = content.party_of(record.content, record.side).get("branch_number") or ""
        return next((one for one in found if one.branch_number == branch), found[0] if found else None)

    return find


def _link(found: ListImport, records: Iterable[Record]) -> None:
    """Rows that pages show lead to the documents that were made of them."""
    made = {(one.business_id, one.side, one.issue_id): one for one in records}
    shown = ListRow.objects.filter(
        source=found, verdict__in=(Verdict.NEW, Verdict.DRAFT), issue_id__in={key[2] for key in made}
    )
    rows = []
    for row in shown:
        record = made.get((row.business_id or 0, row.side, row.issue_id))
        if record is not None:
            row.record = record
            rows.append(row)
    ListRow.objects.bulk_update(rows, ["record"], batch_size=PORTION)
