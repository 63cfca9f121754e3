"""The pages of 역발행: the buyer's, the supplier's inbox, and what lies behind the link."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.core import mail as outside
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from record_world import SUPPLIER, authority_of, keeper_of, workspace_of
from reverse_world import SUPPLIER_MAIL, ask, buyer_of, guest_of, inbox, path_of, read_again, token_of, write
from service_world import acting, client_of, details, make_workspace, member_client

from dojang.etax.signature import sign
from dojang.etax.xml_reader import read
from dojang.service.accounts.models import User
from dojang.service.certificates import services as certificates
from dojang.service.certificates import transmitter
from dojang.service.certificates.models import Certificate
from dojang.service.counterparties.models import Contact, Counterparty
from dojang.service.links import tokens
from dojang.service.links.models import Link, Purpose
from dojang.service.notices import sending
from dojang.service.notices.models import OutgoingMail
from dojang.service.reverse import tasks
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


@pytest.fixture
def buyer():
    return buyer_of()


@pytest.fixture
def owner(buyer):
    return member_client(buyer)


def at(buyer, name, *arguments):
    return reverse(name, args=[buyer.slug, *arguments])


def form(**values):
    """What the page of a new request sends."""
    given = {
        "taxation": "taxable",
        "written_on": timezone.localdate().isoformat(),
        "purpose": "claim",
        "number": "-".join((SUPPLIER[:3], SUPPLIER[3:5], SUPPLIER[5:])),
        "name": "(주)큰솔상사",
        "representative": "최큰솔",
        "email": SUPPLIER_MAIL,
        "count": "4",
        "item_1": "복사용지",
        "quantity_1": "10",
        "price_1": "100,000",
    }
    return given | values


def only(buyer) -> ReverseRequest:
    with in_workspace(buyer.pk):
        return ReverseRequest.objects.get()


def business_id(buyer):
    with in_workspace(buyer.pk):
        return Business.objects.get().pk


# --- the buyer ------------------------------------------------------------------------------------------------------


def test_a_request_is_written_looked_at_and_sent(buyer, owner):
    answer = owner.post(at(buyer, "reverse_new"), form(business=business_id(buyer)))
    row = only(buyer)
    assert answer.status_code == 302
    assert answer.url == at(buyer, "reverse_request", row.pk)
    assert (row.state, row.supply_amount, row.tax_amount) == (State.DRAFT, 1_000_000, 100_000)
    assert (row.content["supplier"]["business_number"], row.item_count) == (SUPPLIER, 1)
    page = owner.get(answer.url).content.decode()
    assert "1,100,000" in page
    assert "발급기한" in page
    sent = owner.post(at(buyer, "reverse_ask", row.pk), {"version": row.version})
    assert sent.status_code == 302
    assert only(buyer).state == State.REQUESTED
    listed = owner.get(at(buyer, "reverse_list")).content.decode()
    assert "(주)큰솔상사" in listed
    assert "역발행 요청" in listed


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"number": "123-45-67890"}, "사업자등록번호"),
        ({"name": ""}, "상호를 적어"),
        ({"representative": " "}, "대표자를 적어"),
        ({"item_1": "", "quantity_1": "", "price_1": ""}, "한 줄 이상"),
        ({"quantity_1": ""}, "수량과 단가"),
        ({"price_1": "1.005"}, "두 자리"),
        ({"price_1": "1e9"}, "두 자리"),
        ({"price_1": "NaN"}, "두 자리"),
        ({"written_on": "no day"}, ""),
        ({"email": "no address"}, ""),
        ({"supply_1": str(10**16)}, "너무 큽니다"),
    ],
)
def test_what_is_no_document_is_shown_again_with_its_reason(buyer, owner, values, told):
    answer = owner.post(at(buyer, "reverse_new"), form(business=business_id(buyer), **values))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    with in_workspace(buyer.pk):
        assert not ReverseRequest.objects.exists()


def test_nobody_asks_themselves(buyer, owner):
    with in_workspace(buyer.pk):
        own = Business.objects.get()
    answer = owner.post(at(buyer, "reverse_new"), form(business=own.pk, number=own.number))
    assert answer.status_code == 422
    assert "같은 사업자등록번호" in answer.content.decode()


def test_what_the_checks_forbid_is_not_sent(buyer, owner):
    tomorrow = timezone.localdate() + timedelta(days=40)
    row = write(buyer, written_on=tomorrow)
    page = owner.get(at(buyer, "reverse_request", row.pk)).content.decode()
    assert "요청하기 전에 고칠 곳" in page
    answer = owner.post(at(buyer, "reverse_ask", row.pk), {"version": row.version})
    assert answer.status_code == 400
    assert only(buyer).state == State.DRAFT


def test_without_the_suppliers_mail_nothing_is_sent(buyer, owner):
    owner.post(at(buyer, "reverse_new"), form(business=business_id(buyer), email=""))
    row = only(buyer)
    answer = owner.post(at(buyer, "reverse_ask", row.pk), {"version": row.version})
    assert "이메일을 적어" in answer.content.decode()
    assert only(buyer).state == State.DRAFT


def test_a_counterparty_fills_in_the_supplier(buyer, owner):
    with in_workspace(buyer.pk):
        found = Counterparty.objects.create(
            workspace=buyer,
            number=SUPPLIER,
            name="큰솔",
            representative="최큰솔",
            search="큰솔",
            name_key="큰솔",
        )
        Contact.objects.create(workspace=buyer, counterparty=found, email=SUPPLIER_MAIL, name="영업부")
    page = owner.post(at(buyer, "reverse_new"), form(use=found.pk, name="", number="")).content.decode()
    assert SUPPLIER_MAIL in page
    assert 'value="큰솔"' in page
    assert (
        owner.get(at(buyer, "reverse_new") + f"?counterparty={found.pk}").content.decode().count("큰솔") >= 1
    )
    owner.post(at(buyer, "reverse_new"), form(business=business_id(buyer), counterparty=found.pk))
    assert only(buyer).counterparty_id == found.pk


def test_more_lines_keep_what_was_typed(buyer, owner):
    page = owner.post(at(buyer, "reverse_new"), form(more_lines="1")).content.decode()
    assert 'name="item_8"' in page
    assert "복사용지" in page


def test_a_draft_is_changed_until_it_is_sent(buyer, owner):
    row = write(buyer)
    edit = at(buyer, "reverse_edit", row.pk)
    assert "복사용지" in owner.get(edit).content.decode()
    sent = form(business=row.business_id, item_1="토너", version=row.version)
    assert owner.post(edit, sent).status_code == 302
    assert only(buyer).item_name == "토너"
    late = owner.post(edit, sent | {"item_1": "프린터"})
    assert late.status_code == 409
    assert only(buyer).item_name == "토너"
    with in_workspace(buyer.pk):
        ReverseRequest.objects.update(state=State.REQUESTED)
    assert owner.get(edit).status_code == 409


def test_a_request_is_sent_again_to_another_address_and_the_old_link_ends(buyer, owner):
    row = ask(buyer)
    old = path_of(buyer, row)
    owner.post(at(buyer, "reverse_again", row.pk), {"to": "boss@keunsol.example"})
    new = path_of(buyer, row)
    assert new != old
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    owner.post(at(buyer, "reverse_again", row.pk), {"to": "BOSS@keunsol.example"})
    assert path_of(buyer, row) == new


def test_withdrawn_its_link_says_so_and_shows_nothing_of_it(buyer, owner):
    row = ask(buyer)
    owner.post(at(buyer, "reverse_withdraw", row.pk))
    page = Client().get(path_of(buyer, row)).content.decode()
    assert "취소된 요청입니다" in page
    assert "복사용지" not in page
    assert "서명하고 발행" not in page


def test_a_member_who_may_only_look_sees_no_buttons_and_does_nothing(buyer):
    row = ask(buyer)
    viewer = member_client(buyer, "viewer")
    page = viewer.get(at(buyer, "reverse_request", row.pk)).content.decode()
    assert reverse("reverse_withdraw", args=[buyer.slug, row.pk]) not in page
    assert viewer.post(at(buyer, "reverse_withdraw", row.pk)).status_code == 403
    assert viewer.get(at(buyer, "reverse_new")).status_code == 403
    assert read_again(buyer, row).state == State.REQUESTED


def test_another_workspace_finds_nothing(buyer):
    row = ask(buyer)
    stranger = make_workspace(business=details())
    client = member_client(stranger)
    assert client.get(reverse("reverse_request", args=[stranger.slug, row.pk])).status_code == 404
    assert client.post(reverse("reverse_withdraw", args=[stranger.slug, row.pk])).status_code == 404
    assert client.get(reverse("reverse_request", args=[buyer.slug, row.pk])).status_code == 404


# --- the supplier's inbox -------------------------------------------------------------------------------------------


def test_the_inbox_leads_to_the_signing_page(buyer):
    supplier = workspace_of(SUPPLIER)
    ask(buyer)
    [received] = inbox(supplier)
    client = member_client(supplier)
    assert "한빛상사" in client.get(reverse("reverse_inbox", args=[supplier.slug])).content.decode()
    page = client.get(reverse("reverse_incoming", args=[supplier.slug, received.pk])).content.decode()
    assert "확인하고 발행" in page
    answer = client.post(reverse("reverse_accept", args=[supplier.slug, received.pk]))
    [received] = inbox(supplier)
    assert answer.url == f"{reverse('sign', args=[supplier.slug])}?invoices={received.invoice_id}"
    shown = client.get(reverse("invoice", args=[supplier.slug, received.invoice_id])).content.decode()
    assert "역발행" in shown
    assert "고쳐 쓰기" not in shown


def test_a_writer_without_the_right_to_issue_neither_signs_nor_refuses(buyer):
    supplier = workspace_of(SUPPLIER)
    ask(buyer)
    [received] = inbox(supplier)
    client = member_client(supplier, "writer")
    page = client.get(reverse("reverse_incoming", args=[supplier.slug, received.pk])).content.decode()
    assert "확인하고 발행" not in page
    for name in ("reverse_accept", "reverse_refuse"):
        answer = client.post(reverse(name, args=[supplier.slug, received.pk]), {"reason": "x"})
        assert answer.status_code == 403


def test_refusing_in_the_inbox_asks_for_a_reason(buyer):
    supplier = workspace_of(SUPPLIER)
    row = ask(buyer)
    [received] = inbox(supplier)
    client = member_client(supplier)
    address = reverse("reverse_refuse", args=[supplier.slug, received.pk])
    assert "사유를 적어" in client.post(address, {"reason": " "}).content.decode()
    assert client.post(address, {"reason": "단가가 다릅니다"}).status_code == 302
    assert read_again(buyer, row).reason == "단가가 다릅니다"
    page = member_client(buyer).get(at(buyer, "reverse_request", row.pk)).content.decode()
    assert "단가가 다릅니다" in page
    assert "고쳐서 다시 요청" in page


# --- behind the link ------------------------------------------------------------------------------------------------


def test_looking_changes_nothing(buyer):
    row = ask(buyer)
    page = Client().get(path_of(buyer, row))
    assert page.status_code == 200
    text = page.content.decode()
    assert "한빛상사" in text
    assert "1,100,000" in text
    assert "서명하고 발행" in text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    after = read_again(buyer, row)
    assert (after.state, after.guest, after.link.opened_at) == (State.REQUESTED, None, None)


def test_that_it_was_opened_is_told_once(buyer):
    row = ask(buyer)
    for _ in range(2):
        assert Client().post(path_of(buyer, row) + "opened/").status_code == 204
    page = member_client(buyer).get(at(buyer, "reverse_request", row.pk)).content.decode()
    assert page.count("공급자가 링크를 열어 봄") == 1


@pytest.mark.parametrize("broken", ["", "x", "A" * 43, "Ω" * 43])
def test_a_token_that_is_none_opens_nothing(buyer, broken):
    ask(buyer)
    assert Client().get(f"/r/{broken}/").status_code == 404


def test_a_link_for_another_purpose_opens_nothing_and_this_one_nothing_else(buyer):
    row = ask(buyer)
    token = token_of(buyer, row)
    assert Client().get(f"/v/{token}/").status_code == 404
    with in_workspace(buyer.pk):
        other = Link.objects.create(
            workspace=buyer, purpose=Purpose.VIEW_INVOICE, expires_at=timezone.now() + timedelta(days=1)
        )
        forged = tokens.make(other)
    for path in ("", "sign/", "invoice.pdf", "invoice.xml"):
        assert Client().get(f"/r/{forged}/{path}").status_code == 404
    assert Client().post(f"/r/{forged}/begin/").status_code == 404


def test_before_anybody_wanted_to_sign_there_is_nothing_to_sign_or_take(buyer):
    path = path_of(buyer, ask(buyer))
    for name in ("sign/", "invoice.pdf", "invoice.xml", "sign/certificate/1/"):
        assert Client().get(path + name).status_code == 404
    for name in ("sign/orders/", "sign/issue/", "sign/register/", "cancel/"):
        assert Client().post(path + name, "{}", content_type="application/json").status_code == 404


def test_refused_behind_the_link(buyer):
    row = ask(buyer)
    path, client = path_of(buyer, row), Client(enforce_csrf_checks=True)
    assert client.post(path + "refuse/", {"reason": ""}).status_code == 422
    assert client.post(path + "refuse/", {"reason": "x" * 201}).status_code == 422
    assert client.post(path + "refuse/", {"reason": "품목이 다릅니다"}).status_code == 302
    assert read_again(buyer, row).reason == "품목이 다릅니다"
    assert client.post(path + "refuse/", {"reason": "또"}).status_code == 409
    assert client.post(path + "begin/").status_code == 409
    assert "거부했습니다" in client.get(path).content.decode()


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


def context_of(page) -> dict:
    found = re.search(r'<script id="context" type="application/json">(.*?)</script>', page.content.decode())
    assert found
    return json.loads(found.group(1))


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_the_signing_page_behind_the_link_signs_issues_and_may_be_taken_back_by_its_browser(buyer):
    """The requests that the page's modules send, one after the other, without a log-in or a token against forgery."""
    row = ask(buyer)
    path, client, who = path_of(buyer, row), Client(enforce_csrf_checks=True), keeper_of(SUPPLIER)
    assert client.post(path + "begin/").url == path + "sign/"
    page = client.get(path + "sign/")
    assert "script-src" in page.headers["Content-Security-Policy"]
    context = context_of(page)
    [wanted] = context["invoices"]
    assert [one["number"] for one in context["businesses"]] == [SUPPLIER]
    assert all(url.startswith(path) for url in context["urls"].values())
    assert client.get(context["urls"]["session"]).json() == {"csrf": ""}
    signer = {
        "certificate": text(who.der),
        "chain": [],
        "random": {"key_id": transmitter.public_key().key_id, "sealed": text(who.sealed())},
    }
    registered = post(
        client,
        context["urls"]["register"],
        signer
        | {
            "business": wanted["business"],
            "challenge": context["challenge"],
            "signature": text(who.sign(b"dojang-register:" + context["challenge"].encode())),
        },
    )
    assert registered.status_code == 201, registered.content
    with in_workspace(read_again(buyer, row).guest):
        certificates.decide(Certificate.objects.get().pk, now=timezone.now())
    verdict = client.get(context["urls"]["certificate"].replace("{id}", str(registered.json()["id"])))
    assert verdict.json()["state"] == "matches"
    ordered = post(
        client, context["urls"]["orders"], {"invoices": [{"id": wanted["id"], "version": wanted["version"]}]}
    ).json()
    [order] = ordered["orders"]
    xml = sign(read(order["xml"].encode()).invoice, who.der, who.sign).decode()
    body = signer | {"signed": [{"order": order["order"], "xml": xml}]}
    first, second = (post(client, context["urls"]["issue"], body) for _ in range(2))
    assert len(first.json()["issued"]) == len(second.json()["issued"]) == 1
    assert read_again(buyer, row).state == State.SIGNED

    assert client.get(path + "sign/").url == path
    shown = client.get(path).content.decode()
    assert "발행 전" not in shown
    assert path + "cancel/" in shown
    assert client.get(path + "invoice.pdf").content.startswith(b"%PDF")
    assert client.get(path + "invoice.xml").content.decode() == xml

    stranger = Client()
    assert len(post(stranger, context["urls"]["issue"], body).json()["issued"]) == 1
    assert path + "cancel/" not in stranger.get(path).content.decode()
    assert stranger.post(path + "cancel/").status_code == 403
    assert read_again(buyer, row).state == State.SIGNED
    assert client.post(path + "cancel/").status_code == 302
    assert read_again(buyer, row).state == State.CANCELLED
    assert client.get(path + "invoice.pdf").status_code == 410


