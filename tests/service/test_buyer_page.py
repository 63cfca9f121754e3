"""The page that a link opens: what a buyer is shown, and what nobody is."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from link_world import FOREIGNER, PERSON, READER, make_company
from pypdf import PdfReader
from service_world import NOW, acting, add_member, client_of, make_workspace, member_client

from dojang.render.attached import attached_xml
from dojang.service.accounts.models import User
from dojang.service.audit.models import Event
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.links import pages, services, tokens
from dojang.service.links.models import Link, Purpose
from dojang.service.links.told import told
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

RESIDENT, PASSPORT = "9001011234567", "M12345678"


@pytest.fixture
def company(monkeypatch, tmp_path):
    return make_company(monkeypatch, tmp_path)


@pytest.fixture
def invoice(company):
    return company.issued()


@pytest.fixture
def page(company, invoice):
    return company.path(company.link(invoice))


@pytest.fixture
def anybody():
    return Client()


def text_of(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def opened(company):
    with in_workspace(company.workspace.pk):
        return Event.objects.filter(action=Action.OPEN).count()


def test_a_buyer_sees_form_facts_state_verdict_and_whom_to_ask(anybody, page, invoice):
    text = text_of(anybody.get(page))
    for expected in (
        "공급받는자 보관용", "한빛상사", "(주)새봄", "1,100,000", "2026-11-20", "발행완료 · 전송 전", "모의 국세청",
        "전자서명이 맞습니다", "본인확인 값으로 확인했습니다", "tax@hanbit.example", "이두리",
    ):  # fmt: skip
        assert expected in text, expected
    assert "공급자 보관용" not in text


@pytest.mark.parametrize("what", ["", "invoice.xml", "invoice.pdf", "opened/"])
@pytest.mark.parametrize("broken", [False, True])
def test_nobody_keeps_finds_or_hands_on_what_a_link_opens(anybody, page, what, broken):
    address = f"/v/{'A' * 43}/{what}" if broken else page + what
    answer = anybody.post(address) if what == "opened/" else anybody.get(address)
    assert answer.status_code == (404 if broken else 204 if what == "opened/" else 200)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    # Of the address only the server's name is ever told, and to nobody but servers.
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_english_needs_no_account(anybody, page):
    anybody.cookies["dojang_language"] = "en"
    text = text_of(anybody.get(page))
    assert "The signature holds" in text
    assert "Issued · not sent yet" in text


@pytest.mark.parametrize(
    ("state", "way_out", "expected", "never"),
    [
        (State.ISSUED, "nts", "2026-11-23까지 국세청에 전송하며", "모의"),
        (State.ISSUED, "sandbox", "모의 국세청에 전송하며", "홈택스"),
        (State.SUBMITTED, "nts", "국세청에 전송했고", "모의"),
        (State.UNKNOWN, "nts", "결과를 확인하고 있습니다", "모의"),
        (State.ACCEPTED, "nts", "홈택스의 전자세금계산서 조회", "모의"),
        (State.ACCEPTED, "sandbox", "실제로 신고되지 않았고", "국세청에 전송된 문서입니다"),
        (State.REJECTED, "nts", "신고에 쓰지 마세요", "전송완료"),
        (State.CANCELLED, "nts", "효력이 없으니", "전송완료"),
    ],
)
def test_each_state_says_what_it_means_for_the_buyer_and_of_the_sandbox_never_that_it_was_filed(
    invoice, state, way_out, expected, never
):
    invoice.state, invoice.way_out = state, way_out
    found = told(invoice)
    assert expected in found.text
    assert never not in f"{found.badge} {found.text}"


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_APPROVAL, State.READY])
def test_of_what_was_never_issued_nothing_is_told(invoice, state):
    invoice.state = state
    assert told(invoice) is None


def test_a_cancelled_document_says_so_and_is_not_handed_out(anybody, company, invoice, page):
    company.set(invoice, state=State.CANCELLED)
    text = text_of(anybody.get(page))
    assert "발행취소됨" in text
    assert "취소된 문서라 내려받을 수 없습니다" in text
    for file in ("invoice.xml", "invoice.pdf"):
        assert "취소한 문서라" in text_of(anybody.get(page + file), 410)
    assert opened(company) == 0


def test_a_document_that_was_amended_says_how_often(anybody, company, invoice, page):
    assert "정정됨" not in text_of(anybody.get(page))
    for state in (State.ACCEPTED, State.CANCELLED, State.DRAFT):
        amend(company, invoice, state)
    text = text_of(anybody.get(page))
    assert "정정됨" in text
    assert "1건 있습니다" in text


def amend(company, invoice, state):
    """A row that amends it."""
    with in_workspace(company.workspace.pk):
        row = Invoice.objects.get(pk=invoice.pk)
        row.pk, row.issue_id, row.draft_key = None, None, None
        row.state, row.original_issue_id = state, invoice.issue_id
        row.save(force_insert=True)


def test_files_are_the_signed_bytes_and_the_paper_that_holds_them(anybody, company, invoice, page):
    xml = anybody.get(page + "invoice.xml")
    assert xml.content == company.bytes_of(invoice)
    assert xml.headers["Content-Disposition"] == f'attachment; filename="{invoice.issue_id}.xml"'
    paper = anybody.get(page + "invoice.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert attached_xml(paper.content) == [company.bytes_of(invoice)]
    assert "공급받는자 보관용" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()


# Numbers of persons


@pytest.fixture(params=["resident", "foreigner"])
def secret(request, company):
    """A document that names a person's number, and the number."""
    if request.param == "resident":
        return company.issued(buyer=PERSON), RESIDENT
    return company.issued(buyer=FOREIGNER, remarks=[PASSPORT, "둘째 비고"]), PASSPORT


