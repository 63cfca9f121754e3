"""Putting mails down to be sent, as part of the transaction that makes them necessary.

Nothing here talks to a mail server: what is put down is sent by the worker (`sending`), and a mail server that is slow
or down changes nothing about what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dojang.service.notices import inboxes, jobs
from dojang.service.notices.choices import Choices
from dojang.service.notices.models import Kind, MailLanguage, MailState, OutgoingMail
from dojang.service.tenancy.scope import current_workspace

SWITCHED_OFF = "switched_off"
NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to be put down.

    Attributes:
        kind: what it is.
        key: the occasion: the same one never makes a second mail of its kind in a workspace.
        to: one address.
        language: in what it is written.
        person_id: the member it is written to; their own choice counts then, and the workspace's otherwise.
        invoice_id: what it is about.
        facts: what its text needs to know besides: JSON; no secret, no link, no number of a person.
        asked_by_id: who asked for it by hand.
    """

    kind: Kind
    key: str
    to: str
    language: str = MailLanguage.BOTH
    person_id: int | None = None
    invoice_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    asked_by_id: int | None = None


def put(
    kind: Kind,
    *,
    key: str,
    to: str,
    language: str = MailLanguage.BOTH,
    person_id: int | None = None,
    invoice_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    asked_by_id: int | None = None,
    now: datetime,
) -> OutgoingMail:
    """Put one mail down; see `NewMail`. The row, or the one that the same occasion made before.

    Raises:
        LookupError: no workspace is open.
        InboxFull: a person asks for it, and who gets it has had enough of such mails today (`inboxes`).
    """
    put_all(
        [NewMail(kind, key, to, language, person_id, invoice_id, facts or {}, asked_by_id)],
        now=now,
    )
    return OutgoingMail.objects.get(kind=kind, key=key)


def put_all(mails: Sequence[NewMail], *, now: datetime) -> None:
    """Put many down at once. What is switched off is noted as not sent, so that the log can tell it.

    Raises:
        LookupError: no workspace is open.
        InboxFull: a person asks for one of them, and who gets it has had enough of such mails today (`inboxes`).
    """
    workspace_id = current_workspace()
    if not mails:
        return
    choices = Choices()
    rows = [_row(mail, workspace_id, choices, now) for mail in mails]
    for row in rows:
        # What nobody asks for by hand follows from a mail that somebody did: it is counted and never refused.
        if row.inbox and row.asked_by_id is not None and row.state == MailState.WAITING:
            inboxes.require_room(row.inbox, now=now)
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == MailState.WAITING for row in rows):
        jobs.send(workspace_id)


def take_back(mails: QuerySet[OutgoingMail], *, why: str, now: datetime) -> set[str]:
    """Have mails never go out that nobody began to hand over yet.

    Returns:
        The addresses that the others may have reached.
    """
    told = {
        mail.to
        for mail in mails.select_for_update(of=("self",)).order_by("pk")
        if mail.attempts and mail.state in {MailState.SENT, MailState.WAITING}
    }
    mails.filter(state=MailState.WAITING, attempts=0).update(
        state=MailState.DROPPED, why=why, ended_at=now, next_attempt_at=None
    )
    return told


def _row(mail: NewMail, workspace_id: int, choices: Choices, now: datetime) -> OutgoingMail:
    on = choices.is_on(mail.kind, mail.person_id)
    return OutgoingMail(
        workspace_id=workspace_id,
        kind=mail.kind,
        key=mail.key,
        to=mail.to,
        inbox=inboxes.inbox_of(mail.kind, mail.to),
        language=mail.language,
        person_id=mail.person_id,
        invoice_id=mail.invoice_id,
        facts=dict(mail.facts),
        asked_by_id=mail.asked_by_id,
        state=MailState.WAITING if on else MailState.DROPPED,
        why="" if on else SWITCHED_OFF,
        created_at=now,
        next_attempt_at=now if on else None,
        ended_at=None if on else now,
    )
