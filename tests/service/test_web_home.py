"""The first page, the home of a workspace and its menu."""

from datetime import UTC, datetime, timedelta

import pytest
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
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = NOW.date()


def add_invoice(business, state=State.DRAFT, **values):
    user = User.objects.first()
    return Invoice.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        state=state,
        document_type="0101",
        created_by=user,
        changed_by=user,
        **({"buyer_name": "가온유통", "written_on": TODAY} | values),
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
        "전송중": 2,
    }
    assert [card.title for card in context["cards"] if card.urgent] == ["전송실패"]


def test_an_empty_workspace_is_led_to_its_first_invoice(workspace, business):
    browser = member_client(workspace)
    steps = browser.get(f"/w/{workspace.slug}/").context["steps"]
    assert [step.done for step in steps] == [True, False, False]
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
