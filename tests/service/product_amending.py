"""Amending: from what happened to what is issued, and back."""

from typing import Any

from amendment_moves import MOVES, Move, answered
from product_model import ON_THE_WIRE, STANDING, UNSIGNED, Act, Doc
from product_papers import Papers
from product_wire import Wire
from product_world import any_doc, people
from random_steps import sometimes

from dojang.service.amendments import services as amending
from dojang.service.amendments.halves import is_half
from dojang.service.amendments.making import Prepared
from dojang.service.amendments.models import Amendment
from dojang.service.amendments.steps import Step, step_of
from dojang.service.invoices import consigned
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Record

GOES = ("prepares", "signs", "sends", "sends", "asks")


class Amending(Papers, Wire):
    """What people do with what was accepted."""

    # Amending

    @sometimes(
        9,
        when=lambda self: any(one.state == "accepted" for one in self.model.docs),
        number=any_doc,
        who=people,
        move=tuple(MOVES),
        part=tuple(range(1, 10)),
        goes=GOES,
    )
    def amend(self, number: int, who: str, move: str, part: int, goes: str) -> None:
        self.amend_one(self.pick(number, "accepted"), who, move, part, goes)

    @sometimes(
        3,
        when=lambda self: self.model.recorded,
        number=any_doc,
        who=people,
        move=tuple(MOVES),
        part=tuple(range(1, 10)),
        goes=GOES,
    )
    def amend_recorded(self, number: int, who: str, move: str, part: int, goes: str) -> None:
        recorded = self.model.recorded
        self.amend_one(recorded[number % len(recorded)], who, move, part, goes)

    @sometimes(
        4,
        when=lambda self: self.contracts(),
        number=any_doc,
        who=people,
        goes=GOES,
    )
    def undo_contract(self, number: int, who: str, goes: str) -> None:
        """A contract under which several documents were issued is undone: all of them in one go."""
        of_contracts = self.contracts()
        self.amend_one(of_contracts[number % len(of_contracts)], who, "undone_with_others", 1, goes)

    def contracts(self) -> list[Doc]:
        return [one for one in self.model.issued() if self.is_fresh(one) and self.model.of_contract(one)]

    def amend_one(self, doc: Doc, who: str, move: str, part: int, goes: str) -> None:
        """From what happened to a document to what waits for its signature; or it is said why not."""
        started = doc.state not in {"", *UNSIGNED}
        row = self.attempt(
            started,
            lambda: amending.start(member=self.members[who], now=self.now, **self.target(doc)),
        )
        if row is None:
            return
        act = self.act_of(row, doc, who)
        if act.state != "asking":
            return
        act.move = move
        amount = max(abs(doc.supply) // 100 * 10 * part, 10)  # so many tenths of it
        chosen = MOVES[move](doc, self.model.left(doc.root), amount)
        with self.inside():
            step = answered(self.members[who], row, chosen, now=self.now)
        if step is None:
            assert not self.is_fresh(doc) or not chosen.is_lawful
            return
        if self.is_fresh(doc) and chosen.is_lawful:
            assert step.ready is not None, step.suggestion
            assert step.ready.is_possible, step.ready.preview.refused
            self.contract_is_known(doc, step)
        if step.ready is None or goes == "asks":
            return
        self.prepare(act, who, chosen)
        acts = self.model.prepared_with(act)
        ready = [doc for one in acts for doc in one.docs if doc.state == "ready"]
        if ready and goes != "prepares":
            self.sign(ready, who)
        if goes == "sends":
            self.transmit(31, None, None)

    def target(self, doc: Doc) -> dict[str, Any]:
        """What the amendment of a document is begun on; our workspace is open."""
        with self.inside():
            if doc in self.records:
                return {"record": self.record(doc)}
            return {"invoice": Invoice.objects.get(pk=self.rows[doc.place])}

    def contract_is_known(self, doc: Doc, step: Step) -> None:
        """Of the other documents of a contract those are offered that nothing has happened to."""
        asked = next((one for one in step.asked if one.key == "undone_others"), None)
        with self.inside():
            offered = {self.doc_of_number(one.key) for one in asked.choices} if asked else set()
        if step.suggestion.event == "contract_undone":
            others = self.model.of_contract(doc)
            assert offered <= set(others)
            assert {one for one in others if self.model.issued_of(one) == [one]} <= offered

    def doc_of_number(self, number: str) -> Doc:
        """The document of an issue id; our workspace is open."""
        return self.doc_of_row(
            Invoice.objects.filter(issue_id=number).first() or Record.objects.get(issue_id=number)
        )

    def act_of(self, row: Amendment, doc: Doc, who: str) -> Act:
        """The member's own unfinished one, or a new one."""
        before = [
            one
            for one in self.model.acts
            if one.target is doc
            and one.by == who
            and one.is_open
            and one.mends is None
            and one.beside is None
        ]
        if before:
            assert row.pk in {self.acts[one] for one in before}
            return next(one for one in before if self.acts[one] == row.pk)
        assert row.pk not in self.acts.values()
        return self.new_act(row, Act(doc, who))

    def new_act(self, row: Amendment, act: Act) -> Act:
        self.model.acts.append(act)
        self.acts[act] = row.pk
        return act

    def is_fresh(self, doc: Doc) -> bool:
        """An accepted original on which nothing was issued."""
        return doc.state in STANDING and self.model.issued_of(doc.root) == [doc]

    def prepare(self, act: Act, who: str, chosen: Move | None) -> None:
        with self.inside():
            step = step_of(Amendment.objects.get(pk=self.acts[act]), now=self.now)
            ready = step.ready
            can = bool(step.planned) and all(one.is_possible and one.documents for one in step.planned)
        before = self.model.prepared_with(act)
        again = all(
            one.state == "prepared" and one.deal == self.model.deal_now(one.target.root) for one in before
        )
        made = [doc for one in before for doc in one.docs if doc.is_bound]
        drafts_of = [one for one in made if one.state == "draft"]
        asks = any(not self.model.may_issue(who) or self.model.needs_approval(one, who) for one in drafts_of)
        offers = not (drafts_of and asks) or len(drafts_of) == len(made)
        may = offers if again and made else can
        prepared = self.attempt(
            may,
            lambda: amending.prepare(
                member=self.members[who],
                amendment_id=self.acts[act],
                confirmed=range(len(ready.confirmations)) if ready else (),
                seen=step.seen,
                now=self.now,
            ),
        )
        if prepared is None:
            return
        if again and made:
            assert {one.pk for one in prepared.invoices} == {self.rows[one.place] for one in made}
            self.offered(drafts_of, who)
            return
        self.taken_apart(act, who)
        left = self.model.left(act.target.root)
        self.made(self.prepared_acts(act, who, prepared, step), who, prepared)
        if chosen is not None and self.is_plain(act.target.root):
            sums = list(left)
            for one in act.docs:
                if not one.is_follow_up:
                    sums[one.kind] += one.supply
            assert tuple(sums) == chosen.left_after, (act.move, left, sums)

    def prepared_acts(self, act: Act, who: str, prepared: Prepared, step: Step) -> list[Act]:
        """The amendment, and one for each other document of the contract."""
        first, *others = prepared.amendments
        assert first.pk == self.acts[act]
        acts = [act]
        with self.inside():
            for row, planned in zip(others, step.planned[1:], strict=True):
                target = self.doc_of_row(row.target or row.record)
                assert target.root is target, planned
                acts.append(self.new_act(row, Act(target, who, move=act.move, beside=act)))
        for one in acts:
            one.state, one.day, one.deal = "prepared", self.day, self.model.deal_now(one.target.root)
        assert len({one.target.root for one in self.model.prepared_with(act)}) == len(acts), "one deal twice"
        return acts

    def is_plain(self, root: Doc) -> bool:
        """A deal in which every document has one kind of tax and stands for the original."""
        return len({one.kind for one in self.model.issued_of(root)}) == 1

    def made(self, acts: list[Act], who: str, prepared: Prepared) -> None:
        """Documents of each deal by its own amendment, all offered together; what is fresh beside them by itself."""
        by_deal = {one.target.root: one for one in acts}
        docs = []
        for row in prepared.invoices:
            amends = self.target_of(row)
            docs.append(self.made_one(row, by_deal[amends.root], who, amends=amends))
        self.offered(docs, who)
        for row in prepared.follow_ups:
            self.offered([self.made_one(row, acts[0], who, is_follow_up=True)], who)

    def made_one(self, row: Invoice, act: Act, who: str, **values: Any) -> Doc:
        kind = kind_of(row.document_type)
        of = act.target.root
        doc = self.model.add(
            kind,
            row.supply_amount,
            who,
            buyer=row.buyer_number,
            is_consigned=of.is_consigned,
            contract=of.contract,
            act=act,
            content=(kind, len(self.rows), 0),
            **values,
        )
        assert row.tax_amount == doc.tax
        assert (row.document_type in consigned.TYPES) == of.is_consigned
        self.added(doc, row)
        act.docs.append(doc)
        return doc

    def target_of(self, row: Invoice) -> Doc:
        with self.inside():
            return self.doc_of_number(row.original_issue_id)

    def offered(self, docs: list[Doc], who: str) -> None:
        """Ready, or waiting for an approval: all of them."""
        asks = any(not self.model.may_issue(who) or self.model.needs_approval(one, who) for one in docs)
        for one in docs:
            one.changed_by = who
            one.state = "awaiting_approval" if asks else "ready"
            if asks:
                one.asked_by = who

    def taken_apart(self, act: Act, who: str) -> None:
        """What is not signed is thrown away, with what was prepared beside it."""
        for one in self.model.prepared_with(act):
            self.thrown_away(one, who)
            one.deal = frozenset()
            if one is not act:
                one.state = "withdrawn"

    @staticmethod
    def thrown_away(act: Act, who: str) -> None:
        """What is not signed; beside an amendment that mends another one also what was left beside that."""
        beside = [one for one in act.mends.docs if one.is_follow_up] if act.mends else []
        for one in (*act.docs, *beside):
            if one.state in UNSIGNED:
                one.state, one.changed_by = "", who
        act.docs = [one for one in act.docs if one.state]

    @sometimes(
        4,
        when=lambda self: self.model.acts,
        number=any_doc,
        who=people,
        name=("prepare", "reopen", "withdraw", "reissue"),
    )
    def take_up(self, number: int, who: str, name: str) -> None:
        """Somebody goes on with an amendment, also of somebody else's: pressed again, back to its questions, given up."""
        acts = self.model.acts
        act = acts[number % len(acts)]
        if name == "prepare":
            for _ in range(2):  # the second press makes nothing new
                if act.is_open:
                    self.prepare(act, who, None)
            return
        if name == "reissue":
            self.reissue(act, who)
            return
        may = act.state != "issued" and (name == "withdraw" or act.state != "withdrawn")
        do = getattr(amending, name)
        if self.attempt(may, lambda: do(member=self.members[who], amendment_id=self.acts[act], now=self.now)):
            if act.state == "prepared" or (act.state == "asking" and name == "withdraw"):
                self.taken_apart(act, who)
            act.state = "withdrawn" if name == "withdraw" else act.state
            act.state = "asking" if act.state == "prepared" else act.state

    def reissue(self, act: Act, who: str) -> None:
        with self.inside():
            half = is_half(Amendment.objects.get(pk=self.acts[act]))
        states = {one.state for one in act.docs if not one.is_follow_up}
        if half:
            assert "rejected" in states
            assert states & {"accepted", *ON_THE_WIRE}
        row = self.attempt(
            half,
            lambda: amending.reissue(member=self.members[who], amendment_id=self.acts[act], now=self.now),
        )
        if row is not None and row.pk not in self.acts.values():
            self.new_act(row, Act(act.target, who, move=act.move, mends=act))


def kind_of(document_type: str) -> int:
    """0 taxed, 1 zero-rated, 2 exempt."""
    if document_type[:2] in {"03", "04"}:
        return 2
    return 1 if document_type[2:] in {"02", "05"} else 0
