"""Figures on the home page: this month, the twelve before it, and the return that is being filled."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from home_world import NOW, add_invoice
from report_world import sold, taken
from service_world import first_business, make_workspace, member_client

from dojang.service.home import charts
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


def test_this_month_is_told_against_the_last(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sold(business, "2026-11-02", 300_000)
    sold(business, "2026-10-02", 500_000)
    taken(business, "2026-11-03", 70_000)
    context = member_client(workspace).get(f"/w/{workspace.slug}/").context
    assert [(one.name, one.now.supply_amount, one.more) for one in context["compared"]] == [
        ("매출", 300_000, -200_000),
        ("매입", 70_000, 70_000),
    ]
    assert [one.supply_amount for one in context["chart_totals"]] == [800_000, 70_000]
    assert len(context["chart_rows"]) == 12


def test_the_return_that_is_being_filled_says_what_is_missing(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sold(business, "2026-11-02", 300_000)
    sold(business, "2026-09-02", 999_000)
    sold(business, "2026-11-03", state=State.REJECTED)
    add_invoice(business, State.DRAFT)
    taken(business, "2026-10-03", 70_000)
    [one] = member_client(workspace).get(f"/w/{workspace.slug}/").context["running"]
    assert one.filing.ko == "2026년 2기 확정(10~12월)"
    assert (one.days_left, one.is_over) == (41, False)
    assert (one.sales.supply_amount, one.purchases.supply_amount) == (300_000, 70_000)
    assert (one.unissued, one.unsent, one.unchecked) == (1, 1, 1)


def test_until_a_return_is_due_that_is_the_one_shown(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, 1, tzinfo=UTC))
    sold(business, "2026-09-02", 999_000)
    [one] = member_client(workspace).get(f"/w/{workspace.slug}/").context["running"]
    assert (one.filing.ko, one.days_left, one.is_over) == ("2026년 2기 예정(7~9월)", 6, True)
    assert one.sales.supply_amount == 999_000


@pytest.mark.parametrize("values", [[0, 0], [9, 3], [-5, 10], [-30], [10**15, -1], [1], [], [123_456_789, 3]])
def test_a_chart_has_lines_around_every_bar(values):
    chart = charts.bars(["a"] * len(values), [charts.Series("sales", "매출", values)])
    assert chart.ticks[0].amount <= min([0, *values])
    assert chart.ticks[-1].amount >= max([0, *values])
    for bar in chart.bars:
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
        assert bar.height >= 0
