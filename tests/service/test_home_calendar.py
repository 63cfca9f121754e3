"""기한 달력 of the home page."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from home_world import NOW, add_invoice
from report_world import sold
from service_world import first_business, make_workspace, member_client

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


@pytest.mark.parametrize("text", ["2026-13", "x", "0001-01", "9999-12", "2026-11-22"])
def test_a_month_that_makes_no_sense_is_this_one(workspace, business, monkeypatch, text):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    response = member_client(workspace).get(f"/w/{workspace.slug}/", {"month": text})
    assert response.context["calendar"].title == "2026년 11월"


def test_the_calendar_says_what_ends_on_which_day(workspace, business):
    sold(business, "2027-01-21", state=State.ISSUED, issued="2027-01-21")
    page = member_client(workspace).get(f"/w/{workspace.slug}/", {"month": "2027-01"})
    days = {
        str(day.on): [ending.text for ending in day.endings]
        for week in page.context["calendar"].weeks
        for day in week
        if day.endings
    }
    assert days == {
        "2027-01-11": ["12월분 발급기한", "2026년 2기 확정 합계표 전송 마감"],
        "2027-01-22": ["전송기한 1건"],
        "2027-01-25": ["2026년 2기 확정 신고기한"],
    }


def endings(workspace, month):
    page = member_client(workspace).get(f"/w/{workspace.slug}/", {"month": month})
    return {
        str(day.on): [ending.text for ending in day.endings]
        for week in page.context["calendar"].weeks
        for day in week
        if day.endings
    }


def tell(business, tax_type="general", **facts):
    types = [{"from": "2020-01-01", "type": tax_type}]
    business.facts = {"supplier_kind": "individual", "supplier_tax_types": types} | facts
    business.save()


def test_who_is_billed_has_no_return_in_october_and_one_in_january(workspace, business):
    """부가가치세법 제48조 제3항; the 25th is a Monday, 2026-07-25 was a Saturday and 2026-07-11 too."""
    tell(business, files_preliminary=False)
    assert list(endings(workspace, "2026-10")) == ["2026-10-12"]
    assert endings(workspace, "2027-01")["2027-01-25"] == ["2026년 2기 확정 신고기한"]
    assert endings(workspace, "2026-07") == {
        "2026-07-10": ["6월분 발급기한"],
        "2026-07-13": ["2026년 1기 확정 합계표 전송 마감"],
        "2026-07-27": ["2026년 1기 확정 신고기한"],
    }


def test_a_simplified_taxpayer_files_in_july_and_in_january(workspace, business, monkeypatch):
    """제66조 제3항, 제67조 제1항."""
    tell(business, "simplified", files_preliminary=True)
    assert endings(workspace, "2026-07")["2026-07-27"] == ["2026년 예정부과기간 신고기한"]
    assert "2026-10-26" not in endings(workspace, "2026-10")
    assert endings(workspace, "2027-01")["2027-01-25"] == ["2026년 확정 신고기한"]
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 20, 1, tzinfo=UTC))
    sold(business, "2026-03-02", 700_000)
    [one] = member_client(workspace).get(f"/w/{workspace.slug}/").context["running"]
    assert (one.filing.ko, one.is_over) == ("2026년 예정부과기간(1~6월)", True)
    assert one.sales.supply_amount == 700_000


def test_an_exempt_business_submits_its_forms_by_the_tenth_of_february(workspace, business):
    """소득세법 제78조·제163조 제5항."""
    tell(business, "exempt")
    assert endings(workspace, "2027-01") == {"2027-01-11": ["12월분 발급기한", "2026년 합계표 전송 마감"]}
    assert endings(workspace, "2027-02") == {
        "2027-02-10": ["1월분 발급기한", "2026년 계산서합계표 제출기한(개인은 사업장현황신고)"]
    }


def test_each_day_leads_to_exactly_what_it_counts(workspace, business):
    for state in State:
        for written_on in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"):
            add_invoice(business, state, written_on=date.fromisoformat(written_on))
    for issued, state in (
        ("2027-01-20", State.ISSUED),
        ("2027-01-21", State.ISSUED),
        ("2027-01-21", State.SUBMITTED),
    ):
        sold(business, issued, state=state, issued=issued)
    browser = member_client(workspace)
    sheet = browser.get(f"/w/{workspace.slug}/", {"month": "2027-01"}).context["calendar"]
    counted = [
        (str(day.on), ending.text, browser.get(ending.url).context["totals"].count)
        for week in sheet.weeks
        for day in week
        for ending in day.endings
        if ending.kind in {"issue", "transmit"}
    ]
    assert counted == [
        ("2027-01-11", "12월분 발급기한 6건", 6),
        ("2027-01-21", "전송기한 1건", 1),
        ("2027-01-22", "전송기한 1건", 1),
    ]
