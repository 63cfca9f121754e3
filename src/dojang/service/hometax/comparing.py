"""Rows of a list beside what is here: our own invoices, documents of others, and drafts that may be the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dojang.etax import Invoice as Document
from dojang.etax.codes import BuyerKind
from dojang.service.hometax.chunks import Kept
from dojang.service.hometax.models import Verdict
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.records.models import Record, Side
from dojang.service.workspaces.models import Business

Difference = list[Any]
"""The name of a field, what is here, and what the list says."""

DRAFTS: Final = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)
_Key = tuple[int, str, date, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row for one of our businesses, or for none.

    Attributes:
        row: as it was read.
        verdict: what becomes of it.
        document: what it says; None where it could not be read.
        side, business: whose it is.
        differences: between what is here and the list.
        record, invoice: what is here; of a draft, the one that may be the same.
    """

    row: Kept
    verdict: Verdict
    document: Document | None = None
    side: str = ""
    business: Business | None = None
    differences: list[Difference] = field(default_factory=list)
    record: Record | None = None
    invoice: Invoice | None = None


class Comparison:
    """Some rows compared at once, with a few questions to the database for all of them."""

    def __init__(self, rows: Sequence[Kept], businesses: Mapping[str, Business]) -> None:
        self._rows, self._businesses = rows, businesses
        documents = [(row, row.whole()) for row in rows if row.document is not None and row.sides]
        ids = [document.issue_id for _, document in documents]
        # Business and side are asked for too: the index that finds an issue id begins with them.
        known = Record.objects.filter(
            business__in=list(businesses.values()), side__in=Side.values, issue_id__in=ids, deleted_at=None
        ).defer("document", "search", "content")
        self._records = {(one.business_id, one.side, one.issue_id): one for one in known}
        ours = Invoice.objects.filter(issue_id__in=ids).defer("content", "search", "editor")
        self._invoices = {one.issue_id: one for one in ours}
        self._documents = {id(row): document for row, document in documents}
        self._drafts = self._drafts_of([document for _, document in documents])

    def __iter__(self) -> Iterator[Compared]:
        for row in self._rows:
            if row.is_wrong:
                yield Compared(row, Verdict.WRONG)
            elif row.document is not None:
                yield from self._of(row)

    def _of(self, row: Kept) -> Iterator[Compared]:
        document = self._documents.get(id(row))
        if document is None:
            yield Compared(row, Verdict.OTHER)
            return
        for side in row.sides:
            yield self._one(row, document, side)

    def _one(self, row: Kept, document: Document, side: str) -> Compared:
        number = document.supplier.business_number if side == Side.SALES else document.buyer.number
        business = self._businesses[number]
        invoice = self._invoices.get(document.issue_id) if side == Side.SALES else None
        # Not what another business of ours has issued as its broker: that is no sale of the broker's.
        if invoice is not None and invoice.business_id == business.pk:
            found = of_invoice(invoice, document)
            verdict = Verdict.DIFFERENT if found else Verdict.SAME
            return Compared(row, verdict, document, side, business, found, invoice=invoice)
        record = self._records.get((business.pk, side, document.issue_id or ""))
        if record is not None:
            found = of_record(record, document)
            verdict = Verdict.DIFFERENT if found else Verdict.SAME
            return Compared(row, verdict, document, side, business, found, record=record)
        draft = self._draft(business, document) if side == Side.SALES else None
        verdict = Verdict.NEW if draft is None else Verdict.DRAFT
        return Compared(row, verdict, document, side, business, invoice=draft)

    def _drafts_of(self, documents: Iterable[Document]) -> dict[_Key, list[Invoice]]:
        """What is still to be issued here, by business, buyer, day and total."""
        sold = [one for one in documents if one.buyer.kind is BuyerKind.BUSINESS]
        if not sold:
            return {}
        rows = Invoice.objects.filter(
            state__in=DRAFTS,
            deleted_at=None,
            business__in=list(self._businesses.values()),
            buyer_number__in={one.buyer.number for one in sold},
            written_on__in={one.written_on for one in sold},
        ).defer("content", "search", "editor")
        found: dict[_Key, list[Invoice]] = {}
        for row in rows.order_by("-pk"):
            assert row.written_on is not None  # noqa: S101 (it was asked for)
            key = (row.business_id, row.buyer_number, row.written_on, row.total_amount)
            found.setdefault(key, []).append(row)
        return found

    def _draft(self, business: Business, document: Document) -> Invoice | None:
        """Each draft is the same as one row at most."""
        key = (business.pk, document.buyer.number, document.written_on, document.total_amount)
        waiting = self._drafts.get(key)
        return waiting.pop() if waiting else None


def of_invoice(invoice: Invoice, document: Document) -> list[Difference]:
    """What the list says otherwise than our own document: also that it is there at all, if ours was never accepted."""
    found = _of_columns(invoice, invoice.buyer_number, document, document.buyer.number)
    if invoice.state != State.ACCEPTED:
        found.insert(0, ["state", invoice.state, State.ACCEPTED.value])
    return found


def of_record(record: Record, document: Document) -> list[Difference]:
    """What the list says otherwise than what is here."""
    theirs = document.supplier.business_number if record.side == Side.PURCHASE else document.buyer.number
    return _of_columns(record, record.party_number, document, theirs)


def _of_columns(row: Any, party: str, document: Document, theirs: str) -> list[Difference]:
    pairs = [
        ("document_type", row.document_type, document.document_type.value),
        ("written_on", f"{row.written_on}", f"{document.written_on}"),
        ("supply_amount", row.supply_amount, document.supply_amount),
        ("tax_amount", row.tax_amount, document.tax_amount),
        ("total_amount", row.total_amount, document.total_amount),
    ]
    # A person's number is in no column, and hidden in some lists.
    if party and document.buyer.kind is BuyerKind.BUSINESS:
        pairs.append(("party_number", party, theirs))
    return [[name, here, there] for name, here, there in pairs if here != there]
