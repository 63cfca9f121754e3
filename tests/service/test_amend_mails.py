"""The buyer is told once of what amends together; a buyer's request leads the supplier to where it is amended."""

from datetime import UTC, datetime
from typing import Any

import pytest
from amendment_world import Seller, seller
from django.utils import translation
from record_world import BUYER, SUPPLIER, workspace_of
from service_world import NOW, acting, make_workspace, member_client

from dojang.service.amendments.models import Amendment
from dojang.service.invoices import transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.links.models import Link
from dojang.service.notices import sending
from dojang.service.notices.letters import corrections, invoices
from dojang.service.notices.letters.amendments import BEFORE_ISSUING
from dojang.service.notices.models import Kind, MailState, OutgoingMail
from dojang.service.notices.selectors import mails_of
from dojang.service.records import correcting, delivering
from dojang.service.records.expected import Told
from dojang.service.records.models import Correction, Record, Source
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.templatetags.dojang import issue_id
from dojang.service.workspaces.models import Business

pytestmark = pytest.mark.django_db
SARA, NEON = "sara@saebom.example", "neon@saebom.example"
RIGHT_AMOUNT = {"amount_correct": {"supply_amount": 900_000, "tax_amount": None}, "amount_why": "mistake"}
RETURNED = {
    "returned_what": "part",
    "returned_exchanged": "no",
    "returned_on": "2026-11-19",
    "returned_items": {"supply_amount": 300_000, "tax_amount": None},
}


@pytest.fixture
def company(monkeypatch) -> Seller:
    found = seller(monkeypatch)
    with in_workspace(found.workspace.pk):
        Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})
    return found


def amended(company: Seller, sold: Invoice, event: str, answers: dict[str, Any]) -> tuple[Invoice, ...]:
    """Issued, and not sent yet."""
    prepared = company.amend(sold, event, answers)
    assert not company.sign(prepared.invoices).refused
    return prepared.invoices


def mails_about(company: Seller, *documents: Invoice, kind: Kind = Kind.INVOICE_ISSUED) -> list[OutgoingMail]:
    ids = {one.pk for one in documents}
    with in_workspace(company.workspace.pk):
        rows = OutgoingMail.objects.filter(kind=kind).order_by("pk")
        return [one for one in rows if ids & set(one.invoice_ids)]


def letter(company: Seller, mail: OutgoingMail, language: str = "ko"):
    with in_workspace(company.workspace.pk), translation.override(language):
        compose = invoices.issued(mail, NOW)
        assert compose is not None
        return compose()


def test_a_pair_is_told_of_in_one_mail_with_its_reason_and_the_effect_on_the_buyer(company):
    minus, plus = amended(company, company.sold(), "wrong_amount", RIGHT_AMOUNT)
    [mail] = mails_about(company, minus, plus)
    assert mail.to == SARA
    assert mail.invoice_ids == (minus.pk, plus.pk)
    found = letter(company, mail)
    assert found.subject == "[(주)큰솔상사] 수정세금계산서 2건 발행 안내 (기재사항 착오정정 등)"
    text = "\n".join(found.paragraphs)
    assert "2026-10-05 세금계산서(승인번호 20261005-" in text
    assert "‘기재사항 착오정정 등’ 사유로 수정세금계산서를 발행했습니다." in text
    assert "변경: 공급가액 1,000,000원 → 900,000원, 세액 100,000원 → 90,000원" in text
    assert "신고 안내: " in text
    assert len(found.lines) == 2
    assert found.button is None
    assert any("문의: (주)큰솔상사 이두리 tax@hanbit.example" in one for one in found.closing)
    assert letter(company, mail, "en").subject.startswith("[(주)큰솔상사] 2 amended invoice(s)")
    with in_workspace(company.workspace.pk):
        assert Link.objects.filter(invoice__in=[minus, plus]).count() == 2
        assert [one.pk for one in mails_of(plus)] == [one.pk for one in mails_of(minus)] == [mail.pk]


