"""Whoever has one link, one account or one workspace, and wants more of 역발행 than it gives."""

import io
import logging
from contextlib import contextmanager

import pytest
from django.test import Client
from django.urls import reverse
from record_world import BUYER, SUPPLIER, authority_of, workspace_of
from reverse_world import ask, buyer_of, guest_of, path_of, read_again, steps, token_of
from service_world import NOW, acting, first_business

from dojang.service.approvals import policies
from dojang.service.hometax import bulk
from dojang.service.hometax.errors import NothingToWrite
from dojang.service.reverse import answering, requesting, seen
from dojang.service.reverse.errors import AnsweredHere
from dojang.service.reverse.models import IncomingReverse, State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.logs import WithoutTokens

pytestmark = pytest.mark.django_db
NUMBER = "202611024100000000000001"


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


@pytest.fixture
def buyer():
    return buyer_of()


def settle(workspace_id, outcome, **values):
    """Claim what became of what the workspace was asked."""
    with in_workspace(workspace_id):
        incoming = IncomingReverse.objects.get()
        return crossing.settle_reverse(
            incoming.pk, outcome, NOW, actor_kind="supplier", address="192.0.2.66", **values
        )


def test_nobody_makes_a_buyer_believe_that_what_was_not_issued_was(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).begin()
    guest = read_again(buyer, row).guest
    assert settle(guest, "signed", issue_id=NUMBER, way_out="nts") is False
    assert read_again(buyer, row).state == State.REQUESTED
    assert "signed" not in steps(buyer, row)


def test_with_another_number_than_was_issued_nothing_is_settled(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.sign()
    found = read_again(buyer, row)
    assert settle(supplier.pk, "cancelled") is False
    assert settle(found.guest, "cancelled") is False
    assert settle(found.guest, "failed") is False
    assert read_again(buyer, row).state == State.SIGNED


def test_a_workspace_that_only_typed_the_number_neither_holds_nor_refuses_what_it_claims_to_have_received(
    buyer,
):
    row = ask(buyer, now=NOW)
    stranger = workspace_of(SUPPLIER, proved=False)
    with in_workspace(stranger.pk):
        claimed = IncomingReverse.objects.create(
            workspace=stranger,
            business=first_business(stranger),
            document_type="0101",
            written_on=row.written_on,
            origin_workspace=buyer.pk,
            origin_request=row.pk,
            requester_number=BUYER,
            requester_name="한빛상사",
            arrived_at=NOW,
        )
        assert crossing.hold_reverse(claimed.pk) is None
    assert settle(stranger.pk, "refused", reason="주워 온 사유") is False
    assert read_again(buyer, row).state == State.REQUESTED


def test_certificates_are_registered_behind_a_link_only_while_it_can_be_signed(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).begin()
    with in_workspace(buyer.pk):
        requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
    answer = Client().post(
        reverse("reverse_sign_register", args=[token_of(buyer, row)]),
        data="{}",
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == "reverse_request_over"


@pytest.mark.parametrize("four_eyes", [False, True])
def test_what_a_buyer_asked_for_goes_into_no_file_for_hometax_and_is_not_issued_there_as_well(
    buyer, four_eyes
):
    supplier = workspace_of(SUPPLIER)
    ask(buyer, now=NOW)
    member = acting(supplier)
    with in_workspace(supplier.pk):
        if four_eyes:
            business = first_business(supplier)
            policies.set_policy(member=member, business=business, from_amount=0, four_eyes=True, now=NOW)
        received = IncomingReverse.objects.get()
        invoice = answering.prepare(member=member, incoming_id=received.pk, now=NOW)
        if four_eyes:
            policies.drop_policy(member=member, business=business, now=NOW)
        [seen_row] = bulk.look(member=member, invoice_ids=[invoice.pk], options=bulk.Options(), now=NOW)
        assert isinstance(seen_row.refusal, AnsweredHere)
        with pytest.raises(NothingToWrite):
            bulk.make(member=member, invoice_ids=[invoice.pk], options=bulk.Options(), now=NOW)


def test_the_address_of_a_link_stands_in_no_log_even_where_its_page_breaks(buyer, monkeypatch):
    row = ask(buyer)

    def broken(*_, **__):
        raise RuntimeError(f"out of order: {path_of(buyer, row)}sign/")

    monkeypatch.setattr(seen, "by_link", broken)
    with lines() as written:
        assert Client(raise_request_exception=False).get(path_of(buyer, row)).status_code == 500
    assert "out of order: /r/…/sign/" in written.getvalue()
    assert "Internal Server Error: /r/…/" in written.getvalue()
    assert token_of(buyer, row) not in written.getvalue()


@contextmanager
def lines():
    """What the service writes to its log meanwhile."""
    [handler] = [one for one in logging.getLogger().handlers if isinstance(one.formatter, WithoutTokens)]
    written = io.StringIO()
    before = handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before)
