"""The list of invoices, the page of one, and what its buttons do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from service_world import (
    NOW,
    acting,
    add_member,
    client_of,
    first_business,
    make_business,
    make_workspace,
    member_client,
)
from signing_world import content, issue, keeper, make_ready, register, set_up

from dojang.etax.signature import verify
from dojang.service.accounts.models import User
from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.invoices import drafts
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    who = keeper(authority, first_business(made).number)
    register(made, first_business(made), who)
    made.keeper = who
    return made


def _address(workspace, *parts) -> str:
    return "/".join(["", "w", workspace.slug, "invoices", *map(str, parts), ""])


def _text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _count(page: str) -> str:
    return re.search(r'data-sum="count">([0-9,]+)<', page)[1]


def _state(workspace, invoice) -> str:
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk).state


def test_an_empty_list_says_how_to_begin(workspace):
    assert "아직 세금계산서가 없습니다" in _text(member_client(workspace).get(_address(workspace)))


def test_tabs_search_and_totals_hold_what_they_say(workspace):
    make_ready(workspace)
    issue(workspace, workspace.keeper, make_ready(workspace))
    client = member_client(workspace)
    everything = _text(client.get(_address(workspace)))
    assert _count(everything) == "2"
    assert "2,200,000" in everything
    ready = _text(client.get(_address(workspace), {"tab": "ready"}))
    assert _count(ready) == "1"
    assert _count(_text(client.get(_address(workspace), {"q": "새봄"}))) == "2"
    assert "해당하는 문서가 없습니다" in _text(client.get(_address(workspace), {"q": "없는 이름 %_"}))


def test_a_member_sees_only_the_businesses_that_are_theirs(workspace):
    make_ready(workspace)
    other = make_business(workspace)
    member = add_member(workspace, "none", business_roles={other: "viewer"})
    client = client_of(User.objects.get(pk=member.user_id))
    assert "아직 세금계산서가 없습니다" in _text(client.get(_address(workspace)))
    with in_workspace(workspace.pk):
        hidden = Invoice.objects.get()
    assert client.get(_address(workspace, hidden.pk)).status_code == 404


def test_the_page_shows_the_form_of_the_signed_bytes_marked_as_practice(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    page = _text(member_client(workspace).get(_address(workspace, invoice.pk)))
    for expected in ("공급자 보관용", "모의", "복사용지", "1,100,000", "지금 전송", "서명·발행"):
        assert expected in page


def test_the_printed_form_has_both_copies_or_the_one_asked_for(workspace):
    invoice = make_ready(workspace)
    client = member_client(workspace)
    both = _text(client.get(_address(workspace, invoice.pk, "form")))
    assert "공급자 보관용" in both
    assert "공급받는자 보관용" in both
    assert "공급자 보관용" not in _text(
        client.get(_address(workspace, invoice.pk, "form"), {"copy": "buyer"})
    )


def test_the_xml_is_what_was_signed(workspace):
    invoice = make_ready(workspace)
    client = member_client(workspace)
    assert client.get(_address(workspace, invoice.pk, "xml")).status_code == 404
    issue(workspace, workspace.keeper, invoice)
    answer = client.get(_address(workspace, invoice.pk, "xml"))
    assert verify(answer.content).invoice.buyer.name == "(주)새봄"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_document_with_a_resident_number_leaves_with_an_event_and_for_writers_alone(workspace):
    person = {"kind": "individual", "number": "9001011234567", "name": "김개인", "representative": "김개인"}
    invoice = make_ready(workspace, buyer=person)
    issue(workspace, workspace.keeper, invoice)
    address = _address(workspace, invoice.pk, "xml")
    assert member_client(workspace, Role.VIEWER).get(address).status_code == 403
    client = member_client(workspace)
    assert b"9001011234567" in client.get(address).content
    assert "주민·외국인등록번호가 든 문서 내려받음" in _text(client.get(_address(workspace, invoice.pk)))
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=invoice.pk).version == invoice.version + 1
        assert [*chain.verify(), *contradictions()] == []


def test_what_is_ticked_goes_to_the_signing_page_whole_drafts_included(workspace, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    ready = make_ready(workspace)
    with in_workspace(workspace.pk):
        given = {"member": acting(workspace), "business": first_business(workspace), "now": NOW}
        whole = drafts.create(given=content(written_on="2026-11-19"), **given)
        half = drafts.create(given={"document_type": "0101"}, **given)
    answer = member_client(workspace).post(
        _address(workspace, "sign"), {"invoice": [ready.pk, whole.pk, half.pk]}
    )
    assert answer.url == f"/w/{workspace.slug}/sign/?invoices={ready.pk},{whole.pk}"
    assert _state(workspace, half) == State.DRAFT


def test_nothing_ticked_is_told_in_words(workspace):
    answer = member_client(workspace).post(_address(workspace, "sign"))
    assert answer.status_code == 400
    assert "먼저 세금계산서를 선택해 주세요" in answer.content.decode()


def test_cancelling_before_transmission_and_never_twice(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    with in_workspace(workspace.pk):
        version = Invoice.objects.get(pk=invoice.pk).version
    client = member_client(workspace)
    assert client.post(_address(workspace, invoice.pk, "cancel"), {"version": version}).status_code == 302
    assert _state(workspace, invoice) == State.CANCELLED
    assert client.post(_address(workspace, invoice.pk, "cancel"), {"version": version}).status_code == 409


def test_sending_now_brings_the_time_forward(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    tomorrow = timezone.now() + timedelta(days=1)
    with in_workspace(workspace.pk):
        Invoice.objects.filter(pk=invoice.pk).update(transmit_at=tomorrow)
    answer = member_client(workspace).post(
        _address(workspace, "transmit"), {"invoice": invoice.pk, "from": "invoice"}
    )
    assert answer.url == _address(workspace, invoice.pk)
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=invoice.pk).transmit_at <= timezone.now()


def test_a_copy_is_a_draft_of_today_with_nothing_of_the_originals_life(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    answer = member_client(workspace).post(_address(workspace, invoice.pk, "copy"))
    with in_workspace(workspace.pk):
        made = Invoice.objects.order_by("-pk")[0]
        assert answer.url == _address(workspace, made.pk, "edit")
        assert (made.state, made.issue_id, made.copied_from_id) == (State.DRAFT, None, invoice.pk)
        assert made.total_amount == 1_100_000


def test_reopening_and_deleting(workspace):
    invoice = make_ready(workspace)
    client = member_client(workspace)
    client.post(_address(workspace, invoice.pk, "reopen"), {"version": invoice.version})
    assert _state(workspace, invoice) == State.DRAFT
    with in_workspace(workspace.pk):
        version = Invoice.objects.get(pk=invoice.pk).version
    client.post(_address(workspace, invoice.pk, "delete"), {"version": version})
    assert client.get(_address(workspace, invoice.pk)).status_code == 404


@pytest.mark.parametrize("button", ["cancel", "reopen", "delete", "copy"])
def test_a_viewer_can_press_nothing(workspace, button):
    invoice = make_ready(workspace)
    client = member_client(workspace, "viewer")
    assert (
        client.post(_address(workspace, invoice.pk, button), {"version": invoice.version}).status_code == 403
    )
    assert f'/{button}/"' not in _text(client.get(_address(workspace, invoice.pk)))


def test_an_amendment_copied_becomes_an_ordinary_document(workspace):
    with in_workspace(workspace.pk):
        member, business = acting(workspace), first_business(workspace)
        source = drafts.create(
            member=member,
            business=business,
            given=content(document_type="0201", amendment_reason="04", original_issue_id="2" * 24),
            now=NOW,
        )
        made = drafts.copy(member=member, source=source, written_on=NOW.date(), now=NOW)
        assert made.document_type == "0101"
        assert not made.original_issue_id
