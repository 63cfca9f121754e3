"""The functions of functions.sql, typed: what may be known across workspaces."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class MembershipOf:
    """A workspace that a person is a member of."""

    workspace_id: int
    slug: str
    name: str
    membership_id: int
    role: str


@dataclass(frozen=True, slots=True)
class InvitationTo:
    """Where an invitation leads."""

    workspace_id: int
    invitation_id: int


@dataclass(frozen=True, slots=True)
class LinkIn:
    """Where a link is."""

    workspace_id: int
    link_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class InvoiceIn:
    """An invoice's place."""

    workspace_id: int
    invoice_id: int


@dataclass(frozen=True, slots=True)
class SubmittedInvoice:
    """An invoice of a submission and its place."""

    workspace_id: int
    invoice_id: int
    issue_id: str


@dataclass(frozen=True, slots=True)
class HeldReverse:
    """The buyer's request behind one that was laid here, under its lock."""

    state: str
    expires_at: datetime
    content_hash: str


def memberships(user_id: int) -> list[MembershipOf]:
    """The workspaces of a person."""
    return [MembershipOf(*row) for row in _rows("dojang_memberships(%s)", user_id)]


def invitation(token_hash: str) -> InvitationTo | None:
    """Where the link with this token's hash leads; None where it was used, revoked or never made."""
    return next((InvitationTo(*row) for row in _rows("dojang_invitation(%s)", token_hash)), None)


def link(link_id: uuid.UUID) -> LinkIn | None:
    """Where a link is; None where there is none."""
    return next((LinkIn(*row) for row in _rows("dojang_link(%s)", link_id)), None)


def invitation_mails(user_id: int, since: datetime) -> int:
    """How many mails of invitations a person has asked for since then, in all workspaces."""
    return int(_rows("dojang_invitation_mails(%s, %s)", user_id, since)[0][0])


def asked_mails(user_id: int, since: datetime) -> int:
    """How many mails a person has asked for by hand since then, in all workspaces."""
    return int(_rows("dojang_asked_mails(%s, %s)", user_id, since)[0][0])


def inbox_full(inbox: str, since: datetime, most: int) -> bool:
    """Whether so many counted mails went to an inbox since then, from all workspaces."""
    return bool(_rows("dojang_inbox_full(%s, %s, %s)", inbox, since, most)[0][0])


def issue_serials(registration: str, day: date, how_many: int) -> int:
    """The first of `how_many` fresh serials, from 1 to 100,000 at a time."""
    return int(_rows("dojang_issue_serials(%s, %s, %s)", registration, day, how_many)[0][0])


def due_invoices(now: datetime, way_out: str, how_many: int) -> list[InvoiceIn]:
    """Issued invoices that are to be transmitted now."""
    return [InvoiceIn(*row) for row in _rows("dojang_due_invoices(%s, %s, %s)", now, way_out, how_many)]


def submission_invoices(submission_id: int) -> list[SubmittedInvoice]:
    """The invoices of a submission, workspace by workspace."""
    return [SubmittedInvoice(*row) for row in _rows("dojang_submission_invoices(%s)", submission_id)]


def deliver(invoice_ids: Sequence[int], at: datetime) -> None:
    """Lay accepted invoices of the open workspace where their buyers find them; nothing is told of where."""
    _rows("dojang_deliver(%s::bigint[], %s)", list(invoice_ids), at)


def deliver_to(business_id: int, since: date, at: datetime) -> None:
    """Lay what was accepted since that day for a business of the open workspace that has proved its number."""
    _rows("dojang_deliver_to(%s, %s, %s)", business_id, since, at)


def delivered_workspaces() -> list[int]:
    """Workspaces in which documents wait to be taken in."""
    return [row[0] for row in _rows("dojang_delivered_workspaces()")]


def lay_reverse(request_id: int, at: datetime) -> None:
    """Lay a request of the open workspace where its supplier finds it; nothing is told of where."""
    _rows("dojang_lay_reverse(%s, %s)", request_id, at)


def unlaid_reverse(at: datetime) -> list[int]:
    """Workspaces that have proved a supplier's number since a request was made of it."""
    return [row[0] for row in _rows("dojang_unlaid_reverse(%s)", at)]