def test_a_single_amendment_says_what_is_taken_off(company):
    [returned] = amended(company, company.sold(), "goods_returned", RETURNED)
    [mail] = mails_about(company, returned)
    found = letter(company, mail)
    assert found.subject == "[(주)큰솔상사] 수정세금계산서 1건 발행 안내 (환입)"
    assert "변경: 공급가액 -300,000원, 세액 -30,000원" in "\n".join(found.paragraphs)
    assert found.button is not None
    assert found.lines == ()


def test_who_amends_an_amendment_says_so(company):
    [returned] = company.issued(company.sold(), "goods_returned", RETURNED)
    [undo] = amended(company, returned, "amendment_unneeded", {"unneeded_stands": "yes"})
    [mail] = mails_about(company, undo)
    told = letter(company, mail).paragraphs[0]
    assert told.startswith(f"2026-11-19 수정세금계산서(승인번호 {issue_id(returned.issue_id)})에 대해")


def test_what_the_buyer_has_to_amend_is_said_to_the_buyer_and_not_of_them(company):
    may = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
    sold = company.sold(written_on="2026-05-06", now=may)
    answers = RIGHT_AMOUNT | {"cross_audit": "no"}
    step = company.walk(company.begin(sold), "wrong_amount", answers)
    assert all(any(end in one.ko + one.en for one in step.planned[0].preview.buyer) for end in BEFORE_ISSUING)
    minus, plus = company.prepare(step).invoices
    assert not company.sign((minus, plus)).refused
    [mail] = mails_about(company, minus, plus)
    told = "\n".join(letter(company, mail).paragraphs)
    assert told.endswith("신고 안내: 귀사는 이미 공제받았다면 수정신고로 10,000원을 납부해야 합니다.")
    assert BEFORE_ISSUING[1].strip() not in "\n".join(letter(company, mail, "en").paragraphs)


OTHER_BUYER = {
    "buyer_who": "other",
    "buyer_right": {
        "kind": "business",
        "number": "9998600010",
        "name": "(주)늘봄",
        "representative": "봄",
        "contacts": [{"email": NEON}],
    },
    "buyer_why": "mistake",
}


def test_a_wrong_buyer_learns_nothing_of_the_right_one(company):
    minus, plus = amended(company, company.sold(), "wrong_buyer", OTHER_BUYER)
    found = mails_about(company, minus, plus)
    assert {(one.to, one.invoice_ids) for one in found} == {(SARA, (minus.pk,)), (NEON, (plus.pk,))}
    for mail, foreign in zip(found, ("늘봄", "새봄"), strict=True):
        told = letter(company, mail)
        assert foreign not in "".join([told.subject, *told.paragraphs, *(line for line, _ in told.lines)])


def test_a_person_is_told_nothing_of_returns(company):
    person = {
        "kind": "individual",
        "number": "9002301234563",
        "name": "김가상",
        "representative": "김가상",
        "contacts": [{"email": "kim@person.example"}],
    }
    [returned] = amended(company, company.sold(buyer=person), "goods_returned", RETURNED)
    [mail] = mails_about(company, returned)
    told = "\n".join(letter(company, mail).paragraphs)
    assert "변경: 공급가액 -300,000원" in told
    assert "신고 안내" not in told


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("(주)늘봄", "귀사는 2026년 1기를 경정청구하여 100,000원을 돌려받을 수 있습니다."),
        ("새봄", "귀사는 이미 공제받았다면 수정신고로 100,000원을 납부해야 합니다."),
    ],
)
def test_of_two_buyers_each_learns_what_its_own_return_takes(company, name, own):
    may = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
    sold = company.sold(written_on="2026-05-06", now=may)
    step = company.walk(company.begin(sold), "wrong_buyer", OTHER_BUYER | {"cross_audit": "no"})
    minus, plus = company.prepare(step).invoices
    assert not company.sign((minus, plus)).refused
    by_name = {one.buyer_name: one for one in (minus, plus)}
    invoice = next(one for found, one in by_name.items() if name in found)
    [mail] = [one for one in mails_about(company, minus, plus) if one.invoice_ids == (invoice.pk,)]
    assert f"신고 안내: {own}" in letter(company, mail).paragraphs
    assert any("For your return: " in one for one in letter(company, mail, "en").paragraphs)
    assert not any(invoice.buyer_name in one for one in letter(company, mail, "en").paragraphs)


