"""An original and everything issued on it: which documents still stand, and what is left of the supply.

A chain is given as a heap of documents in any order; everything here follows from the documents alone, so that the
same documents always mean the same state. Amounts are won.

Source: 부가가치세법 시행령 제70조제1항; an amended document may itself be amended, by its own 승인번호.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, ValidationError

from dojang.etax.amendments.errors import InvalidChain
from dojang.etax.amounts import Totals
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.findings import Finding, Severity
from dojang.etax.format_findings import findings_of
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import KST, Instant, Invoice, Label, Record


class Status(StrEnum):
    """Where a document stands with the 국세청."""

    ISSUED = "issued"
    SUBMITTED = "submitted"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXTERNAL = "external"
    PAPER = "paper"

    @property
    def counts(self) -> bool:
        """Whether the document exists for the law: it was issued, and neither taken back nor refused."""
        return self not in {Status.REJECTED, Status.CANCELLED}

    @property
    def is_pending(self) -> bool:
        """Sent, with no answer known."""
        return self in {Status.SUBMITTED, Status.UNKNOWN}


class ChainDocument(Record):
    """One document of a chain. `sent_at` is the time of transmission, None when it was not or is not known."""

    invoice: Annotated[Invoice, Label("세금계산서", "invoice")]
    status: Annotated[Status, Label("상태", "status")]
    sent_at: Annotated[Instant | None, Label("전송일시", "time sent")] = None

    @property
    def reference(self) -> str | None:
        """What an amendment states as 당초승인번호: nothing for paper, which has no number."""
        return None if self.status is Status.PAPER else self.invoice.issue_id

    @property
    def issued_on(self) -> date | None:
        """발급일 in Korea; None when the document does not say."""
        return self.invoice.issued_at.astimezone(KST).date() if self.invoice.issued_at else None

    @property
    def sent_on(self) -> date | None:
        """전송일 in Korea."""
        return self.sent_at.astimezone(KST).date() if self.sent_at else None


class NodeState(StrEnum):
    """What has become of a document."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    """Corrected by a 01: another document stands in its place."""
    REVERSED = "reversed"
    """Taken back by a 06."""
    VOID = "void"
    """It never came to be: cancelled before transmission, or not accepted."""


class Role(StrEnum):
    """What a document does in its chain; one that replaces another by a 01 takes over its role."""

    BASE = "base"
    """The supply itself."""
    CHANGE = "change"
    """Something added or taken off later: 02, 03."""
    CREDIT = "credit"
    """Half of a 05: the taxed part taken off, or the zero-rated part put on."""
    CANCEL = "cancel"
    """The contract undone: 04."""
    REVERSAL = "reversal"
    """Takes back exactly one document: the minus of a 01, or a 06."""


class Balance(NamedTuple):
    """What is left, taxed, zero-rated and exempt apart."""

    taxable: Totals = Totals(0, 0)
    zero_rated: Totals = Totals(0, 0)
    exempt: Totals = Totals(0, 0)

    def of(self, taxation: Taxation) -> Totals:
        """The part of one kind of taxation."""
        return {
            Taxation.TAXABLE: self.taxable,
            Taxation.ZERO_RATED: self.zero_rated,
            Taxation.EXEMPT: self.exempt,
        }[taxation]

    def at_most(self, other: "Balance") -> "Balance":
        """The smaller of each figure."""
        return Balance(
            *(
                Totals(min(mine.supply_amount, its.supply_amount), min(mine.tax_amount, its.tax_amount))
                for mine, its in zip(self, other, strict=True)
            )
        )

    @property
    def supply_amount(self) -> int:
        """공급가액 of all kinds together."""
        return sum(part.supply_amount for part in self)

    @property
    def tax_amount(self) -> int:
        """세액 of all kinds together."""
        return sum(part.tax_amount for part in self)

    def plus(self, invoices: Iterable[Invoice]) -> "Balance":
        """After these documents as well."""
        sums = {taxation: self.of(taxation) for taxation in Taxation}
        for invoice in invoices:
            supply, tax = sums[invoice.taxation]
            sums[invoice.taxation] = Totals(supply + invoice.supply_amount, tax + invoice.tax_amount)
        return Balance(sums[Taxation.TAXABLE], sums[Taxation.ZERO_RATED], sums[Taxation.EXEMPT])


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A document in its place.

    Attributes:
        key: names the document within its chain: its 승인번호, or a name of ours for paper.
        document: the document, as given.
        target: what it amends; None for an original, and for an amendment whose original is not here.
        root: where its tree begins; itself for a root.
        role: what it does.
        state: what has become of it.
    """

    key: str
    document: ChainDocument
    target: "Node | None"
    role: Role
    state: NodeState
    root_key: str

    @property
    def invoice(self) -> Invoice:
        """The document's content."""
        return self.document.invoice

    @property
    def is_live(self) -> bool:
        """Whether the document still stands."""
        return self.state is NodeState.LIVE

    @property
    def is_supply(self) -> bool:
        """Whether it stands for the supply itself: an original, or what took its place by a 01."""
        return self.role is Role.BASE and self.invoice.amendment_reason in {None, AmendmentReason.MISTAKE}

    @property
    def first_written_on(self) -> date:
        """처음 세금계산서 작성일: that of the supply which this document is about, not of a later change."""
        node = self
        while node.target is not None and node.role in {Role.CHANGE, Role.CANCEL}:
            node = node.target
        return node.invoice.written_on

    @property
    def age(self) -> tuple[datetime, date, str]:
        """Sorts documents by when they were issued; the same whatever order they came in."""
        written = datetime.combine(self.invoice.written_on, time(), KST)
        return (self.invoice.issued_at or written, self.invoice.written_on, self.key)


