"""홈택스 일괄발급: drafts given out as files that the tax office's site issues from, and never issued here as well.

A document that was put into a file may have been issued there, and nobody here can know. So it is held: `BulkGuard`
refuses to issue it until a list from 홈택스 shows it (`close`), or somebody says that it was not issued (`release`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax import check
from dojang.etax.findings import Finding, errors
from dojang.hometax import bulk as form
from dojang.service.audit import chain
from dojang.service.hometax.errors import InHometaxFile, NothingChosen, NothingToWrite, OnlyDrafts
from dojang.service.hometax.models import BulkFile, BulkInvoice, ListRow, Verdict
from dojang.service.invoices import content, guards, timing
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.errors import TogetherOrNotAtAll
from dojang.service.invoices.guards import Guard
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.records.models import Record, Side
from dojang.service.tenancy.scope import current_workspace
from dojang.service.web.spreadsheet import CONTENT_TYPE, book
from dojang.service.web.templatetags.dojang import state_text
from dojang.service.web.zipped import Archive, Pipe
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

MOST: Final = 1000
_STATES: Final = (State.DRAFT, State.READY)
_WIDTH: Final = 16


class BulkGuard(Guard):
    """What may have been issued on 홈택스 is not issued here."""

    def refusals(
        self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
    ) -> Mapping[int, DojangError]:
        """By id those that are in a file."""
        if action is not Action.ISSUE or not invoices:
            return {}
        return {
            one.invoice_id: InHometaxFile(day=f"{timezone.localdate(one.at)}")
            for one in held(one.pk for one in invoices)
        }


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever makes a file decides.

    Attributes:
        combine: items from the fourth on may become one line.
        again: documents that are in an earlier file may be in this one, too.
    """

    combine: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """One chosen document.

    Attributes:
        invoice: it.
        findings: what keeps it out of the file, and what will look different there.
        refusal: why nothing can be said of its content.
        held: its place in an earlier file.
        document: what it says, where it can be in the file.
    """

    invoice: Invoice
    findings: tuple[Finding, ...] = ()
    refusal: DojangError | None = None
    held: BulkInvoice | None = None
    document: Document | None = None

    @property
    def fits(self) -> bool:
        """Whether it comes into the file."""
        return self.document is not None


@dataclass(frozen=True, slots=True)
class Made:
    """A file to be downloaded."""

    name: str
    content: bytes
    content_type: str
    count: int


def held(invoice_ids: Any) -> list[BulkInvoice]:
    """Those of the documents that are in a file of which nobody has said how it ended."""
    return list(BulkInvoice.objects.filter(invoice_id__in=list(invoice_ids), released_at=None))


def look(*, member: Member, invoice_ids: Collection[int], options: Options, now: datetime) -> list[Looked]:
    """What can be said of each before anything is written.

    Raises:
        NothingChosen.
        PermissionDenied: to issue, here or there, takes the same right.
    """
    rows = Invoice.objects.select_related("business").filter(pk__in=list(invoice_ids)[:MOST], deleted_at=None)
    return _looked(list(rows.order_by("business_id", "written_on", "pk")), member, options, now)


@transaction.atomic
def make(*, member: Member, invoice_ids: Collection[int], options: Options, now: datetime) -> Made:
    """Write those that fit into files, a hundred in each, and hold them.

    Raises:
        NothingChosen, PermissionDenied.
        NothingToWrite: none of them fits.
    """
    ids = list(invoice_ids)[:MOST]
    guards.hold(ids)
    rows = sorted(lock(ids).values(), key=lambda one: (one.business_id, one.written_on or now.date(), one.pk))
    fitting = [one for one in _looked(rows, member, options, now) if one.fits]
    if not fitting:
        raise NothingToWrite
    files: list[tuple[str, bytes]] = []
    for business, some in _by_business(fitting):
        _hold(business, some, member, now)
        lines = [form.row(one.document, combine=options.combine) for one in some if one.document is not None]
        parts = list(form.parts(lines))
        for number, part in enumerate(parts, start=1):
            behind = f"_{number}" if len(parts) > 1 else ""
            name = f"홈택스일괄발급_{business.number}_{timezone.localdate(now):%Y%m%d}{behind}.xlsx"
            files.append((name, _sheet(part)))
    chain.record(
        [
            chain.NewEvent(
                one.invoice.pk, Action.HOMETAX_FILE.value, one.invoice.state, one.invoice.state, {}
            )
            for one in fitting
        ],
        actor=member.actor,
        at=now,
    )
    return _made(files, len(fitting), now)


@transaction.atomic
def release(*, member: Member, invoice_ids: Collection[int], now: datetime) -> int:
    """Somebody says that these were not issued on 홈택스: they can be issued here again.

    Raises:
        NothingChosen, PermissionDenied.
    """
    rows = list(
        BulkInvoice.objects.select_for_update(of=("self",))
        .select_related("invoice")
        .filter(invoice_id__in=list(invoice_ids), released_at=None)
        .order_by("pk")
    )
    if not rows:
        raise NothingChosen
    for row in rows:
        member.require(Right.ISSUE, row.invoice.business_id)
        row.released_at, row.released_by_id = now, member.user_id
    BulkInvoice.objects.bulk_update(rows, ["released_at", "released_by"])
    return len(rows)


