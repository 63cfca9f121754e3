"""What happens to an invoice is told by mail, and what happens to a mail never issues anything."""

from datetime import timedelta

import pytest
from mail_world import mail_server, mails, point_to, send, text_of, tries
from service_world import (
    NOW,
    acting,
    add_member,
    client_of,
    first_business,
    make_user,
    make_workspace,
    member_client,
)
from signing_world import content, issue, keeper, make_ready, register, set_up

from dojang.service.accounts.models import User
from dojang.service.audit.models import Event
from dojang.service.invoices import transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.links.models import Link
from dojang.service.notices import asking, choices, outbox, resending
from dojang.service.notices.errors import (
    MailedJustNow,
    MailedTooOften,
    MailsOff,
    MailsOfTheDay,
    NotAnAddress,
    NothingToMail,
)
from dojang.service.notices.models import Kind
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.templatetags.dojang import issue_id
from dojang.service.workspaces.services import invitations

pytestmark = pytest.mark.django_db
BUYER, SECOND = "sara@saebom.example", "second@saebom.example"
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    business = first_business(made)
    made.keeper = keeper(authority, business.number)
    register(made, business, made.keeper)
    return made


@pytest.fixture
def server(settings):
    with mail_server() as found:
        point_to(settings, found.port)
        yield found


def issued(workspace, now=NOW, **values) -> Invoice:
    [(_, invoice)] = issue(
        workspace, workspace.keeper, make_ready(workspace, now=now, **values), now=now
    ).issued
    return invoice


def fresh(workspace, invoice) -> Invoice:
    with in_workspace(workspace.pk):
        return Invoice.objects.get(pk=invoice.pk)


def two_contacts(**more):
    buyer = content()["buyer"] | {"contacts": [{"email": BUYER}, {"email": SECOND}]} | more
    return {"buyer": buyer}


def states(workspace, kind=Kind.INVOICE_ISSUED):
    return [one.state for one in mails(workspace, kind=kind)]


def resend(workspace, invoice, to, *, member=None, now=LATER):
    with in_workspace(workspace.pk):
        return resending.resend(member=member or acting(workspace), invoice_id=invoice.pk, to=to, now=now)


def test_both_contacts_of_the_buyer_are_mailed_in_both_languages_with_a_link_of_their_own(workspace, server):
    invoice = issued(workspace, **two_contacts())
    assert server.arrived == [], "issuing waits for no mail server"
    send(workspace)
    assert [one.recipients for one in server.arrived] == [[BUYER], [SECOND]]
    message = server.arrived[0].message
    text = text_of(message)
    assert "[모의]" in message["Subject"]
    assert "모의 문서입니다" in text
    assert "Sandbox" in text
    assert text.index("발행했습니다") < text.index("has issued")
    assert "1,100,000원" in text
    assert issue_id(invoice.issue_id) in text
    assert message["Reply-To"] == "tax@hanbit.example"
    with in_workspace(workspace.pk):
        assert set(Link.objects.values_list("made_for", flat=True)) == {BUYER, SECOND}
    assert "/v/" in text
    assert "/v/" not in str([vars(one) for one in mails(workspace)])


def test_a_resident_number_stands_in_no_mail(workspace, server):
    number = "9001011234568"
    issued(
        workspace, **two_contacts(kind="individual", number=number, name="정사라", representative="정사라")
    )
    send(workspace)
    assert len(server.arrived) == 2
    for one in server.arrived:
        whole = one.message.as_string() + text_of(one.message) + one.message["Subject"]
        assert number not in whole
        assert number[:6] not in whole
        assert number[6:] not in whole


def test_a_buyer_without_an_address_is_not_mailed(workspace):
    issued(workspace, buyer=content()["buyer"] | {"contacts": []})
    assert mails(workspace) == []


def test_a_buyer_whom_no_mail_reaches_is_sent_to_the_tax_office_at_once(workspace, server):
    invoice = issued(workspace)
    assert (invoice.transmit_at > NOW, invoice.delivered_on is not None) == (True, True)
    server.recipients[BUYER] = "550 no such user"
    send(workspace)
    found = fresh(workspace, invoice)
    assert (found.transmit_at, found.delivered_on, found.state) == (NOW, None, "issued")
    assert found.issue_id == invoice.issue_id


