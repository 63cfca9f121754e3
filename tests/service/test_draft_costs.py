"""발급기한 and its price, as they stand under the date."""

from datetime import date

import pytest
from editor_world import Desk
from signing_world import content

from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import costs
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(monkeypatch):
    return Desk.at(monkeypatch)


def cost(desk, told, today=date(2026, 11, 20), **facts):
    row = desk.row(told)
    row.business.facts = facts
    with in_workspace(desk.workspace.pk):
        return costs.cost_of(row, today=today)


def test_the_deadline_and_what_comes_after_it_stand_in_one_line(desk):
    found = cost(desk, desk.begin().json())
    assert found.ko == "발급기한 12월 10일(목) · 그 뒤에는 지연발급 가산세 1% (최대 10,000원)"
    assert found.en == "Issue by Thu 2026-12-10; afterwards late issue penalty of 1% (at most 10,000 won)"
    assert (found.issue_by, found.days_left) == (date(2026, 12, 10), 20)
    assert "제34조" in found.citation


def test_each_day_from_which_it_costs_more_is_listed_with_its_law(desk):
    steps = cost(desk, desk.begin().json()).steps
    assert steps[0].ko.startswith("2026-12-11부터")
    assert all("제60조" in step.citation for step in steps)
    assert len(steps) > 1


def test_once_it_has_passed_the_line_says_what_issuing_now_costs(desk):
    found = cost(desk, desk.begin().json(), date(2026, 12, 20))
    assert found.days_left == -10
    assert (
        found.ko == "발급기한 12월 10일(목)이 지났습니다 · 지금 발행하면 지연발급 가산세 1% (최대 10,000원)"
    )


def test_the_facts_of_the_business_decide(desk):
    told = desk.begin(
        content=content(document_type="0301", items=[{"name": "x", "supply_amount": 1_000_000}])
    )
    small = {"supplier_kind": "individual", "small_business": True, "e_obligated": True}
    found = cost(desk, told.json(), **small)
    assert found.ko == "발급기한 12월 10일(목)"
    assert found.steps == ()


def test_facts_that_cannot_be_read_are_the_usual_ones(desk):
    assert "지연발급" in cost(desk, desk.begin().json(), unheard_of=1).ko


def test_a_buyer_who_deducts_nothing_loses_nothing(desk):
    buyer = desk.add_buyer()
    told = desk.begin(counterparty=buyer.pk).json()
    before = cost(desk, told)
    with in_workspace(desk.workspace.pk):
        Counterparty.objects.filter(pk=buyer.pk).update(tax_type="04")
    assert any("거래처" in step.ko for step in before.steps)
    assert not any("거래처" in step.ko for step in cost(desk, told).steps)


@pytest.mark.parametrize("day", ["", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_without_a_day_that_can_be_counted_from_there_is_no_deadline(desk, day):
    told = desk.begin(content=content(written_on=day)).json()
    assert told["cost"] is None


def test_half_written_amounts_count_as_far_as_they_go(desk):
    items = [{"name": "x", "supply_amount": 500_000, "tax_amount": 50_000, "quantity": "한 개"}]
    found = cost(desk, desk.begin(content=content(items=items)).json())
    assert "최대 5,000원" in found.ko
