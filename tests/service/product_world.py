"""A workspace with three people, and what holds in it after every step."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from product_model import ISSUER, OWNER, PEOPLE, STEPS, UNSIGNED, WRITER, Act, Doc, Model
from service_world import NOW, acting, add_member, business_number, first_business
from transmission_world import Office, make_company

from dojang.errors import DojangError
from dojang.etax.returns import Side
from dojang.service.amendments.chains import deal_of
from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.audit.models import Event
from dojang.service.invoices import orders
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.timing import today
from dojang.service.records.models import Record
from dojang.service.reports import selecting
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Role

any_doc = range(1000)
people = PEOPLE
ASKER, PRINCIPAL = (business_number(serial, kind="81") for serial in (21, 22))
"""A buyer that has an account here, and one in whose name we issue."""
mostly_issuers = (OWNER, OWNER, ISSUER, ISSUER, WRITER)


def some_docs(random: Random) -> list[int]:
    return [random.randrange(1000) for _ in range(random.choice((1, 1, 2, 4)))]


class World:
    """A workspace, and the model of it.

    Attributes:
        asker: a buyer's workspace, which gets what is issued to it, and asks us to sign.
        principal: the workspace of whose sales we issue as its broker.
        rows: the row of each document of the model.
        behind: of each document that was signed behind a link its workspace and row.
        records: the row of each document that was issued elsewhere.
        acts: the row of each amendment.
        placed: what was asked to be signed, by whom.
        judging: for how many seconds the tax office keeps a message.
    """

    def __init__(self, office: Office, authority: Any) -> None:
        self.office, self.authority = office, authority
        self.model = Model()
        self.rows: list[int] = []
        self.behind: dict[Doc, tuple[int, int]] = {}
        self.records: dict[Doc, int] = {}
        self.seen: dict[int, int] = {}
        self.placed: list[tuple[str, orders.Orders]] = []
        self.acts: dict[Act, int] = {}
        self.judging = 0.0
        self.open = ExitStack()
        self.open.enter_context(transaction.atomic())
        self.begin()

    def begin(self) -> None:
        """A new workspace in an empty tax office."""
        office = self.office
        office.running.sandbox.office.reset()
        office.clock.now = NOW
        office.set(callbacks={"attempts": 1, "retry_seconds": 0})
        self.company = make_company(self.authority)
        self.workspace = self.company.workspace
        self.members = {
            OWNER: acting(self.workspace),
            ISSUER: add_member(self.workspace, Role.ISSUER),
            WRITER: add_member(self.workspace, Role.WRITER),
        }
        self.business = first_business(self.workspace)
        self.asker = make_company(self.authority, "부탁상사", serial=21).workspace
        self.principal = make_company(self.authority, "(주)위탁상사", serial=22).workspace
        with self.inside():
            Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})

    # Helpers

    @property
    def now(self) -> Any:
        return self.office.clock.now

    @property
    def day(self) -> str:
        return str(today(self.now))

    def inside(self) -> Any:
        return in_workspace(self.workspace.pk)

    def pick(self, number: int, *states: str) -> Doc | None:
        """A document, four times out of five one in these states, if there is such a one."""
        fitting = [one for one in self.model.docs if one.state in states]
        among = fitting if number % 5 and fitting else self.model.docs
        return among[number // 5 % len(among)] if among else None

    def row(self, doc: Doc) -> Invoice:
        """The document's row, in whose workspace it is."""
        workspace, pk = self.behind.get(doc) or (self.workspace.pk, self.rows[doc.place])
        with in_workspace(workspace):
            return Invoice.objects.get(pk=pk)

    def record(self, doc: Doc) -> Record:
        return Record.objects.select_related("business").get(pk=self.records[doc])

    def deal(self, doc: Doc) -> Any:
        """The product's deal of a document; our workspace is open."""
        if doc in self.records:
            return deal_of(record=self.record(doc))
        return deal_of(invoice=Invoice.objects.get(pk=self.rows[doc.place]))

    def version(self, doc: Doc) -> int:
        with self.inside():
            return Invoice.objects.values_list("version", flat=True).get(pk=self.rows[doc.place])

    def attempt(self, may: bool | None, do: Callable[[], Any], *, at: Any = None) -> Any:
        """Do it; it is refused exactly where the model says so (None: it may be either).

        Args:
            may: what the model says.
            do: what is done.
            at: what is open meanwhile; our workspace where nothing is said.
        """
        try:
            with at or self.inside():
                found = do()
        except (DojangError, PermissionDenied, Invoice.DoesNotExist) as error:
            if may:
                raise AssertionError("refused") from error
            return None
        assert may is not False, "was not refused"
        return found if found is not None else True

    def added(self, doc: Doc, row: Invoice) -> None:
        assert len(self.rows) == doc.place
        self.rows.append(row.pk)

    def doc_of(self, row: int) -> Doc:
        return self.model.docs[self.rows.index(row)]

    def among(self, found: Iterable[Any], sure: set[Doc], maybe: set[Doc], pk: Callable[[Any], int]) -> None:
        """What was done is what had to be, and of the rest only what could be."""
        done = {self.doc_of(pk(one)) for one in found}
        assert sure <= done, ("refused", sure - done)
        assert done <= sure | maybe, ("not refused", done - sure - maybe)

    # What holds after every step

    def check(self) -> None:
        if not self.rows:
            return
        with self.inside():
            rows = Invoice.objects.in_bulk(self.rows)
            assert Invoice.objects.count() == len(rows) == len(self.rows)
            changed = []
            for doc, pk in zip(self.model.docs, self.rows, strict=True):
                row = rows[pk]
                assert ("" if row.deleted_at else row.state) == doc.state, doc
                if doc.state:
                    assert (row.supply_amount, row.tax_amount) == (doc.supply, doc.tax)
                if self.seen.get(pk) != row.version:
                    self.seen[pk] = row.version
                    changed.append(doc)
            self.histories_hold(changed)
            for root in {one.root for one in changed}:
                self.the_deal_adds_up(root)
            self.figures_are_ours()
        for act in self.model.acts:
            self.issued_together(act)

    def histories_hold(self, changed: list[Doc]) -> None:
        ids = [self.rows[one.place] for one in changed]
        events = Event.objects.filter(invoice_id__in=ids).order_by("invoice_id", "sequence")
        last: dict[int, str] = {}
        for event in events:
            assert (event.action, event.from_state, event.to_state) in STEPS
            assert event.from_state == last.get(event.invoice_id, "")
            last[event.invoice_id] = event.to_state
        assert last == {self.rows[one.place]: one.state for one in changed}
        assert list(chain.verify()) == []
        assert list(contradictions()) == []

    def the_deal_adds_up(self, root: Doc) -> None:
        if root.state in {"", *UNSIGNED}:
            return
        deal = self.deal(root)
        assert len(deal.nodes) == len(self.model.issued_of(root))
        assert {self.doc_of_row(row) for _, row in deal.documents} == set(self.model.issued_of(root))
        left = self.model.left(root)
        assert tuple(part.supply_amount for part in deal.balance) == left
        assert tuple(part.tax_amount for part in deal.balance) == (left[0] // 10, 0, 0)
        assert deal.steps[-1][1] == deal.balance

    def doc_of_row(self, row: Invoice | Record) -> Doc:
        if isinstance(row, Invoice):
            return self.doc_of(row.pk)
        return next(doc for doc, pk in self.records.items() if pk == row.pk)

    def figures_are_ours(self) -> None:
        """What reports add up: our sales, here and elsewhere; apart from them what we issued for others."""
        own = [selecting.sums_of(rows) for rows in selecting.documents([self.business.pk], Side.SALES)]
        consigned = selecting.sums_of(selecting.consigned([self.business.pk]))
        found = tuple(
            sum(getattr(one, name) for one in own) for name in ("count", "supply_amount", "tax_amount")
        )
        assert found == self.model.sales(consigned=False)
        assert (consigned.count, consigned.supply_amount, consigned.tax_amount) == self.model.sales(
            consigned=True
        )

    @staticmethod
    def issued_together(act: Act) -> None:
        docs = [one for one in act.docs if not one.is_follow_up and one.state]
        signed_ones = [one for one in docs if one.state not in UNSIGNED]
        assert not signed_ones or signed_ones == docs
        assert len({one.state == "cancelled" for one in docs}) <= 1
        beside = [*act.docs, *(act.mends.docs if act.mends else ())]
        fresh = [one for one in beside if one.is_follow_up and one.state not in {"", "cancelled", "rejected"}]
        assert len(fresh) <= 1, "issued anew twice"
