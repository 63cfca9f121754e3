"""Random sequences of what people, the worker and the tax office do, held against a model of their outcome.

After each step every document is where the model has it, histories hold, what is left of each deal is what the model adds
up, and documents of one amendment were issued together. At the end the tax office answers everything, and its book is
ours.
"""

import hashlib
import secrets
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from product_amending import Amending
from product_elsewhere import Elsewhere
from product_model import EXEMPT, OWNER, TAXED, UNSIGNED, ZERO_RATED, Doc
from product_reverse import Reverse
from product_world import ASKER
from random_steps import play
from transmission_world import connect, open_office

from dojang.service.invoices import documents
from dojang.service.invoices.models import SignedDocument
from dojang.service.records import delivering
from dojang.service.records.models import Record, Side, Source
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import tasks

pytestmark = pytest.mark.hypothesis  # what `make test-slow` does more of

LENGTH = 60
PARTS = 4
"""Processes that share the sequences."""
SOLD = (
    (TAXED, 1_000_000, 0, False, "K-2026-7"),
    (ZERO_RATED, 400_000, 1, False, ""),
    (EXEMPT, 30_000_000, 2, False, ""),
    (TAXED, 400_000, 0, False, "K-2026-7"),
    (TAXED, 1_000_000, 2, True, ""),
)
EACH = max(settings.default.max_examples // (20 * PARTS), 1)


class Product(Amending, Elsewhere, Reverse):
    """All of it."""

    def begin(self) -> None:
        """It has sold something of each kind, for another too and under one contract, and is asked to sign."""
        super().begin()
        for place, said in enumerate(SOLD):
            self.write(OWNER, *said)
            self.step(5 * place, OWNER, "finish")
        self.sign(list(self.model.docs), OWNER)
        self.transmit(31, None, None)
        assert {one.state for one in self.model.docs} == {"accepted"}
        self.ask_us(TAXED, 400_000, 20)

    def end(self) -> None:
        self.everything_is_answered()
        self.requests_hold()
        self.books_agree()
        self.others_got_theirs()

    def close(self) -> None:
        transaction.set_rollback(True)
        self.open.close()

    def everything_is_answered(self) -> None:
        self.office.set(delays={"judging_seconds": 0.0, "reply_seconds": 0.0})
        for _ in range(300):
            tasks.look_at_due(clock=self.office.clock)
            self.work()
            self.learn()
            if not self.model.on_the_wire():
                break
            self.office.clock.later(minutes=1)
        self.check()

    def books_agree(self) -> None:
        filed = self.office.filed()
        store = self.office.store
        theirs = {
            issue_id: (
                store.filed(issue_id).supply_amount,
                store.filed(issue_id).tax_amount,
                hashlib.sha256(
                    next(one.xml for one in store.documents_of(issue_id) if not wrong(one))
                ).hexdigest(),
            )
            for issue_id in filed
        }
        issued = [
            one
            for one in (*self.model.docs, *self.model.behind)
            if one.state not in {"", "cancelled", *UNSIGNED}
        ]
        assert {one.state for one in issued} <= {"accepted", "rejected"}
        assert [bool(one.codes) for one in issued] == [one.state == "rejected" for one in issued]
        accepted = [one for one in issued if one.state == "accepted"]
        ours = {self.row(one).issue_id: (one.supply, one.tax, self.digest(one)) for one in accepted}
        assert ours == theirs

    def digest(self, doc: Doc) -> str:
        """Of the signed bytes."""
        row = self.row(doc)
        with in_workspace(row.workspace_id):
            kept = SignedDocument.objects.get(invoice_id=row.pk)
            return hashlib.sha256(
                documents.unpack(bytes(kept.document), workspace_id=row.workspace_id)
            ).hexdigest()

    def others_got_theirs(self) -> None:
        """Buyers on this server what was issued to them, and whose sales we issued for those; nobody anything else."""
        delivering.take_all(now=self.now)
        accepted = [one for one in (*self.model.docs, *self.model.behind) if one.state == "accepted"]
        for workspace, side, theirs in (
            (self.asker, Side.PURCHASE, [one for one in accepted if one.buyer == ASKER]),
            (self.principal, Side.SALES, [one for one in accepted if one.is_consigned]),
            (self.workspace, Side.SALES, [one for one in accepted if one.is_behind_link]),
        ):
            numbers = {self.row(one).issue_id for one in theirs}
            with in_workspace(workspace.pk):
                found = Record.objects.filter(side=side, source=Source.DELIVERED)
                assert set(found.values_list("issue_id", flat=True)) == numbers


def wrong(document: Any) -> bool:
    return document.codes != ("SUC001",)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_done_in_whatever_order_both_books_say_the_same(db, monkeypatch, tmp_path, sandbox, part):
    authority = connect(monkeypatch, tmp_path / "data", sandbox)
    for _ in range(EACH):
        play(lambda: Product(sandbox, authority), seed=secrets.randbits(32), length=LENGTH)
