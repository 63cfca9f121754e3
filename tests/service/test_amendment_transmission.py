"""Amendments on the real wire: what the law engine plans for each reason is accepted by the sandbox."""

from datetime import timedelta

import pytest
from amendment_world import Seller
from service_world import NOW
from signing_world import content as content_of
from transmission_world import connect, make_company, open_office, same_books, transmit

from dojang.service.amendments.chains import deal_of
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

TODAY = "2026-11-20"
EVENTS = {
    "goods_returned": {
        "returned_what": "part",
        "returned_exchanged": "no",
        "returned_on": TODAY,
        "returned_items": 300_000,
    },
    "contract_undone": {
        "undone_performed": "nothing",
        "undone_on": TODAY,
        "undone_agreed": "yes",
        "undone_damages": "no",
    },
    "price_changed": {
        "price_when_issued": "yes",
        "price_why": "extra_work",
        "price_on": TODAY,
        "price_to": {"delta": 200_000},
    },
    "lc_opened": {
        "lc_kind": "local_credit",
        "lc_number": "LC-2026-001",
        "lc_on": TODAY,
        "lc_amount": 400_000,
    },
    "wrong_amount": {"amount_correct": 900_000, "amount_why": "mistake"},
    "wrong_date": {"date_right": "2026-11-18"},
    "wrong_buyer": {
        "buyer_who": "other",
        "buyer_right": {
            "kind": "individual",
            "number": "9002301234563",
            "name": "김가상",
            "representative": "김가상",
        },
        "buyer_why": "mistake",
    },
    "wrong_tax_kind": {"kind_right": "exempt"},
    "issued_twice": {"twice_kept": "card", "twice_same": "yes"},
    "other_fields": {
        "fields_which": "remarks",
        "fields_remarks_wanted": "yes",
        "fields_remarks": "맞는 비고",
    },
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.mark.django_db
def test_amendments_for_each_reason_are_accepted_and_both_books_agree(monkeypatch, tmp_path, sandbox):
    company = make_company(connect(monkeypatch, tmp_path / "data", sandbox))
    sold = company.issue(len(EVENTS), **content_of())
    transmit(sandbox)
    seller = Seller(company.workspace, company.owner)
    at = NOW + timedelta(hours=2)
    made = []
    for original, (event, answers) in zip(sold, EVENTS.items(), strict=True):
        prepared = seller.amend(company.row(original), event, answers, now=at)
        made += [*prepared.invoices, *prepared.follow_ups]
    done = seller.sign(made, now=at)
    assert not done.refused, done.refused[0].why
    transmit(sandbox, at=at + timedelta(minutes=31))
    rows = [company.row(one) for one in made]
    assert {(one.state, one.result_code) for one in rows} == {(State.ACCEPTED, "SUC001")}
    assert len(rows) == 16
    same_books(sandbox, company)
    with in_workspace(company.workspace.pk):
        left = [
            deal_of(invoice=one).balance for one in Invoice.objects.filter(pk__in=[one.pk for one in sold])
        ]
    assert sorted(one.supply_amount for one in left) == [
        0, 0, 0, 700_000, 900_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_200_000,
    ]  # fmt: skip
