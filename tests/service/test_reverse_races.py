"""Buyer and supplier at one request at the same moment, each with a connection of their own."""

from datetime import timedelta

import pytest
from record_world import SUPPLIER, authority_of, keeper_of, workspace_of
from reverse_world import ask, buyer_of, guest_of, inbox, read_again, signed_by, steps
from service_world import NOW, acting
from signing_world import order
from test_workspace_races import at_once, inside

from dojang.service.errors import ServiceError
from dojang.service.invoices import issuing
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.reverse import answering, guests, requesting, tasks
from dojang.service.reverse.models import IncomingReverse, State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


def refusals(answers):
    """Those who were refused as a whole; any other exception is a fault."""
    raised = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, ServiceError) for one in raised), raised
    return raised


def documents_of(workspace_id):
    with in_workspace(workspace_id):
        return SignedDocument.objects.count()


def test_of_withdrawing_and_signing_exactly_one_happens():
    buyer, ends = buyer_of(), set()
    for _ in range(ROUNDS):
        row = ask(buyer, now=NOW)
        guest = guest_of(buyer, row, now=NOW)
        guest.begin()
        guest.register()
        placed = guest.order()
        member = acting(buyer)
        answers = at_once(
            inside(
                buyer,
                lambda row=row, member=member: requesting.withdraw(member=member, request_id=row.pk, now=NOW),
            ),
            lambda guest=guest, placed=placed: guest.hand_in(placed),
        )
        was_refused = bool(refusals(answers[:1]))
        issued = len(answers[1].issued)
        row = read_again(buyer, row)
        assert issued == documents_of(row.guest) == int(was_refused)
        assert row.state == (State.SIGNED if issued else State.WITHDRAWN)
        assert ("signed" in steps(buyer, row)) == bool(issued)
        ends.add(row.state)
    assert ends <= {State.SIGNED, State.WITHDRAWN}


def test_of_two_workspaces_that_sign_at_once_one_issues():
    buyer = buyer_of()
    suppliers = [workspace_of(SUPPLIER), workspace_of(SUPPLIER)]
    who = keeper_of(SUPPLIER)
    for _ in range(ROUNDS):
        row = ask(buyer, now=NOW)
        works = []
        for workspace in suppliers:
            received = inbox(workspace)[-1]
            with in_workspace(workspace.pk):
                invoice = answering.prepare(member=acting(workspace), incoming_id=received.pk, now=NOW)
            placed = order(workspace, invoice, now=NOW)
            done, signer, member = signed_by(who, placed), who.signer(), acting(workspace)
            works.append(
                inside(
                    workspace,
                    lambda done=done, signer=signer, member=member: issuing.issue(
                        member=member, signer=signer, signed=done, now=NOW
                    ),
                )
            )
        answers = at_once(*works)
        assert refusals(answers) == []
        assert sorted(len(one.issued) for one in answers) == [0, 1]
        assert read_again(buyer, row).state == State.SIGNED


def test_pressed_in_two_windows_at_once_one_document_is_made():
    buyer = buyer_of()
    for _ in range(ROUNDS):
        row = ask(buyer, now=NOW)
        guest = guest_of(buyer, row, now=NOW)
        assert refusals(at_once(guest.begin, guest.begin, guest.begin)) == []
        with in_workspace(read_again(buyer, row).guest):
            assert Invoice.objects.count() == IncomingReverse.objects.count() == 1


def test_handed_in_twice_at_once_it_is_issued_once():
    buyer = buyer_of()
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    placed = guest.order()
    answers = at_once(*[lambda: guest.hand_in(placed)] * 3)
    assert refusals(answers) == []
    assert all(len(one.issued) == 1 for one in answers)
    row = read_again(buyer, row)
    assert documents_of(row.guest) == 1
    assert steps(buyer, row).count("signed") == 1


def test_refusing_signing_withdrawing_and_running_out_at_once_end_in_one_way():
    buyer = buyer_of()
    for _ in range(ROUNDS):
        row = ask(buyer, now=NOW)
        guest = guest_of(buyer, row, now=NOW)
        guest.begin()
        guest.register()
        placed = guest.order()
        member = acting(buyer)
        answers = at_once(
            lambda guest=guest, placed=placed: guest.hand_in(placed),
            lambda guest=guest: guests.refuse(guest.token, reason="다름", address="", now=NOW),
            inside(
                buyer,
                lambda row=row, member=member: requesting.withdraw(member=member, request_id=row.pk, now=NOW),
            ),
            lambda row=row: tasks.see_to_all(row.expires_at + timedelta(seconds=1)),
        )
        refusals(answers)
        row = read_again(buyer, row)
        ended = {"signed", "refused", "withdrawn", "expired"} & set(steps(buyer, row))
        assert ended == {row.state}
        assert documents_of(row.guest) == int(row.state == State.SIGNED)
