"""신고 완료: marked on the page of the return by whoever manages the business, taken back, and known to amending."""

from datetime import UTC, datetime

import pytest
from amendment_world import Seller, item, seller
from django.utils import timezone
from report_world import sold
from service_world import (
    NOW,
    acting,
    add_member,
    client_of,
    first_business,
    make_workspace,
    member_client,
)

from dojang.etax.amendments.vat import VatAction
from dojang.etax.facts import ReturnFiled
from dojang.service.accounts.models import User
from dojang.service.amendments.facts import facts_of
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import facts
from dojang.service.workspaces.models import Business, WorkspaceEvent
from dojang.service.workspaces.roles import Role
from dojang.service.workspaces.services import businesses
from dojang.service.workspaces.words import event_changes, return_text
from etax.amendments_samples import original
from etax.law_samples import day

pytestmark = pytest.mark.django_db

THIRD_QUARTER, FOURTH = "2026-2-preliminary", "2026-2-final"
SOON = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
BUTTON = "이 기간 신고 완료로 표시"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


def page(browser, workspace, business, period=THIRD_QUARTER) -> str:
    asked = {"business": business.pk, "period": period}
    return browser.get(f"/w/{workspace.slug}/reports/vat/", asked).content.decode()


def tell(browser, workspace, business, **fields):
    given = {"business": business.pk, "period": THIRD_QUARTER} | fields
    return browser.post(f"/w/{workspace.slug}/reports/filed/", given)


def marks(business) -> dict[str, str]:
    return facts.returns_marked(Business.objects.get(pk=business.pk).facts)


def test_a_return_is_marked_as_filed_and_the_mark_taken_back(workspace, business):
    browser = member_client(workspace)
    assert BUTTON in page(browser, workspace, business)
    assert tell(browser, workspace, business, filed_on="2026-10-20").status_code == 302
    assert marks(business) == {THIRD_QUARTER: "2026-10-20"}
    shown = page(browser, workspace, business)
    assert "신고 완료 표시 취소" in shown
    assert "2026-10-20" in shown
    [event] = WorkspaceEvent.objects.filter(action="mark_filed")
    assert str(event.by) in shown
    assert event_changes(event) == [("신고기간", "", "2026년 2기 예정"), ("신고일", "", "2026-10-20")]
    tell(browser, workspace, business, undo="1")
    assert marks(business) == {}
    assert facts.RETURNS_FILED not in Business.objects.get(pk=business.pk).facts
    assert WorkspaceEvent.objects.filter(action="unmark_filed").count() == 1
    history = browser.get(f"/w/{workspace.slug}/history/").content.decode()
    assert "신고 완료" in history


def test_what_was_issued_after_the_mark_is_left_out_of_the_preliminary_return_and_stands_in_the_final_one(
    monkeypatch, workspace, business
):
    """제49조 제1항. Until the 26th, when it is due, it can be filed anew with them."""
    sold(business, "2026-09-30", 700_000, kind="0201", amendment_reason="01", issued="2026-10-22")
    browser = member_client(workspace)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 23, 1, tzinfo=UTC))
    line = "과세 세금계산서 발급분"
    assert amounts(browser, workspace, business, THIRD_QUARTER)[line] == 700_000
    tell(browser, workspace, business, filed_on="2026-10-20")
    assert amounts(browser, workspace, business, THIRD_QUARTER)[line] == 0
    shown = page(browser, workspace, business)
    assert "신고 후 변동: 2026-10-20 뒤에 발급된 매출 문서 1건" in shown
    assert "신고기한(2026-10-26)까지 이 문서를 넣어 다시 신고하거나" in shown
    found = amounts(browser, workspace, business, FOURTH)
    assert (found[line], found["예정신고 누락분"]) == (0, 700_000)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert "다시 신고하거나" not in page(browser, workspace, business)


def amounts(browser, workspace, business, period) -> dict[str, int]:
    asked = {"business": business.pk, "period": period}
    report = browser.get(f"/w/{workspace.slug}/reports/vat/", asked).context["report"]
    sales = next(table for table in report.tables if table.caption == "과세표준과 매출세액")
    return {line.cells[1].value: line.cells[3].value for line in sales.lines}


def test_a_mark_made_twice_is_one(workspace, business):
    told = ReturnFiled(period=THIRD_QUARTER, filed_on=day("2026-10-20"))
    for _ in range(2):
        businesses.mark_filed(member=acting(workspace), business_id=business.pk, filed=told, now=NOW)
    assert marks(business) == {THIRD_QUARTER: "2026-10-20"}
    assert WorkspaceEvent.objects.filter(action="mark_filed").count() == 1