class _Documents(Record):
    documents: Annotated[
        tuple[ChainDocument, ...], Field(strict=False, min_length=1), Label("문서", "documents")
    ]


@dataclass(frozen=True, slots=True)
class Chain:
    """The original and everything issued on it.

    Attributes:
        documents: in any order; several originals are allowed, as when one is the duplicate of another.
        nodes: the same documents in their places, sorted by age.

    Raises:
        InvalidChain: two documents with one 승인번호, or documents that amend each other in a circle.
    """

    documents: tuple[ChainDocument, ...]
    nodes: tuple[Node, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(sorted(_placed(self.documents), key=lambda node: node.age)))

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read `{"documents": [{"invoice": …, "status": …, "sent_at": …}, …]}`.

        Raises:
            InvalidChain: with a finding for each field that cannot be read.
        """
        try:
            return cls(_Documents.model_validate_json(data).documents)
        except ValidationError as error:
            findings = findings_of(error)
        raise InvalidChain(findings)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `json.loads` gives. Raises like `from_json`."""
        return cls.from_json(json.dumps(data, ensure_ascii=False))

    def to_data(self) -> dict[str, Any]:
        """The JSON that `from_json` reads."""
        return _Documents(documents=self.documents).model_dump(mode="json")

    def find(self, key: str | None) -> Node | None:
        """The document of a 승인번호, with or without hyphens; for None the default target. None if there is no such."""
        if key is None:
            return self.default_target
        wanted = str(IssueId.parse(key) or key)
        return next((node for node in self.nodes if node.key == wanted), None)

    @property
    def roots(self) -> tuple[Node, ...]:
        """The originals, oldest first."""
        return tuple(node for node in self.nodes if node.key == node.root_key)

    def tree(self, node: Node) -> tuple[Node, ...]:
        """Everything issued on the same original, that original included."""
        return tuple(other for other in self.nodes if other.root_key == node.root_key)

    def children(self, node: Node) -> tuple[Node, ...]:
        """What was issued on this very document."""
        return tuple(other for other in self.nodes if other.target is node)

    @property
    def default_target(self) -> Node | None:
        """The original, or the newest document that took its place by a 01; None when there are several."""
        standing = [root for root in self.roots if root.state is not NodeState.VOID] or list(self.roots)
        return self.newest(standing[0]) if len(standing) == 1 else None

    def newest(self, node: Node) -> Node:
        """The newest document that took a document's place by a 01; the document itself when none did."""
        places, waiting = [node], [node]
        while waiting:
            above = waiting.pop()
            found = [
                child
                for child in self.children(above)
                if _replaces(child) and child.state is not NodeState.VOID
            ]
            places += found
            waiting += found
        live = [place for place in places if place.is_live]
        return max(live or places, key=lambda place: place.age)

    def balance(self, node: Node) -> Balance:
        """What is left of the supply that this document belongs to."""
        return Balance().plus(other.invoice for other in self.tree(node) if other.state is not NodeState.VOID)

    def own_balance(self, node: Node) -> Balance:
        """What is left of what this document brought in: a supply, or an amount that was added to one later."""
        origin = _origin(node)
        return Balance().plus(
            other.invoice
            for other in self.tree(node)
            if other.state is not NodeState.VOID and _origin(other) is origin
        )

    def own_left(self, node: Node) -> Balance:
        """What is left of what this document brought in, never more than what is left of the supply."""
        return self.own_balance(node).at_most(self.balance(node))

    def standing(self, node: Node) -> Balance:
        """What a later event can take off: all of the supply, or what a document that added to it brought in."""
        return self.balance(node) if node.role is Role.BASE else self.own_left(node)

    def base(self, node: Node) -> Node:
        """The supply that a document belongs to: its original, or the newest that took the original's place."""
        return self.newest(next(other for other in self.roots if other.key == node.root_key))

    def cancelled_by(self, node: Node) -> Node | None:
        """The 04 that undid the contract of this document's chain; None when none stands."""
        undone = [other for other in self.tree(node) if other.role is Role.CANCEL and other.is_live]
        return undone[-1] if undone else None

    def taken_back_by(self, node: Node) -> Node | None:
        """The document that reversed or corrected this one; None while it stands."""
        if node.state not in {NodeState.SUPERSEDED, NodeState.REVERSED}:
            return None
        doing = [child for child in self.children(node) if child.is_live and child.role is Role.REVERSAL]
        return doing[-1]

    def lacks_minus(self, node: Node) -> bool:
        """Whether a 01 put something right in this document's tree while what it corrects was never taken off."""
        return any(self.is_half_corrected(other) for other in self.tree(node))

    def is_half_corrected(self, node: Node) -> bool:
        """Whether a 01 put this very document right while it was never taken off."""
        return node.is_live and any(_replaces(child) and child.is_live for child in self.children(node))

    def is_surplus(self, node: Node) -> bool:
        """Whether this is one of several 01 minuses on the same document, of which only one can be right."""
        if node.target is None or not _corrects(node):
            return False
        return sum(_corrects(other) and other.is_live for other in self.children(node.target)) > 1