def test_the_buyer_gets_the_mail_of_any_invoice_and_sees_what_a_guest_signed(buyer):
    row = ask(buyer)
    guest = guest_of(buyer, row, now=timezone.now())
    guest.sign()
    sending.send_due(read_again(buyer, row).guest, clock=timezone.now)
    [mail] = outside.outbox
    assert mail.to == ["tax@hanbit.example"]
    [address] = re.findall(r"/v/[\w-]+/", mail.body)[:1]
    assert "큰솔" in Client().get(address).content.decode()


# --- mails ----------------------------------------------------------------------------------------------------------


def test_the_mail_to_the_supplier_has_the_link_and_who_asks(buyer):
    row = ask(buyer)
    sending.send_due(buyer.pk, clock=timezone.now)
    [mail] = outside.outbox
    assert mail.to == [SUPPLIER_MAIL]
    assert "한빛상사" in mail.subject
    assert "역발행" in mail.subject
    assert path_of(buyer, row) in mail.body
    assert "11월분입니다" in mail.body
    with in_workspace(buyer.pk):
        kept = OutgoingMail.objects.get()
        assert token_of(buyer, row) not in json.dumps(kept.facts) + kept.subject


def test_the_request_says_what_became_of_its_mail(buyer, owner):
    row = ask(buyer)
    page = at(buyer, "reverse_request", row.pk)
    assert "보내는 중" in owner.get(page).content.decode()
    with in_workspace(buyer.pk):
        OutgoingMail.objects.update(state="bounced", why="dsn_5.1.1")
    shown = owner.get(page).content.decode()
    assert "반송" in shown
    assert "5.1.1" in shown


