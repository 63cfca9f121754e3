"""Amending what was issued elsewhere: by its XML, typed with its number, on paper, or known from a list alone."""

from datetime import date

import pytest
from amendment_world import NOW, Seller, seller
from record_world import STRANGER, accept, amendment_of, document, signed, upload
from service_world import first_business
from test_amendment_services import RETURN

from dojang.service.amendments import services
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.errors import IncompleteRecord, NeedsHometax, NotASale
from dojang.service.records import paper
from dojang.service.records.models import Record, Side
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

CAME_BACK = RETURN | {"returned_on": "2026-11-12"}


@pytest.fixture
def company(monkeypatch) -> Seller:
    return seller(monkeypatch)


def sold_elsewhere(company: Seller, one=None) -> Record:
    found = upload(company.workspace, signed(one or document())).record
    assert found.side == Side.SALES
    with in_workspace(company.workspace.pk):
        return Record.objects.select_related("business").get(pk=found.pk)


def typed(**values) -> paper.Paper:
    given = {
        "side": Side.SALES,
        "taxation": next(iter(paper._TYPES)),
        "written_on": date(2026, 11, 10),
        "name": "한빛상사",
        "number": "9998100015",
        "representative": "김하나",
        "items": (paper.PaperItem("복사용지", 1_000_000, 100_000),),
    }
    return paper.Paper(**(given | values))


def test_a_consigned_sale_is_its_brokers_to_amend(company):
    broker = {"business_number": STRANGER, "name": "(주)가온", "representative": "온가"}
    record = sold_elsewhere(company, document(document_type="0103", broker=broker))
    stop = company.step(company.begin(record=record)).stop
    assert stop.key == "G-PRINCIPAL"
    assert "수탁자 (주)가온이 발행한 위수탁 문서입니다." in stop.words.ko


def test_an_original_from_elsewhere_is_amended_by_documents_of_ours(company):
    record = sold_elsewhere(company)
    amendment = company.begin(record=record)
    step = company.walk(amendment, "goods_returned", CAME_BACK)
    assert [note.key for note in step.suggestion.notes] == ["N-EXTERNAL"]
    prepared = company.prepare(step)
    [minus] = prepared.invoices
    assert (minus.original_issue_id, minus.supply_amount) == (record.issue_id, -300_000)
    assert not company.sign([minus]).refused
    accept(company.workspace, minus, at=NOW)
    with in_workspace(company.workspace.pk):
        deal = deal_of(record=record)
        assert deal.key == record.issue_id
        assert deal.balance.supply_amount == 700_000
        # From either end it is one deal.
        assert deal_of(invoice=company.row(minus)).key == deal.key
        assert deal_of(invoice=company.row(minus)).hash == deal.hash


def test_amendments_from_elsewhere_count_in_the_deal(company):
    one = document()
    record = sold_elsewhere(company, one)
    sold_elsewhere(company, amendment_of(one))
    step = company.step(company.begin(record=record))
    assert step.stop.key == "G-CANCELLED"
    assert step.deal.balance.supply_amount == 0


def test_what_is_typed_with_its_number_is_amended_too(company):
    number = "20261110420000990000abcd"
    with in_workspace(company.workspace.pk):
        made = paper.add_elsewhere(
            member=company.member,
            business_id=first_business(company.workspace).pk,
            paper=typed(),
            issue_id=number,
            now=NOW,
        )
        record = Record.objects.select_related("business").get(pk=made.pk)
    step = company.walk(company.begin(record=record), "goods_returned", CAME_BACK)
    [minus] = company.prepare(step).invoices
    assert minus.original_issue_id == number


def test_paper_is_worked_out_and_left_to_hometax(company):
    with in_workspace(company.workspace.pk):
        made = paper.add(
            member=company.member, business_id=first_business(company.workspace).pk, paper=typed(), now=NOW
        )
        record = Record.objects.select_related("business").get(pk=made.pk)
    amendment = company.begin(record=record)
    assert amendment.chain == f"paper-{record.pk}"
    step = company.walk(amendment, "goods_returned", CAME_BACK)
    assert step.ready.is_possible
    assert step.ready.documents[0].supply_amount == -300_000
    with pytest.raises(NeedsHometax):
        company.prepare(step)


def test_a_record_of_which_too_little_is_known_says_what_is_missing(company):
    record = sold_elsewhere(company)
    with in_workspace(company.workspace.pk):
        Record.objects.filter(pk=record.pk).update(content={**record.content, "items": []})
        record.refresh_from_db()
        with pytest.raises(IncompleteRecord) as refused:
            services.start(member=company.member, record=record, now=NOW)
    assert "품목" in refused.value.text("ko")


def test_a_purchase_is_amended_by_its_supplier(company):
    record = sold_elsewhere(company)
    with in_workspace(company.workspace.pk):
        record.side = Side.PURCHASE
        with pytest.raises(NotASale):
            services.start(member=company.member, record=record, now=NOW)


def test_a_corrected_record_is_another_deal_to_plan_for(company):
    """What was typed wrong is put right: what was prepared on it is shown again."""
    record = sold_elsewhere(company)
    step = company.walk(company.begin(record=record), "goods_returned", CAME_BACK)
    with in_workspace(company.workspace.pk):
        items = [{**record.content["items"][0], "supply_amount": 500_000, "tax_amount": 50_000}]
        Record.objects.filter(pk=record.pk).update(content={**record.content, "items": items})
    assert company.step(step.amendment).deal.hash != step.deal.hash


def test_what_a_list_does_not_say_is_named_before_anything_is_asked(company):
    record = sold_elsewhere(company)
    with in_workspace(company.workspace.pk):
        buyer = {**record.content["buyer"], "representative": ""}
        Record.objects.filter(pk=record.pk).update(content={**record.content, "buyer": buyer}, document=None)
        record.refresh_from_db()
        with pytest.raises(IncompleteRecord) as refused:
            services.start(member=company.member, record=record, now=NOW)
    assert "buyer.representative" in refused.value.text("ko")


def test_a_number_of_a_person_in_a_text_of_what_was_issued_elsewhere_is_no_reason_not_to_amend_it(company):
    """A foreigner's who was born in 1900, before there were such numbers."""
    record = sold_elsewhere(company)
    with in_workspace(company.workspace.pk):
        items = [{**record.content["items"][0], "remark": "000101-5000011"}]
        Record.objects.filter(pk=record.pk).update(content={**record.content, "items": items}, document=None)
        record.refresh_from_db()
        assert services.start(member=company.member, record=record, now=NOW)
