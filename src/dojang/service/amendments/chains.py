"""The deal that a document belongs to: its original and everything issued on it, here or elsewhere.

What was issued here is read from its signed bytes, what was issued elsewhere from its record. A deal is looked for in
one business: who supplied never changes by an amendment.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cached_property
from typing import Final

from django.db.models import Q

from dojang.etax import KST
from dojang.etax import Invoice as Document
from dojang.etax.amendments import Balance, Chain, ChainDocument, Node, Status
from dojang.etax.checks import check
from dojang.etax.codes import Purpose
from dojang.etax.errors import InvalidInvoice
from dojang.etax.findings import Finding, errors
from dojang.etax.xml_reader import read
from dojang.service.amendments.errors import DealTooLarge, IncompleteRecord, NeverIssued, NotASale
from dojang.service.invoices import documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.records import content as record_content
from dojang.service.records.models import Record, Side

#: Documents of one deal; a running contract that is changed each month for years has some dozens.
MOST: Final = 300
#: Of what is missing so much is named.
_NAMED: Final = 3
#: What may not be issued any more and may have been: a number that stands in a text is no reason not to amend it.
_AS_IT_WAS: Final = frozenset({"resident_number_elsewhere"})

STATUSES: Final[dict[str, Status]] = {
    State.ISSUED: Status.ISSUED,
    State.SUBMITTED: Status.SUBMITTED,
    State.UNKNOWN: Status.UNKNOWN,
    State.ACCEPTED: Status.ACCEPTED,
    State.REJECTED: Status.REJECTED,
    State.CANCELLED: Status.CANCELLED,
}
"""Where a document of ours stands, by its state; a state that is not here was never signed."""


@dataclass(frozen=True)
class Deal:
    """A chain of the law engine, and the rows that it was made of.

    Attributes:
        key: names the deal: the 승인번호 of its original, or `paper-` and the record of an original on paper. Whoever
            changes a deal holds the lock of this name.
        chain: for the engine.
        documents: each node's key and its row, in the order of the chain.
        target_key: the node that was asked for.
        hash: SHA-256 of what plans depend on: which documents there are and whether they count. A result that comes
            in changes it only where it takes a document away.
    """

    key: str
    chain: Chain = field(repr=False)
    documents: tuple[tuple[str, "Invoice | Record"], ...] = field(repr=False)
    target_key: str
    hash: str

    @property
    def target(self) -> Node:
        """The document that was asked for, in its place."""
        node = self.chain.find(self.target_key)
        assert node is not None  # noqa: S101 (it was put there)
        return node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every document of the deal in its place, oldest first."""
        return self.chain.tree(self.target)

    @property
    def balance(self) -> Balance:
        """What is left of the supply, taxed, zero-rated and exempt apart."""
        return self.chain.balance(self.target)

    @property
    def newest_key(self) -> str:
        """The document that stands for the supply now: its original, or the newest that took its place."""
        return self.chain.base(self.target).key

    @property
    def steps(self) -> tuple[tuple[Node, Balance], ...]:
        """Each document with what is left of the supply after it, oldest first: the deal's time line."""
        found, left = [], Balance()
        for node in self.nodes:
            if node.document.status.counts:
                left = left.plus((node.invoice,))
            found.append((node, left))
        return tuple(found)

    def row(self, key: str) -> "Invoice | Record":
        """The row of a node.

        Raises:
            KeyError: no such node.
        """
        return self._rows[key]

    @cached_property
    def _rows(self) -> dict[str, "Invoice | Record"]:
        return dict(self.documents)

    def without(self, keys: Iterable[str]) -> "Deal":
        """The deal as it was before these documents; the target is not among them."""
        left_out = frozenset(keys)
        chain = Chain(tuple(node.document for node in self.chain.nodes if node.key not in left_out))
        kept = tuple((key, row) for key, row in self.documents if key not in left_out)
        return replace(self, chain=chain, documents=kept)


def deal_of(*, invoice: Invoice | None = None, record: Record | None = None) -> Deal:
    """The deal of a document: what it amends, up to the original, and all that amends any of these.

    Args:
        invoice: one of ours that was issued; or
        record: a sale that was issued elsewhere.

    Raises:
        NeverIssued: a draft.
        NotASale: a purchase.
        IncompleteRecord: its content is not known.
        DealTooLarge.
        InvalidChain: documents that amend each other in a circle.
    """
    row = invoice or record
    assert row is not None  # noqa: S101 (one of them is given)
    found = _Found(row.business_id)
    if invoice is not None:
        if invoice.state not in STATUSES or not invoice.issue_id:
            raise NeverIssued
        found.take([invoice], [])
    elif record is not None:
        if record.side != Side.SALES:
            raise NotASale
        require_whole(record)
        found.take([], [record])
    found.spread()
    return found.deal(of=row)


def require_whole(record: Record) -> Document:
    """The content of a sale issued elsewhere.

    Raises:
        IncompleteRecord: naming what is missing.
    """
    try:
        document = _content(record)
    except InvalidInvoice as error:
        raise _incomplete(error.findings) from None
    # What was signed is what it is, and what is on paper is only worked out.
    if record.document is None and record.issue_id:
        found = [one for one in errors(check(document, on=document.written_on)) if one.code not in _AS_IT_WAS]
        if found:
            raise _incomplete(found)
    if not document.items:
        raise IncompleteRecord(missing_ko="품목", missing_en="its items")
    return document