def _origin(node: Node) -> Node:
    """The document that brought in what this one is about: an original, or one that added an amount to it."""
    while node.target is not None and not _adds(node):
        node = node.target
    return node


def _adds(node: Node) -> bool:
    is_first = node.invoice.amendment_reason is not AmendmentReason.MISTAKE
    return is_first and node.role in {Role.CHANGE, Role.CREDIT} and sign_of(node.invoice) > 0


def _replaces(node: Node) -> bool:
    return node.invoice.amendment_reason is AmendmentReason.MISTAKE and node.role is not Role.REVERSAL


def _corrects(node: Node) -> bool:
    return node.invoice.amendment_reason is AmendmentReason.MISTAKE and node.role is Role.REVERSAL


# Placing documents --------------------------------------------------------------------------------------------

_ROLES = {
    AmendmentReason.PRICE_CHANGE: Role.CHANGE,
    AmendmentReason.RETURN: Role.CHANGE,
    AmendmentReason.CANCELLED_CONTRACT: Role.CANCEL,
    AmendmentReason.LOCAL_CREDIT: Role.CREDIT,
    AmendmentReason.DUPLICATE: Role.REVERSAL,
}


def sign_of(invoice: Invoice) -> int:
    """1, −1 or 0: whether a document adds or takes off."""
    amount = invoice.supply_amount or invoice.tax_amount
    return (amount > 0) - (amount < 0)


def _placed(documents: tuple[ChainDocument, ...]) -> Iterator[Node]:
    keyed = _keyed(documents)
    targets = _targets(keyed)
    order = _targets_first(keyed, targets)
    roles: dict[str, Role] = {}
    for key in order:
        roles[key] = _role(keyed[key], targets[key], keyed, roles)
    states = _states(keyed, targets, roles, order)
    nodes: dict[str, Node] = {}
    for key in order:
        above = nodes.get(targets[key] or "")
        root = above.root_key if above else key
        nodes[key] = Node(key, keyed[key], above, roles[key], states[key], root)
    return iter(nodes.values())


