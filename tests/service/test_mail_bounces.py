"""A notification of a mail server marks the mail that came back, and nothing else, whatever is piped in."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner
from django.db import OperationalError
from mail_world import mail_server, mails, point_to, send, tries
from service_world import NOW, acting, first_business, make_workspace
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.service.environment import Environment
from dojang.service.invoices.models import Invoice
from dojang.service.notices import addresses, bounces, commands
from dojang.service.notices.addresses import MailPlace
from dojang.service.tenancy.scope import in_workspace
from dojang.service.variables import BadEnvironment
from dojang.service.workspaces.services import invitations

pytestmark = pytest.mark.django_db
BUYER = "sara@saebom.example"


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    business = first_business(made)
    who = keeper(authority, business.number)
    register(made, business, who)
    [(_, made.invoice)] = issue(made, who, make_ready(made)).issued
    return made


@pytest.fixture
def bouncing(settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail_bounces="bounce+{}@mail.example")


@pytest.fixture
def server(settings):
    with mail_server() as found:
        point_to(settings, found.port)
        yield found


def notification(
    *, action="failed", status="5.1.1", to="postmaster@mail.example", message_id="<1@a.example>"
):
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.saebom.example",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "It did not arrive.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.saebom.example",
            "",
            f"Final-Recipient: rfc822; {BUYER}",
            f"Action: {action}",
            f"Status: {status}",
            "Diagnostic-Code: smtp; 550 5.1.1 no such user",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {message_id}",
            "Subject: something",
            "",
            "--b--",
            "",
        ]
    ).encode()


def place_of(mail) -> MailPlace:
    return MailPlace(mail.workspace_id, mail.pk)


def test_each_mail_goes_out_with_a_return_address_of_its_own(workspace, server, bouncing):
    send(workspace)
    [arrived] = server.arrived
    [mail] = mails(workspace)
    assert arrived.sender.startswith("bounce+")
    assert arrived.sender.endswith("@mail.example")
    assert len(arrived.sender.partition("@")[0]) <= 64
    assert addresses.places(arrived.sender.upper()) == [place_of(mail)]
    assert addresses.places(arrived.message["Message-ID"]) == [place_of(mail)]
    assert arrived.message["From"] != arrived.sender


def test_without_one_it_comes_back_to_the_sender(workspace, server):
    send(workspace)
    assert server.arrived[0].sender in server.arrived[0].message["From"]


@pytest.mark.parametrize("known_by", ["address", "recipient", "message id"])
def test_a_mail_that_came_back_is_bounced_and_its_document_goes_to_the_tax_office(
    workspace, server, bouncing, known_by
):
    send(workspace)
    [arrived], [mail] = server.arrived, mails(workspace)
    data = {
        "address": lambda: (notification(to=arrived.sender), ""),
        "recipient": lambda: (notification(), arrived.sender),
        "message id": lambda: (notification(message_id=arrived.message["Message-ID"]), ""),
    }[known_by]()
    assert bounces.take(data[0], recipient=data[1], now=NOW) == place_of(mail)
    [mail] = mails(workspace)
    assert (mail.state, mail.why) == ("bounced", "dsn_5.1.1")
    assert tries(workspace) == ["sent", "dsn_5.1.1"]
    with in_workspace(workspace.pk):
        found = Invoice.objects.get(pk=workspace.invoice.pk)
    assert (found.delivered_on, found.transmit_at) == (None, NOW)
    assert bounces.take(data[0], recipient=data[1], now=NOW) is None, "twice is once"
    assert tries(workspace) == ["sent", "dsn_5.1.1"]


def test_a_server_that_gave_up_after_days_bounces_too_and_one_that_is_late_does_not(
    workspace, server, bouncing
):
    send(workspace)
    to = server.arrived[0].sender
    assert bounces.take(notification(to=to, action="delayed", status="4.4.7"), now=NOW) is None
    assert bounces.take(notification(to=to, action="delivered", status="2.0.0"), now=NOW) is None
    assert bounces.take(notification(to=to, action="failed", status="2.0.0"), now=NOW) is None
    assert mails(workspace)[0].state == "sent"
    assert bounces.take(notification(to=to, status="4.4.7"), now=NOW) is not None


def test_a_mail_that_was_never_sent_cannot_come_back(workspace, bouncing):
    [mail] = mails(workspace)
    to = addresses.return_address(place_of(mail))
    assert bounces.take(notification(to=to), now=NOW) is None
    assert mails(workspace)[0].state == "waiting"


def test_a_bounce_of_an_invitation_touches_no_invoice(workspace, server, bouncing):
    with in_workspace(workspace.pk):
        invitations.invite(member=acting(workspace), email="new@saebom.example", role="viewer", now=NOW)
    send(workspace)
    to = next(one.sender for one in server.arrived if one.recipients == ["new@saebom.example"])
    assert bounces.take(notification(to=to), now=NOW)
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=workspace.invoice.pk).delivered_on is not None


def test_a_token_is_forged_by_nobody(workspace, server, bouncing):
    send(workspace)
    token = server.arrived[0].sender.partition("+")[2].partition("@")[0]
    for place in range(len(token)):
        other = "a" if token[place] != "a" else "b"
        forged = f"bounce+{token[:place]}{other}{token[place + 1 :]}@mail.example"
        assert bounces.take(notification(to=forged), now=NOW) is None
    assert mails(workspace)[0].state == "sent"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 5000,
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
        b'Content-Type: multipart/report; boundary=""\r\n\r\n--\r\n',
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)
        ),
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        notification(status="5.1.1" + "9" * 100000),
        notification(to="a@b.example, " * 50000),
        notification(to="=?utf-8?b?////?= " * 5000),
        notification()[:400] + b"\xff\xfe\x80" * 1000,
        b"To: " + b"a" * (3 << 20),
    ],
    ids=range(12),
)
def test_whatever_is_piped_in_is_read_within_bounds(data):
    assert bounces.take(data, now=NOW) is None


def test_a_token_behind_the_bound_is_not_looked_for(workspace, server, bouncing):
    send(workspace)
    data = b"X-Long: " + b"a" * bounces.MOST_BYTES + b"\r\n" + notification(to=server.arrived[0].sender)
    assert bounces.take(data, now=NOW) is None


@pytest.fixture
def command(monkeypatch):
    @contextmanager
    def service():
        yield

    monkeypatch.setattr(commands, "service", service)
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    return lambda data, *arguments: CliRunner().invoke(
        commands.mail_bounce, arguments, input=data, standalone_mode=False
    )


def test_the_command_reads_one_notification(workspace, server, bouncing, command):
    send(workspace)
    to = server.arrived[0].sender
    nothing = command(notification())
    assert (nothing.return_value, nothing.stderr) == (0, "우리 메일의 반송이 아닙니다.\n")
    found = command(notification(), "--recipient", to)
    assert (found.return_value, found.stderr) == (0, "반송으로 표시했습니다.\n")
    assert mails(workspace)[0].state == "bounced"


def test_the_command_has_the_mail_server_keep_it_while_the_database_is_away(command, monkeypatch):
    def away(*_arguments, **_named):
        raise OperationalError

    monkeypatch.setattr(bounces, "take", away)
    assert command(notification()).return_value == 75


@pytest.mark.parametrize(
    "value",
    ["bounce@mail.example", "{}{}@mail.example", "bounce{}@mail.example", "b+{}@", "a-longer-one+{}@mail.example",
     "x <b+{}@mail.example>"],
)  # fmt: skip
def test_an_address_for_bounces_has_one_place_for_the_token(value):
    given = {"DOJANG_DEMO": "1", "DOJANG_MAIL_BOUNCES": value}
    with pytest.raises(BadEnvironment) as refused:
        Environment.read(given, needs=())
    assert [problem.variable for problem in refused.value.problems] == ["DOJANG_MAIL_BOUNCES"]


def test_an_address_for_bounces_is_taken_as_it_is():
    given = {"DOJANG_DEMO": "1", "DOJANG_MAIL_BOUNCES": "bounce+{}@mail.example"}
    assert Environment.read(given, needs=()).mail_bounces == "bounce+{}@mail.example"
