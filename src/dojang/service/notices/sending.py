"""Handing mails to the mail server: each written down before and after, and no row locked meanwhile.

A mail that is being handed over is due again after `LEASE`, so a worker that is killed in the middle costs at most one
more copy, with the same Message-ID. Whether a mail arrived decides nothing about the document: no path leads from here
to issuing.
"""

import logging
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final, Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from dojang.service.invoices import changes, transmitting
from dojang.service.notices import outbox
from dojang.service.notices.errors import NoMailServer
from dojang.service.notices.models import Kind, MailAttempt, MailState, OutgoingMail
from dojang.service.notices.rendering import render
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import conditions

_log = logging.getLogger(__name__)

RETRY: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""After the first try, the second, …; then it is given up."""
LEASE: Final = timedelta(minutes=10)
"""Longer than any session with a mail server lasts: each of its answers may take 20 seconds (`EMAIL_TIMEOUT`)."""
MOST: Final = 100
"""At a time, so that one company's many mails do not hold up another's one."""
MOST_TRIES: Final = 2 * len(RETRY)
"""A mail whose tries never came to an end, because whoever handed it over died each time, is given up too."""
_LONGEST_DETAIL: Final = 300
_TOKENS: Final = re.compile(r"[A-Za-z0-9_-]{32,}")
"""Mail servers quote what they refuse: the secret part of a link is as long, and no word is."""
_PERMANENT: Final = 500

Clock = Callable[[], datetime]


class Verdict(Enum):
    """What a try came to."""

    SENT = "sent"
    RETRY = "retry"
    BOUNCED = "bounced"  # there is no such inbox
    REFUSED = "refused"  # this mail will never be taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server said of one mail.

    Attributes:
        code: stable, for the log: `sent`, `rcpt_550`, `timeout`, …
        server: whether it says something of the server rather than of this mail: then others would fare the same.
    """

    verdict: Verdict
    code: str
    detail: str = ""
    server: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is this worker's to hand over; an outcome where it could not be written, None where it need not."""

    mail_id: int
    message: EmailMultiAlternatives | Outcome | None