def _keyed(documents: tuple[ChainDocument, ...]) -> dict[str, ChainDocument]:
    """The documents by name; one without a number is named by its content, so that order does not matter."""
    keyed: dict[str, ChainDocument] = {}
    unnumbered = sorted(
        (document for document in documents if document.invoice.issue_id is None),
        key=lambda document: document.model_dump_json(),
    )
    keyed.update((f"#{place}", document) for place, document in enumerate(unnumbered, start=1))
    for place, document in enumerate(documents):
        key = document.invoice.issue_id
        if key is None:
            continue
        if key in keyed:
            raise InvalidChain([_TWICE.finding(place)])
        keyed[key] = document
    return keyed


def _targets(keyed: Mapping[str, ChainDocument]) -> dict[str, str | None]:
    """What each document amends. An amendment without 당초승인번호 amends the one original on paper."""
    on_paper = [key for key, document in keyed.items() if _is_paper_original(document)]
    paper = on_paper[0] if len(on_paper) == 1 else None

    def target(document: ChainDocument) -> str | None:
        if not document.invoice.document_type.is_amendment:
            return None
        named = document.invoice.original_issue_id
        return (named if named in keyed else None) if named is not None else paper

    found = {key: target(document) for key, document in keyed.items()}
    return {key: None if above == key else above for key, above in found.items()}


def _is_paper_original(document: ChainDocument) -> bool:
    return document.status is Status.PAPER and not document.invoice.document_type.is_amendment


def _targets_first(keyed: Mapping[str, ChainDocument], targets: Mapping[str, str | None]) -> list[str]:
    """The names in an order in which each stands behind its target."""
    below: dict[str | None, list[str]] = {}
    for key, above in targets.items():
        below.setdefault(above, []).append(key)
    order: list[str] = []
    waiting = below.get(None, [])
    while waiting:
        order += waiting
        waiting = [key for above in waiting for key in below.get(above, ())]
    if len(order) < len(keyed):
        raise InvalidChain([_CIRCLE.finding(0)])
    return order


def _role(
    document: ChainDocument, above: str | None, keyed: Mapping[str, ChainDocument], roles: Mapping[str, Role]
) -> Role:
    reason = document.invoice.amendment_reason
    if above is None or reason is None:
        return Role.BASE
    if reason is AmendmentReason.MISTAKE:
        same_sign = sign_of(document.invoice) == sign_of(keyed[above].invoice)
        return roles[above] if same_sign else Role.REVERSAL
    return _ROLES[reason]


def _states(
    keyed: Mapping[str, ChainDocument],
    targets: Mapping[str, str | None],
    roles: Mapping[str, Role],
    order: list[str],
) -> dict[str, NodeState]:
    """From the newest back: whether a document stands depends on whether what takes it back does."""
    taken_back: dict[str, NodeState] = {}
    states: dict[str, NodeState] = {}
    for key in reversed(order):
        document = keyed[key]
        states[key] = taken_back.get(key, NodeState.LIVE) if document.status.counts else NodeState.VOID
        above = targets[key]
        if above is None or states[key] is not NodeState.LIVE or roles[key] is not Role.REVERSAL:
            continue
        if document.invoice.amendment_reason is AmendmentReason.DUPLICATE:
            taken_back[above] = NodeState.REVERSED
        else:
            taken_back.setdefault(above, NodeState.SUPERSEDED)
    return states


class _Fault(NamedTuple):
    code: str
    ko: str
    en: str

    def finding(self, place: int) -> Finding:
        return Finding(self.code, Severity.ERROR, f"documents[{place}].invoice.issue_id", self.ko, self.en)


_TWICE = _Fault(
    "document_twice",
    "같은 승인번호의 문서가 두 번 있습니다. 하나를 지우세요.",
    "Two documents have this issue id. Remove one.",
)
_CIRCLE = _Fault(
    "documents_in_circle",
    "문서들이 서로를 당초 문서로 가리킵니다. 당초승인번호를 확인하세요.",
    "These documents amend each other in a circle. Check their original issue ids.",
)
