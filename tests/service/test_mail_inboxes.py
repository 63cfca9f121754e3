"""Mails that strangers can have sent: so many a day go to one inbox, from whatever workspace, and nothing is told."""

from datetime import timedelta

import pytest
from billing_world import Asking
from counterparty_world import make_world
from django.urls import reverse
from django.utils import timezone
from record_world import authority_of
from reverse_world import SUPPLIER_MAIL, ask, buyer_of, read_again, steps, write
from service_world import NOW, acting, first_business, make_user, make_workspace, member_client

from dojang.service.billing.models import BillingRequest
from dojang.service.links.models import Link
from dojang.service.notices import inboxes, outbox
from dojang.service.notices.errors import InboxFull
from dojang.service.notices.models import Kind, MailState, OutgoingMail
from dojang.service.reverse import requesting
from dojang.service.reverse.models import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Invitation
from dojang.service.workspaces.services import invitations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)
    monkeypatch.setattr(inboxes, "A_DAY", 3)


def fill(address, *, now=NOW, how_many=3):
    """Mails that somebody else, in workspaces of their own, has had sent there."""
    stranger = make_user()
    for serial in range(how_many):
        workspace = make_workspace(stranger)
        with in_workspace(workspace.pk):
            outbox.put(
                Kind.BILLING_ASKED, key=f"stranger{serial}", to=address, asked_by_id=stranger.pk, now=now
            )


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("Sales@Keunsol.EXAMPLE", "sales@keunsol.example"),
        ("sales+november@keunsol.example", "sales@keunsol.example"),
        ("+@keunsol.example", "+@keunsol.example"),
        ("s.a.les@keunsol.example", "s.a.les@keunsol.example"),
        ("k.eun.sol+1@GoogleMail.com", "keunsol@gmail.com"),
        (f"{'İ' * 250}@x.example", f"{'i̇' * 250}@x.example"[:254]),
    ],
)
def test_an_inbox_is_the_same_however_its_address_is_written(address, whose):
    assert inboxes.inbox_of(Kind.BILLING_ASKED, address) == whose


def test_mails_that_follow_from_a_signed_document_are_not_counted():
    assert inboxes.inbox_of(Kind.INVOICE_ISSUED, "sales@keunsol.example") == ""
    fill("sales@keunsol.example")
    workspace = make_workspace()
    with in_workspace(workspace.pk):
        sent = outbox.put(
            Kind.INVOICE_ISSUED,
            key="1",
            to="sales@keunsol.example",
            asked_by_id=acting(workspace).user_id,
            now=NOW,
        )
    assert sent.state == MailState.WAITING


def test_a_request_to_an_inbox_that_had_enough_from_others_leaves_nothing_behind():
    buyer = buyer_of()
    row = write(buyer, now=NOW)
    fill(SUPPLIER_MAIL.upper())
    with in_workspace(buyer.pk), pytest.raises(InboxFull):
        requesting.request(member=acting(buyer), request_id=row.pk, version=row.version, now=NOW)
    after = read_again(buyer, row)
    assert (after.state, after.link, after.mails, after.requested_at) == (State.DRAFT, None, 0, None)
    assert steps(buyer, row) == ["created"]
    with in_workspace(buyer.pk):
        assert not OutgoingMail.objects.exists()
        assert not Link.objects.exists()


def test_a_day_later_there_is_room_again():
    buyer = buyer_of()
    row = write(buyer, now=NOW)
    fill(SUPPLIER_MAIL)
    later = NOW + timedelta(days=1, seconds=1)
    with in_workspace(buyer.pk):
        requesting.request(member=acting(buyer), request_id=row.pk, version=row.version, now=later)
    assert read_again(buyer, row).state == State.REQUESTED


def test_sending_again_ends_at_the_same_limit_and_keeps_link_and_address():
    buyer = buyer_of()
    row = ask(buyer, now=NOW)
    link = read_again(buyer, row).link
    fill("other@keunsol.example")
    with in_workspace(buyer.pk), pytest.raises(InboxFull):
        requesting.send_again(member=acting(buyer), request_id=row.pk, to="other+me@keunsol.example", now=NOW)
    after = read_again(buyer, row)
    assert (after.mails, after.supplier_email, after.link) == (1, SUPPLIER_MAIL, link)
    assert after.link.revoked_at is None


def test_asking_and_withdrawing_in_turn_is_counted_with_what_was_sent():
    buyer = buyer_of()
    row = ask(buyer, now=NOW)
    with in_workspace(buyer.pk):
        OutgoingMail.objects.update(state=MailState.SENT, attempts=1)
        requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
    ask(buyer, now=NOW)
    with pytest.raises(InboxFull):
        ask(buyer, now=NOW)


def test_what_was_never_sent_takes_no_room():
    buyer = buyer_of()
    for _ in range(4):
        row = ask(buyer, now=NOW)
        with in_workspace(buyer.pk):
            requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
    with in_workspace(buyer.pk):
        assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.DROPPED}


def test_what_nobody_asks_for_by_hand_goes_out_all_the_same():
    fill(SUPPLIER_MAIL)
    workspace = make_workspace()
    with in_workspace(workspace.pk):
        sent = outbox.put(Kind.REVERSE_REMINDER, key="1", to=SUPPLIER_MAIL, now=NOW)
    assert (sent.state, sent.inbox) == (MailState.WAITING, SUPPLIER_MAIL)


def test_neither_billing_requests_nor_invitations_lift_the_limit():
    fill("billing@saebom.example")
    us = Asking(make_world())
    with pytest.raises(InboxFull):
        us.ask(now=NOW)
    with us.open():
        assert not BillingRequest.objects.exists()
        with pytest.raises(InboxFull):
            invitations.invite(member=us.world.member, email="billing@saebom.example", role="viewer", now=NOW)
        assert not Invitation.objects.exists()


def test_the_sentence_says_neither_who_wrote_there_nor_how_often():
    fill(SUPPLIER_MAIL, now=timezone.now())
    buyer = buyer_of()
    row = write(buyer)
    client = member_client(buyer)
    answer = client.post(reverse("reverse_ask", args=[buyer.slug, row.pk]), {"version": row.version})
    assert answer.status_code == 429
    assert InboxFull.ko in answer.content.decode()
    assert read_again(buyer, row).state == State.DRAFT
    # One's own mails and those of others are refused alike.
    assert not any(sign.isdigit() or sign == "{" for sign in InboxFull.ko + InboxFull.en)


def test_who_is_asked_for_billing_data_too_often_is_named_at_the_address():
    fill("billing@saebom.example", now=timezone.now())
    us = Asking(make_world())
    client = member_client(us.world.workspace)
    url = reverse("billing_new", args=[us.world.workspace.slug])
    given = {
        "business": first_business(us.world.workspace).pk,
        "name": "새봄",
        "email": "billing@saebom.example",
        "last_day": (timezone.localdate() + timedelta(days=7)).isoformat(),
    }
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == [InboxFull.ko]