class Line:
    """A connection to the mail server, opened when it is first needed and anew after anything went wrong."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def hand_over(self, message: EmailMultiAlternatives) -> Outcome:
        """Have the server take one message."""
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            self._connection.send_messages([message])
        except Exception as error:
            self._close()
            outcome = _outcome(error)
            if outcome is None:
                raise
            return outcome
        return Outcome(Verdict.SENT, "sent")

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                _log.debug("the mail server had hung up already")


def send_due(workspace_id: int, *, clock: Clock, most: int = MOST) -> bool:
    """Hand over what is due in a workspace; whether there may be more.

    Ends early where the mail server is not to be reached: what waits has its turn in another minute.
    """
    answered = False
    with Line() as line:
        for _ in range(most):
            found = claim(workspace_id, now=clock())
            if found is None:
                return False
            if found.message is None:
                continue
            if isinstance(found.message, Outcome):
                settle(workspace_id, found.mail_id, found.message, now=clock())
                continue
            outcome = line.hand_over(found.message)
            settle(workspace_id, found.mail_id, outcome, now=clock())
            if outcome.server:
                conditions.bad(conditions.MAIL, NoMailServer(why=why_of(outcome)), at=clock())
                return False
            if not answered:
                conditions.good(conditions.MAIL, at=clock())
            answered = True
    return True


def why_of(outcome: Outcome) -> str:
    """What an operator needs to look for."""
    return f"{outcome.code} {_without_tokens(outcome.detail)}".strip()


def claim(workspace_id: int, *, now: datetime) -> Claimed | None:
    """Take the next due mail, write its message, and note that it is on its way; None where none is due."""
    with in_workspace(workspace_id):
        mail = (
            OutgoingMail.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state=MailState.WAITING, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "id")
            .first()
        )
        if mail is None:
            return None
        mail.attempts += 1
        mail.next_attempt_at = now + LEASE
        message: EmailMultiAlternatives | Outcome | None
        if mail.attempts > MOST_TRIES:
            mail.save()
            return Claimed(mail.pk, Outcome(Verdict.REFUSED, "abandoned"))
        try:
            with transaction.atomic():
                message = _written(mail, now)
        except Exception:  # noqa: BLE001 (logged; the type of the mistake is not known)
            # One mail that can't be written must not hold up those after it.
            _log.exception("mail %s of workspace %s can't be written", mail.pk, workspace_id)
            message = Outcome(Verdict.RETRY, "not_written")
        mail.save()
        return Claimed(mail.pk, message)


def settle(workspace_id: int, mail_id: int, outcome: Outcome, *, now: datetime) -> None:
    """Write down what became of a try. What buyers did not get goes to the NTS at once (시행령 §68⑫)."""
    with in_workspace(workspace_id):
        if outcome.verdict is not Verdict.SENT:  # which changes nothing about the invoice
            invoice_id = OutgoingMail.objects.values_list("invoice_id", flat=True).get(pk=mail_id)
            if invoice_id is not None:
                changes.lock([invoice_id])  # before its mails, as everybody does
        mail = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        _settle(mail, outcome, now)


def come_back(workspace_id: int, mail_id: int, *, code: str, detail: str, now: datetime) -> bool:
    """A mail that was sent came back; whether that was new."""
    with in_workspace(workspace_id):
        invoice_id = OutgoingMail.objects.filter(pk=mail_id).values_list("invoice_id", flat=True).first()
        if invoice_id is not None:
            changes.lock([invoice_id])
        mail = OutgoingMail.objects.select_for_update(of=("self",)).filter(pk=mail_id).first()
        if mail is None or not mail.attempts or mail.state not in {MailState.SENT, MailState.WAITING}:
            return False
        _settle(mail, Outcome(Verdict.BOUNCED, code, detail), now)
        return True


def _written(mail: OutgoingMail, now: datetime) -> EmailMultiAlternatives | None:
    rendered = render(mail, now=now)
    if rendered is None:
        _end(mail, MailState.DROPPED, outbox.NOT_NEEDED, now)
        return None
    mail.subject = rendered.subject
    mail.message_id = str(rendered.message.extra_headers["Message-ID"])
    return rendered.message


def _settle(mail: OutgoingMail, outcome: Outcome, now: datetime) -> None:
    MailAttempt.objects.create(
        workspace_id=mail.workspace_id,
        mail=mail,
        at=now,
        outcome=outcome.code,
        detail=_without_tokens(outcome.detail)[:_LONGEST_DETAIL],
    )
    # What two workers did in turn, or a bounce that was quicker than the server's answer: the last word stands.
    if mail.state in {MailState.WAITING, MailState.SENT}:
        _step(mail, outcome, now)
        mail.save()


def _step(mail: OutgoingMail, outcome: Outcome, now: datetime) -> None:
    match outcome.verdict:
        case Verdict.SENT:
            mail.sent_at = mail.sent_at or now
            _end(mail, MailState.SENT, "", now)
        case Verdict.BOUNCED:
            _end(mail, MailState.BOUNCED, outcome.code, now)
        case Verdict.REFUSED:
            _end(mail, MailState.FAILED, outcome.code, now)
        case Verdict.RETRY if mail.state == MailState.SENT:
            return  # another try of the same mail arrived
        case Verdict.RETRY if mail.attempts > len(RETRY):
            _end(mail, MailState.FAILED, outcome.code, now)
        case Verdict.RETRY:
            mail.next_attempt_at = now + RETRY[mail.attempts - 1]
            mail.why = outcome.code
    if mail.state in {MailState.BOUNCED, MailState.FAILED}:
        _tell_invoice(mail, now)


def _end(mail: OutgoingMail, state: MailState, why: str, now: datetime) -> None:
    mail.state, mail.why, mail.ended_at, mail.next_attempt_at = state, why, now, None


def _tell_invoice(mail: OutgoingMail, now: datetime) -> None:
    """No inbox of the buyer has it: Hometax's is the one that is left."""
    if mail.kind != Kind.INVOICE_ISSUED or mail.invoice_id is None:
        return
    others = OutgoingMail.objects.filter(kind=mail.kind, invoice_id__in=mail.invoice_ids).exclude(pk=mail.pk)
    living = others.filter(state__in=[MailState.WAITING, MailState.SENT])
    told = {invoice_id for other in living for invoice_id in other.invoice_ids}
    for invoice_id in sorted(set(mail.invoice_ids) - told):
        transmitting.mail_bounced(invoice_id=invoice_id, now=now)


def _rcpt_refused(error: Any) -> Outcome:
    code, said = next(iter(error.recipients.values()), (0, b""))
    verdict = Verdict.BOUNCED if code >= _PERMANENT else Verdict.RETRY
    return Outcome(verdict, f"rcpt_{code}", _said(said))


def _data_refused(error: Any) -> Outcome:
    verdict = Verdict.REFUSED if error.smtp_code >= _PERMANENT else Verdict.RETRY
    return Outcome(verdict, f"data_{error.smtp_code}", _said(error.smtp_error))


def _turned_away(error: Any) -> Outcome:
    """Before any recipient was named: the greeting, the log-in, or our own address as the sender's."""
    return Outcome(Verdict.RETRY, f"smtp_{error.smtp_code}", _said(error.smtp_error), server=True)


def _no_server(code: str) -> Callable[[Any], Outcome]:
    return lambda error: Outcome(Verdict.RETRY, code, type(error).__name__, server=True)


_MEANINGS: Final[tuple[tuple[type[Exception], Callable[[Any], Outcome]], ...]] = (
    (smtplib.SMTPRecipientsRefused, _rcpt_refused),
    (smtplib.SMTPDataError, _data_refused),
    (smtplib.SMTPResponseException, _turned_away),
    (smtplib.SMTPServerDisconnected, _no_server("disconnected")),
    (TimeoutError, _no_server("timeout")),
    (OSError, _no_server("no_connection")),  # SMTPException is one
    # BadHeaderError, UnicodeError: an address that can't be written.
    (ValueError, lambda _: Outcome(Verdict.REFUSED, "bad_address")),
)
"""What went wrong, the more special first."""


def _outcome(error: Exception) -> Outcome | None:
    """What an exception of handing over means; None for what is no answer of a mail server but a mistake of ours."""
    return next((meaning(error) for kind, meaning in _MEANINGS if isinstance(error, kind)), None)


def _without_tokens(text: str) -> str:
    return _TOKENS.sub("…", text)


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
