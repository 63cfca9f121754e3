"""역발행 from request to signature: by link without an account, and in the supplier's own workspace."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from record_world import BUYER, STRANGER, SUPPLIER, accept, authority_of, keeper_of, records, workspace_of
from reverse_world import (
    ask,
    buyer_of,
    guest_of,
    inbox,
    only_invoice,
    read_again,
    steps,
    write,
)
from service_world import NOW, acting, add_member, first_business, make_workspace
from signing_world import issue, make_ready, order, register

from dojang.service.amendments import services as amendments
from dojang.service.amendments.steps import step_of
from dojang.service.approvals import policies
from dojang.service.approvals import services as approvals
from dojang.service.approvals.models import Approval, ApprovalState
from dojang.service.audit import chain
from dojang.service.audit.actor import NTS
from dojang.service.audit.models import Event
from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.invoices import drafts, transmitting
from dojang.service.invoices.changes import Change, apply
from dojang.service.invoices.models import Invoice, Order
from dojang.service.invoices.states import Action
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.links.errors import NoSuchLink
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.records import delivering
from dojang.service.records.models import Delivery, Record, Side, Source
from dojang.service.reverse import answering, guests, requesting, rounds, selectors, tasks, writing
from dojang.service.reverse.errors import (
    NoReason,
    NoSuchRequest,
    OnlyWhoSigned,
    RequestOver,
    WrittenByBuyer,
)
from dojang.service.reverse.models import IncomingReverse, ReverseEvent, ReverseRequest, State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=31)


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


@pytest.fixture
def buyer():
    return buyer_of()


def mails(workspace, kind):
    with in_workspace(workspace.pk):
        return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


def answers(workspace):
    return [mail.facts["state"] for mail in mails(workspace, Kind.REVERSE_ANSWERED)]


# --- by link ------------------------------------------------------------------------------------------------------


def test_a_supplier_without_an_account_signs_behind_the_link(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    result = guest.sign()
    assert not result.refused
    [(_, issued)] = result.issued
    assert (issued.state, issued.issue_by) == (InvoiceState.ISSUED, row.issue_by)
    row = read_again(buyer, row)
    assert (row.state, row.issue_id, row.way_out) == (State.SIGNED, issued.issue_id, "sandbox")
    assert row.answered_at == NOW
    assert steps(buyer, row) == ["created", "requested", "signed"]


def test_what_is_signed_is_a_sale_of_the_supplier_in_a_workspace_that_nobody_belongs_to(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    row = read_again(buyer, row)
    invoice = only_invoice(row.guest)
    assert invoice.business.number == SUPPLIER
    assert invoice.created_by_id == row.requested_by_id
    with in_workspace(row.guest):
        assert Workspace.objects.get().guest
        assert not Membership.objects.exists()
        kinds = set(Event.objects.filter(invoice=invoice).values_list("actor_kind", "actor_id"))
        assert kinds == {("supplier", None)}
        assert not Certificate.objects.exclude(registered_by=None).exists()
    with in_workspace(buyer.pk):
        assert not Invoice.objects.exists()


def test_an_order_behind_a_link_was_asked_for_by_nobody_with_an_account(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    guest.order()
    with in_workspace(read_again(buyer, row).guest):
        assert Order.objects.get().ordered_by_id is None


def test_a_certificate_of_another_number_signs_nothing(buyer):
    row = ask(buyer, now=NOW)
    thief = guest_of(buyer, row, now=NOW, number=STRANGER)
    thief.begin()
    assert thief.register().verdict == Verdict.MISMATCH
    [refused] = thief.hand_in(thief.order()).refused
    assert refused.why.code == "certificate_not_usable"
    assert read_again(buyer, row).state == State.REQUESTED


def test_an_unregistered_certificate_signs_nothing(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    [refused] = guest.hand_in(guest.order()).refused
    assert refused.why.code == "certificate_not_usable"


def test_beginning_twice_makes_one_document(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.begin()
    assert only_invoice(read_again(buyer, row).guest).state == InvoiceState.READY


def test_the_same_bytes_handed_in_twice_are_issued_once(buyer):
    """The page that lost the answer asks again."""
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    placed = guest.order()
    first = guest.hand_in(placed)
    assert len(first.issued) == 1
    again = guest.hand_in(placed)
    assert [invoice.pk for _, invoice in again.issued] == [invoice.pk for _, invoice in first.issued]
    assert not guest.order().placed
    assert steps(buyer, row).count("signed") == 1


def test_a_link_whose_reader_wanted_to_sign_nothing_yet_has_no_workspace(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    with pytest.raises(NoSuchLink), guests.inside(guest.token, address="", now=NOW):
        pass
    assert read_again(buyer, row).guest is None


def test_guests_see_their_one_request_and_nothing_else(buyer):
    mine, other = ask(buyer, now=NOW), ask(buyer, now=NOW)
    for row in (mine, other):
        guest_of(buyer, row, now=NOW).begin()
    mine, other = read_again(buyer, mine), read_again(buyer, other)
    assert mine.guest != other.guest
    with in_workspace(other.guest):
        others = IncomingReverse.objects.get().pk
    with in_workspace(mine.guest):
        assert Invoice.objects.count() == IncomingReverse.objects.count() == 1
        assert not ReverseRequest.objects.exists()
        assert crossing.hold_reverse(others) is None
        assert not crossing.settle_reverse(others, "refused", NOW, actor_kind="supplier", address="")
    assert read_again(buyer, other).state == State.REQUESTED


def test_a_workspace_without_the_suppliers_number_cannot_settle_what_it_claims_to_have_received(buyer):
    """A row that somebody wrote by hand into a workspace of their own opens nothing."""
    row = ask(buyer, now=NOW)
    thief = workspace_of(STRANGER)
    with in_workspace(thief.pk):
        fake = IncomingReverse.objects.create(
            workspace=thief,
            business=first_business(thief),
            state=State.REQUESTED,
            content=row.content,
            content_hash=row.content_hash,
            document_type=row.document_type,
            written_on=row.written_on,
            expires_at=row.expires_at,
            origin_workspace=buyer.pk,
            origin_request=row.pk,
            requester_number=BUYER,
            requester_name="",
            arrived_at=NOW,
        )
        assert crossing.hold_reverse(fake.pk) is None
        assert not crossing.settle_reverse(fake.pk, "refused", NOW, actor_kind="supplier", address="")
        with pytest.raises(NoSuchRequest):
            answering.prepare(member=acting(thief), incoming_id=fake.pk, now=NOW)


def test_a_guest_is_delivered_nothing_and_reminded_of_nothing(buyer):
    """Its proven number would otherwise bring a year of purchases to whoever has the link."""
    row = ask(buyer, now=NOW)
    seller = workspace_of(STRANGER)
    ready = make_ready(
        seller,
        now=NOW,
        buyer={"kind": "business", "number": SUPPLIER, "name": "큰솔", "representative": "큰솔"},
    )
    issue(seller, keeper_of(STRANGER), ready)
    accept(seller, ready)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    delivering.take_all(now=NOW)
    guest_workspace = read_again(buyer, row).guest
    with in_workspace(guest_workspace):
        assert not Delivery.objects.exists()
        assert not Record.objects.exists()
    assert guest_workspace not in crossing.open_workspaces()
    assert guest_workspace in crossing.workspaces()


# --- in the supplier's own workspace -------------------------------------------------------------------------------


def test_a_supplier_with_a_proven_number_finds_it_in_its_inbox_and_signs_there(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    [received] = inbox(supplier)
    assert (received.state, received.requester_number, received.total_amount) == (
        State.REQUESTED,
        BUYER,
        1_100_000,
    )
    with in_workspace(supplier.pk):
        invoice = answering.prepare(member=acting(supplier), incoming_id=received.pk, now=NOW)
        assert selectors.drafted_by_buyer([invoice.pk]) == {invoice.pk}
    assert invoice.state == InvoiceState.READY
    result = issue(supplier, keeper_of(SUPPLIER), invoice, now=NOW)
    assert not result.refused
    row = read_again(buyer, row)
    assert (row.state, row.guest) == (State.SIGNED, None)
    assert inbox(supplier)[0].state == State.SIGNED


def test_who_only_typed_the_suppliers_number_is_shown_nothing(buyer):
    pretender = workspace_of(SUPPLIER, proved=False)
    ask(buyer, now=NOW)
    assert inbox(pretender) == []


def test_who_proves_the_number_later_finds_what_still_waits_and_signs_it(buyer):
    row, over = ask(buyer, now=NOW), ask(buyer, now=NOW)
    with in_workspace(buyer.pk):
        requesting.withdraw(member=acting(buyer), request_id=over.pk, now=NOW)
    supplier = workspace_of(SUPPLIER, proved=False)
    tasks.see_to_all(NOW)
    assert inbox(supplier) == []
    register(supplier, first_business(supplier), keeper_of(SUPPLIER))
    for _ in range(2):
        tasks.see_to_all(NOW)
    [incoming] = inbox(supplier)
    assert (incoming.origin_request, incoming.state, incoming.requester_number) == (
        row.pk, State.REQUESTED, BUYER,
    )  # fmt: skip
    with in_workspace(supplier.pk):
        made = answering.prepare(member=acting(supplier), incoming_id=incoming.pk, now=NOW)
    issue(supplier, keeper_of(SUPPLIER), made)
    assert read_again(buyer, row).state == State.SIGNED


def test_what_has_run_out_or_is_of_a_closed_buyer_is_laid_with_nobody_any_more(buyer):
    row = ask(buyer, now=NOW)
    supplier = workspace_of(SUPPLIER)
    assert crossing.unlaid_reverse(row.expires_at) == []
    assert crossing.unlaid_reverse(NOW) == [supplier.pk]
    with in_workspace(buyer.pk):
        Workspace.objects.update(closed_at=NOW)
    assert crossing.unlaid_reverse(NOW) == []
    with in_workspace(supplier.pk):
        crossing.lay_reverse_here(NOW)
    assert inbox(supplier) == []


def test_who_may_not_find_it_lays_nothing_by_asking_for_it(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).begin()
    guest = read_again(buyer, row).guest
    with in_workspace(guest):
        IncomingReverse.objects.all().delete()
    strangers = [workspace_of(SUPPLIER, proved=False).pk, workspace_of(STRANGER).pk, guest]
    for workspace_id in strangers:
        with in_workspace(workspace_id):
            crossing.lay_reverse_here(NOW)
            assert not IncomingReverse.objects.exists()


def test_of_two_workspaces_of_the_supplier_the_first_to_sign_wins_and_the_other_sees_it(buyer):
    first, second = workspace_of(SUPPLIER), workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    made = {}
    for workspace in (first, second):
        [received] = inbox(workspace)
        with in_workspace(workspace.pk):
            made[workspace.pk] = answering.prepare(member=acting(workspace), incoming_id=received.pk, now=NOW)
    assert not issue(first, keeper_of(SUPPLIER), made[first.pk], now=NOW).refused
    [refused] = order(second, made[second.pk], now=NOW).refused
    assert refused.why.code == "reverse_request_over"
    assert inbox(second)[0].state == State.SIGNED
    tasks.see_to_all(NOW)
    with in_workspace(second.pk):
        assert Invoice.objects.get().deleted_at is not None
    assert read_again(buyer, row).issue_id


def test_what_the_buyer_wrote_cannot_be_changed(buyer):
    supplier = workspace_of(SUPPLIER)
    ask(buyer, now=NOW)
    [received] = inbox(supplier)
    with in_workspace(supplier.pk):
        invoice = answering.prepare(member=acting(supplier), incoming_id=received.pk, now=NOW)
        with pytest.raises(WrittenByBuyer):
            drafts.reopen(member=acting(supplier), invoice_id=invoice.pk, version=invoice.version, now=NOW)


def test_where_an_approval_comes_first_it_is_asked_for_and_what_was_asked_for_is_signed(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    [received] = inbox(supplier)
    one, other = acting(supplier), add_member(supplier, "issuer")
    with in_workspace(supplier.pk):
        policies.set_policy(member=one, business=received.business, from_amount=0, four_eyes=True, now=NOW)
        invoice = answering.prepare(member=one, incoming_id=received.pk, now=NOW)
        assert invoice.state == InvoiceState.DRAFT
        approvals.ask(member=one, invoice_ids=[invoice.pk], now=NOW)
        seen = approvals.Seen(invoice.pk, row.content_hash)
        approvals.approve(member=other, seen=[seen], now=NOW)
        invoice.refresh_from_db()
    assert (invoice.state, invoice.content_hash) == (InvoiceState.READY, row.content_hash)
    assert not issue(supplier, keeper_of(SUPPLIER), invoice, now=NOW).refused
    assert read_again(buyer, row).state == State.SIGNED


@pytest.mark.parametrize("ends_by", ["refused", "withdrawn"])
def test_nobody_is_asked_to_approve_what_is_not_asked_for_any_more(buyer, ends_by):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    [received] = inbox(supplier)
    one, other = acting(supplier), add_member(supplier, "issuer")
    with in_workspace(supplier.pk):
        policies.set_policy(member=one, business=received.business, from_amount=0, four_eyes=True, now=NOW)
        invoice = answering.prepare(member=one, incoming_id=received.pk, now=NOW)
        approvals.ask(member=one, invoice_ids=[invoice.pk], now=NOW)
        if ends_by == "refused":
            answering.refuse(member=other, incoming_id=received.pk, reason="금액이 달라요", now=NOW)
    if ends_by == "withdrawn":
        with in_workspace(buyer.pk):
            requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
        tasks.see_to_all(NOW)
    with in_workspace(supplier.pk):
        invoice.refresh_from_db()
        assert invoice.deleted_at is not None
        assert Approval.objects.get().state == ApprovalState.TAKEN_BACK
        assert list(chain.verify()) == []


def test_one_that_was_thrown_away_is_made_anew(buyer):
    supplier = workspace_of(SUPPLIER)
    ask(buyer, now=NOW)
    [received] = inbox(supplier)
    member = acting(supplier)
    with in_workspace(supplier.pk):
        first = answering.prepare(member=member, incoming_id=received.pk, now=NOW)
        drafts.delete(member=member, invoice_id=first.pk, version=first.version, now=NOW)
        second = answering.prepare(member=member, incoming_id=received.pk, now=NOW)
        again = answering.prepare(member=member, incoming_id=received.pk, now=NOW)
    assert first.pk != second.pk == again.pk


# --- refusing, withdrawing, running out -----------------------------------------------------------------------------


def test_a_refusal_needs_a_reason_and_reaches_who_asked(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    [received] = inbox(supplier)
    member = acting(supplier)
    with in_workspace(supplier.pk):
        with pytest.raises(NoReason):
            answering.refuse(member=member, incoming_id=received.pk, reason="  ", now=NOW)
        answering.refuse(member=member, incoming_id=received.pk, reason="수량이\n다릅니다", now=NOW)
        with pytest.raises(RequestOver):
            answering.prepare(member=member, incoming_id=received.pk, now=NOW)
    row = read_again(buyer, row)
    assert (row.state, row.reason) == (State.REFUSED, "수량이 다릅니다")
    tasks.see_to_all(NOW)
    assert answers(buyer) == ["refused"]
    tasks.see_to_all(NOW)
    assert answers(buyer) == ["refused"]


def test_a_refusal_by_link_throws_away_what_was_made_ready(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guests.refuse(guest.token, reason="단가가 다릅니다", address="127.0.0.9", now=NOW)
    row = read_again(buyer, row)
    assert (row.state, row.reason) == (State.REFUSED, "단가가 다릅니다")
    tasks.see_to_all(NOW)
    assert only_invoice(row.guest).deleted_at is not None


def test_what_was_refused_is_mended_and_asked_for_again(buyer):
    row = ask(buyer, now=NOW)
    guests.refuse(guest_of(buyer, row, now=NOW).token, reason="수량", address="", now=NOW)
    member = acting(buyer)
    with in_workspace(buyer.pk):
        source = selectors.request_for(member, row.pk)
        made = writing.copy(member=member, source=source, now=NOW)
        assert (made.state, made.content, made.supplier_email) == (
            State.DRAFT,
            source.content,
            source.supplier_email,
        )
        again = requesting.request(member=member, request_id=made.pk, version=made.version, now=NOW)
    assert again.link_id != row.link_id
    assert read_again(buyer, row).state == State.REFUSED


def test_withdrawn_before_it_is_signed_it_cannot_be_signed(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    placed = guest.order()
    with in_workspace(buyer.pk):
        requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
    [refused] = guest.hand_in(placed).refused
    assert refused.why.code == "reverse_request_over"
    assert "요청취소" in refused.why.text("ko")
    assert inbox(supplier)[0].state == State.WITHDRAWN
    tasks.see_to_all(NOW)
    assert only_invoice(read_again(buyer, row).guest).deleted_at is not None


def test_signed_it_cannot_be_withdrawn(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    with in_workspace(buyer.pk), pytest.raises(RequestOver) as told:
        requesting.withdraw(member=acting(buyer), request_id=row.pk, now=NOW)
    assert "발행완료" in told.value.text("ko")


def test_a_request_that_has_run_out_cannot_be_signed_even_before_the_worker_saw_it(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    guest.now = row.expires_at
    [refused] = guest.order().refused
    assert refused.why.code == "reverse_request_over"
    assert "기한만료" in refused.why.text("ko")
    with pytest.raises(RequestOver):
        guest.begin()


def test_the_worker_ends_what_has_run_out_and_tells_who_asked(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    tasks.see_to_all(row.expires_at - timedelta(seconds=1))
    assert read_again(buyer, row).state == State.REQUESTED
    tasks.see_to_all(row.expires_at)
    assert read_again(buyer, row).state == State.EXPIRED
    assert inbox(supplier)[0].state == State.EXPIRED
    assert answers(buyer) == ["expired"]


def test_a_supplier_that_has_not_answered_is_reminded_once_a_day_before(buyer):
    row = ask(buyer, now=NOW)
    before = row.expires_at - rounds.REMINDED_BEFORE
    tasks.see_to_all(before - timedelta(seconds=1))
    assert mails(buyer, Kind.REVERSE_REMINDER) == []
    tasks.see_to_all(before)
    tasks.see_to_all(before + timedelta(hours=1))
    [mail] = mails(buyer, Kind.REVERSE_REMINDER)
    assert mail.to == row.supplier_email
    assert steps(buyer, row).count("reminded") == 1


def test_in_a_closed_workspace_nothing_is_signed_or_ended(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    with in_workspace(buyer.pk):
        Workspace.objects.update(closed_at=NOW)
    [refused] = guest.order().refused
    assert refused.why.code == "reverse_request_over"
    with pytest.raises(RequestOver):
        guests.refuse(guest.token, reason="닫힘", address="", now=NOW)
    tasks.see_to_all(row.expires_at)
    assert read_again(buyer, row).state == State.REQUESTED


# --- after the signature --------------------------------------------------------------------------------------------


def test_once_accepted_it_becomes_the_buyers_purchase_without_a_certificate_of_the_buyer(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    row = read_again(buyer, row)
    assert records(buyer) == []
    with in_workspace(row.guest):
        guest_workspace = Workspace.objects.get()
    accept(guest_workspace, only_invoice(row.guest))
    assert delivering.take_all(now=NOW) == 1
    [record] = records(buyer)
    assert (record.side, record.source, record.issue_id) == (Side.PURCHASE, Source.DELIVERED, row.issue_id)
    with in_workspace(buyer.pk):
        assert selectors.purchase_of(row) == record


def test_what_was_signed_behind_the_link_is_a_sale_of_the_suppliers_own_workspace(buyer):
    supplier, unproved = workspace_of(SUPPLIER), workspace_of(SUPPLIER, proved=False)
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    row = read_again(buyer, row)
    with in_workspace(row.guest):
        guest_workspace = Workspace.objects.get()
    accept(guest_workspace, only_invoice(row.guest))
    delivering.take_all(now=NOW)
    [sold] = records(supplier)
    assert (sold.side, sold.source, sold.issue_id) == (Side.SALES, Source.DELIVERED, row.issue_id)
    assert records(guest_workspace) == records(unproved) == []
    # It can be amended there.
    with in_workspace(supplier.pk):
        amendment = amendments.start(member=acting(supplier), record=sold, now=NOW)
        assert step_of(amendment, now=NOW).events is not None
    # Who proves the number later has sold it, too.
    register(unproved, first_business(unproved), keeper_of(SUPPLIER))
    delivering.take_all(now=NOW)
    assert [one.issue_id for one in records(unproved)] == [row.issue_id]
    assert len(records(supplier)) == 1


def test_another_buyer_of_that_number_gets_only_with_a_proof_what_it_did_not_write(buyer):
    pretender = buyer_of()
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    row = read_again(buyer, row)
    with in_workspace(row.guest):
        guest_workspace = Workspace.objects.get()
    accept(guest_workspace, only_invoice(row.guest))
    delivering.take_all(now=NOW)
    assert len(records(buyer)) == 1
    assert records(pretender) == []


def test_cancelled_before_it_is_sent_the_buyer_is_told(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer, now=NOW)
    [received] = inbox(supplier)
    member = acting(supplier)
    with in_workspace(supplier.pk):
        invoice = answering.prepare(member=member, incoming_id=received.pk, now=NOW)
    [(_, issued)] = issue(supplier, keeper_of(SUPPLIER), invoice, now=NOW).issued
    with in_workspace(supplier.pk):
        transmitting.cancel(member=member, invoice_id=issued.pk, version=issued.version, now=NOW)
    row = read_again(buyer, row)
    assert row.state == State.CANCELLED
    assert row.answered_at == NOW
    tasks.see_to_all(NOW)
    assert answers(buyer) == ["cancelled"]


def test_only_the_browser_that_signed_takes_it_back(buyer):
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.sign()
    invoice = only_invoice(read_again(buyer, row).guest)
    for proof in ("", "x", str(invoice.pk)):
        with pytest.raises(OnlyWhoSigned):
            guests.require_signer(invoice, proof)
    assert guests.require_signer(invoice, invoice.issue_id) == invoice
    with pytest.raises(OnlyWhoSigned):
        guests.require_signer(None, "")


def test_what_the_tax_office_did_not_take_is_told_to_the_buyer(buyer):
    row = ask(buyer, now=NOW)
    guest_of(buyer, row, now=NOW).sign()
    with in_workspace(read_again(buyer, row).guest):
        [invoice] = Invoice.objects.all()
        apply(Action.SUBMIT, [Change(invoice)], actor=NTS, now=LATER)
        apply(Action.REJECT, [Change(invoice)], actor=NTS, now=LATER)
    tasks.see_to_all(LATER)
    assert read_again(buyer, row).state == State.FAILED
    assert answers(buyer) == ["signed", "failed"]


# --- what the database holds ----------------------------------------------------------------------------------------


def test_the_time_line_is_only_added_to(buyer):
    row = write(buyer, now=NOW)
    with in_workspace(buyer.pk), pytest.raises(DatabaseError), transaction.atomic():
        ReverseEvent.objects.filter(request=row).update(action="signed")


def test_a_stranger_lays_and_echoes_nothing_of_others(buyer):
    row = write(buyer, now=NOW)
    supplier, stranger = workspace_of(SUPPLIER), make_workspace()
    with in_workspace(buyer.pk):
        ReverseRequest.objects.update(state=State.REQUESTED, expires_at=NOW + timedelta(days=1))
    with in_workspace(stranger.pk):
        crossing.lay_reverse(row.pk, NOW)
        crossing.echo_reverse(row.pk)
    assert inbox(supplier) == []