def test_one_inbox_that_took_it_is_enough(workspace, server):
    invoice = issued(workspace, **two_contacts())
    server.recipients[BUYER] = "550 no such user"
    send(workspace)
    assert states(workspace) == ["bounced", "sent"]
    assert fresh(workspace, invoice).delivered_on is not None


def test_a_mail_that_is_still_tried_leaves_the_document_as_it_is(workspace, server):
    invoice = issued(workspace)
    server.recipients[BUYER] = "451 later"
    send(workspace)
    assert fresh(workspace, invoice).delivered_on is not None


def test_a_lost_mail_never_issues_again(workspace, server):
    invoice = issued(workspace)
    server.recipients[BUYER] = "550 no such user"
    send(workspace)
    server.recipients.clear()
    resend(workspace, invoice, "other@saebom.example")
    send(workspace, now=LATER)
    with in_workspace(workspace.pk):
        assert Invoice.objects.exclude(issue_id=None).count() == 1
        assert [one.action for one in Event.objects.filter(action="issue")] == ["issue"]


def test_where_buyers_are_not_mailed_the_tax_office_is_their_inbox(workspace, server):
    with in_workspace(workspace.pk):
        choices.switch([Kind.INVOICE_ISSUED], [], workspace_id=workspace.pk, person_id=None)
    invoice = issued(workspace)
    send(workspace)
    assert server.arrived == []
    assert (invoice.transmit_at, invoice.delivered_on) == (NOW, None)
    assert states(workspace) == ["dropped"]
    with pytest.raises(MailsOff):
        resend(workspace, invoice, BUYER)


def cancel(workspace, invoice, now=LATER):
    row = fresh(workspace, invoice)
    with in_workspace(workspace.pk):
        transmitting.cancel(member=acting(workspace), invoice_id=row.pk, version=row.version, now=now)


def test_who_was_mailed_is_told_that_it_was_cancelled(workspace, server):
    invoice = issued(workspace, **two_contacts())
    server.recipients[SECOND] = "550 no such user"
    send(workspace)
    cancel(workspace, invoice)
    send(workspace, now=LATER)
    assert [one.recipients for one in server.arrived] == [[BUYER], [BUYER]]
    assert "취소했습니다" in text_of(server.arrived[1].message)


def test_a_mail_that_waits_is_not_sent_once_it_was_cancelled(workspace, server):
    invoice = issued(workspace)
    cancel(workspace, invoice)
    send(workspace, now=LATER)
    assert server.arrived == []
    assert states(workspace) == ["dropped"]
    assert mails(workspace, kind=Kind.INVOICE_CANCELLED) == []


def test_a_try_that_is_due_after_cancelling_is_left_out(workspace, server):
    invoice = issued(workspace)
    server.recipients[BUYER] = "451 later"
    send(workspace)
    cancel(workspace, invoice)
    server.recipients.clear()
    send(workspace, now=LATER)
    assert states(workspace) == ["dropped"]
    assert ["취소했습니다" in text_of(one.message) for one in server.arrived] == [True]


def test_resending_goes_elsewhere_with_an_event_and_changes_nothing_about_the_invoice(workspace, server):
    invoice = issued(workspace)
    send(workspace)
    before = fresh(workspace, invoice)
    mail = resend(workspace, invoice, " other@saebom.example ")
    send(workspace, now=LATER)
    assert server.arrived[-1].recipients == ["other@saebom.example"]
    after = fresh(workspace, invoice)
    assert (after.state, after.version, after.buyer_email) == (before.state, before.version, BUYER)
    with in_workspace(workspace.pk):
        event = Event.objects.filter(invoice=invoice).latest("sequence")
    assert (event.action, event.from_state, event.to_state) == ("mail", "issued", "issued")
    assert event.data == {"to": "other@saebom.example"}
    assert mail.asked_by_id == acting(workspace).user_id


def test_resending_is_bounded(workspace):
    invoice = issued(workspace)
    with pytest.raises(NotAnAddress):
        resend(workspace, invoice, "a@saebom.example\r\nBcc: b@saebom.example")
    with pytest.raises(MailedJustNow):
        resend(workspace, invoice, BUYER.upper(), now=NOW + timedelta(seconds=59))
    for serial in range(resending.MOST - 1):
        resend(workspace, invoice, f"reader{serial}@saebom.example")
    with pytest.raises(MailedTooOften):
        resend(workspace, invoice, "last@saebom.example")


