"""A mail is handed to a real mail server once, tried again by the schedule, and given up in the end."""

import socket
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from list_world import add_invoice
from mail_world import (
    certificate_for_localhost,
    mail_server,
    mails,
    point_to,
    send,
    text_of,
    tries,
)
from procrastinate.contrib.django.models import ProcrastinateJob
from service_world import NOW, acting, add_member, first_business, make_user, make_workspace

from dojang.service.invoices.states import State
from dojang.service.notices import choices, outbox, rendering, sending, tasks
from dojang.service.notices.letters import Letter
from dojang.service.notices.models import Kind, MailState, OutgoingMail
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Membership, Workspace
from dojang.service.workspaces.services import invitations

pytestmark = pytest.mark.django_db
READER = "reader@saebom.example"


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def server(settings):
    with mail_server() as found:
        point_to(settings, found.port)
        yield found


def invite(workspace, email=READER, now=NOW):
    with in_workspace(workspace.pk):
        return invitations.invite(member=acting(workspace), email=email, role="viewer", now=now)


def row(workspace) -> OutgoingMail:
    [found] = mails(workspace)
    return found


def test_a_mail_arrives_with_text_html_and_a_message_id_that_is_ours(workspace, server):
    invite(workspace)
    assert not send(workspace)
    [arrived] = server.arrived
    message = arrived.message
    assert arrived.recipients == [READER]
    assert message["To"] == READER
    assert message["Auto-Submitted"] == "auto-generated"
    assert "초대합니다" in message["Subject"]
    assert "/invitations/" in text_of(message)
    assert "/invitations/" in message.get_body(("html",)).get_content()
    found = row(workspace)
    assert (found.state, found.sent_at, found.message_id) == ("sent", NOW, message["Message-ID"])
    assert tries(workspace) == ["sent"]


def test_what_arrived_holds_up_nobody_who_works_on_its_invoice(workspace, server):
    """Its invoice is neither locked nor read: only what did not arrive changes anything about it."""
    invoice = add_invoice(workspace, first_business(workspace), state=State.ISSUED)
    with in_workspace(workspace.pk):
        mail = outbox.put(
            Kind.INVOICE_ISSUED, key=f"{invoice.pk}:1", to=READER, invoice_id=invoice.pk, now=NOW
        )
    with CaptureQueriesContext(connection) as asked:
        sending.settle(workspace.pk, mail.pk, sending.Outcome(sending.Verdict.SENT, "sent"), now=NOW)
    assert row(workspace).state == MailState.SENT
    assert not [one for one in asked if "invoices_invoice" in one["sql"]]


