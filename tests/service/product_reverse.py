"""역발행: a buyer asks us to sign what it wrote. We sign or refuse, here or behind its link; it withdraws, time runs out."""

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any

from product_elsewhere import TAXATIONS
from product_model import ON_THE_WIRE, Asked, Doc
from product_papers import AMOUNTS, WRITTEN
from product_world import ASKER, World, any_doc, mostly_issuers
from random_steps import sometimes
from reverse_world import Guest, ask, token_of
from service_world import acting

from dojang.etax import KST
from dojang.service.audit import chain
from dojang.service.invoices import issuing, orders, transmitting
from dojang.service.invoices.timing import today
from dojang.service.reverse import answering, guests, requesting
from dojang.service.reverse import tasks as reverse_tasks
from dojang.service.reverse.models import IncomingReverse, ReverseEvent, ReverseRequest
from dojang.service.reverse.writing import Line, Supplier
from dojang.service.tenancy.scope import in_workspace

ENDS = frozenset({"signed", "refused", "withdrawn", "expired"})
SIGNED = ON_THE_WIRE | {"accepted", "rejected", "cancelled"}
AFTER_SIGNING = frozenset({"cancelled", "failed"})


class Reverse(World):
    """What a buyer asks for, and what comes of it.

    Attributes:
        requests: the buyer's row of each.
        incoming: ours.
        given: what was given out to be signed behind a link, newest last.
    """

    def begin(self) -> None:
        super().begin()
        self.requests: dict[Asked, ReverseRequest] = {}
        self.incoming: dict[Asked, int] = {}
        self.given: dict[Asked, list[orders.Orders]] = {}

    def pick_asked(self, number: int) -> Asked:
        """A request, four times out of five an open one."""
        fitting = [one for one in self.model.asked if one.state == "requested"]
        among = fitting if number % 5 and fitting else self.model.asked
        return among[number // 5 % len(among)]

    # The buyer

    @sometimes(3, kind=(0, 0, 1, 2), supply=AMOUNTS, days=(0, 1, 20))
    def ask_us(self, kind: int, supply: int, days: int) -> None:
        last = today(self.now) + timedelta(days=days)
        row = ask(
            self.asker,
            now=self.now,
            taxation=TAXATIONS[kind],
            written_on=date.fromisoformat(WRITTEN),
            supplier=Supplier(
                self.business.number,
                self.business.name,
                self.business.representative,
                email="us@dojang.example",
            ),
            lines=(Line("복사용지", supply_amount=supply),),
            answer_by=last,
        )
        until = datetime.combine(last + timedelta(days=1), time(), KST)
        one = Asked(len(self.model.asked), kind, supply, ASKER, until)
        self.model.asked.append(one)
        self.requests[one], self.given[one] = row, []
        with self.inside():
            self.incoming[one] = IncomingReverse.objects.get(origin_request=row.pk).pk

    @sometimes(1, when=lambda self: self.model.asked, number=any_doc)
    def buyer_withdraws(self, number: int) -> None:
        one = self.pick_asked(number)
        done = self.attempt(
            one.state == "requested",
            lambda: requesting.withdraw(
                member=acting(self.asker), request_id=self.requests[one].pk, now=self.now
            ),
            at=in_workspace(self.asker.pk),
        )
        if done:
            one.state = "withdrawn"

    # Here

    @sometimes(5, when=lambda self: self.model.asked, number=any_doc, who=mostly_issuers, signs=(True, False))
    def take_request_up(self, number: int, who: str, signs: bool) -> None:
        one = self.pick_asked(number)
        row = self.attempt(
            one.is_open(self.now) and self.model.may_issue(who),
            lambda: answering.prepare(member=self.members[who], incoming_id=self.incoming[one], now=self.now),
        )
        if row is None:
            return
        doc = self.made_here(one)
        if doc is None:
            doc = self.model.add(one.kind, one.supply, who, buyer=one.buyer, asked=one, content=one)
            doc.state = "draft" if self.model.needs_approval(doc, who) else "ready"
            one.docs.append(doc)
            self.added(doc, row)
        assert row.pk == self.rows[doc.place]
        if signs and doc.state == "ready":
            self.sign([doc], who)

    @staticmethod
    def made_here(one: Asked) -> Doc | None:
        return next((doc for doc in one.docs if not doc.is_behind_link and doc.state), None)

    @sometimes(1, when=lambda self: self.model.asked, number=any_doc, who=mostly_issuers)
    def refuse_request(self, number: int, who: str) -> None:
        one = self.pick_asked(number)
        done = self.attempt(
            one.is_open(self.now) and self.model.may_issue(who),
            lambda: (
                answering.refuse(
                    member=self.members[who],
                    incoming_id=self.incoming[one],
                    reason="금액이 달라요",
                    now=self.now,
                )
                or True
            ),
        )
        if done:
            one.state = "refused"
            one.put_away([doc for doc in one.docs if not doc.is_behind_link])

    # Behind the link

    @sometimes(
        4,
        when=lambda self: self.model.asked,
        number=any_doc,
        does=("sign", "sign", "order", "hand_in", "refuse", "cancel"),
    )
    def behind_link(self, number: int, does: str) -> None:
        one = self.pick_asked(number)
        guest = Guest(token_of(self.asker, self.requests[one]), self.company.owner, self.now)
        doc = next((doc for doc in one.docs if doc.is_behind_link), None)
        match does:
            case "sign" | "order":
                if self.order_behind(one, guest) and does == "sign":
                    self.hand_in_behind(one, guest, -1)
            case "hand_in" if doc is not None:
                self.hand_in_behind(one, guest, number % max(len(self.given[one]), 1))
            case "refuse":
                self.refuse_behind(one, guest)
            case "cancel" if doc is not None:
                self.cancel_behind(one, guest, doc)

    def order_behind(self, one: Asked, guest: Guest) -> bool:
        if not self.attempt(one.is_open(self.now), lambda: guest.begin() or True, at=nullcontext()):
            return False
        doc = next((doc for doc in one.docs if doc.is_behind_link), None)
        if doc is None:
            doc = self.model.add_behind(one)
            with in_workspace(self.asker.pk):
                workspace = ReverseRequest.objects.get(pk=self.requests[one].pk).guest
            with guests.inside(guest.token, address="", now=self.now) as (_, incoming):
                assert incoming.workspace_id == workspace
                self.behind[doc] = (incoming.workspace_id, incoming.invoice_id)
            guest.register()
        placed = guest.order()
        assert len(placed.placed) == 1
        self.given[one].append(placed)
        doc.order = (len(self.given[one]) - 1, placed.placed[0].order.expires_at)
        return True

    def hand_in_behind(self, one: Asked, guest: Guest, number: int) -> None:
        if not self.given[one]:
            return
        number %= len(self.given[one])
        [doc] = [doc for doc in one.docs if doc.is_behind_link]
        before = doc.order == (-number - 1, doc.order[1]) if doc.order else False
        is_live = doc.order is not None and doc.order[0] == number and doc.order[1] > self.now
        may = is_live and doc.state == "ready" and one.is_open(self.now)
        done: issuing.Issued = guest.hand_in(self.given[one][number])
        assert bool(done.issued) == (may or before)
        for _, row in done.issued if may else ():
            doc.state, doc.due, doc.order = "issued", row.transmit_at, (-number - 1, self.now)
            one.state = "signed"

    def refuse_behind(self, one: Asked, guest: Guest) -> None:
        done = self.attempt(
            one.is_open(self.now),
            lambda: guests.refuse(guest.token, reason="모르는 거래", address="", now=self.now) or True,
            at=nullcontext(),
        )
        if done:
            one.state = "refused"

    def cancel_behind(self, one: Asked, guest: Guest, doc: Doc) -> None:
        def cancel() -> Any:
            with guests.inside(guest.token, address="", now=self.now) as (member, incoming):
                row = incoming.invoice
                return transmitting.cancel(
                    member=member, invoice_id=row.pk, version=row.version, now=self.now
                )

        if self.attempt(doc.state == "issued", cancel, at=nullcontext()):
            doc.state, one.state = "cancelled", "cancelled"

    # The worker

    @sometimes(2, when=lambda self: self.model.asked)
    def see_to_requests(self) -> None:
        reverse_tasks.see_to_all(self.now)
        for one in self.model.asked:
            one.seen_to(self.now)

    # What holds after every step

    def check(self) -> None:
        super().check()
        with in_workspace(self.asker.pk):
            states = dict(ReverseRequest.objects.values_list("pk", "state"))
        with self.inside():
            told = dict(IncomingReverse.objects.values_list("origin_request", "state"))
        for one in self.model.asked:
            assert states[self.requests[one].pk] == told[self.requests[one].pk] == one.state, one
            assert sum(doc.state in SIGNED for doc in one.docs) <= 1, "signed twice"
        for doc in self.model.behind:
            row = self.row(doc)
            assert ("" if row.deleted_at else row.state) == doc.state, doc
            assert (row.supply_amount, row.tax_amount) == (doc.supply, doc.tax)

    def requests_hold(self) -> None:
        """At the end: each went one way, its history tells which, and what was signed behind links is sealed."""
        self.see_to_requests()
        self.check()
        for one in self.model.asked:
            signed = [doc.state for doc in one.docs if doc.state in SIGNED]
            ends = {"signed": ["accepted"], "failed": ["rejected"], "cancelled": ["cancelled"]}
            assert signed == ends.get(one.state, [])
            with in_workspace(self.asker.pk):
                events = list(
                    ReverseEvent.objects.filter(request_id=self.requests[one].pk)
                    .order_by("pk")
                    .values_list("action", flat=True)
                )
            told = [name for name in events if name in ENDS | AFTER_SIGNING]
            expected = ["signed", one.state] if one.state in AFTER_SIGNING else [one.state]
            assert told == (expected if one.state != "requested" else [])
        for workspace, _ in self.behind.values():
            with in_workspace(workspace):
                assert list(chain.verify()) == []