def test_nobody_asks_for_more_mails_a_day_than_a_person_needs_whatever_they_found(workspace, monkeypatch):
    monkeypatch.setattr(asking, "A_DAY", 3)
    owner = User.objects.get(pk=acting(workspace).user_id)
    other = make_workspace(owner)
    with in_workspace(other.pk):
        for serial in range(2):
            invitations.invite(member=acting(other), email=f"new{serial}@example.com", role="viewer", now=NOW)
    invoice = issued(workspace)
    resend(workspace, invoice, "reader0@saebom.example")
    with pytest.raises(MailsOfTheDay):
        resend(workspace, invoice, "reader1@saebom.example")
    resend(workspace, invoice, "reader1@saebom.example", now=NOW + timedelta(days=1, seconds=1))


def test_a_draft_and_a_cancelled_document_are_not_mailed(workspace):
    with pytest.raises(NothingToMail):
        resend(workspace, make_ready(workspace), BUYER)
    invoice = issued(workspace)
    cancel(workspace, invoice)
    with pytest.raises(NothingToMail):
        resend(workspace, invoice, BUYER)


def test_the_page_shows_mails_and_sends_one_again_to_who_may_issue(workspace, server):
    invoice = issued(workspace)
    server.recipients[BUYER] = "550 no such user"
    send(workspace)
    page = f"/w/{workspace.slug}/invoices/{invoice.pk}/"
    shown = member_client(workspace).get(page).content.decode()
    assert "받는 주소가 없다고 함 (550)" in shown
    assert "메일 재발송" in shown
    seen = member_client(workspace, "viewer")
    assert "메일 재발송</summary>" not in seen.get(page).content.decode()
    assert seen.post(f"{page}mails/", {"to": BUYER}).status_code == 403
    answer = member_client(workspace, "issuer").post(f"{page}mails/", {"to": "other@saebom.example"})
    assert answer.status_code == 302
    assert [one.to for one in mails(workspace)] == [BUYER, "other@saebom.example"]


def test_the_log_is_for_who_issues_and_filters(workspace, server):
    issued(workspace, **two_contacts())
    server.recipients[BUYER] = "550 no such user"
    send(workspace)
    log = f"/w/{workspace.slug}/mails/"
    client = member_client(workspace)
    assert BUYER in client.get(log).content.decode()
    bad = client.get(log, {"state": "bad", "kind": "invoice_issued"}).content.decode()
    assert BUYER in bad
    assert SECOND not in bad
    assert BUYER not in client.get(log, {"kind": "digest"}).content.decode()
    assert client.get(log, {"state": "'; --", "kind": "가", "page": "-1"}).status_code == 200
    assert member_client(workspace, "issuer").get(log).status_code == 200
    assert member_client(workspace, "writer").get(log).status_code == 403


def test_mails_to_another_member_are_nobody_elses(workspace):
    other = add_member(workspace, "issuer", make_user("private@hanbit.example"))
    with in_workspace(workspace.pk):
        outbox.put(
            Kind.DIGEST, key="1", to="private@hanbit.example", language="ko", person_id=other.user_id, now=NOW
        )
    assert "private@" not in member_client(workspace).get(f"/w/{workspace.slug}/mails/").content.decode()


def test_everybody_switches_their_own_and_managers_those_to_others(workspace):
    page = f"/w/{workspace.slug}/settings/notices/"
    member = add_member(workspace, "issuer", make_user("issuer@hanbit.example"))
    client = client_of(User.objects.get(pk=member.user_id))
    assert client.post(page, {"whose": "member", "deadline": "on"}).status_code == 302
    assert client.post(page, {"whose": "workspace"}).status_code == 403
    owner = member_client(workspace)
    assert owner.post(page, {"whose": "workspace", "invoice_issued": "on"}).status_code == 302
    with in_workspace(workspace.pk):
        found = choices.Choices()
        assert found.is_on(Kind.DEADLINE, member.user_id)
        assert not found.is_on(Kind.DIGEST, member.user_id)
        assert found.is_on(Kind.DIGEST, acting(workspace).user_id)
        assert found.is_on(Kind.INVOICE_ISSUED)
        assert not found.is_on(Kind.INVITATION)
    assert "메일: 구성원 초대" in owner.get(f"/w/{workspace.slug}/history/").content.decode()
    owner.post(page, {"whose": "workspace", "invoice_issued": "on", "invitation": "on"})
    with in_workspace(workspace.pk):
        assert choices.is_on(Kind.INVITATION)
    assert tries(workspace) == []
