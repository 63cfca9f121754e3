"""처리할 것: what the home page counts, and the lists that show it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from home_world import NOW, TODAY, add_invoice
from report_world import sold, taken
from service_world import (
    acting,
    add_member,
    client_of,
    first_business,
    make_business,
    make_workspace,
    member_client,
)

from dojang.service.accounts.models import User
from dojang.service.amendments.models import Amendment
from dojang.service.home.cards import KINDS, OTHERS
from dojang.service.invoices.states import State
from dojang.service.notices.models import OutgoingMail
from dojang.service.records.models import Delivery
from dojang.service.reverse.models import IncomingReverse
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission.models import HeldInvoice
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


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


def test_a_member_sees_only_the_businesses_that_they_may_see(workspace, business):
    other = make_business(workspace)
    add_invoice(other)
    add_invoice(business)
    viewer = add_member(workspace, Role.VIEWER, business_roles={other: Role.NONE})
    browser = client_of(User.objects.get(pk=viewer.actor.user_id))
    cards = browser.get(f"/w/{workspace.slug}/").context["cards"]
    assert next(card.count for card in cards if card.title == "임시저장") == 1


def test_a_viewer_is_told_no_verb_that_they_cannot_do(workspace, business):
    add_invoice(business, State.REJECTED)
    add_invoice(business, State.READY)
    response = member_client(workspace, Role.VIEWER).get(f"/w/{workspace.slug}/")
    texts = {card.title: card.text for card in response.context["cards"]}
    assert texts == {"전송실패": "", "임시저장": "", "발행대기": "", "전송 전": "국세청 전송을 기다림"}
    assert response.context["steps"] == []


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


@pytest.fixture
def full_house(workspace, business, monkeypatch):
    """Something behind each card, beside others that are like it but for one thing."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    archived = make_business(workspace)
    archived.archived_at = NOW
    archived.save()
    for state in State:
        for owner in (business, archived):
            add_invoice(owner, state, issue_by=date(2027, 1, 11))
        add_invoice(business, state, deleted_at=NOW)
    for issue_by in (date(2026, 11, 10), date(2026, 11, 27), date(2026, 11, 28), date(2025, 11, 10)):
        add_invoice(business, State.READY, issue_by=issue_by)
    add_invoice(business, State.ACCEPTED, issue_by=date(2026, 11, 10))
    for state in (State.ISSUED, State.CANCELLED, State.SUBMITTED):
        hold(workspace, add_invoice(business, state, issue_by=date(2027, 1, 11)))
    for written_on, values in (("2026-11-02", {}), ("2026-11-02", {"check_state": "checked"})):
        for side in ("purchase", "sales"):
            taken(business, written_on, side=side, **values)
    for key, days in (("1", 1), ("2", 13), ("3", 15)):
        add_mail(workspace, key, NOW - timedelta(days=days))
    for issue_id, refused in (("1" * 24, "document_unreadable"), ("2" * 24, "")):
        Delivery.objects.create(
            workspace=workspace, business=business, issue_id=issue_id, document=b"", way_out="sandbox",
            issued_on=TODAY, sent_on=TODAY, delivered_at=NOW, refused=refused,
        )  # fmt: skip
    amending(workspace, business)
    add_requests(workspace, business)


def amending(workspace, business):
    owner = User.objects.get(pk=acting(workspace).user_id)
    for number, state in enumerate(("asking", "prepared", "issued", "withdrawn")):
        Amendment.objects.create(
            workspace=workspace, business=business, target=add_invoice(business, State.ACCEPTED), state=state,
            chain=str(number), started_by=owner, changed_by=owner,
        )  # fmt: skip


def add_requests(workspace, business):
    for request, state in ((1, "requested"), (2, "refused"), (3, "withdrawn")):
        IncomingReverse.objects.create(
            workspace=workspace, business=business, state=state, document_type="0101", written_on=TODAY,
            expires_at=NOW + timedelta(days=1), origin_workspace=0, origin_request=request,
            requester_number="9998100015", requester_name="(주)새봄", arrived_at=NOW,
        )  # fmt: skip


def hold(workspace, invoice):
    HeldInvoice.objects.create(
        workspace_number=workspace.pk, invoice_number=invoice.pk, issue_id="1" * 24, code="x", since=NOW,
        tried_at=NOW,
    )  # fmt: skip


def add_mail(workspace, key, at):
    OutgoingMail.objects.create(
        workspace=workspace, kind="invoice_issued", key=key, to="a@b.example", state="bounced", created_at=at
    )


def shown_behind(page):
    """How many the page says there are: a list, the log of mails, or the documents that could not be taken."""
    if "unfinished" in page.context:
        return page.context["unfinished"]
    if "totals" in page.context:
        return page.context["totals"].count
    if "stuck" in page.context:
        return len(page.context["stuck"])
    return page.context["page"].paginator.count


@pytest.mark.usefixtures("full_house")
def test_each_card_leads_to_exactly_what_it_counts(workspace):
    browser = member_client(workspace)
    cards = browser.get(f"/w/{workspace.slug}/").context["cards"]
    assert {card.title for card in cards} == {one.ko for one in (*KINDS, *OTHERS)}
    counts = {card.title: card.count for card in cards}
    assert counts == {card.title: shown_behind(browser.get(card.url)) for card in cards}
    assert counts == {
        "전송실패": 2, "임시저장": 2, "승인대기": 2, "발행대기": 6, "전송 전": 3, "전송중": 3, "결과 확인중": 2,
        "발급기한이 다가온 문서": 2, "받은 역발행 요청": 1, "확인할 매입": 1, "받지 못한 매입 문서": 1, "전달되지 않은 메일": 2,
        "전송할 수 없는 문서": 1, "끝나지 않은 수정발행": 2,
    }  # fmt: skip


@pytest.mark.usefixtures("full_house")
def test_who_sees_one_business_finds_its_documents_alone_behind_each_card(workspace):
    other = make_business(workspace)
    add_invoice(other, State.UNKNOWN)
    viewer = add_member(workspace, Role.NONE, business_roles={other: Role.ISSUER})
    browser = client_of(User.objects.get(pk=viewer.actor.user_id))
    cards = browser.get(f"/w/{workspace.slug}/").context["cards"]
    assert {card.title: card.count for card in cards if card.count} == {"결과 확인중": 1}
    assert all(shown_behind(browser.get(card.url)) == card.count for card in cards)


@pytest.mark.usefixtures("full_house")
def test_a_viewer_is_sent_to_no_page_that_is_closed_to_them(workspace):
    browser = member_client(workspace, Role.VIEWER)
    cards = browser.get(f"/w/{workspace.slug}/").context["cards"]
    assert [card.title for card in cards if not card.url] == ["받지 못한 매입 문서"]
    assert all(browser.get(card.url).status_code == 200 for card in cards if card.url)


@pytest.mark.usefixtures("full_house")
def test_what_a_card_leads_to_can_be_kept_as_a_filter_that_moves_with_the_days(workspace, monkeypatch):
    browser = member_client(workspace)
    address = f"/w/{workspace.slug}/invoices/?stage=due"
    assert ("발급기한 임박·지남", "?tab=all") in browser.get(address).context["said"]
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    assert shown_behind(browser.get(address)) == 3