def test_a_mail_that_comes_back_sends_both_documents_at_once(company):
    minus, plus = amended(company, company.sold(), "wrong_amount", RIGHT_AMOUNT)
    [mail] = mails_about(company, minus, plus)
    with in_workspace(company.workspace.pk):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, attempts=1)
    assert sending.come_back(company.workspace.pk, mail.pk, code="dsn_5.1.1", detail="", now=NOW)
    for one in (minus, plus):
        assert company.row(one).delivered_on is None
        assert company.row(one).transmit_at == NOW


def test_a_cancelled_pair_is_told_of_once_and_names_both(company):
    minus, plus = amended(company, company.sold(), "wrong_amount", RIGHT_AMOUNT)
    [mail] = mails_about(company, minus, plus)
    with in_workspace(company.workspace.pk):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, attempts=1)
        row = Invoice.objects.get(pk=plus.pk)
        transmitting.cancel(member=company.member, invoice_id=row.pk, version=row.version, now=NOW)
    assert {company.row(one).state for one in (minus, plus)} == {State.CANCELLED}
    [told] = mails_about(company, minus, plus, kind=Kind.INVOICE_CANCELLED)
    with in_workspace(company.workspace.pk), translation.override("ko"):
        compose = invoices.cancelled(told, NOW)
        assert compose is not None
        assert len(compose().lines) == 1


# A buyer's request ------------------------------------------------------------------------------------------------


def asked_of(workspace, *, source: str) -> OutgoingMail:
    """A request about the purchase of a workspace."""
    with in_workspace(workspace.pk):
        Record.objects.update(source=source)
        record = Record.objects.get()
        correcting.ask(
            member=acting(workspace),
            record_id=record.pk,
            version=record.version,
            told=Told(Correction.Why.AMOUNT, supply_amount=900_000),
            text="",
            to="tax@hanbit.example",
            now=NOW,
        )
        return OutgoingMail.objects.get(kind=Kind.CORRECTION_ASKED)


@pytest.mark.parametrize(("source", "leads"), [(Source.DELIVERED, True), (Source.XML, False)])
def test_a_request_leads_a_supplier_on_this_server_to_the_event(company, source, leads):
    buyer = workspace_of(BUYER)
    sold = company.sold(
        buyer={"kind": "business", "number": BUYER, "name": "한빛상사", "representative": "김하나"}
    )
    delivering.take_all(now=NOW)
    mail = asked_of(buyer, source=source)
    with in_workspace(buyer.pk), translation.override("ko"):
        compose = corrections.asked(mail, NOW)
        assert compose is not None
        found = compose()
    if not leads:
        assert found.button is None
        return
    assert found.button is not None
    label, address = found.button
    assert label == "확인하고 수정발행"
    path = address.partition("//")[2].partition("/")[2]
    assert path == f"amend/{sold.issue_id}/?event=wrong_amount"
    answer = member_client(company.workspace).get(f"/{path}")
    assert answer.status_code == 302
    assert f"/w/{company.workspace.slug}/amendments/of/{sold.issue_id}/" in answer.headers["Location"]
    stranger = member_client(make_workspace(name="남의상사"))
    assert stranger.get(f"/{path}").status_code == 404
    assert SUPPLIER not in address
    with in_workspace(company.workspace.pk):
        assert not Amendment.objects.exists()
