"""A supplier that signs without an account: in a workspace of its own, made for the one request.

All that signing takes is in it (its business, its certificate, the invoice), under row-level security like anybody's,
so that a link opens its one request and nothing else. It has no members; who acts in it is the link's reader.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from dojang.etax import Invoice as Document
from dojang.service.audit.actor import Actor
from dojang.service.invoices.models import Invoice
from dojang.service.links.errors import NoSuchLink
from dojang.service.links.events import note
from dojang.service.links.models import Link, Purpose
from dojang.service.links.opening import is_first_look
from dojang.service.links.services import resolve
from dojang.service.reverse import answering
from dojang.service.reverse.errors import OnlyWhoSigned
from dojang.service.reverse.locking import require_state
from dojang.service.reverse.models import IncomingReverse, ReverseRequest, State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import deferring
from dojang.service.workspaces import closed
from dojang.service.workspaces.facts import guess
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, Workspace
from dojang.service.workspaces.roles import Role

_COPIED: Final = (
    "state", "content", "content_hash", "document_type", "item_name", "item_count", "written_on", "issue_by",
    "supply_amount", "tax_amount", "total_amount", "message", "expires_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seed:
    """What a guest's workspace is made from."""

    workspace_id: int
    origin_workspace: int
    origin_request: int
    requester_number: str
    requester_name: str
    written_by: int
    columns: dict[str, Any] = field(repr=False)


def request_of(link: Link) -> ReverseRequest:
    """The one request that a link opens; its workspace is open.

    Raises:
        NoSuchLink: it has none, or another link by now.
    """
    row = (
        ReverseRequest.objects.select_related("business", "requested_by")
        .filter(link=link, deleted_at=None)
        .first()
    )
    if row is None:
        raise NoSuchLink
    return row


def begin(token: str, *, address: str, now: datetime) -> None:
    """[서명하고 발행]: make what signing takes, unless it is there. Pressed twice, it is made once.

    Raises:
        NoSuchLink, LinkExpired, LinkRevoked, RequestOver, NotFinished.
    """
    with resolve(token, Purpose.REVERSE_REQUEST, now) as link:
        seed = _reserve(request_of(link).pk, now)
    with in_workspace(seed.workspace_id):
        workspace, _ = Workspace.objects.get_or_create(
            pk=seed.workspace_id,
            defaults={"name": _supplier(seed).name[:60], "guest": True, "created_at": now},
        )
        incoming = _incoming(seed, now)
        answering.prepare(
            member=_member(workspace, address),
            incoming_id=incoming.pk,
            now=now,
            written_by=seed.written_by,
        )


@contextmanager
def inside(token: str, *, address: str, now: datetime) -> Iterator[tuple[Member, IncomingReverse]]:
    """The guest's workspace of a link, with who acts in it and what it was asked for.

    Raises:
        NoSuchLink: also where nobody wanted to sign yet.
        LinkExpired, LinkRevoked.
    """
    with resolve(token, Purpose.REVERSE_REQUEST, now) as link:
        guest = request_of(link).guest
    if guest is None:
        raise NoSuchLink
    with in_workspace(guest):
        incoming = IncomingReverse.objects.select_related("invoice", "invoice__business", "business").first()
        if incoming is None:
            raise NoSuchLink
        yield _member(Workspace.objects.get(), address), incoming


def refuse(token: str, *, reason: str, address: str, now: datetime) -> None:
    """[거부] on the link's page.

    Raises:
        NoReason, NoSuchLink, LinkExpired, LinkRevoked, RequestOver.
    """
    reason = answering.clean_reason(reason)
    with resolve(token, Purpose.REVERSE_REQUEST, now) as link:
        row = ReverseRequest.objects.select_for_update(of=("self",)).get(pk=request_of(link).pk)
        _require_open(row, now)
        row.state, row.reason, row.answered_at = State.REFUSED, reason, now
        row.untold, row.version, row.changed_at = State.REFUSED, row.version + 1, now
        row.save(update_fields=["state", "reason", "answered_at", "untold", "version", "changed_at"])
        note(row, "refused", actor=Actor("supplier", None, address), now=now, data={"reason": reason})
        crossing.echo_reverse(row.pk)
        deferring.see_to_reverse()


def opened(token: str, *, address: str, now: datetime) -> None:
    """The page says that somebody sees it: told once."""
    with resolve(token, Purpose.REVERSE_REQUEST, now) as link:
        row = request_of(link)
        if not closed.hold_open():
            return
        # The request's lock comes before its link's, as wherever a link is ended.
        ReverseRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if is_first_look(link, now=now):
            note(row, "opened", actor=Actor("supplier", None, address), now=now)


def require_signer(invoice: Invoice | None, proof: str) -> Invoice:
    """The invoice that the browser with this proof has signed.

    Raises:
        OnlyWhoSigned.
    """
    if invoice is None or not invoice.issue_id or proof != invoice.issue_id:
        raise OnlyWhoSigned
    return invoice


def _reserve(request_id: int, now: datetime) -> _Seed:
    row = ReverseRequest.objects.select_for_update(of=("self",)).select_related("business").get(pk=request_id)
    _require_open(row, now)
    if row.guest is None:
        row.guest = _next_id()
        row.save(update_fields=["guest"])
    return _Seed(
        workspace_id=row.guest,
        origin_workspace=row.workspace_id,
        origin_request=row.pk,
        requester_number=row.business.number,
        requester_name=row.business.name,
        written_by=row.requested_by_id or row.created_by_id,
        columns={name: getattr(row, name) for name in _COPIED},
    )


def _require_open(row: ReverseRequest, now: datetime) -> None:
    require_state(row.state, State.REQUESTED)
    if row.expires_at is None or row.expires_at <= now:
        require_state(State.EXPIRED, State.REQUESTED)
    if not closed.hold_open():
        require_state(State.WITHDRAWN, State.REQUESTED)


def _supplier(seed: _Seed) -> Any:
    return Document.from_data(seed.columns["content"]).supplier


def _incoming(seed: _Seed, now: datetime) -> IncomingReverse:
    party = _supplier(seed)
    business, _ = Business.objects.get_or_create(
        number=party.business_number,
        defaults={
            "workspace_id": seed.workspace_id,
            "name": party.name[:70],
            "representative": party.representative[:30],
            "address": (party.address or "")[:150],
            "business_type": (party.business_type or "")[:40],
            "business_item": (party.business_item or "")[:40],
            "contact_email": ((party.contact.email if party.contact else None) or "")[:40],
            "facts": guess(party.business_number),
        },
    )
    incoming, _ = IncomingReverse.objects.get_or_create(
        origin_request=seed.origin_request,
        defaults={
            "workspace_id": seed.workspace_id,
            "business": business,
            "origin_workspace": seed.origin_workspace,
            "requester_number": seed.requester_number,
            "requester_name": seed.requester_name,
            "arrived_at": now,
            **seed.columns,
        },
    )
    return incoming


def _member(workspace: Workspace, address: str) -> Member:
    """Who holds the link: may do all that signing takes in this one workspace, and is nobody with an account."""
    return Member(
        membership_id=0, role=Role.ADMIN, workspace=workspace, actor=Actor("supplier", None, address[:45])
    )


def _next_id() -> int:
    # Row-level security compares a row with the open workspace, so the id has to be known before the row.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Workspace._meta.db_table])
        return int(cursor.fetchone()[0])