def test_a_withdrawn_request_is_not_mailed_any_more_and_who_was_mailed_is_told(buyer, owner):
    never, told = ask(buyer), ask(buyer)
    owner.post(at(buyer, "reverse_withdraw", never.pk))
    sending.send_due(buyer.pk, clock=timezone.now)
    assert len(outside.outbox) == 1
    owner.post(at(buyer, "reverse_withdraw", told.pk))
    sending.send_due(buyer.pk, clock=timezone.now)
    assert "취소" in outside.outbox[-1].subject
    assert len(outside.outbox) == 2


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("state", ["signed", "refused", "expired", "cancelled", "failed"])
def test_who_asked_is_told_how_it_ended_in_their_language(buyer, state, language):
    row = ask(buyer)
    sending.send_due(buyer.pk, clock=timezone.now)
    User.objects.filter(pk=acting(buyer).user_id).update(language=language)
    with in_workspace(buyer.pk):
        ReverseRequest.objects.filter(pk=row.pk).update(state=state, untold=state, reason="단가가 다릅니다")
    tasks.see_to_all(timezone.now())
    sending.send_due(buyer.pk, clock=timezone.now)
    mail = outside.outbox[-1]
    assert mail.to == [User.objects.get(pk=acting(buyer).user_id).email]
    assert "(주)큰솔상사" in mail.subject
    assert "단가가 다릅니다" in mail.body
    assert reverse("reverse_request", args=[buyer.slug, row.pk]) in mail.body


def test_who_left_is_told_nothing(buyer):
    row = ask(buyer)
    with in_workspace(buyer.pk):
        Membership.objects.update(left_at=timezone.now())
        ReverseRequest.objects.filter(pk=row.pk).update(state="refused", untold="refused")
    tasks.see_to_all(timezone.now())
    assert only(buyer).untold == ""
    with in_workspace(buyer.pk):
        assert not OutgoingMail.objects.filter(kind="reverse_answered").exists()


def test_the_menu_leads_to_both_lists(buyer, owner):
    page = owner.get(at(buyer, "reverse_list")).content.decode()
    assert at(buyer, "reverse_inbox") in page
    assert (
        client_of(User.objects.get(pk=acting(buyer).user_id)).get(at(buyer, "reverse_inbox")).status_code
        == 200
    )
