"""A document of somebody else is taken when its signature holds and one of ours is a party to it: once, or not at all."""

import pytest
from django.core.exceptions import PermissionDenied
from record_world import (
    BUYER,
    STRANGER,
    SUPPLIER,
    accept,
    amendment_of,
    authority_of,
    document,
    keeper_of,
    records,
    signed,
    upload,
    workspace_of,
)
from service_world import NOW, add_member, make_business
from signing_world import content, issue, make_ready

from dojang.npki.testca import TestCA
from dojang.service.counterparties.models import Counterparty
from dojang.service.records import taking
from dojang.service.records.errors import FileTooLarge, NoIssueId, NoneOfOurs, OtherDocument, SignatureBad
from dojang.service.records.models import Record, Side, Source
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def authority(monkeypatch, db):
    return authority_of(monkeypatch)


@pytest.fixture
def buyer(authority):
    return workspace_of(BUYER, proved=False)


def test_a_document_to_our_business_is_a_purchase_with_all_that_lists_need(buyer):
    one = document()
    data = signed(one)
    taken = upload(buyer, data)
    assert taken.is_new
    [record] = records(buyer)
    assert (record.side, record.source, record.way_out) == (Side.PURCHASE, Source.XML, "sandbox")
    assert (record.issue_id, record.party_number, record.party_name) == (
        one.issue_id,
        SUPPLIER,
        "(주)큰솔상사",
    )
    assert (record.supply_amount, record.tax_amount, record.total_amount) == (1_000_000, 100_000, 1_100_000)
    assert (record.written_on.isoformat(), record.issued_on.isoformat()) == ("2026-11-10", "2026-11-10")
    assert record.verdict["fingerprint"] == keeper_of(SUPPLIER).identity.certificate.fingerprint
    with in_workspace(buyer.pk):
        assert taking.bytes_of(record) == data
        assert taking.document_of(record) == one
        assert list(record.events.values_list("action", flat=True)) == ["uploaded"]


def test_the_same_bytes_again_are_the_same_record(buyer):
    data = signed()
    first, again = upload(buyer, data), upload(buyer, data)
    assert (first.record.pk, again.is_new) == (again.record.pk, False)
    assert len(records(buyer)) == 1


def test_the_same_document_in_another_wrapping_is_the_same_record(buyer):
    """The signature leaves ExchangedDocument out: Hometax hands the same one out with its own."""
    one = document()
    upload(buyer, signed(one))
    assert not upload(buyer, signed(one.replace(exchange_id="HOMETAX-1"))).is_new


def test_other_content_under_the_same_issue_id_is_refused(buyer):
    one = document()
    upload(buyer, signed(one))
    with pytest.raises(OtherDocument) as refusal:
        upload(buyer, signed(document(issue_id=one.issue_id, remarks=["다른 문서"])))
    assert one.issue_id in refusal.value.text("ko")
    assert len(records(buyer)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        lambda data: b"",
        lambda data: b"\x00" * 100,
        lambda data: "<세금계산서/>".encode(),
        lambda data: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        lambda data: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        lambda data: b"<a>" * 5000,
        lambda data: data[:-20],
        lambda data: data.replace(b"1000000", b"9000000"),
        lambda data: data.replace(b"</TaxInvoice>", b"<!-- hidden --><Extra/></TaxInvoice>"),
        lambda data: b"PK\x03\x04" + data,
    ],
)
def test_hostile_and_damaged_files_are_refused_and_nothing_is_kept(buyer, broken):
    with pytest.raises(SignatureBad) as refusal:
        upload(buyer, broken(signed()))
    assert refusal.value.text("ko").startswith("이 문서는 받지 않았습니다")
    assert records(buyer) == []


def test_a_file_larger_than_any_invoice_is_refused_unread(buyer):
    with pytest.raises(FileTooLarge):
        upload(buyer, signed() + b" " * (1 << 20))


def test_an_unsigned_document_is_refused(buyer):
    from dojang.etax.xml_writer import write

    with pytest.raises(SignatureBad):
        upload(buyer, write(document()))


def test_who_made_a_certificate_of_their_own_proves_nothing(buyer, tmp_path):
    from signing_world import keeper

    from dojang.etax.signature import sign

    forger = keeper(TestCA.load_or_create(tmp_path / "forged", now=NOW), SUPPLIER, "(주)큰솔상사")
    with pytest.raises(SignatureBad):
        upload(buyer, sign(document(), forger.der, forger.sign))
    assert records(buyer) == []


def test_a_document_of_others_is_none_of_ours(buyer):
    party = {"kind": "business", "number": STRANGER, "name": "남의상사(주)", "representative": "남"}
    with pytest.raises(NoneOfOurs):
        upload(buyer, signed(document(buyer=party)))
    assert records(buyer) == []


def test_an_issue_id_that_is_none_is_refused(buyer):
    with pytest.raises((NoIssueId, SignatureBad)):
        upload(buyer, signed(document(issue_id="1234")))


def test_the_counterparty_is_found_by_number_and_by_branch_first(buyer):
    with in_workspace(buyer.pk):
        plain = Counterparty.objects.create(workspace=buyer, number=SUPPLIER, name="큰솔")
        branch = Counterparty.objects.create(
            workspace=buyer, number=SUPPLIER, branch_number="0002", name="큰솔 부산"
        )
    assert upload(buyer, signed()).record.counterparty == plain
    supplier = document().to_data()["supplier"]
    other = signed(document(supplier={**supplier, "branch_number": "0002"}))
    assert upload(buyer, other).record.counterparty == branch


