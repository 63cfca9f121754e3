"""The pages of approvals: asking, answering, and settings, as each role sees them."""

import pytest
from service_world import acting, add_member, client_of, first_business, make_workspace, member_client
from signing_world import content
from test_approvals import ask, draft, policy

from dojang.service.accounts.models import User
from dojang.service.approvals.models import Approval, ApprovalPolicy
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def writer(workspace):
    return add_member(workspace, "writer")


def client(member):
    return client_of(User.objects.get(pk=member.user_id))


def address(workspace, path):
    return f"/w/{workspace.slug}/approvals/{path}"


def text(response):
    return response.content.decode()


def state(workspace, invoice):
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk).state


def token(workspace, invoice):
    with in_workspace(workspace.pk):
        return f"{invoice.pk}:{Approval.objects.get(invoice=invoice).content_hash}"


def test_the_writers_button_leads_to_asking_and_not_to_signing(workspace, writer):
    one = draft(workspace, writer)
    answer = client(writer).post(
        f"/w/{workspace.slug}/invoices/{one.pk}/finish/",
        {"version": one.version},
        content_type="application/json",
    )
    assert answer.json() == {"next": f"{address(workspace, 'new/')}?invoices={one.pk}"}
    assert state(workspace, one) == State.DRAFT


def test_under_four_eyes_an_issuers_own_document_leads_to_asking_too(workspace):
    policy(workspace)
    issuer = add_member(workspace, "issuer")
    one = draft(workspace, issuer)
    answer = client(issuer).post(
        f"/w/{workspace.slug}/invoices/{one.pk}/finish/",
        {"version": one.version},
        content_type="application/json",
    )
    assert answer.json()["next"].startswith(address(workspace, "new/"))


def test_asked_for_approved_and_ready_to_be_signed(workspace, writer):
    one = draft(workspace, writer)
    page = client(writer).get(address(workspace, f"new/?invoices={one.pk}"))
    assert "발행 승인 요청" in text(page)
    answer = client(writer).post(
        address(workspace, "ask/"), {"invoice": one.pk, "note": "급해요"}, follow=True
    )
    assert "1건의 발행 승인을 요청했습니다" in text(answer)
    approver = member_client(workspace, "issuer")
    page = approver.get(address(workspace, ""))
    assert "급해요" in text(page)
    assert token(workspace, one) in text(page)
    answer = approver.post(
        address(workspace, "answer/"), {"seen": token(workspace, one), "answer": "approve"}, follow=True
    )
    assert "1건을 승인했습니다" in text(answer)
    assert state(workspace, one) == State.READY


def test_sent_back_from_its_page_with_a_reason_the_writer_sees_it(workspace, writer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    sent = {"seen": token(workspace, one), "answer": "send_back", "from": "invoice", "reason": "단가 확인"}
    answer = member_client(workspace).post(address(workspace, "answer/"), sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"/w/{workspace.slug}/invoices/{one.pk}/"
    page = text(client(writer).get(f"/w/{workspace.slug}/invoices/{one.pk}/"))
    assert "단가 확인" in page
    assert "발행 승인 요청" in page


def test_sent_back_without_a_reason_nothing_happens(workspace, writer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    answer = member_client(workspace).post(
        address(workspace, "answer/"), {"seen": token(workspace, one), "answer": "send_back"}
    )
    assert answer.status_code == 400
    assert "사유를 적어 주세요" in text(answer)
    assert state(workspace, one) == State.AWAITING_APPROVAL


def test_a_writer_sees_what_waits_and_no_buttons_to_answer(workspace, writer):
    one = draft(workspace, writer)
    ask(workspace, writer, one)
    page = text(client(writer).get(address(workspace, "")))
    assert "(주)새봄" in page
    assert 'name="answer"' not in page
    page = text(client(writer).get(f"/w/{workspace.slug}/invoices/{one.pk}/"))
    assert "승인 요청 취소" in page
    client(writer).post(address(workspace, f"{one.pk}/take-back/"))
    assert state(workspace, one) == State.DRAFT


def test_four_eyes_the_page_says_why_one_cannot_answer(workspace):
    policy(workspace)
    one = draft(workspace, acting(workspace))
    ask(workspace, acting(workspace), one)
    page = text(member_client(workspace).get(address(workspace, "")))
    assert "다른 사람이 승인해야 합니다" in page
    assert 'name="seen"' not in page


def test_a_half_written_draft_says_what_is_missing(workspace, writer):
    one = draft(workspace, writer, items=[])
    page = text(client(writer).get(address(workspace, f"new/?invoices={one.pk}")))
    assert "작성이 끝나지 않아 요청할 수 없습니다" in page
    assert 'name="invoice"' not in page


@pytest.mark.parametrize("given", ["", "0", "x", "9" * 30, "999999"])
def test_nothing_to_ask_for_leads_back_to_the_list(workspace, writer, given):
    answer = client(writer).get(address(workspace, f"new/?invoices={given}"))
    assert (answer.status_code, answer["Location"]) == (302, f"/w/{workspace.slug}/invoices/")


def test_documents_of_another_workspace_are_not_there(workspace, writer):
    other = make_workspace()
    theirs = draft(other, acting(other))
    ask(other, acting(other), theirs)
    assert "(주)새봄" not in text(client(writer).get(address(workspace, "")))
    client(writer).post(address(workspace, f"{theirs.pk}/take-back/"))
    assert state(other, theirs) == State.AWAITING_APPROVAL


def test_the_settings_are_kept_and_shown(workspace):
    business = first_business(workspace)
    owner = member_client(workspace)
    path = address(workspace, f"policy/{business.pk}/")
    assert owner.get(path).status_code == 200
    answer = owner.post(path, {"is_on": "on", "from_amount": "5,000,000원", "four_eyes": "on"}, follow=True)
    assert "5,000,000" in text(answer)
    with in_workspace(workspace.pk):
        assert ApprovalPolicy.objects.get().from_amount == 5_000_000
    assert "원 단위 숫자" in text(owner.post(path, {"is_on": "on", "from_amount": "오백만"}))
    owner.post(path, {})
    with in_workspace(workspace.pk):
        assert not ApprovalPolicy.objects.exists()


def test_an_issuer_does_not_change_the_settings(workspace):
    path = address(workspace, f"policy/{first_business(workspace).pk}/")
    issuer = member_client(workspace, "issuer")
    assert issuer.get(path).status_code == 403
    assert issuer.post(path, {"is_on": "on"}).status_code == 403


def test_what_was_answered_is_listed_with_its_reason(workspace, writer):
    one = draft(workspace, writer, buyer={**content()["buyer"], "name": "늦봄상사"})
    ask(workspace, writer, one)
    sent = {"seen": token(workspace, one), "answer": "send_back", "reason": "거래처 확인"}
    page = member_client(workspace).post(address(workspace, "answer/"), sent, follow=True)
    assert "거래처 확인" in text(page)
    assert "승인을 기다리는 문서가 없습니다" in text(page)
