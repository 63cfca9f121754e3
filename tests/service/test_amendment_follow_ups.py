"""Fresh documents beside an amendment whose own documents were cancelled or refused: neither twice, nor out of date."""

import pytest
from amendment_world import NOW, Seller, seller

from dojang.service.amendments import services
from dojang.service.amendments.making import Prepared
from dojang.service.amendments.models import Amendment, AmendmentDocument, Kind
from dojang.service.invoices import transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

MIXED = {"kind_right": "mixed", "kind_taxable_part": 600_000, "cross_filed": "not_yet"}


@pytest.fixture
def company(monkeypatch) -> Seller:
    return seller(monkeypatch)


def cancelled(company: Seller, prepared: Prepared) -> Amendment:
    """Its amendments were signed, and cancelled before they were sent."""
    assert not company.sign(prepared.invoices).refused
    with in_workspace(company.workspace.pk):
        row = Invoice.objects.get(pk=prepared.invoices[0].pk)
        transmitting.cancel(member=company.member, invoice_id=row.pk, version=row.version, now=NOW)
    return prepared.amendments[0]


def fresh(company: Seller) -> list[tuple[str, int]]:
    """Those that are there."""
    with in_workspace(company.workspace.pk):
        rows = AmendmentDocument.objects.filter(kind=Kind.FOLLOW_UP, invoice__deleted_at=None)
        return list(rows.values_list("invoice__state", "invoice__supply_amount"))


def test_after_a_cancellation_other_answers_make_another_one_and_leave_none_behind(company):
    amendment = cancelled(company, company.amend(company.sold(), "wrong_tax_kind", MIXED))
    assert fresh(company) == [(State.READY, 400_000)]
    with in_workspace(company.workspace.pk):
        services.forget(
            member=company.member, amendment_id=amendment.pk, question="kind_taxable_part", now=NOW
        )
    company.prepare(company.walk(amendment, "wrong_tax_kind", MIXED | {"kind_taxable_part": 700_000}))
    assert fresh(company) == [(State.READY, 300_000)]


def test_an_amendment_that_is_given_up_after_a_cancellation_leaves_none_behind(company):
    amendment = cancelled(company, company.amend(company.sold(), "wrong_tax_kind", MIXED))
    with in_workspace(company.workspace.pk):
        services.withdraw(member=company.member, amendment_id=amendment.pk, now=NOW)
    assert fresh(company) == []


@pytest.mark.parametrize("is_issued", [False, True])
def test_where_half_of_a_pair_is_issued_again_what_is_beside_it_is_there_once(company, is_issued):
    prepared = company.amend(company.sold(), "wrong_tax_kind", MIXED)
    minus, plus = prepared.invoices
    assert not company.sign([*prepared.invoices, *(prepared.follow_ups if is_issued else ())]).refused
    company.answered(minus, Action.ACCEPT)
    company.answered(plus, Action.REJECT, code="ERR002")
    with in_workspace(company.workspace.pk):
        again = services.reissue(member=company.member, amendment_id=prepared.amendments[0].pk, now=NOW)
    made = company.prepare(company.step(again))
    assert [one.supply_amount for one in made.invoices] == [600_000]
    assert fresh(company) == [(State.ISSUED if is_issued else State.READY, 400_000)]