@pytest.mark.parametrize("filed_on", ["2026-09-30", "2026-11-23", "어제", ""])
def test_no_return_is_filed_before_its_period_is_over_or_after_today(workspace, business, filed_on):
    browser = member_client(workspace)
    answer = browser.post(
        f"/w/{workspace.slug}/reports/filed/",
        {"business": business.pk, "period": THIRD_QUARTER, "filed_on": filed_on},
        follow=True,
    )
    assert "신고일은 2026-10-01부터 " in answer.content.decode()
    assert marks(business) == {}


def test_a_period_that_is_not_over_has_no_button(workspace, business):
    browser = member_client(workspace)
    assert BUTTON not in page(browser, workspace, business, FOURTH)
    for period in (FOURTH, "2026-3-final", ""):
        told = tell(browser, workspace, business, period=period, filed_on="2026-11-20")
        assert told.status_code == 404
    assert marks(business) == {}


def test_who_does_not_manage_the_business_reads_and_does_not_mark(workspace, business):
    browser = client_of(User.objects.get(pk=add_member(workspace, Role.ISSUER).user_id))
    assert BUTTON not in page(browser, workspace, business)
    assert tell(browser, workspace, business, filed_on="2026-10-20").status_code == 403
    assert marks(business) == {}


def test_telling_the_other_facts_keeps_the_marks(workspace, business):
    told = ReturnFiled(period=THIRD_QUARTER, filed_on=day("2026-10-20"))
    businesses.mark_filed(member=acting(workspace), business_id=business.pk, filed=told, now=NOW)
    businesses.set_facts(member=acting(workspace), business_id=business.pk, facts={"sme": False}, now=NOW)
    assert marks(business) == {THIRD_QUARTER: "2026-10-20"}
    assert Business.objects.get(pk=business.pk).facts["sme"] is False


@pytest.mark.parametrize(
    ("written", "on", "marked", "known"),
    [
        ("2026-08-03", "2026-11-20", [THIRD_QUARTER], True),
        ("2026-08-03", "2026-11-20", ["2026-1-final"], False),
        ("2026-05-06", "2026-11-20", [THIRD_QUARTER], True),
        ("2026-08-03", "2027-01-26", [THIRD_QUARTER], False),
        ("2026-08-03", "2027-01-26", [FOURTH], True),
        ("2026-08-03", "2026-11-20", [], False),
    ],
    ids=[
        "its return is marked",
        "an earlier one alone is",
        "a later one is, and it was due before",
        "the final return decides now",
        "the final return is marked",
        "nothing is marked",
    ],
)
def test_amending_asks_whether_a_return_was_filed_only_where_no_mark_says_so(
    business, written, on, marked, known
):
    filed = {"2026-1-final": "2026-07-20", THIRD_QUARTER: "2026-10-20", FOURTH: "2027-01-20"}
    business.facts = facts.with_returns({}, {key: filed[key] for key in marked})
    document = original(written).invoice
    business.number = document.supplier.business_number
    found = facts_of(business, None, document, on=day(on))
    assert (found.returns_filed is not None) is known


def test_the_wizard_does_not_ask_again_what_is_marked(monkeypatch):
    company: Seller = seller(monkeypatch)
    sold = company.sold(written_on="2026-09-28", items=[item(1_000_000)], now=SOON)
    answers = {"none_what": "transfer"}
    step = company.walk(company.begin(sold), "should_not_issue", answers)
    assert step.question is not None
    assert step.question.words.ko == "2026년 2기 예정 부가가치세를 이미 신고했나요?"
    told = ReturnFiled(period=THIRD_QUARTER, filed_on=day("2026-10-20"))
    with in_workspace(company.workspace.pk):
        businesses.mark_filed(member=company.member, business_id=sold.business_id, filed=told, now=NOW)
    after = company.step(step.amendment)
    assert after.ready is not None
    [planned] = after.planned
    assert [each.action for each in planned.plan.vat.supplier] == [VatAction.PRELIMINARY_DOWN]


@pytest.mark.parametrize(
    ("key", "ko"), [("2026-1-final", "2026년 1기 확정"), ("2026-04", "2026년 4월"), ("x", "x")]
)
def test_a_return_is_named(key, ko):
    assert return_text(key) == ko
