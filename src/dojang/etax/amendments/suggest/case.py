"""The case that the tree is walked for: the chain, the facts, the law, the day, and the answers on the way so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, Self

from dojang.etax.amendments.chain import Chain, Node
from dojang.etax.amendments.suggest.shape import Tree
from dojang.etax.amounts import Totals
from dojang.etax.calendar.deadlines import final_return_due
from dojang.etax.calendar.periods import ReturnPeriod, return_period
from dojang.etax.facts import Facts
from dojang.etax.invoice import Buyer, Invoice, LineItem
from dojang.etax.parameters import Law


@dataclass(frozen=True, slots=True)
class Setting:
    """What the surrounding program knows besides the chain.

    Attributes:
        user: who asks; the buyer may only ask the supplier to amend, and the principal of a consigned document (위탁자)
            only its broker, who signs it.
        drafted_by_buyer: 역발행; the document itself has no mark of it.
        has_certificate: whether a certificate of the signer is at hand and in force.
        rejection: code and cause with which 국세청 refused the target, in both languages; ("", "") if unknown.
        others: other documents of the supplier, among which a twin or more of the same contract may be.
    """

    user: Literal["supplier", "buyer", "principal"] = "supplier"
    drafted_by_buyer: bool = False
    has_certificate: bool = True
    rejection: tuple[str, str] = ("", "")
    others: tuple[Invoice, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it was answered, in won: what it comes to, and the items if they were given."""

    supply_amount: int
    tax_amount: int | None = None
    items: tuple[LineItem, ...] = field(default=(), repr=False)


Answer = str | tuple[str, ...] | date | Amount | Buyer


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that conditions and values look at.

    Attributes:
        node: the document to amend, in its chain.
        event: what happened; the way may lead to another event than it began with.
        given: every answer on the way so far, in order, known ones included.
        request: what the way has led to; None before its end.
    """

    tree: Tree = field(repr=False)
    chain: Chain = field(repr=False)
    facts: Facts = field(repr=False)
    law: Law = field(repr=False)
    on: date
    setting: Setting
    node: Node = field(repr=False)
    event: str | None = None
    given: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    request: Mapping[str, Any] | None = field(default=None, repr=False)

    def with_answer(self, key: str, answer: Answer) -> Self:
        """The case after one more answer."""
        return replace(self, given=MappingProxyType({**self.given, key: answer}))

    @property
    def invoice(self) -> Invoice:
        """The document to amend."""
        return self.node.invoice

    @property
    def balance(self) -> Totals:
        """What can be taken off the target, of its own kind of taxation: as `plan` counts it."""
        return self.chain.standing(self.node).of(self.invoice.taxation)

    @property
    def issued_on(self) -> date:
        """발급일; 작성일자 where the document does not say."""
        return self.node.document.issued_on or self.invoice.written_on

    @property
    def final_due(self) -> date:
        """확정신고기한 of the target's supply."""
        return final_return_due(self.invoice.written_on, law=self.law, taxpayer=self.facts.supplier).on

    @property
    def period(self) -> ReturnPeriod:
        """The supplier's return that decides what becomes of the target: once it is due, 확정신고."""
        found = self.facts.return_of(self.invoice.written_on, law=self.law)
        if not found.is_before_final:
            return found
        final = return_period(found.end, self.facts.supplier, files_preliminary=False, law=self.law)
        return final if self.on > final.due else found

    @property
    def event_on(self) -> date | None:
        """The day on which the event happened, as far as it was asked; the latest such answer counts."""
        days = [
            answer
            for key, answer in self.given.items()
            if isinstance(answer, date) and self.tree.questions[key].is_event_day
        ]
        return days[-1] if days else None

    def amount(self, *keys: str) -> Amount | None:
        """The first of these answers that was given."""
        found = (self.given.get(key) for key in keys)
        return next((answer for answer in found if isinstance(answer, Amount)), None)

    @property
    def final_amount(self) -> int | None:
        """What is left after a change of price, in won; None where no price changed."""
        amount = self.amount("price_to", "ended_amount")
        return amount.supply_amount if amount else None

    @property
    def delta(self) -> int | None:
        """What the event adds to (or takes off) the balance, in won; None where it is not known yet."""
        returned = self.amount("returned_items")
        if returned is not None:
            return -returned.supply_amount
        return None if self.final_amount is None else self.final_amount - self.balance.supply_amount

    def reason_is(self, *reasons: str) -> bool:
        """Whether the way has led to a request for one of these reasons."""
        return self.request is not None and self.request["reason"] in reasons