def lay_reverse_here(at: datetime) -> None:
    """Lay such requests in the open workspace; nothing is told of where they come from."""
    _rows("dojang_lay_reverse_here(%s)", at)


def hold_reverse(incoming_id: int) -> HeldReverse | None:
    """Lock the request behind one that was laid in the open workspace; None where it asks nothing of this one."""
    return next((HeldReverse(*row) for row in _rows("dojang_hold_reverse(%s)", incoming_id)), None)


def settle_reverse(
    incoming_id: int,
    outcome: str,
    at: datetime,
    *,
    actor_kind: str,
    address: str,
    reason: str = "",
    issue_id: str = "",
    way_out: str = "",
) -> bool:
    """Write what the supplier made of a request into it; whether it was still to be decided."""
    found = _rows(
        "dojang_settle_reverse(%s, %s, %s, %s, %s, %s, %s, %s)",
        incoming_id, outcome, at, actor_kind, address, reason, issue_id, way_out,
    )  # fmt: skip
    return bool(found[0][0])


def echo_reverse(request_id: int) -> None:
    """Tell where it was laid how a request of the open workspace stands now."""
    _rows("dojang_echo_reverse(%s)", request_id)


def reverse_workspaces(until: datetime) -> list[int]:
    """Workspaces whose requests, made or received, have something to be seen to by then."""
    return [row[0] for row in _rows("dojang_reverse_workspaces(%s)", until)]


def ended_guests(before: datetime) -> list[int]:
    """Guests' workspaces in which nothing was ever issued, and whose request came to nothing before then."""
    return [row[0] for row in _rows("dojang_ended_guests(%s)", before)]


def remove_guest(before: datetime) -> bool:
    """Remove the open workspace with all that is in it, where it is one of those; whether it was."""
    return bool(_rows("dojang_remove_guest(%s)", before)[0][0])


def billing_workspaces(now: datetime, soon: datetime) -> list[int]:
    """Workspaces whose requests for billing data have ended, or end soon and were not reminded of."""
    return [row[0] for row in _rows("dojang_billing_workspaces(%s, %s)", now, soon)]


def unconfirmed_billing(before: datetime, now: datetime) -> list[int]:
    """Workspaces, closed ones too, with answers from before then that nobody took over in time."""
    return [row[0] for row in _rows("dojang_unconfirmed_billing(%s, %s)", before, now)]


def hometax_workspaces(stale: datetime, now: datetime) -> list[int]:
    """Workspaces with lists of Hometax that nobody has worked on since then, or that are kept too long by now."""
    return [row[0] for row in _rows("dojang_hometax_workspaces(%s, %s)", stale, now)]


def due_mails(now: datetime) -> list[int]:
    """Workspaces with mails that are to be sent now."""
    return [row[0] for row in _rows("dojang_due_mails(%s)", now)]


def unsealed_workspaces() -> list[int]:
    """Workspaces with new events."""
    return [row[0] for row in _rows("dojang_unsealed_workspaces()")]


def open_workspaces() -> list[int]:
    """Those that are not closed: nobody is reminded of anything in the others."""
    return [row[0] for row in _rows("dojang_open_workspaces()")]


def workspaces() -> list[int]:
    """Every workspace."""
    return [row[0] for row in _rows("dojang_workspaces()")]


def search_invoices(
    patterns: Sequence[str], *, since: date | None, until: date | None, how_many: int
) -> list[int]:
    """Ids of the open workspace's invoices in whose text every pattern is, the newest first, written in those days."""
    found = _rows("dojang_search_invoices(%s, %s, %s, %s)", list(patterns), since, until, how_many)
    return [row[0] for row in found]


def search_records(
    side: str, patterns: Sequence[str], *, since: date | None, until: date | None, how_many: int
) -> list[int]:
    """The same for its records of one side."""
    found = _rows("dojang_search_records(%s, %s, %s, %s, %s)", side, list(patterns), since, until, how_many)
    return [row[0] for row in found]


def _rows(
    call: str, *arguments: str | int | date | uuid.UUID | list[int] | list[str] | None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {call}", arguments)  # the calls above are all there are
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
