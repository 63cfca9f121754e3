"""The ZIP of an export, piece by piece: each piece is made in a transaction of its own, from rows read by their key."""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from dojang.service.exports import readme, services, sheets, tables
from dojang.service.exports.models import Export
from dojang.service.exports.rows import by_key
from dojang.service.exports.sheets import Column
from dojang.service.invoices import documents, papers
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.records.models import Record, Side
from dojang.service.tenancy.scope import in_workspace, stream_in_workspace
from dojang.service.web.say import say
from dojang.service.web.streamed_spreadsheet import Workbook
from dojang.service.web.zipped import Archive, Pipe, Write
from dojang.service.workspaces.models import Membership, Workspace

_ROWS: Final = 1000
_DOCUMENTS: Final = 200
_PAPERS: Final = 10
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for besides the spreadsheets and JSON, which every export has.

    Attributes:
        xml: the signed originals.
        pdf_year: the forms of what was written in this year; none without one.
    """

    xml: bool = True
    pdf_year: int | None = None


@dataclass(slots=True)
class _Making:
    """One export on its way."""

    export: Export
    plan: Plan
    at: datetime
    pipe: Pipe = field(default_factory=Pipe)
    counts: Counter[str] = field(default_factory=Counter)


def stream(workspace_id: int, export: Export, plan: Plan, *, clock: Clock) -> Generator[bytes]:
    """The pieces of the ZIP, while they are read; at the end, or where reading ends, the export's row says so."""
    making = _Making(export, plan, clock())
    whole = False
    beaten = making.at
    try:
        for piece in stream_in_workspace(workspace_id, _pieces(making)):
            yield piece
            now = clock()
            if now - beaten >= services.BEAT:
                beaten = now
                with in_workspace(workspace_id):
                    services.beat(export.pk, now=now)
        whole = True
    finally:
        with in_workspace(workspace_id):
            services.end(export.pk, is_whole=whole, counts=making.counts, now=clock())


def _pieces(making: _Making) -> Iterator[bytes]:
    archive = Archive(making.pipe.write, at=making.at)
    archive.add("README.txt", readme.text(making.export, Workspace.objects.get(), at=making.at))
    for _ in _everything(making, archive):
        if making.pipe.size:
            yield making.pipe.take()
        _wait_as_long_as_it_takes()
    archive.finish()
    yield making.pipe.take()


def _everything(making: _Making, archive: Archive) -> Iterator[None]:
    """Every file; a pause wherever a transaction may end."""
    _wait_as_long_as_it_takes()
    yield from _sheet(making, archive, "세금계산서", sheets.SALES, sheets.sales())
    yield from _sheet(making, archive, "매입", sheets.RECORDS, sheets.records())
    if making.plan.xml:
        yield from _signed(making, archive)
        yield from _received(making, archive)
    if making.plan.pdf_year is not None:
        yield from _papers(making, archive, making.plan.pdf_year)
    yield from _json(making, archive)


def _wait_as_long_as_it_takes() -> None:
    """Pages have to be quick; what takes everything out may take its time. For this transaction alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def _sheet(
    making: _Making, archive: Archive, name: str, columns: tuple[Column, ...], rows: Any
) -> Iterator[None]:
    with archive.open(f"{name}.xlsx") as write:
        book = Workbook(write, sheets.headings(columns), name=name, at=making.at)
        for some in by_key(rows, _ROWS):
            for row in some:
                book.add(sheets.cells(columns, row))
            making.counts[name] += len(some)
            yield
        book.finish()


def _signed(making: _Making, archive: Archive) -> Iterator[None]:
    rows = SignedDocument.objects.select_related("invoice").only(
        "workspace_id", "document", "invoice__issue_id", "invoice__written_on"
    )
    for some in by_key(rows, _DOCUMENTS):
        for row in some:
            invoice = row.invoice
            stored = bytes(row.document)
            _put(archive, _path("XML", invoice.written_on, invoice.issue_id, "xml"), stored, row.workspace_id)
            making.counts["XML"] += 1
            making.counts["resident_numbers"] += documents.is_secret(stored)
        yield


def _received(making: _Making, archive: Archive) -> Iterator[None]:
    rows = Record.objects.filter(deleted_at=None).exclude(document=None)
    for some in by_key(rows.only("workspace_id", "document", "issue_id", "written_on", "side"), _DOCUMENTS):
        for row in some:
            folder = "매입/XML" if row.side == Side.PURCHASE else "다른 곳에서 발행한 매출/XML"
            stored = bytes(row.document or b"")
            _put(archive, _path(folder, row.written_on, row.issue_id, "xml"), stored, row.workspace_id)
            making.counts["매입 XML"] += 1
            making.counts["resident_numbers"] += documents.is_secret(stored)
        yield


def _put(archive: Archive, path: str, stored: bytes, workspace_id: int) -> None:
    """The exact bytes; they are compressed already, and go over as they are."""
    packed = documents.packed(stored, workspace_id=workspace_id)
    data = zlib.decompress(packed)
    # zlib's head and checksum are two and four bytes; a ZIP has its own.
    archive.add_deflated(path, packed[2:-4], crc=zlib.crc32(data), size=len(data))


def _papers(making: _Making, archive: Archive, year: int) -> Iterator[None]:
    rows = Invoice.objects.filter(
        written_on__range=(date(year, 1, 1), date(year, 12, 31)), signed__isnull=False
    )
    for some in by_key(rows.select_related("business"), _PAPERS):
        for invoice in some:
            path = _path("PDF", invoice.written_on, invoice.issue_id or "", "pdf")
            archive.add(path, papers.pdf_of(invoice))
            making.counts["PDF"] += 1
        yield


def _json(making: _Making, archive: Archive) -> Iterator[None]:
    shape = {f"{table.name}.jsonl": table.shape() for table in tables.TABLES}
    archive.add("JSON/shape.json", json.dumps(shape, ensure_ascii=False, indent=1).encode())
    for table in tables.TABLES:
        yield from _table(making, archive, table)


def _table(making: _Making, archive: Archive, table: tables.Table) -> Iterator[None]:
    # What has to do with each row stays in its table; only members are told with the person's name.
    rows = table.model._default_manager.all()
    if table.model is Membership:
        rows = rows.select_related("user")
    with archive.open(f"JSON/{table.name}.jsonl", big=True) as write:
        for some in by_key(rows, _ROWS):
            _lines(write, table, some)
            making.counts[table.name] += len(some)
            yield


def _lines(write: Write, table: tables.Table, rows: list[Any]) -> None:
    for row in rows:
        write(json.dumps(table.row(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _path(folder: str, day: date | None, issue_id: str | None, ending: str) -> str:
    month = f"{day:%Y-%m}" if day else say("날짜 없음", "no date")
    return f"{folder}/{month}/{issue_id or ''}.{ending}"
