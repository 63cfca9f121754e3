"""Writing, approving, signing and cancelling, each refused exactly where the model says so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from product_model import OWNER, TAXED, Doc, Policy
from product_world import ASKER, PRINCIPAL, World, any_doc, mostly_issuers, people, some_docs
from random_steps import sometimes
from service_world import NOW, business_number
from signing_world import content, signed

from dojang.service.approvals import policies
from dojang.service.approvals import services as approving
from dojang.service.invoices import drafts, issuing, orders, transmitting
from dojang.service.invoices.models import Invoice

WRITTEN = "2026-11-10"
TYPES = ("0101", "0102", "0301")
CONSIGNED = ("0103", "0105", "0303")
BUYERS = (*(business_number(serial, kind="88") for serial in (11, 12)), ASKER)
CONTRACTS = ("", "", "K-2026-7")
AMOUNTS = (10, 1_000, 400_000, 1_000_000, 30_000_000)


class Papers(World):
    """What people do with documents."""

    # Writing

    @sometimes(
        3,
        who=people,
        kind=(0, 0, 0, 1, 2),
        supply=(AMOUNTS),
        buyer=(0, 1, 2),
        consigned=(False, False, True),
        contract=CONTRACTS,
    )
    def write(
        self, who: str, kind: int, supply: int, buyer: int, consigned: bool = False, contract: str = ""
    ) -> None:
        said = (kind, supply, buyer, consigned, contract)
        given = written(*said)
        row = self.attempt(
            True,
            lambda: drafts.create(
                member=self.members[who], business=self.business, given=given, now=self.now
            ),
        )
        doc = self.model.add(
            kind,
            supply,
            who,
            buyer=BUYERS[buyer],
            is_consigned=consigned,
            contract=contract,
            content=said,
        )
        self.added(doc, row)

    @sometimes(
        2,
        when=lambda self: self.model.docs,
        number=any_doc,
        who=people,
        supply=(AMOUNTS),
        is_stale=(False, False, True),
    )
    def edit(self, number: int, who: str, supply: int, is_stale: bool) -> None:
        doc = self.pick(number, "draft")
        may = doc.state == "draft" and self.is_written_here(doc) and not is_stale
        if doc.state == "draft" and doc.is_follow_up:
            return  # an ordinary draft whose content the model does not write
        said = (
            (doc.kind, supply, *doc.content[2:])
            if self.is_written_here(doc)
            else (TAXED, supply, 0, False, "")
        )
        done = self.attempt(
            may,
            lambda: drafts.save(
                member=self.members[who],
                invoice_id=self.rows[doc.place],
                version=self.version(doc) - is_stale,
                given=written(*said),
                now=self.now,
            ),
        )
        if done:
            doc.supply, doc.content, doc.changed_by = supply, said, who

    @staticmethod
    def is_written_here(doc: Doc) -> bool:
        return doc.act is None and doc.asked is None

    @sometimes(
        4,
        when=lambda self: self.model.docs,
        number=any_doc,
        who=people,
        name=("finish", "finish", "finish", "reopen", "delete"),
    )
    def step(self, number: int, who: str, name: str) -> None:
        """Finished, taken up again, thrown away."""
        sources = {"finish": ("draft",), "reopen": ("ready",), "delete": ("draft", "ready")}[name]
        doc = self.pick(number, *sources)
        may = doc.state in sources
        if name == "finish":
            may = may and not self.model.needs_approval(doc, who)
        else:
            may = may and not doc.is_bound and not (name == "reopen" and doc.asked is not None)
        done = self.attempt(
            may,
            lambda: (
                getattr(drafts, name)(
                    member=self.members[who],
                    invoice_id=self.rows[doc.place],
                    version=self.version(doc),
                    now=self.now,
                )
                or True
            ),
        )
        if done:
            doc.state = {"finish": "ready", "reopen": "draft", "delete": ""}[name]
            doc.changed_by, doc.order = who, None

    # Approvals

    @sometimes(1, least=(None, 0, 1_000_000), four_eyes=(False, True))
    def set_policy(self, least: int | None, four_eyes: bool) -> None:
        owner = self.members[OWNER]
        with self.inside():
            if least is None:
                policies.drop_policy(member=owner, business=self.business, now=self.now)
                self.model.policy = None
                return
            policies.set_policy(
                member=owner, business=self.business, from_amount=least, four_eyes=four_eyes, now=self.now
            )
        self.model.policy = Policy(least, four_eyes)

    @sometimes(2, when=lambda self: self.model.docs, numbers=some_docs, who=people)
    def ask(self, numbers: list[int], who: str) -> None:
        self.decide(numbers, who, "draft", "awaiting_approval", lambda _: True, approving.ask)

    @sometimes(3, when=lambda self: self.model.docs, numbers=some_docs, who=mostly_issuers)
    def approve(self, numbers: list[int], who: str) -> None:
        def done(*, member: Any, invoice_ids: list[int], now: Any) -> Any:
            rows = Invoice.objects.filter(pk__in=invoice_ids).order_by("pk")
            return approving.approve(
                member=member, seen=[approving.Seen(one.pk, one.content_hash) for one in rows], now=now
            )

        def may(doc: Doc) -> bool:
            return self.model.may_approve(doc, who)

        self.decide(numbers, who, "awaiting_approval", "ready", may, done, with_companions=True)

    @sometimes(1, when=lambda self: self.model.docs, numbers=some_docs, who=mostly_issuers)
    def send_back(self, numbers: list[int], who: str) -> None:
        def may(_: Doc) -> bool:
            return self.model.may_issue(who)

        self.decide(
            numbers,
            who,
            "awaiting_approval",
            "draft",
            may,
            lambda **given: approving.send_back(reason="다시", **given),
        )

    @sometimes(1, when=lambda self: self.model.docs, numbers=some_docs, who=people)
    def take_back(self, numbers: list[int], who: str) -> None:
        self.decide(numbers, who, "awaiting_approval", "draft", lambda _: True, approving.take_back)

    def decide(
        self,
        numbers: list[int],
        who: str,
        source: str,
        target: str,
        may: Callable[[Doc], bool],
        do: Callable[..., Any],
        *,
        with_companions: bool = False,
    ) -> None:
        """One step of approvals with some documents, each with its companions or not at all."""
        chosen = list(dict.fromkeys(self.pick(number, source) for number in numbers))
        chosen = [one for one in chosen if one.state]
        if with_companions:
            chosen = list(dict.fromkeys(other for one in chosen for other in self.model.group(one)))
        good: list[Doc] = []
        for one in chosen:
            group = self.model.group(one)
            if all(each.state == source and may(each) for each in group):
                good += [each for each in group if each not in good]
        with self.inside():
            outcome = do(
                member=self.members[who], invoice_ids=[self.rows[one.place] for one in chosen], now=self.now
            )
        assert {one.pk for one in outcome.done} == {self.rows[one.place] for one in good}
        for one in good:
            one.state, one.changed_by = target, who
            if source == "draft":
                one.asked_by = who
            if target == "ready":
                one.approved.add(one.content)

    # Signing

    @sometimes(
        5,
        when=lambda self: self.model.docs,
        numbers=some_docs,
        who=mostly_issuers,
        whole=(True, True, True, False),
        at_once=(False, True),
    )
    def ask_to_sign(self, numbers: list[int], who: str, whole: bool, at_once: bool) -> None:
        chosen = list(dict.fromkeys(self.pick(number, "ready") for number in numbers))
        if whole:
            chosen = list(dict.fromkeys(other for one in chosen for other in self.model.group(one)))
        self.sign(chosen, who, at_once=at_once)

    def sign(self, chosen: list[Doc], who: str, *, at_once: bool = True) -> None:
        """The page asks for what is to be signed, and hands it in now or later."""
        wanted = [orders.Wanted(self.rows[one.place], self.version(one)) for one in chosen]
        sure, maybe = self.model.signable(chosen, who, self.day, self.now)
        with self.inside():
            placed = orders.place(member=self.members[who], wanted=wanted, now=self.now)
        self.among(placed.placed, sure, maybe, lambda one: one.order.invoice_id)
        for one in placed.placed:
            doc = self.doc_of(one.order.invoice_id)
            doc.order = (len(self.placed), one.order.expires_at)
        self.placed.append((who, placed))
        if at_once:
            self.hand_in(len(self.placed) - 1, who)

    @sometimes(2, when=lambda self: self.placed, number=any_doc, who=mostly_issuers)
    def hand_in(self, number: int, who: str) -> None:
        """What was signed comes in: at once, later, too late, twice, after something else has happened."""
        number = number if number < len(self.placed) else number % len(self.placed)
        _, placed = self.placed[number]
        docs = [self.doc_of(one.order.invoice_id) for one in placed.placed]
        before = {one for one in docs if one.order == (-number - 1, NOW)}
        live = [one for one in docs if one.order is not None and one.order[0] == number]
        in_time = [one for one in live if one.order[1] > self.now]  # type: ignore[index]
        sure, maybe = self.model.signable(in_time, who, self.day, self.now)
        with self.inside():
            done = issuing.issue(
                member=self.members[who],
                signer=self.company.owner.signer(),
                signed=signed(placed, self.company.owner),
                now=self.now,
            )
        issued = [(key, row) for key, row in done.issued if self.doc_of(row.pk) not in before]
        self.among(issued, sure, maybe, lambda one: one[1].pk)
        for _, row in issued:
            doc = self.doc_of(row.pk)
            assert self.now <= row.transmit_at <= self.now + timedelta(minutes=30)
            doc.state, doc.changed_by, doc.due = "issued", who, row.transmit_at
            doc.order = (-number - 1, NOW)  # these very bytes issued it
            if doc.is_bound:
                doc.act.state = "issued"  # type: ignore[union-attr]
            if doc.asked is not None:
                doc.asked.state = "signed"

    # Between issue and transmission

    @sometimes(2, when=lambda self: self.model.docs, number=any_doc, who=mostly_issuers)
    def cancel(self, number: int, who: str) -> None:
        doc = self.pick(number, "issued")
        if not doc.state:
            return
        group = self.model.group(doc)
        may = self.model.may_issue(who) and all(one.state == "issued" for one in group)
        done = self.attempt(
            may,
            lambda: transmitting.cancel(
                member=self.members[who],
                invoice_id=self.rows[doc.place],
                version=self.version(doc),
                now=self.now,
            ),
        )
        if done:
            act = doc.act if doc.is_bound else None
            for one in group:
                one.state, one.changed_by = "cancelled", who
            if doc.asked is not None:
                doc.asked.state = "cancelled"
            if act is not None:
                act.state, act.deal = "asking", frozenset()
                act.docs = [one for one in act.docs if one.is_follow_up]

    @sometimes(
        1,
        when=lambda self: any(one.state == "issued" for one in self.model.docs),
        numbers=some_docs,
        who=mostly_issuers,
    )
    def send_now(self, numbers: list[int], who: str) -> None:
        chosen = {other for number in numbers for other in self.model.group(self.pick(number, "issued"))}
        waiting = [one for one in chosen if one.state == "issued"]
        ids = [self.rows[one.place] for one in chosen if one.state]
        found = self.attempt(
            self.model.may_issue(who) or not waiting,
            lambda: transmitting.transmit_now(member=self.members[who], invoice_ids=ids, now=self.now) + 1,
        )
        if found:
            assert found == len(waiting) + 1
            for one in waiting:
                if one.due > self.now:
                    one.due, one.changed_by = self.now, who


def written(kind: int, supply: int, buyer: int, consigned: bool, contract: str) -> dict[str, Any]:
    """What somebody writes."""
    tax = (supply // 10, 0, None)[kind]
    line = {"supplied_on": WRITTEN, "name": "복사용지", "supply_amount": supply, "tax_amount": tax}
    types = CONSIGNED if consigned else TYPES
    given = content(document_type=types[kind], written_on=WRITTEN, items=[line])
    given["buyer"] |= {"number": BUYERS[buyer]}
    if consigned:
        given["supplier"] = {"business_number": PRINCIPAL, "name": "(주)위탁상사", "representative": "한위탁"}
    return given | ({"reference_id": contract} if contract else {})
