"""The worker's first job with a list: it is read, and each row is compared with what is here.

Done portion by portion, each in a transaction of its own; whoever begins anew begins empty, and whoever was overtaken
stops at the next portion.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db.models import Q

from dojang.etax.codes import Taxation
from dojang.hometax.lists import Finding, Row, read
from dojang.service import workbooks
from dojang.service.errors import ServiceError
from dojang.service.hometax import chunks, importing, reading
from dojang.service.hometax.chunks import Kept
from dojang.service.hometax.comparing import Compared, Comparison
from dojang.service.hometax.errors import ListTooLarge, ListUnreadable, NoHeadings
from dojang.service.hometax.models import ListChunk, ListImport, ListRow, ListState, Verdict
from dojang.service.invoices.consigned import IS_CONSIGNED
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.records.models import Side
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import closed
from dojang.service.workspaces.models import Business

PORTION: Final = 500
MOST_SHOWN: Final = {
    Verdict.NEW: 100, Verdict.SAME: 0, Verdict.OTHER: 100, Verdict.WRONG: 2000, Verdict.DIFFERENT: 5000,
    Verdict.DRAFT: 5000, Verdict.MISSING: 2000,
}  # fmt: skip
"""Rows of a kind that pages show; all are counted."""
REAL: Final = "nts"
_OF_SHEETS: Final = frozenset({"no_headings", "missing_column", "unknown_column", "column_again"})
_LOOKED_AHEAD: Final = 100
"""Rows that are read before the first one is told of: at least as many as titles may have."""
_MOST_FINDINGS: Final = 100
_MOST_RUNS: Final = 5
"""A file that ends the worker each time is not read for ever."""
Clock = Callable[[], datetime]


class _Overtaken(Exception):
    """Somebody else reads it anew, or it was dropped."""


def read_list(workspace_id: int, list_id: int, *, clock: Clock) -> None:
    """Read a file and look at its rows: the worker's job. Begun twice, the later one goes on alone."""
    begun = _begin(workspace_id, list_id, clock())
    if begun is None:
        return
    found, content = begun
    reader = _Reader(found, clock)
    try:
        reader.read(content)
    except _Overtaken:
        return
    except (workbooks.TooLarge, workbooks.Unreadable, NoHeadings) as error:
        refusals: dict[type[Exception], type[ServiceError]] = {
            workbooks.TooLarge: ListTooLarge,
            workbooks.Unreadable: ListUnreadable,
        }
        refused = refusals.get(type(error), NoHeadings)
        with in_workspace(workspace_id):
            reader.end(ListState.REFUSED, refusal=refused.code)
        return
    with in_workspace(workspace_id):
        reader.end(ListState.LOOKED)


def _begin(workspace_id: int, list_id: int, now: datetime) -> tuple[ListImport, bytes] | None:
    with in_workspace(workspace_id):
        if not closed.hold_open():
            return None
        found = ListImport.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
        if found is None or found.state not in {ListState.WAITING, ListState.READING} or found.file is None:
            return None
        if found.run >= _MOST_RUNS:
            importing.forget(found)
            found.state, found.refusal, found.ended_at = ListState.REFUSED, ListUnreadable.code, now
            found.save()
            return None
        content = chunks.open_file(found.file, workspace_id=workspace_id)
        found.chunks.all().delete()
        found.rows.all().delete()
        found.state, found.beat_at, found.run = ListState.READING, now, found.run + 1
        found.counts, found.findings, found.first_day, found.last_day = {}, [], None, None
        found.save()
        found.file = None
        return found, content