def test_a_persons_number_is_masked_and_its_file_is_not_to_be_had_by_link(anybody, company, secret):
    invoice, number = secret
    page = company.path(company.link(invoice))
    text = text_of(anybody.get(page))
    assert number not in text
    assert number[-6:] not in text
    assert "invoice.xml" not in text
    assert "홈택스에 로그인해 받거나" in text
    refused = text_of(anybody.get(page + "invoice.xml"), 403)
    assert number not in refused
    paper = anybody.get(page + "invoice.pdf").content
    assert attached_xml(paper) == []
    drawn = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper)).pages)
    assert "김개인" in drawn or "Sam Roe" in drawn
    assert number not in drawn.replace("-", "").replace(" ", "")
    assert number.encode() not in paper


def test_a_refused_file_is_no_look(anybody, company, secret):
    page = company.path(company.link(secret[0]))
    anybody.get(page + "invoice.xml")
    assert opened(company) == 0


# Looking


def test_fetching_the_page_says_nothing_and_seeing_it_does_once(anybody, company, page):
    for _ in range(3):
        anybody.get(page)
        anybody.head(page)
    assert opened(company) == 0
    assert [anybody.post(page + "opened/").status_code for _ in range(3)] == [204] * 3
    assert opened(company) == 1


@pytest.mark.parametrize("file", ["invoice.xml", "invoice.pdf"])
def test_taking_a_file_is_looking(anybody, company, page, file):
    for _ in range(2):
        anybody.get(page + file)
    assert opened(company) == 1


def test_looking_is_told_by_post_alone(anybody, page):
    assert anybody.get(page + "opened/").status_code == 405


def test_the_supplier_sees_for_whom_a_link_was_made_and_when_it_was_opened(anybody, company, invoice, page):
    client = member_client(company.workspace)
    address = f"/w/{company.workspace.slug}/invoices/{invoice.pk}/"
    before = text_of(client.get(address))
    assert READER in before
    assert "아직 열람하지 않음" in before
    assert page in before
    anybody.post(page + "opened/")
    after = text_of(client.get(address))
    assert "아직 열람하지 않음" not in after
    assert "링크를 받은 사람" in after


# Who has no right


