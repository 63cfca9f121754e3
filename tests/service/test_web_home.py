"""The first page, the home of a workspace and its menu."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from report_world import sold, taken
from service_world import (
    add_member,
    client_of,
    first_business,
    make_business,
    make_user,
    make_workspace,
    member_client,
)

from dojang.service.accounts.models import User
from dojang.service.certificates.models import Certificate
from dojang.service.certificates.selectors import businesses_with_certificate, expiring_certificates
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.selectors import deadlines, state_counts
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import transmit_by
from dojang.service.notices.models import OutgoingMail
from dojang.service.records.models import Delivery
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission.models import HeldInvoice
from dojang.service.web import charts
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = NOW.date()


def add_invoice(business, state=State.DRAFT, **values):
    user = User.objects.first()
    given = {"buyer_name": "가온유통", "written_on": TODAY} | values
    if issued_at := given.get("issued_at"):
        given["transmit_by"] = transmit_by(written_on=given["written_on"], issued_at=issued_at)
    return Invoice.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        state=state,
        document_type="0101",
        created_by=user,
        changed_by=user,
        **given,
    )


def add_certificate(business, *, days: float, fingerprint: str = "a" * 64, **values):
    return Certificate.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        fingerprint=fingerprint,
        der=b"",
        owner="한빛상사",
        authority="시험기관",
        serial="1",
        not_before=NOW - timedelta(days=300),
        not_after=NOW + timedelta(days=days),
        registered_by=User.objects.first(),
        **({"verdict": "matches"} | values),
    )


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


# --- the first page ---


def test_strangers_read_what_this_is(client):
    page = client.get("/").content.decode()
    assert "회원가입" in page
    assert "로그인" in page


def test_who_is_signed_in_goes_to_their_first_workspace():
    user = make_user()
    first = make_workspace(user)
    make_workspace(user)
    assert client_of(user).get("/").url == f"/w/{first.slug}/"


def test_every_page_says_that_nothing_is_really_filed(client, workspace):
    for browser, address in (
        (client, "/"),
        (client, "/account/login/"),
        (member_client(workspace), f"/w/{workspace.slug}/"),
    ):
        assert "모의 국세청 — 실제로 신고되지 않습니다" in browser.get(address).content.decode()


def test_strangers_to_a_workspace_are_asked_to_sign_in(client, workspace):
    response = client.get(f"/w/{workspace.slug}/")
    assert response.url == f"/account/login/?next=/w/{workspace.slug}/"


# --- the home of a workspace ---


def test_cards_count_what_stands_open(workspace, business):
    for state in (State.DRAFT, State.DRAFT, State.READY, State.REJECTED, State.SUBMITTED, State.UNKNOWN):
        add_invoice(business, state)
    add_invoice(business, deleted_at=NOW)
    context = member_client(workspace).get(f"/w/{workspace.slug}/").context
    assert {card.title: card.count for card in context["cards"]} == {
        "전송실패": 1,
        "임시저장": 2,
        "발행대기": 1,
        "전송 전": 0,
        "전송중": 1,
        "결과 확인중": 1,
    }
    assert [card.title for card in context["cards"] if card.urgent] == ["전송실패", "결과 확인중"]


def test_an_empty_workspace_is_led_to_its_first_invoice(workspace, business):
    browser = member_client(workspace)
    steps = browser.get(f"/w/{workspace.slug}/").context["steps"]
    assert [step.text for step in steps] == [
        "사업장 등록",
        "공동인증서 등록",
        "거래처 등록",
        "첫 세금계산서 작성",
    ]
    assert [step.done for step in steps] == [True, False, False, False]
    add_certificate(business, days=10_000)
    add_invoice(business)
    assert browser.get(f"/w/{workspace.slug}/").context["steps"] == []


def test_a_member_sees_only_the_businesses_that_they_may_see(workspace, business):
    other = make_business(workspace)
    add_invoice(other)
    add_invoice(business)
    viewer = add_member(workspace, Role.VIEWER, business_roles={other: Role.NONE})
    browser = client_of(User.objects.get(pk=viewer.actor.user_id))
    cards = browser.get(f"/w/{workspace.slug}/").context["cards"]
    assert next(card.count for card in cards if card.title == "임시저장") == 1


def test_only_who_may_write_is_offered_to(workspace, business):
    for role, offered in ((Role.WRITER, True), (Role.VIEWER, False)):
        context = member_client(workspace, role).get(f"/w/{workspace.slug}/").context
        assert bool(context["new_invoice"]) is offered


def test_a_viewer_is_told_no_verb_that_they_cannot_do(workspace, business):
    add_invoice(business, State.REJECTED)
    add_invoice(business, State.READY)
    response = member_client(workspace, Role.VIEWER).get(f"/w/{workspace.slug}/")
    texts = {card.title: card.text for card in response.context["cards"]}
    assert texts == {"전송실패": "", "임시저장": "", "발행대기": "", "전송 전": "국세청 전송을 기다림"}
    assert response.context["steps"] == []


def test_a_writer_is_not_sent_to_pages_of_administrators(workspace, business):
    steps = member_client(workspace, Role.WRITER).get(f"/w/{workspace.slug}/").context["steps"]
    assert [bool(step.url) for step in steps] == [False, False, True, True]


def test_what_else_there_is_to_do_has_a_card(workspace, business, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    taken(business, "2026-11-02")
    taken(business, "2026-11-02", check_state="checked")
    OutgoingMail.objects.create(
        workspace=workspace, kind="invoice_issued", key="1", to="a@b.example", state="bounced", created_at=NOW
    )
    Delivery.objects.create(
        workspace=workspace, business=business, issue_id="1" * 24, document=b"", way_out="sandbox",
        issued_on=TODAY, sent_on=TODAY, delivered_at=NOW, refused="document_unreadable",
    )  # fmt: skip
    stopped = sold(business, "2026-11-19", state=State.ISSUED)
    HeldInvoice.objects.create(
        workspace_number=workspace.pk, invoice_number=stopped.pk, issue_id=stopped.issue_id, code="x",
        since=NOW, tried_at=NOW,
    )  # fmt: skip
    add_invoice(business, State.READY, written_on=TODAY.replace(month=10), issue_by=TODAY.replace(day=10))
    cards = {
        card.title: card.count
        for card in member_client(workspace).get(f"/w/{workspace.slug}/").context["cards"]
    }
    assert {
        "확인할 매입": 1,
        "받지 못한 매입 문서": 1,
        "전달되지 않은 메일": 1,
        "전송할 수 없는 문서": 1,
        "발급기한이 다가온 문서": 1,
    }.items() <= cards.items()


# --- figures ---


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


def test_home_asks_as_much_however_many_documents_there_are(
    workspace, business, django_assert_max_num_queries
):
    browser = member_client(workspace)
    for _ in range(3):
        sold(business, "2026-11-02")
    with django_assert_max_num_queries(60):
        browser.get(f"/w/{workspace.slug}/")


@pytest.mark.parametrize("values", [[0, 0], [9, 3], [-5, 10], [-30], [10**15, -1], [1], [], [123_456_789, 3]])
def test_a_chart_has_lines_around_every_bar(values):
    chart = charts.bars(["a"] * len(values), [charts.Series("sales", "매출", values)])
    assert chart.ticks[0].amount <= min([0, *values])
    assert chart.ticks[-1].amount >= max([0, *values])
    for bar in chart.bars:
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
        assert bar.height >= 0


def test_the_switcher_offers_every_workspace_of_the_person(workspace):
    user = User.objects.first()
    other = make_workspace(user, "둘째 회사")
    page = client_of(user).get(f"/w/{workspace.slug}/").content.decode()
    assert f'href="/w/{other.slug}/"' in page
    assert "둘째 회사" in page


def test_exactly_one_entry_of_the_menu_is_current(workspace):
    menu = member_client(workspace).get(f"/w/{workspace.slug}/").context["menu"]
    assert [link.text for link in menu if link.current] == ["홈"]


def test_names_that_look_like_markup_stay_text(client):
    user = make_user(name="<b>굵은</b>")
    workspace = make_workspace(user, "<script>1</script>")
    page = client_of(user).get(f"/w/{workspace.slug}/").content.decode()
    assert "<b>굵은" not in page
    assert "<script>1" not in page


# --- what stands open ---


def test_states_are_counted_for_the_given_businesses_only(workspace, business):
    other = make_business(workspace)
    add_invoice(business)
    add_invoice(other, State.ACCEPTED)
    assert state_counts([business.pk]) == {State.DRAFT: 1}
    assert state_counts([]) == {}


def test_a_signed_invoice_is_due_the_day_after_it_was_issued(business):
    add_invoice(business, State.ISSUED, issued_at=NOW)  # a Friday; the term ends on Monday
    [due] = deadlines([business.pk], now=NOW)
    assert (due.limit, str(due.on), due.days_left, due.is_late) == ("transmit", "2026-11-23", 3, False)


def test_a_failed_invoice_keeps_its_term(business):
    add_invoice(business, State.REJECTED, issued_at=NOW - timedelta(days=5))
    [due] = deadlines([business.pk], now=NOW)
    assert due.is_late


def test_an_unsigned_invoice_is_due_on_the_tenth_of_the_next_month(business):
    add_invoice(business, State.READY, written_on=TODAY.replace(month=10))
    [due] = deadlines([business.pk], now=NOW)
    assert (due.limit, str(due.on), due.is_late) == ("issue", "2026-11-10", True)


def test_a_term_that_is_far_away_is_not_shown(business):
    add_invoice(business, State.DRAFT, written_on=TODAY)  # until 10 December
    add_invoice(business, State.DRAFT, written_on=None)
    add_invoice(business, State.ACCEPTED, issued_at=NOW, written_on=TODAY.replace(month=10))
    assert deadlines([business.pk], now=NOW) == []


def test_the_most_urgent_comes_first_and_a_long_list_is_cut(business):
    for days in range(30):
        add_invoice(business, State.ISSUED, issued_at=NOW - timedelta(days=days))
    found = deadlines([business.pk], now=NOW)
    assert len(found) == 20
    assert found == sorted(found, key=lambda due: due.on)
    assert found[0].days_left < -20


# --- certificates ---


@pytest.mark.parametrize(("days", "told"), [(31, []), (29.5, [29]), (0.5, [0]), (-0.5, [-1])])
def test_a_certificate_is_told_from_thirty_days_before_its_end(business, days, told):
    add_certificate(business, days=days)
    found = expiring_certificates([business.pk], now=NOW)
    assert [one.days_left for one in found] == told
    assert [one.is_over for one in found] == [one < 0 for one in told]


def test_a_renewed_a_removed_and_a_refused_certificate_are_not_told(business):
    add_certificate(business, days=3)
    add_certificate(business, days=400, fingerprint="b" * 64)
    other = make_business_in(business)
    add_certificate(other, days=3, removed_at=NOW)
    add_certificate(other, days=4, fingerprint="c" * 64, verdict="mismatch")
    assert expiring_certificates([business.pk, other.pk], now=NOW) == []


def test_a_business_can_sign_with_a_valid_certificate_of_its_own(business):
    add_certificate(business, days=-1)
    add_certificate(business, days=10, fingerprint="b" * 64, verdict="pending")
    assert businesses_with_certificate([business.pk], now=NOW) == set()
    add_certificate(business, days=10, fingerprint="c" * 64)
    assert businesses_with_certificate([business.pk], now=NOW) == {business.pk}


def make_business_in(business):
    return make_business(business.workspace)


def test_mails_that_did_not_arrive_are_counted_for_those_who_can_see_them(workspace, business):
    other = make_business(workspace)
    invoice = add_invoice(other)
    at = timezone.now()
    for key, person, about in (("1", None, None), ("2", User.objects.first(), None), ("3", None, invoice)):
        OutgoingMail.objects.create(
            workspace=workspace, kind="invitation", key=key, to="a@b.example", state="bounced", created_at=at,
            person=person, invoice=about,
        )  # fmt: skip
    page = f"/w/{workspace.slug}/"
    here = add_member(workspace, "none", business_roles={business: "issuer"})
    text = "전달되지 않은 메일"
    assert text in member_client(workspace).get(page).content.decode()
    for who in (client_of(User.objects.get(pk=here.user_id)), member_client(workspace, "writer")):
        assert text not in who.get(page).content.decode()
