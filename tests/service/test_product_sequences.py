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
from product_model import ON_THE_WIRE, OWNER, UNSIGNED
from random_steps import play
from transmission_world import connect, open_office

from dojang.service.invoices import documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.transmission import tasks

pytestmark = pytest.mark.hypothesis  # what `make test-slow` does more of

LENGTH = 60
PARTS = 4
"""Processes that share the sequences."""
EACH = max(settings.default.max_examples // (20 * PARTS), 1)


class Product(Amending):
    """All of it."""

    def begin(self) -> None:
        """It has sold something of each kind."""
        super().begin()
        for kind, supply in enumerate((1_000_000, 400_000, 30_000_000)):
            self.write(OWNER, kind, supply, kind)
            self.step(5 * kind, OWNER, "finish")
        self.sign(list(self.model.docs), OWNER)
        self.transmit(31, None, None)
        assert {one.state for one in self.model.docs} == {"accepted"}

    def end(self) -> None:
        self.everything_is_answered()
        self.books_agree()

    def close(self) -> None:
        transaction.set_rollback(True)
        self.open.close()

    def everything_is_answered(self) -> None:
        self.office.set(delays={"judging_seconds": 0.0, "reply_seconds": 0.0})
        for _ in range(300):
            tasks.look_at_due(clock=self.office.clock)
            self.work()
            self.learn()
            if not any(one.state in ON_THE_WIRE for one in self.model.docs):
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
        with self.inside():
            rows = Invoice.objects.in_bulk(self.rows)
            digests = {
                one.invoice_id: hashlib.sha256(
                    documents.unpack(bytes(one.document), workspace_id=one.workspace_id)
                ).hexdigest()
                for one in SignedDocument.objects.all()
            }
        issued = [one for one in self.model.docs if one.state not in {"", "cancelled", *UNSIGNED}]
        assert {one.state for one in issued} <= {"accepted", "rejected"}
        assert [bool(one.codes) for one in issued] == [one.state == "rejected" for one in issued]
        ours = {
            rows[self.rows[one.place]].issue_id: (one.supply, one.tax, digests[self.rows[one.place]])
            for one in issued
            if one.state == "accepted"
        }
        assert ours == theirs


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