@transaction.atomic
def close(*, member: Member, row_ids: Collection[int], now: datetime) -> int:
    """Close drafts that a list from 홈택스 shows as issued there, where the list was taken over; how many.

    A draft that was changed since is left: it no longer says what was issued. So is what a buyer asked for (역발행):
    it has to be refused, or it would be made anew and issued once more.

    Raises:
        NothingChosen, PermissionDenied.
    """
    found = ListRow.objects.filter(pk__in=list(row_ids)[:MOST], verdict=Verdict.DRAFT, invoice__isnull=False)
    pairs = {row.invoice_id: row for row in found if row.invoice_id is not None}
    if not pairs:
        raise NothingChosen
    guards.hold(list(pairs))
    changes = []
    rows = lock(pairs)
    forbidden = guards.refusals(Action.HOMETAX_ISSUED, list(rows.values()), member=member, now=now)
    for invoice in rows.values():
        member.require(Right.ISSUE, invoice.business_id)
        row = pairs[invoice.pk]
        same = (row.written_on, row.total_amount) == (invoice.written_on, invoice.total_amount)
        if invoice.state in _STATES and same and _is_here(row) and invoice.pk not in forbidden:
            invoice.orders.all().delete()
            changes.append(Change(invoice, data={"issue_id": row.issue_id}))
    apply(Action.HOMETAX_ISSUED, changes, actor=member.actor, now=now)
    for change in changes:
        held_ones = BulkInvoice.objects.filter(invoice=change.invoice, released_at=None)
        held_ones.update(released_at=now, released_by=member.user_id, issue_id=change.data["issue_id"])
    return len(changes)


def waiting(member: Member) -> list[BulkInvoice]:
    """Documents in files of which nobody has said how it ended, that this member may issue."""
    rows = BulkInvoice.objects.filter(released_at=None, invoice__deleted_at=None)
    found = rows.select_related("invoice", "invoice__business", "file", "file__by").order_by("-pk")[:MOST]
    return [row for row in found if member.may(Right.ISSUE, row.invoice.business_id)]


def _is_here(row: ListRow) -> bool:
    """Whether the document that was issued there is among ours."""
    rows = Record.objects.filter(
        business_id=row.business_id or 0, side=Side.SALES, issue_id=row.issue_id, deleted_at=None
    )
    return rows.exists()


def _looked(rows: Sequence[Invoice], member: Member, options: Options, now: datetime) -> list[Looked]:
    seen = [row for row in rows if member.may(Right.VIEW, row.business_id)]
    if not seen:
        raise NothingChosen
    for row in seen:
        if not member.may(Right.ISSUE, row.business_id):
            raise PermissionDenied(Right.ISSUE.value)
    files = {one.invoice_id: one for one in held(row.pk for row in seen)}
    refused = _guarded(seen, member, now)
    return [_one(row, files.get(row.pk), refused.get(row.pk), options, now) for row in seen]


def _guarded(rows: Sequence[Invoice], member: Member, now: datetime) -> dict[int, DojangError]:
    """What others demand before a document is issued, wherever that is: an approval, a buyer's request."""
    found: dict[int, DojangError] = {}
    for action, state in ((Action.FINISH, State.DRAFT), (Action.ISSUE, State.READY)):
        some = [row for row in rows if row.state == state]
        found |= guards.refusals(action, some, member=member, now=now)
    found |= guards.refusals(Action.HOMETAX_FILE, rows, member=member, now=now)
    for row_id in guards.left_alone([row.pk for row in rows]):
        found.setdefault(row_id, TogetherOrNotAtAll())
    return {row_id: error for row_id, error in found.items() if not isinstance(error, InHometaxFile)}


def _one(
    row: Invoice, earlier: BulkInvoice | None, refused: DojangError | None, options: Options, now: datetime
) -> Looked:
    if row.state not in _STATES:
        return Looked(row, refusal=OnlyDrafts(state=state_text(row.state)))
    if refused is not None:
        return Looked(row, refusal=refused, held=earlier)
    parsed = content.parse(row)
    document = parsed.document
    if document is None:
        return Looked(row, parsed.findings, held=earlier)
    wrong = errors(check(document, on=timing.today(now)))
    findings = (*wrong, *form.check(document, combine=options.combine))
    fits = not errors(findings) and (earlier is None or options.again)
    return Looked(row, findings, held=earlier, document=document if fits else None)


def _by_business(fitting: Sequence[Looked]) -> Iterator[tuple[Business, list[Looked]]]:
    """One business logs in on the site, and its file has its documents alone."""
    found: dict[int, list[Looked]] = {}
    for one in fitting:
        found.setdefault(one.invoice.business_id, []).append(one)
    for some in found.values():
        yield some[0].invoice.business, some


def _hold(business: Business, some: Sequence[Looked], member: Member, now: datetime) -> None:
    workspace_id = current_workspace()
    file = BulkFile.objects.create(
        workspace_id=workspace_id, by_id=member.user_id, at=now, business=business, count=len(some)
    )
    BulkInvoice.objects.filter(invoice__in=[one.invoice for one in some], released_at=None).delete()
    BulkInvoice.objects.bulk_create(
        BulkInvoice(workspace_id=workspace_id, file=file, invoice=one.invoice, at=now) for one in some
    )


def _sheet(rows: Sequence[Sequence[form.Written]]) -> bytes:
    """The form as .xlsx: text is text, so that no number loses a zero."""
    layout = form.layout()

    def fill(made: Any) -> None:
        sheet = made.add_worksheet(layout.sheet)
        text = made.add_format({"num_format": "@"})
        sheet.set_column(0, len(layout.columns) - 1, _WIDTH)
        for number, cells in enumerate(form.sheet(rows)):
            for place, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell, text)

    with book(fill) as file:
        return file.read()


def _made(files: Sequence[tuple[str, bytes]], count: int, now: datetime) -> Made:
    if len(files) == 1:
        [(name, data)] = files
        return Made(name, data, CONTENT_TYPE, count)
    pipe = Pipe()
    archive = Archive(pipe.write, at=now)
    for name, data in files:
        archive.add(name, data)
    archive.finish()
    return Made(f"홈택스일괄발급_{timezone.localdate(now):%Y%m%d}.zip", pipe.take(), "application/zip", count)
