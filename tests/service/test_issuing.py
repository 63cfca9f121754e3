"""Issued means: signed bytes verified and stored with everything that follows, or nothing at all."""

from datetime import timedelta

import pytest
from service_world import NOW, acting, first_business, make_workspace
from signing_world import (
    Keeper,
    content,
    issue,
    keeper,
    make_ready,
    order,
    register,
    set_up,
    signed,
)

from dojang.etax.signature import verify
from dojang.service.audit import chain
from dojang.service.audit.models import Event
from dojang.service.certificates.models import SealedRandom, Verdict
from dojang.service.counterparties.models import RememberedItem
from dojang.service.invoices import documents, drafts, issuing
from dojang.service.invoices.errors import ArchivedBusiness
from dojang.service.invoices.models import Invoice, Order, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(monkeypatch, tmp_path):
    return set_up(monkeypatch, tmp_path / "data")


@pytest.fixture
def workspace(authority):
    return make_workspace()


@pytest.fixture
def owner(authority, workspace) -> Keeper:
    business = first_business(workspace)
    who = keeper(authority, business.number)
    assert register(workspace, business, who).verdict == Verdict.MATCHES
    return who


def test_the_signed_bytes_are_stored_with_the_state_the_event_and_the_time_to_transmit(workspace, owner):
    invoice = make_ready(workspace)
    result = issue(workspace, owner, invoice)
    assert not result.refused
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=invoice.pk)
        document = SignedDocument.objects.get(invoice=row)
        xml = documents.unpack(bytes(document.document), workspace_id=workspace.pk)
        assert verify(xml).invoice.issue_id == row.issue_id
        assert row.state == State.ISSUED
        assert row.transmit_at == NOW + timedelta(minutes=30)
        actions = list(Event.objects.filter(invoice=row).values_list("action", flat=True))
        assert actions == ["create", "finish", "issue"]
        assert not Order.objects.exists()
        assert list(chain.verify()) == []


def test_the_same_bytes_again_are_answered_as_issued_and_change_nothing(workspace, owner):
    placed = order(workspace, make_ready(workspace))
    made = signed(placed, owner)
    with in_workspace(workspace.pk):
        given = {"member": acting(workspace), "signer": owner.signer(), "signed": made, "now": NOW}
        first = issuing.issue(**given)
        again = issuing.issue(**given)
        assert [order_id for order_id, _ in again.issued] == [order_id for order_id, _ in first.issued]
        assert Event.objects.filter(action="issue").count() == 1


def _refusal(workspace, owner, made, *, now=NOW) -> str:
    with in_workspace(workspace.pk):
        result = issuing.issue(member=acting(workspace), signer=owner.signer(), signed=made, now=now)
        assert not result.issued
        assert not SignedDocument.objects.exists()
        return result.refused[0].why.code


@pytest.mark.parametrize("later", [timedelta(minutes=15), timedelta(hours=20)])
def test_an_order_dies_after_a_quarter_of_an_hour(workspace, owner, later):
    made = signed(order(workspace, make_ready(workspace)), owner)
    assert _refusal(workspace, owner, made, now=NOW + later) == "order_expired"


def test_an_order_dies_at_midnight_in_korea(workspace, owner):
    before_midnight = NOW.replace(hour=14, minute=55)  # 23:55 in Korea
    placed = order(workspace, make_ready(workspace), now=before_midnight)
    assert placed.placed[0].order.expires_at - before_midnight == timedelta(minutes=5)


def test_another_document_in_the_place_of_the_ordered_one_is_refused(workspace, owner):
    placed = order(workspace, make_ready(workspace), make_ready(workspace, purpose="receipt"))
    one, other = signed(placed, owner)
    assert _refusal(workspace, owner, [issuing.Signed(one.order_id, other.xml)]) == "other_bytes"


def test_bytes_changed_after_signing_are_refused(workspace, owner):
    [one] = signed(order(workspace, make_ready(workspace)), owner)
    forged = one.xml.replace("복사용지".encode(), "복사기기".encode())
    assert _refusal(workspace, owner, [issuing.Signed(one.order_id, forged)]) == "signature_refused"


def test_a_certificate_that_is_not_registered_is_refused(authority, workspace, owner):
    stranger = keeper(authority, owner.number)
    made = signed(order(workspace, make_ready(workspace)), stranger)
    assert _refusal(workspace, stranger, made) == "certificate_not_usable"