class _Reader:
    """Reads one file, portion by portion, each in a transaction of its own."""

    def __init__(self, found: ListImport, clock: Clock) -> None:
        self._list, self._clock, self._run = found, clock, found.run
        self._workspace_id = found.workspace_id
        with in_workspace(self._workspace_id):
            rows = Business.objects.filter(pk__in=found.business_ids)
            self._businesses = {one.number: one for one in rows.defer("seal_image")}
        self._portion: list[Kept] = []
        self._portions = 0
        self._counts: Counter[str] = Counter()
        self._findings: list[dict[str, str]] = []
        self._sold = _Sold()

    def read(self, content: bytes) -> None:
        """All sheets that are lists.

        Raises:
            workbooks.TooLarge, workbooks.Unreadable, NoHeadings, _Overtaken.
        """
        was_read = False
        for sheet, lines in groupby(reading.rows(content), key=itemgetter(0)):
            was_read |= self._sheet(sheet, (row for _, row in lines))
        if not was_read:
            raise NoHeadings
        self._store()

    def end(self, state: ListState, *, refusal: str = "") -> None:
        """How it ended; in an open workspace."""
        try:
            found = self._held()
        except _Overtaken:
            return
        if state == ListState.LOOKED:
            self._miss(found)
            found.file = None
        else:
            importing.forget(found)
        found.state, found.refusal, found.ended_at = state, refusal, self._clock()
        self._write(found, "state", "refusal", "ended_at", "file", "kept_until")

    def _sheet(self, sheet: int, rows: Iterator[Sequence[Any]]) -> bool:
        """Whether it is a list."""
        is_list = True
        for number, some in groupby(_with_cells(rows, self._businesses), key=itemgetter(0)):
            found = list(some)
            of_row = []
            for _, _, one in found:
                if isinstance(one, Finding) and one.code in _OF_SHEETS:
                    is_list &= not one.is_error
                    self._findings += [chunks.told(one)] if len(self._findings) < _MOST_FINDINGS else []
                else:
                    of_row.append(one)
            if of_row:
                self._portion.append(chunks.kept(sheet, found[0][1], number, of_row))
            if len(self._portion) >= PORTION:
                self._store()
        return is_list

    def _store(self) -> None:
        """Look at a portion and keep it."""
        if not self._portion:
            return
        with in_workspace(self._workspace_id):
            found = self._held()
            shown = []
            for one in Comparison(self._portion, self._businesses):
                self._counts[one.verdict] += 1
                self._sold.note(one)
                if self._counts[one.verdict] <= MOST_SHOWN[one.verdict]:
                    shown.append(_shown(found, one))
            ListRow.objects.bulk_create(shown, batch_size=PORTION)
            ListChunk.objects.create(
                workspace_id=self._workspace_id,
                source=found,
                number=self._portions,
                rows=chunks.pack(self._portion, workspace_id=self._workspace_id),
            )
            self._write(found)
        self._portion, self._portions = [], self._portions + 1

    def _miss(self, found: ListImport) -> None:
        """Ours that the tax office took and that the list does not have."""
        for invoice in self._sold.missing():
            self._counts[Verdict.MISSING] += 1
            if self._counts[Verdict.MISSING] <= MOST_SHOWN[Verdict.MISSING]:
                ListRow.objects.create(
                    workspace_id=self._workspace_id,
                    source=found,
                    verdict=Verdict.MISSING,
                    side=Side.SALES,
                    business_id=invoice.business_id,
                    issue_id=invoice.issue_id or "",
                    party_name=invoice.buyer_name,
                    written_on=invoice.written_on,
                    total_amount=invoice.total_amount,
                    invoice=invoice,
                )

    def _held(self) -> ListImport:
        """The row, locked.

        Raises:
            _Overtaken: or the workspace was closed meanwhile.
        """
        if not closed.hold_open():
            raise _Overtaken
        found = ListImport.objects.select_for_update(of=("self",)).defer("file").get(pk=self._list.pk)
        if found.run != self._run or found.state != ListState.READING:
            raise _Overtaken
        return found

    def _write(self, found: ListImport, *fields: str) -> None:
        found.counts, found.findings = dict(self._counts), self._findings
        found.first_day, found.last_day = self._sold.first_day, self._sold.last_day
        found.beat_at = self._clock()
        found.save(update_fields=["counts", "findings", "first_day", "last_day", "beat_at", *fields])


class _Sold:
    """The sales of a list, to see which of ours it lacks: between its first and its last day, business by business."""

    def __init__(self) -> None:
        self.first_day: date | None = None
        self.last_day: date | None = None
        self._ids: set[str] = set()
        self._families: set[tuple[int, bool]] = set()

    def note(self, one: Compared) -> None:
        """Remember one."""
        if one.document is None or one.business is None:
            return
        day = one.document.written_on
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)
        if one.side == Side.SALES:
            self._ids.add(one.document.issue_id or "")
            # 세금계산서 and 계산서 are lists of their own.
            self._families.add((one.business.pk, one.document.taxation is Taxation.EXEMPT))

    def missing(self) -> Iterator[Invoice]:
        """Accepted by the tax office itself: what the sandbox took is in no list of Hometax."""
        for business_id, is_exempt in sorted(self._families):
            rows = Invoice.objects.filter(
                business_id=business_id,
                state=State.ACCEPTED,
                way_out=REAL,
                written_on__range=(self.first_day, self.last_day),
                deleted_at=None,
            ).only("business_id", "issue_id", "buyer_name", "written_on", "total_amount", "document_type")
            exempt = Q(document_type__startswith="03") | Q(document_type__startswith="04")
            # What we issued as a broker is in its supplier's list of sales.
            rows = rows.exclude(IS_CONSIGNED)
            for row in rows.filter(exempt if is_exempt else ~exempt).order_by("pk").iterator(PORTION):
                if row.issue_id not in self._ids:
                    yield row


def _with_cells(
    rows: Iterator[Sequence[Any]], ours: Mapping[str, Business]
) -> Iterator[tuple[int, Sequence[Any], Row | Finding]]:
    """What was read of each row, with its number and its cells."""
    first: dict[int, Sequence[Any]] = {}
    last: list[Sequence[Any]] = [()]

    def watched() -> Iterator[Sequence[Any]]:
        for number, row in enumerate(rows, start=1):
            last[0] = row
            if number <= _LOOKED_AHEAD:
                first[number] = row
            yield row

    for one in read(watched(), ours=ours.keys()):
        number = one.number if isinstance(one, Row) else one.row
        yield number, first.get(number, last[0]), one


def _shown(found: ListImport, one: Compared) -> ListRow:
    document = one.document
    party = None
    if document is not None:
        party = document.supplier if one.side == Side.PURCHASE else document.buyer
    return ListRow(
        workspace_id=found.workspace_id,
        source=found,
        number=one.row.number,
        sheet=str(one.row.sheet + 1) if one.row.sheet else "",
        verdict=one.verdict,
        side=one.side,
        business=one.business,
        issue_id=(document.issue_id or "") if document else "",
        party_name=party.name[:70] if party else "",
        written_on=document.written_on if document else None,
        total_amount=document.total_amount if document else 0,
        findings=one.row.findings,
        differences=one.differences,
        record=one.record,
        invoice=one.invoice,
    )
