"""Figures on the home page: this month, the twelve before it, and the return that is being filled."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from home_world import NOW, add_invoice
from report_world import sold, taken
from service_world import first_business, make_workspace, member_client

from dojang.service.home import charts
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.facts import with_returns

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


@pytest.mark.parametrize("state", list(State))
def test_what_a_return_lacks_leads_to_exactly_that(workspace, business, monkeypatch, state):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for written_on in ("2026-09-30", "2026-10-01", "2026-11-03"):
        sold(business, written_on, state=state)
        taken(business, written_on)
    taken(business, "2026-11-04", check_state="checked")
    browser = member_client(workspace)
    [(_, gaps, _)] = browser.get(f"/w/{workspace.slug}/").context["returns"]
    told = {gap.name: (count, browser.get(url).context["totals"].count) for gap, count, url in gaps}
    signed = {State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.REJECTED}
    unissued = {State.DRAFT, State.AWAITING_APPROVAL, State.READY}
    mine = "unsent" if state in signed else "unissued" if state in unissued else None
    assert told == {"unchecked": (2, 2)} | ({mine: (2, 2)} if mine else {})


def test_what_waits_in_the_sandbox_is_not_missing_where_documents_go_to_the_nts(
    workspace, business, monkeypatch, settings
):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, nts="nts")
    sold(business, "2026-11-03", state=State.REJECTED)
    sold(business, "2026-11-03", state=State.REJECTED, way_out="nts")
    browser = member_client(workspace)
    [(_, [(gap, count, url)], _)] = browser.get(f"/w/{workspace.slug}/").context["returns"]
    assert (gap.name, count, browser.get(url).context["totals"].count) == ("unsent", 1, 1)


def test_what_the_preliminary_return_left_out_is_told_beside_the_figures(workspace, business, monkeypatch):
    """제49조 제1항: with it the figures are those of the report behind them."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    taken(business, "2026-10-03", 70_000)
    taken(business, "2026-09-03", 50_000, issued="2026-10-27")
    taken(business, "2026-09-04", 10_000, issued="2026-10-26")
    sold(business, "2026-08-03", 40_000, issued="2026-11-02")
    browser = member_client(workspace)
    page = browser.get(f"/w/{workspace.slug}/")
    [one] = page.context["running"]
    assert {side: (sums.count, sums.tax_amount) for side, sums in one.missed.items()} == {
        "sales": (1, 4_000),
        "purchase": (1, 5_000),
    }
    assert "예정신고 누락분" in page.content.decode()
    report = browser.get(f"/w/{workspace.slug}/reports/vat/", {"period": one.filing.key}).context["report"]
    input_tax = next(
        line.cells[4].value
        for table in report.tables
        for line in table.lines
        if line.cells[0].value == "(16)"
    )
    assert input_tax == one.purchases.tax_amount + one.missed["purchase"].tax_amount


def test_where_nothing_was_left_out_nothing_is_said_of_it(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    taken(business, "2026-09-04", 10_000, issued="2026-10-26")
    assert "예정신고 누락분" not in member_client(workspace).get(f"/w/{workspace.slug}/").content.decode()


def test_days_that_are_left_stand_beside_the_day_that_they_lead_to(workspace, business, monkeypatch):
    def line_at(day):
        monkeypatch.setattr(timezone, "now", lambda: datetime(*day, 1, tzinfo=UTC))
        page = member_client(workspace).get(f"/w/{workspace.slug}/").content.decode()
        shown = page[page.index('id="running"') : page.index('<dl class="running">')]
        return " ".join(re.sub(r"<[^>]+>", " ", shown).split())

    sold(business, "2026-09-02")
    assert "기간 마감 2026-12-31 41일 남음 신고기한 2027-01-25" in line_at((2026, 11, 20))
    assert line_at((2026, 12, 30)).endswith("기간 마감 2026-12-31 D-1 신고기한 2027-01-25")
    assert line_at((2027, 1, 20)).endswith("신고기한 2027-01-25 D-5")


def test_until_a_return_is_due_that_is_the_one_shown(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, 1, tzinfo=UTC))
    sold(business, "2026-09-02", 999_000)
    [one] = member_client(workspace).get(f"/w/{workspace.slug}/").context["running"]
    assert (one.filing.ko, one.days_left, one.is_over) == ("2026년 2기 예정(7~9월)", 6, True)
    assert one.sales.supply_amount == 999_000


def test_once_a_return_is_marked_as_filed_the_next_one_is_shown(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, 1, tzinfo=UTC))
    business.facts = with_returns(business.facts, {"2026-2-preliminary": "2026-10-19"})
    business.save()
    sold(business, "2026-09-02", 999_000)
    sold(business, "2026-09-03", 1_000, kind="0201", amendment_reason="01", issued="2026-10-20")
    [one] = member_client(workspace).get(f"/w/{workspace.slug}/").context["running"]
    assert (one.filing.ko, one.sales.count) == ("2026년 2기 확정(10~12월)", 0)
    assert [sums.supply_amount for sums in one.missed.values()] == [1_000]


@pytest.mark.parametrize("values", [[0, 0], [9, 3], [-5, 10], [-30], [10**15, -1], [1], [], [123_456_789, 3]])
def test_a_chart_has_lines_around_every_bar(values):
    chart = charts.bars(["a"] * len(values), [charts.Series("sales", "매출", values)])
    assert chart.ticks[0].amount <= min([0, *values])
    assert chart.ticks[-1].amount >= max([0, *values])
    for bar in chart.bars:
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
        assert bar.height >= 0