def test_it_goes_over_starttls_with_a_login_to_a_server_whose_certificate_is_trusted(
    workspace, settings, tmp_path, monkeypatch
):
    context, authority = certificate_for_localhost(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with mail_server(tls=context, password="only for this test") as found:
        point_to(
            settings,
            found.port,
            EMAIL_USE_TLS=True,
            EMAIL_HOST_USER="dojang",
            EMAIL_HOST_PASSWORD="only for this test",
        )
        invite(workspace)
        send(workspace)
    [arrived] = found.arrived
    assert arrived.was_encrypted
    assert arrived.user == "dojang"


def test_a_server_that_nobody_vouches_for_gets_nothing(workspace, settings, tmp_path):
    context, _ = certificate_for_localhost(tmp_path)
    with mail_server(tls=context) as found:
        point_to(settings, found.port, EMAIL_USE_TLS=True)
        invite(workspace)
        send(workspace)
    assert found.arrived == []
    assert row(workspace).state == MailState.WAITING


def test_a_wrong_password_is_told_without_the_password(workspace, settings, tmp_path, monkeypatch):
    context, authority = certificate_for_localhost(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with mail_server(tls=context, password="right") as found:
        point_to(
            settings,
            found.port,
            EMAIL_USE_TLS=True,
            EMAIL_HOST_USER="dojang",
            EMAIL_HOST_PASSWORD="wrong-and-secret",
        )
        invite(workspace)
        send(workspace)
    assert tries(workspace) == ["smtp_535"]
    with in_workspace(workspace.pk):
        assert "wrong-and-secret" not in str(list(row(workspace).tries.values()))


def test_an_inbox_that_does_not_exist_bounces_at_once_and_is_not_tried_again(workspace, server):
    server.recipients[READER] = "550 5.1.1 no such user"
    invite(workspace)
    send(workspace)
    found = row(workspace)
    assert (found.state, found.why, found.next_attempt_at) == ("bounced", "rcpt_550", None)
    send(workspace, now=NOW + timedelta(days=3))
    assert server.asked == [READER]


def test_a_server_that_asks_to_come_back_later_is_come_back_to_under_the_same_message_id(workspace, server):
    server.recipients[READER] = "451 4.7.1 greylisted"
    invite(workspace)
    send(workspace)
    waiting = row(workspace)
    assert (waiting.state, waiting.next_attempt_at) == ("waiting", NOW + timedelta(minutes=1))
    server.recipients.clear()
    send(workspace, now=NOW + timedelta(seconds=59))
    assert server.arrived == []
    send(workspace, now=NOW + timedelta(seconds=60))
    assert server.arrived[0].message["Message-ID"] == waiting.message_id
    assert tries(workspace) == ["rcpt_451", "sent"]


def test_it_is_tried_by_the_schedule_and_then_given_up(workspace, server):
    server.data = "452 4.3.1 full"
    invite(workspace)
    now, waits = NOW, []
    while (found := row(workspace)).state == MailState.WAITING:
        if found.next_attempt_at > now:
            waits.append(found.next_attempt_at - now)
            now = found.next_attempt_at
        send(workspace, now=now)
    assert tuple(waits) == sending.RETRY
    assert (found.state, found.why, found.attempts) == ("failed", "data_452", 7)


def test_a_mail_that_the_server_refuses_for_good_is_given_up(workspace, server):
    server.data = "554 5.7.1 we take no invitations"
    invite(workspace)
    send(workspace)
    found = row(workspace)
    assert (found.state, found.why) == ("failed", "data_554")
    with in_workspace(workspace.pk):
        assert found.tries.get().detail == "5.7.1 we take no invitations"


def test_where_no_server_is_the_rest_waits_without_being_tried(workspace, settings):
    point_to(settings, 1)
    for serial in range(3):
        invite(workspace, f"reader{serial}@saebom.example")
    send(workspace)
    assert [one.attempts for one in mails(workspace)] == [1, 0, 0]
    assert tries(workspace) == ["no_connection"]


def test_a_connection_that_is_lost_after_the_mail_was_given_costs_a_copy_with_the_same_id(workspace, server):
    server.drops = True
    invite(workspace)
    send(workspace)
    assert row(workspace).state == MailState.WAITING
    server.drops = False
    send(workspace, now=NOW + timedelta(minutes=1))
    assert len({one.message["Message-ID"] for one in server.arrived}) == 1
    assert len(server.arrived) == 2
    assert tries(workspace) == ["disconnected", "sent"]


def test_a_worker_that_is_killed_in_the_middle_costs_a_copy_with_the_same_id_at_most(workspace, server):
    invite(workspace)
    claimed = sending.claim(workspace.pk, now=NOW)
    with sending.Line() as line:
        line.hand_over(claimed.message)
    # Killed here: nothing of it was written down.
    send(workspace, now=NOW + timedelta(minutes=9))
    assert len(server.arrived) == 1, "another worker took a mail that was on its way"
    send(workspace, now=NOW + sending.LEASE)
    assert len({one.message["Message-ID"] for one in server.arrived}) == 1
    assert row(workspace).state == MailState.SENT


def test_two_workers_never_hand_over_the_same_mail(workspace, server):
    for serial in range(4):
        invite(workspace, f"reader{serial}@saebom.example")
    first, second = (sending.claim(workspace.pk, now=NOW) for _ in range(2))
    assert first.mail_id != second.mail_id
    send(workspace)
    assert len(server.arrived) == 2


def test_many_mails_share_one_connection_and_are_left_to_the_next_job_in_parts(workspace, server):
    for serial in range(3):
        invite(workspace, f"reader{serial}@saebom.example")
    assert send(workspace, most=2)
    assert len(server.arrived) == 2
    assert not send(workspace, most=2)
    assert len(server.arrived) == 3


def test_one_mail_that_cannot_be_written_does_not_hold_up_the_next(workspace, server, monkeypatch):
    broken, good = invite(workspace, "broken@saebom.example"), invite(workspace)
    with in_workspace(workspace.pk):
        OutgoingMail.objects.filter(key=f"{broken.pk}:1").update(facts={})
    send(workspace)
    assert [arrived.recipients for arrived in server.arrived] == [[good.email]]
    assert tries(workspace) == ["not_written", "sent"]
    with in_workspace(workspace.pk):
        assert not OutgoingMail.objects.get(key=f"{broken.pk}:1").message_id


def test_an_address_that_cannot_be_written_is_given_up_and_no_header_comes_of_it(workspace, server):
    invite(workspace)
    with in_workspace(workspace.pk):
        OutgoingMail.objects.update(to="a@saebom.example\r\nBcc: all@example.com")
    send(workspace)
    assert server.arrived == []
    assert row(workspace).why == "bad_address"


@pytest.mark.parametrize(
    "name",
    [
        "가나\r\nBcc: all@example.com",
        "가나\nBcc: all@example.com",
        "가나\u2028Bcc: all@example.com\u202e",
        "가나\x00\x1b[31m",
        "=?utf-8?q?=0aBcc:_all=40example.com?=",
    ],
)
def test_no_name_makes_a_header_of_its_own(server, name):
    workspace = make_workspace(name="한빛")
    with in_workspace(workspace.pk):
        # Past the form, which would refuse it; PostgreSQL itself keeps no NUL.
        Workspace.objects.update(name=name.replace("\x00", ""))
    invite(workspace)
    send(workspace)
    [arrived] = server.arrived
    assert "Bcc" not in arrived.message
    assert arrived.recipients == [READER]
    assert "\n" not in str(arrived.message["Subject"])


def test_a_subject_is_one_line_of_what_can_be_seen():
    letter = Letter("a\r\nb\x00\u202ec" + "d" * 400, (), sandbox=True)
    subject = rendering._subject([letter])
    assert subject.startswith("[모의] a b cd")
    assert len(subject) == 300


def test_the_same_occasion_makes_one_mail(workspace):
    with in_workspace(workspace.pk):
        first, second = (
            outbox.put(Kind.DIGEST, key="2026-11-20", to=READER, language="ko", now=NOW) for _ in range(2)
        )
    assert first.pk == second.pk
    assert ProcrastinateJob.objects.filter(task_name="dojang.send_mails").count() == 1


def test_what_is_rolled_back_sends_nothing(workspace):
    def fails():
        with in_workspace(workspace.pk):
            outbox.put(Kind.DIGEST, key="1", to=READER, now=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert mails(workspace) == []
    assert not ProcrastinateJob.objects.filter(task_name="dojang.send_mails").exists()


def test_what_is_switched_off_is_noted_and_not_sent(workspace, server):
    person = acting(workspace).user_id
    with in_workspace(workspace.pk):
        choices.switch([Kind.DIGEST], [], workspace_id=workspace.pk, person_id=person)
        off = outbox.put(Kind.DIGEST, key="1", to=READER, person_id=person, now=NOW)
        assert choices.is_on(Kind.DIGEST, person_id=person + 1)
        assert choices.is_on(Kind.DEADLINE, person_id=person)
    send(workspace)
    assert (off.state, off.why) == ("dropped", "switched_off")
    assert server.arrived == []


def test_who_left_is_not_written_to_any_more(workspace, server):
    member = add_member(workspace, "issuer", make_user(READER))
    with in_workspace(workspace.pk):
        outbox.put(Kind.DIGEST, key="1", to=READER, language="ko", person_id=member.user_id, now=NOW)
        Membership.objects.filter(pk=member.membership_id).update(left_at=NOW)
    send(workspace)
    assert (row(workspace).state, row(workspace).why) == ("dropped", "not_needed")


def test_the_sweep_finds_mails_whose_job_was_lost_and_nothing_else(workspace):
    other = make_workspace()
    invite(workspace)
    ProcrastinateJob.objects.filter(task_name="dojang.send_mails").delete()
    assert crossing.due_mails(NOW - timedelta(seconds=1)) == []
    assert crossing.due_mails(NOW) == [workspace.pk]
    assert other.pk not in crossing.due_mails(NOW)
    tasks.sweep_mails(timestamp=0)
    [job] = ProcrastinateJob.objects.filter(task_name="dojang.send_mails")
    assert job.args == {"workspace_id": workspace.pk}
    assert job.lock == "mails"


def test_a_mail_server_that_hangs_is_left(workspace, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_to(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2
        invite(workspace)
        send(workspace)
    assert tries(workspace) == ["disconnected"]
    assert row(workspace).state == MailState.WAITING


def test_a_mail_whose_every_sender_died_is_given_up_and_never_stands_in_the_way(workspace, server):
    invite(workspace)
    now = NOW
    for _ in range(sending.MOST_TRIES):
        assert sending.claim(workspace.pk, now=now) is not None
        now += sending.LEASE
    send(workspace, now=now)
    found = row(workspace)
    assert (found.state, found.why, found.next_attempt_at) == ("failed", "abandoned", None)
    assert server.asked == []


def test_what_a_server_quotes_of_our_links_is_not_kept(workspace, server):
    secret = "mN3-" + "a1B2c3D4e5" * 4
    server.data = f"554 5.7.1 spam: https://dojang.example/v/{secret}/ is blocked"
    invite(workspace)
    send(workspace)
    with in_workspace(workspace.pk):
        [said] = row(workspace).tries.values_list("detail", flat=True)
    assert secret not in said
    assert "https://dojang.example/v/…/ is blocked" in said