def test_a_certificate_of_another_number_gets_the_verdict_mismatch_and_cannot_issue(authority, workspace):
    stranger = keeper(authority, "9998100015")
    assert register(workspace, first_business(workspace), stranger).verdict == Verdict.MISMATCH
    made = signed(order(workspace, make_ready(workspace)), stranger)
    assert _refusal(workspace, stranger, made) == "certificate_not_usable"


def test_a_draft_edited_after_its_order_is_not_issued_with_the_old_content(workspace, owner):
    invoice = make_ready(workspace)
    placed = order(workspace, invoice)
    with in_workspace(workspace.pk):
        member = acting(workspace)
        back = drafts.reopen(member=member, invoice_id=invoice.pk, version=invoice.version, now=NOW)
        saved = drafts.save(
            member=member, invoice_id=back.pk, version=back.version, given=content(purpose="receipt"), now=NOW
        )
        drafts.finish(member=member, invoice_id=saved.pk, version=saved.version, now=NOW)
    assert _refusal(workspace, owner, signed(placed, owner)) == "no_such_order"


def test_one_that_is_refused_does_not_hold_up_the_others(workspace, owner):
    good, bad = signed(order(workspace, make_ready(workspace), make_ready(workspace)), owner)
    with in_workspace(workspace.pk):
        result = issuing.issue(
            member=acting(workspace),
            signer=owner.signer(),
            signed=[good, issuing.Signed(bad.order_id, good.xml)],
            now=NOW,
        )
    assert [len(result.issued), [one.why.code for one in result.refused]] == [1, ["other_bytes"]]


def test_r_is_kept_sealed_once_for_all_that_was_signed_in_one_go(workspace, owner):
    issue(workspace, owner, make_ready(workspace), make_ready(workspace))
    with in_workspace(workspace.pk):
        assert SealedRandom.objects.filter(erased_at=None).count() == 1
        assert SealedRandom.objects.exclude(erased_at=None).count() == 1  # that of the registration


def test_a_resident_number_stands_nowhere_in_the_database(workspace, owner):
    number = "8001011234567"
    buyer = {"kind": "individual", "number": number, "name": "홍길동", "representative": "홍길동"}
    invoice = make_ready(workspace, buyer=buyer)
    issue(workspace, owner, invoice)
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=invoice.pk)
        stored = bytes(SignedDocument.objects.get(invoice=row).document)
        xml = documents.unpack(stored, workspace_id=workspace.pk)
        assert number.encode() in xml
        assert number not in repr([row.content, row.buyer_number, list(row.events.values())])
        assert number.encode() not in bytes(row.secret or b"") + stored


def test_without_a_mail_address_it_goes_at_once_and_is_issued_when_it_arrives(workspace, owner):
    buyer = {**content()["buyer"], "contacts": []}
    invoice = make_ready(workspace, buyer=buyer)
    issue(workspace, owner, invoice)
    with in_workspace(workspace.pk):
        row = Invoice.objects.get(pk=invoice.pk)
        assert (row.transmit_at, row.delivered_on) == (NOW, None)


def test_what_was_sold_is_remembered_for_the_next_invoice(workspace, owner):
    discount = {"name": "할인", "supply_amount": -1_000, "tax_amount": -100}
    items = [*content()["items"], {**content()["items"][0], "unit_price": 100_000}, discount]
    issue(workspace, owner, make_ready(workspace, items=items), make_ready(workspace))
    with in_workspace(workspace.pk):
        found = {(one.name, one.unit_price, one.times) for one in RememberedItem.objects.all()}
    assert found == {("복사용지", "100000", 1), ("할인", "", 1)}


def test_a_business_that_was_put_away_writes_nothing_new(workspace):
    business = first_business(workspace)
    business.archived_at = NOW
    with in_workspace(workspace.pk), pytest.raises(ArchivedBusiness):
        drafts.create(member=acting(workspace), business=business, given=content(), now=NOW)


def test_no_repr_shows_what_stands_in_a_document(workspace, owner):
    person = {"kind": "individual", "number": "9001011234567", "name": "김개인", "representative": "김개인"}
    placed = order(workspace, make_ready(workspace, buyer=person))
    assert b"9001011234567" in placed.placed[0].xml
    shown = repr((placed, signed(placed, owner), owner.signer()))
    assert "9001011234567" not in shown
    assert repr(owner.signer().sealed_random) not in shown