def _incomplete(found: Sequence[Finding]) -> IncompleteRecord:
    named = found[:_NAMED]
    return IncompleteRecord(
        missing_ko=", ".join(one.located("ko") for one in named),
        missing_en=", ".join(one.located("en") for one in named),
    )


def _content(record: Record) -> Document:
    """What a record says. 영수·청구, which the law doesn't ask for, is the business's usual one where it isn't known."""
    document = record_content.whole(record)
    if document.purpose is not None:
        return document
    usual = next((one for one in Purpose if one.value == record.business.default_purpose), Purpose.CLAIM)
    return document.replace(purpose=usual)


class _Found:
    """What belongs together, as far as it is known."""

    def __init__(self, business_id: int) -> None:
        self._business_id = business_id
        self._invoices: dict[int, Invoice] = {}
        self._records: dict[int, Record] = {}
        self._numbers: set[str] = set()
        self._asked: set[str] = set()

    def take(self, invoices: Sequence[Invoice], records: Sequence[Record]) -> None:
        self._invoices.update((row.pk, row) for row in invoices)
        self._records.update((row.pk, row) for row in records)
        if len(self._invoices) + len(self._records) > MOST:
            raise DealTooLarge(most=MOST)
        self._numbers |= {
            number for row in invoices for number in (row.issue_id, row.original_issue_id) if number
        }
        self._numbers |= {
            number for row in records for number in (row.issue_id, row.original_issue_id) if number
        }

    def spread(self) -> None:
        """Up to what is amended and down to what amends it, until nothing new is found: a query or two a step."""
        while new := self._numbers - self._asked:
            self._asked |= new
            wanted = Q(issue_id__in=new) | (Q(original_issue_id__in=new) & ~Q(original_issue_id=""))
            rows = Invoice.objects.filter(wanted, business_id=self._business_id, state__in=STATUSES)
            rows = rows.filter(deleted_at=None).select_related("business", "counterparty", "changed_by")
            others = Record.objects.filter(
                wanted, business_id=self._business_id, side=Side.SALES, deleted_at=None
            )
            others = others.select_related("business", "counterparty", "created_by").defer("document")
            self.take(
                list(rows.exclude(pk__in=self._invoices)[: MOST + 1]),
                list(others.exclude(pk__in=self._records)[: MOST + 1]),
            )

    def deal(self, *, of: "Invoice | Record") -> Deal:
        bytes_of = dict(
            SignedDocument.objects.filter(invoice_id__in=self._invoices).values_list("invoice_id", "document")
        )
        placed: list[tuple[ChainDocument, Invoice | Record]] = [
            (_ours(row, bytes(bytes_of[pk])), row) for pk, row in self._invoices.items() if pk in bytes_of
        ]
        ours = {row.issue_id for row in self._invoices.values()}
        for record in self._records.values():
            if record.issue_id in ours and record.pk != of.pk:
                continue
            document = _elsewhere(record)
            if document is not None:
                placed.append((document, record))
        chain = Chain(tuple(document for document, _ in placed))
        rows = {id(document): row for document, row in placed}
        documents_of = tuple((node.key, rows[id(node.document)]) for node in chain.nodes)
        target = next((key for key, row in documents_of if row.pk == of.pk and type(row) is type(of)), None)
        if target is None:
            raise NeverIssued
        node = chain.find(target)
        assert node is not None  # noqa: S101 (it was put there)
        return Deal(
            key=_name(node.root_key, dict(documents_of)),
            chain=chain,
            documents=documents_of,
            target_key=target,
            hash=_hash(chain, dict(documents_of)),
        )


def _ours(row: Invoice, stored: bytes) -> ChainDocument:
    xml = documents.unpack(stored, workspace_id=row.workspace_id)
    return ChainDocument(invoice=read(xml).invoice, status=STATUSES[row.state], sent_at=row.sent_at)


def _elsewhere(record: Record) -> ChainDocument | None:
    """None where its content is not known; its amendments are then told to lack their original."""
    try:
        document = _content(record)
    except InvalidInvoice:
        return None
    sent_at = datetime.combine(record.sent_on, time(), KST) if record.sent_on else None
    status = Status.EXTERNAL if record.issue_id else Status.PAPER
    return ChainDocument(invoice=document, status=status, sent_at=sent_at)


def _name(root_key: str, rows: dict[str, "Invoice | Record"]) -> str:
    """A document without a number is named by its row."""
    row = rows[root_key]
    return row.issue_id or f"paper-{row.pk}"


def _hash(chain: Chain, rows: dict[str, "Invoice | Record"]) -> str:
    told = sorted(
        f"{row.issue_id or 'paper'}:{_content_hash(node, row)}:{int(node.document.status.counts)}"
        for node, row in ((node, rows[node.key]) for node in chain.nodes)
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _content_hash(node: Node, row: "Invoice | Record") -> str:
    """Of a record what it says, which may be put right; what was signed is named by its number."""
    if isinstance(row, Invoice):
        return "signed"
    return hashlib.sha256(node.document.invoice.model_dump_json().encode()).hexdigest()