def test_a_sale_issued_elsewhere_is_taken_as_a_sale():
    workspace = workspace_of(SUPPLIER, proved=False)
    record = upload(workspace, signed()).record
    assert (record.side, record.party_number, record.party_name) == (Side.SALES, BUYER, "한빛상사")


def test_a_sale_issued_here_is_not_taken_but_pointed_at():
    workspace = workspace_of(SUPPLIER)
    issued = issue(workspace, keeper_of(SUPPLIER), make_ready(workspace, **content())).issued[0][1]
    with in_workspace(workspace.pk):
        from dojang.service.invoices import documents
        from dojang.service.invoices.models import SignedDocument

        row = SignedDocument.objects.get(invoice=issued)
        data = documents.unpack(bytes(row.document), workspace_id=workspace.pk)
    taken = upload(workspace, data)
    assert (taken.record, taken.is_new, taken.invoice.pk) == (None, False, issued.pk)
    assert records(workspace) == []


def test_a_deal_between_two_of_our_businesses_is_a_purchase_and_a_sale():
    workspace = workspace_of(BUYER, proved=False)
    make_business(workspace, SUPPLIER, name="(주)큰솔상사")
    upload(workspace, signed())
    assert sorted(record.side for record in records(workspace)) == [Side.PURCHASE, Side.SALES]


def test_the_number_of_a_person_is_encrypted_and_stands_in_no_column():
    workspace = workspace_of(SUPPLIER, proved=False)
    number = "9001011234567"
    person = {"kind": "individual", "number": number, "name": "홍길동", "representative": "홍길동"}
    data = signed(document(buyer=person))
    record = upload(workspace, data).record
    with in_workspace(workspace.pk):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT r::text FROM records_record r")
            [(row,)] = cursor.fetchall()
        assert number not in row
        assert number.encode().hex() not in row
        assert taking.bytes_of(record) == data
        assert taking.document_of(record).buyer.number == number
    assert (record.party_kind, record.party_number, len(record.party_hmac)) == ("individual", "", 64)


def test_who_may_only_look_uploads_nothing(buyer):
    viewer = add_member(buyer, "viewer")
    with in_workspace(buyer.pk), pytest.raises(PermissionDenied):
        taking.take_xml(member=viewer, data=signed(), now=NOW)


def test_who_may_not_see_a_business_is_told_that_it_is_none_of_ours():
    workspace = workspace_of(BUYER, proved=False)
    with in_workspace(workspace.pk):
        from dojang.service.workspaces.models import Business

        business = Business.objects.get()
    member = add_member(workspace, "writer", business_roles={business: "none"})
    with in_workspace(workspace.pk), pytest.raises(NoneOfOurs):
        taking.take_xml(member=member, data=signed(), now=NOW)


def test_an_entry_of_a_list_is_completed_by_its_xml(buyer):
    one = document()
    with in_workspace(buyer.pk):
        from dojang.service.records import content as columns
        from dojang.service.workspaces.models import Business

        listed = Record(
            workspace=buyer, business=Business.objects.get(), side=Side.PURCHASE, source=Source.XML
        )
        columns.fill(listed, one)
        listed.check_state = "checked"
        listed.save()
    taken = upload(buyer, signed(one))
    assert (taken.record.pk, taken.is_new) == (listed.pk, False)
    [record] = records(buyer)
    assert record.sha256
    assert record.check_state == "checked"


def test_an_amendment_stands_in_one_chain_with_what_it_amends(buyer):
    from dojang.service.records.selectors import chain_of

    one = document()
    first = upload(buyer, signed(one)).record
    second = upload(buyer, signed(amendment_of(one))).record
    with in_workspace(buyer.pk):
        assert [row.pk for row in chain_of(first)] == [first.pk, second.pk]
        assert [row.pk for row in chain_of(second)] == [first.pk, second.pk]


def test_amendments_in_a_circle_end():
    from dojang.service.records.selectors import chain_of

    buyer = workspace_of(BUYER, proved=False)
    one = document(document_type="0201", amendment_reason="02", original_issue_id=document().issue_id)
    two = document(document_type="0201", amendment_reason="02", original_issue_id=one.issue_id)
    one = one.replace(original_issue_id=two.issue_id)
    a, b = (upload(buyer, signed(each)).record for each in (one, two))
    with in_workspace(buyer.pk):
        assert {row.pk for row in chain_of(a)} == {a.pk, b.pk}


def test_acceptance_here_needs_no_upload(authority):
    supplier, buyer = workspace_of(SUPPLIER), workspace_of(BUYER)
    party = {"kind": "business", "number": BUYER, "name": "한빛상사", "representative": "김하나"}
    invoice = make_ready(supplier, **content(buyer=party))
    issue(supplier, keeper_of(SUPPLIER), invoice)
    accept(supplier, invoice)
    from dojang.service.records import delivering

    assert delivering.take_all(now=NOW) == 1
    assert [record.source for record in records(buyer)] == [Source.DELIVERED]
