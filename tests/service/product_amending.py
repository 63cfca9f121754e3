"""Amending: from what happened to what is issued, and back."""

from collections.abc import Iterable

from amendment_moves import MOVES, Move, answered
from product_model import ON_THE_WIRE, UNSIGNED, Act, Doc
from product_papers import Papers
from product_wire import Wire
from product_world import any_doc, people
from random_steps import sometimes

from dojang.service.amendments import services as amending
from dojang.service.amendments.halves import is_half
from dojang.service.amendments.models import Amendment
from dojang.service.amendments.steps import step_of
from dojang.service.invoices.models import Invoice


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
        goes=("prepares", "signs", "sends", "sends", "asks"),
    )
    def amend(self, number: int, who: str, move: str, part: int, goes: str) -> None:
        """From what happened to a document to what waits for its signature; or it is said why not."""
        doc = self.pick(number, "accepted")
        started = doc.state not in {"", *UNSIGNED}
        row = self.attempt(
            started,
            lambda: amending.start(
                member=self.members[who], invoice=Invoice.objects.get(pk=self.rows[doc.place]), now=self.now
            ),
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
        if step.ready is None or goes == "asks":
            return
        self.prepare(act, who, chosen)
        ready = [one for one in act.docs if one.state == "ready"]
        if ready and goes != "prepares":
            self.sign(ready, who)
        if goes == "sends":
            self.transmit(31, None, None)

    def act_of(self, row: Amendment, doc: Doc, who: str) -> Act:
        """The member's own unfinished one, or a new one."""
        before = [
            one
            for one in self.model.acts
            if one.target is doc
            and one.by == who
            and one.state in {"asking", "prepared"}
            and one.mends is None
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
        return doc.state == "accepted" and self.model.issued_of(doc.root) == [doc]

    def prepare(self, act: Act, who: str, chosen: Move | None) -> None:
        with self.inside():
            step = step_of(Amendment.objects.get(pk=self.acts[act]), now=self.now)
            ready = step.ready
            can = ready is not None and ready.is_possible and bool(ready.documents)
        again = act.state == "prepared" and act.deal == self.model.deal_now(act.target.root)
        made = [one for one in act.docs if one.is_bound]
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
        self.thrown_away(act, who)
        before = self.model.left(act.target.root)
        self.made(act, who, prepared.invoices, is_follow_up=False)
        self.made(act, who, prepared.follow_ups, is_follow_up=True)
        act.state, act.day, act.deal = "prepared", self.day, self.model.deal_now(act.target.root)
        if chosen is not None and self.is_plain(act.target.root):
            sums = list(before)
            for one in act.docs:
                if not one.is_follow_up:
                    sums[one.kind] += one.supply
            assert tuple(sums) == chosen.left_after, (act.move, before, sums)

    def is_plain(self, root: Doc) -> bool:
        """A deal in which every document has one kind of tax and stands for the original."""
        return len({one.kind for one in self.model.issued_of(root)}) == 1

    def made(self, act: Act, who: str, rows: Iterable[Invoice], *, is_follow_up: bool) -> None:
        docs = []
        for row in rows:
            kind = kind_of(row.document_type)
            doc = self.model.add(
                kind,
                row.supply_amount,
                who,
                act=act,
                is_follow_up=is_follow_up,
                amends=None if is_follow_up else self.target_of(row),
                content=(kind, len(self.rows), 0),
            )
            assert row.tax_amount == doc.tax
            self.added(doc, row)
            act.docs.append(doc)
            docs.append(doc)
        for group in [[one] for one in docs] if is_follow_up else [docs]:
            self.offered(group, who)

    def target_of(self, row: Invoice) -> Doc:
        with self.inside():
            found = Invoice.objects.get(issue_id=row.original_issue_id)
        return self.doc_of(found.pk)

    def offered(self, docs: list[Doc], who: str) -> None:
        """Ready, or waiting for an approval: all of them."""
        asks = any(not self.model.may_issue(who) or self.model.needs_approval(one, who) for one in docs)
        for one in docs:
            one.changed_by = who
            one.state = "awaiting_approval" if asks else "ready"
            if asks:
                one.asked_by = who

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
            if act.state in {"asking", "prepared"}:
                self.prepare(act, who, None)
            return
        if name == "reissue":
            self.reissue(act, who)
            return
        may = act.state != "issued" and (name == "withdraw" or act.state != "withdrawn")
        do = getattr(amending, name)
        if self.attempt(may, lambda: do(member=self.members[who], amendment_id=self.acts[act], now=self.now)):
            if act.state == "prepared" or (act.state == "asking" and name == "withdraw"):
                self.thrown_away(act, who)
                act.deal = frozenset()
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
