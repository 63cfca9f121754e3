"""What product actions come to: documents, their states and what is left of each deal, in plain Python.

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
COUNTED = ON_THE_WIRE | {"accepted"}

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
        place: in the order in which documents were made.
        kind: of tax.
        supply: signed.
        state: "" once it was thrown away.
        touched: who wrote it and who changed it last, by name.
        root: the first document of its deal; itself for an ordinary one.
        act: the amendment that made it.
        is_follow_up: made beside an amendment, an ordinary document of its own.
        content: names what it says.
        approved: contents that somebody approved.
        order: the newest request to sign it, and when that ends.
        codes: with which the tax office was told to refuse it.
    """

    place: int
    kind: int
    supply: int
    writer: str
    state: str = "draft"
    changed_by: str = ""
    asked_by: str = ""
    act: "Act | None" = field(default=None, repr=False)
    is_follow_up: bool = False
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
class Act:
    """An amendment: asking, prepared, issued or withdrawn."""

    target: Doc
    by: str
    state: str = "asking"
    move: str = ""
    docs: list[Doc] = field(default_factory=list)
    deal: frozenset[tuple[int, bool]] = frozenset()
    day: str = ""
    mends: "Act | None" = None


@dataclass
class Policy:
    """What has to be approved: from an amount on, by two people or not."""

    least: int
    four_eyes: bool


class Model:
    """Everything that was made."""

    def __init__(self) -> None:
        self.docs: list[Doc] = []
        self.acts: list[Act] = []
        self.policy: Policy | None = None

    # What there is

    def add(self, kind: int, supply: int, writer: str, **values: Any) -> Doc:
        doc = Doc(len(self.docs), kind, supply, writer, changed_by=writer, **values)
        self.docs.append(doc)
        return doc

    def deals(self) -> list[Doc]:
        """The first document of each deal that was issued."""
        return [one for one in self.docs if one.amends is None and one.state not in {"", *UNSIGNED}]

    def issued_of(self, root: Doc) -> list[Doc]:
        return [one for one in self.docs if one.root is root and one.state not in {"", *UNSIGNED}]

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

    def signable(self, docs: list[Doc], who: str, day: str) -> tuple[set[Doc], set[Doc]]:
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
            if not one.is_bound or good[one.act]:  # type: ignore[index]
                sure.add(one)
        sure = {one for one in sure if set(self.group(one)) <= sure}
        maybe = {one for one in sure if one.is_bound and one.act.day != day}  # type: ignore[union-attr]
        return sure - maybe, maybe