def test_forged_expired_and_ended_links_show_nothing_of_the_document(anybody, company, invoice, page):
    link = company.link(invoice)
    forged = anybody.get(page[:-2] + ("A" if page[-2] != "A" else "B") + "/")
    never = anybody.get(f"/v/{tokens.make(Link(purpose=Purpose.VIEW_INVOICE))}/")
    assert forged.status_code == never.status_code == 404
    assert "이 링크로 볼 수 있는 문서가 없습니다" in forged.content.decode()
    with in_workspace(company.workspace.pk):
        Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "기한이 지났습니다" in text_of(anybody.get(page), 410)
    with in_workspace(company.workspace.pk):
        services.revoke(member=acting(company.workspace), link_id=link.pk, now=timezone.now())
    for what in ("", "invoice.xml", "invoice.pdf"):
        answer = text_of(anybody.get(page + what), 410)
        assert "링크를 끊었습니다" in answer
        for hidden in ("한빛상사", "(주)새봄", "1,100,000", READER):
            assert hidden not in answer
    assert anybody.post(page + "opened/").status_code == 410


def test_a_logged_in_stranger_sees_what_anybody_sees(company, page):
    stranger = member_client(make_workspace(name="남의 회사"))
    text = text_of(stranger.get(page))
    assert "공급받는자 보관용" in text
    assert f"/w/{company.workspace.slug}/" not in text


def test_members_make_and_end_links_only_where_they_may_write(company, invoice):
    here = f"/w/{company.workspace.slug}/links/"
    link = company.link(invoice)
    viewer = add_member(company.workspace, Role.VIEWER)
    watching = client_of(User.objects.get(pk=viewer.user_id))
    assert watching.post(f"{here}of/{invoice.pk}/").status_code == 403
    assert watching.post(f"{here}{link.pk}/revoke/").status_code == 403
    text = text_of(watching.get(f"/w/{company.workspace.slug}/invoices/{invoice.pk}/"))
    assert READER in text
    assert tokens.make(link) not in text
    client = member_client(company.workspace)
    assert client.post(f"{here}of/{invoice.pk}/").status_code == 302
    assert client.post(f"{here}{link.pk}/revoke/").status_code == 302
    with in_workspace(company.workspace.pk):
        assert Link.objects.filter(invoice=invoice, made_for="", revoked_at=None).count() == 1
        assert Link.objects.get(pk=link.pk).revoked_at is not None


def test_members_of_other_workspaces_find_no_links(company, invoice):
    other = make_workspace()
    client = member_client(other)
    link = company.link(invoice)
    assert client.post(f"/w/{other.slug}/links/{link.pk}/revoke/").status_code == 404
    assert client.post(f"/w/{other.slug}/links/of/{invoice.pk}/").status_code == 404


def test_who_guesses_is_stopped_and_who_has_a_link_elsewhere_is_not(anybody, company, page, monkeypatch):
    cache.clear()
    monkeypatch.setattr(pages, "_FAILURES", "3/10m/ip")
    answers = [anybody.get(f"/v/{'B' * 43}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert anybody.get(page).status_code == 429
    assert anybody.get(page, REMOTE_ADDR="192.0.2.9").status_code == 200
    cache.clear()


def test_one_address_does_not_ask_without_end(anybody, page, monkeypatch):
    cache.clear()
    monkeypatch.setattr(pages, "_REQUESTS", "2/m/ip")
    assert [anybody.get(page).status_code for _ in range(3)] == [200, 200, 429]
    cache.clear()


def test_a_refusal_and_a_log_name_no_token(anybody, page, caplog):
    token = page.split("/")[2]
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    anybody.get(f"/v/{forged}/invoice.pdf")
    assert token not in caplog.text
    assert forged not in caplog.text


def test_the_life_of_a_link_is_the_operators(company, invoice, monkeypatch):
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, link_days=30))
    link = company.link(invoice, "short@saebom.example", now=NOW)
    assert link.expires_at == NOW + timedelta(days=30)
