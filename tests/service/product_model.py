"""What product actions come to: documents, requests, their states and what is left of each deal, in plain Python.

It knows neither the database nor the law engine. Amounts are won, supply only, of three kinds: taxed, zero-rated,
exempt; every supply is a multiple of ten, so that its tax is a tenth to the won.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TAXED, ZERO_RATED, EXEMPT = range(3)

OWNER, ISSUER, WRITER = PEOPLE = ("owner", "issuer", "writer")
UNSIGNED = frozenset({"draft", "awaiting_approval", "ready"})
ON_THE_WIRE = frozenset({"issued", "submitted", "unknown"})
ELSEWHERE = "elsewhere"
STANDING = frozenset({"accepted", ELSEWHERE})
COUNTED = ON_THE_WIRE | STANDING

STEPS = frozenset(
    {
        ("create", "", "draft"),
        ("edit", "draft", "draft"),
        ("delete", "draft", ""),
        ("delete", "ready", ""),
        ("finish", "draft", "ready"),
        ("reopen", "ready", "draft"),
        ("ask_approval", "draft", "awaiting_approval"),
        ("approve", "awaiting_approval", "ready"),
        ("send_back", "awaiting_approval", "draft"),
        ("take_back", "awaiting_approval", "draft"),
        ("issue", "ready", "issued"),
        ("cancel", "issued", "cancelled"),
        ("send_now", "issued", "issued"),
        ("submit", "issued", "submitted"),
        ("not_sent", "submitted", "issued"),
        ("not_sent", "unknown", "issued"),
        ("lose_answer", "submitted", "unknown"),
        ("accept", "submitted", "accepted"),
        ("accept", "unknown", "accepted"),
        ("reject", "submitted", "rejected"),
        ("reject", "unknown", "rejected"),
    }
)
"""Every step that a history may tell of here."""


@dataclass(eq=False)
class Doc:
    """A document.

    Attributes:
        place: in the order in which documents were made; below 0 for what was issued elsewhere.
        kind: of tax.
        supply: signed.
        buyer: its number.
        state: "" once it was thrown away.
        touched: who wrote it and who changed it last, by name.
        root: the first document of its deal; itself for an ordinary one.
        act: the amendment that made it.
        is_follow_up: made beside an amendment, an ordinary document of its own.
        is_consigned: written in the name of another, of whose sale it is (위수탁).
        contract: what its deal was made under; "" where that is not told.
        asked: the buyer's request that it was made of (역발행).
        is_behind_link: made of it without our account.
        content: names what it says.
        approved: contents that somebody approved.
        order: the newest request to sign it, and when that ends.
        codes: with which the tax office was told to refuse it.
    """

    place: int
    kind: int
    supply: int
    writer: str
    buyer: str = ""
    state: str = "draft"
    changed_by: str = ""
    asked_by: str = ""
    act: "Act | None" = field(default=None, repr=False)
    is_follow_up: bool = False
    is_consigned: bool = False
    contract: str = ""
    asked: "Asked | None" = field(default=None, repr=False)
    is_behind_link: bool = False
    amends: "Doc | None" = field(default=None, repr=False)
    content: Any = None
    approved: set[Any] = field(default_factory=set)
    order: tuple[int, datetime] | None = None
    due: datetime | None = None
    codes: tuple[str, ...] = ()

    @property
    def root(self) -> "Doc":
        return self if self.amends is None else self.amends.root

    @property
    def tax(self) -> int:
        return self.supply // 10 if self.kind == TAXED else 0

    @property
    def total(self) -> int:
        return abs(self.supply + self.tax)

    @property
    def is_bound(self) -> bool:
        """Whether an amendment made it, and it goes with the others of that."""
        return self.act is not None and not self.is_follow_up and self.state not in {"", "cancelled"}


@dataclass(eq=False)
class Asked:
    """What a buyer asks us to sign (역발행), in our workspace or behind its link: whoever is first.

    Attributes:
        until: when it runs out.
        docs: what was made of it, here and behind the link.
    """

    place: int
    kind: int
    supply: int
    buyer: str
    until: datetime
    state: str = "requested"
    docs: list[Doc] = field(default_factory=list)

    def is_open(self, now: datetime) -> bool:
        return self.state == "requested" and now < self.until

    @property
    def signed(self) -> Doc | None:
        return next((one for one in self.docs if one.state not in {"", *UNSIGNED}), None)

    def seen_to(self, now: datetime) -> None:
        """What the worker makes of it."""
        if self.state == "requested" and now >= self.until:
            self.state = "expired"
        if self.state == "signed" and self.signed is not None and self.signed.state == "rejected":
            self.state = "failed"
        if self.state != "requested":
            self.put_away(self.docs)

    @staticmethod
    def put_away(docs: "list[Doc]") -> None:
        for one in docs:
            if one.state in UNSIGNED:
                one.state = ""


@dataclass(eq=False)
class Act:
    """An amendment: asking, prepared, issued or withdrawn.

    Attributes:
        beside: the amendment that was prepared together with this one, of another deal of the same contract.
    """

    target: Doc
    by: str
    state: str = "asking"
    move: str = ""
    docs: list[Doc] = field(default_factory=list)
    deal: frozenset[tuple[int, bool]] = frozenset()
    day: str = ""
    mends: "Act | None" = None
    beside: "Act | None" = None

    @property
    def is_open(self) -> bool:
        return self.state in {"asking", "prepared"}


@dataclass
class Policy:
    """What has to be approved: from an amount on, by two people or not."""

    least: int
    four_eyes: bool


class Model:
    """Everything that was made.

    Attributes:
        docs: in our workspace.
        behind: those that we signed behind links, without our account.
        recorded: what we sold that was issued elsewhere.
    """

    def __init__(self) -> None:
        self.docs: list[Doc] = []
        self.behind: list[Doc] = []
        self.recorded: list[Doc] = []
        self.asked: list[Asked] = []
        self.acts: list[Act] = []
        self.policy: Policy | None = None

    # What there is

    def add(self, kind: int, supply: int, writer: str, **values: Any) -> Doc:
        doc = Doc(len(self.docs), kind, supply, writer, changed_by=writer, **values)
        self.docs.append(doc)
        return doc

    def add_recorded(self, kind: int, supply: int, **values: Any) -> Doc:
        doc = Doc(-1 - len(self.recorded), kind, supply, "", state=ELSEWHERE, **values)
        self.recorded.append(doc)
        return doc

    def add_behind(self, one: Asked) -> Doc:
        doc = Doc(
            len(self.behind), one.kind, one.supply, "", one.buyer, "ready", asked=one, is_behind_link=True
        )
        self.behind.append(doc)
        one.docs.append(doc)
        return doc

    def issued(self) -> list[Doc]:
        """Everything that was signed, here or elsewhere, oldest first."""
        signed = [one for one in self.docs if one.state not in {"", *UNSIGNED}]
        return [*self.recorded, *signed]

    def issued_of(self, root: Doc) -> list[Doc]:
        return [one for one in self.issued() if one.root is root]

    def on_the_wire(self) -> list[Doc]:
        return [one for one in (*self.docs, *self.behind) if one.state in ON_THE_WIRE]

    def of_contract(self, doc: Doc) -> list[Doc]:
        """The other first documents of the same buyer under the same contract that stand."""
        return [
            one
            for one in self.issued()
            if one.root is not doc.root
            and doc.contract
            and (one.contract, one.buyer) == (doc.contract, doc.buyer)
            and one.amends is None
            and one.state in COUNTED
        ]

    def sales(self, *, consigned: bool) -> tuple[int, int, int]:
        """How many of our own sales there are, or of those that we issued for others; supply and tax of them."""
        found = [one for one in self.issued() if one.state in STANDING and one.is_consigned == consigned]
        return len(found), sum(one.supply for one in found), sum(one.tax for one in found)

    def left(self, root: Doc) -> tuple[int, int, int]:
        """What is left of a deal, by kind."""
        sums = [0, 0, 0]
        for one in self.issued_of(root):
            if one.state in COUNTED:
                sums[one.kind] += one.supply
        return (sums[0], sums[1], sums[2])

    def deal_now(self, root: Doc) -> frozenset[tuple[int, bool]]:
        """Which documents there are and whether they count: what an amendment rests on."""
        return frozenset((one.place, one.state in COUNTED) for one in self.issued_of(root))

    def group(self, doc: Doc) -> list[Doc]:
        """The documents that take a step with this one or not at all."""
        if not doc.is_bound:
            return [doc]
        return [one for one in self.docs if one.act is doc.act and one.is_bound]

    def prepared_with(self, act: Act) -> list[Act]:
        """An amendment, and those that are prepared beside it."""
        return [act, *(one for one in self.acts if one.beside is act and one.state == "prepared")]

    # Who may do what

    @staticmethod
    def may_issue(who: str) -> bool:
        return who != WRITER

    def covers(self, doc: Doc) -> bool:
        return self.policy is not None and doc.total >= self.policy.least

    def needs_approval(self, doc: Doc, who: str) -> bool:
        return self.covers(doc) and (self.policy.four_eyes or not self.may_issue(who))  # type: ignore[union-attr]

    def lacks_four_eyes(self, doc: Doc) -> bool:
        """Whether two people have to see it and have not."""
        return (
            self.covers(doc)
            and self.policy.four_eyes  # type: ignore[union-attr]
            and doc.content not in doc.approved
        )

    def may_approve(self, doc: Doc, who: str) -> bool:
        alone = self.policy is not None and self.policy.four_eyes
        wrote = {doc.writer, doc.changed_by, doc.asked_by}
        return doc.state == "awaiting_approval" and self.may_issue(who) and not (alone and who in wrote)

    def signable(self, docs: list[Doc], who: str, day: str, now: datetime) -> tuple[set[Doc], set[Doc]]:
        """Of documents that are signed together: those that can be, and those that may or may not.

        What was prepared on another day is looked at anew, and the law may say something else by then.
        """
        sure, maybe = set(), set()
        taken: set[Doc] = set()
        acts = sorted({one.act for one in docs if one.is_bound}, key=self.acts.index)  # type: ignore[type-var]
        good: dict[Act, bool] = {}
        for act in acts:
            root = act.target.root
            good[act] = act.state == "prepared" and act.deal == self.deal_now(root) and root not in taken
            if good[act]:
                taken.add(root)
        for one in docs:
            if one.state != "ready" or not self.may_issue(who) or self.lacks_four_eyes(one):
                continue
            if one.asked is not None and not one.asked.is_open(now):
                continue
            if not one.is_bound or good[one.act]:  # type: ignore[index]
                sure.add(one)
        sure = {one for one in sure if set(self.group(one)) <= sure}
        maybe = {one for one in sure if one.is_bound and one.act.day != day}  # type: ignore[union-attr]
        return sure - maybe, maybe
