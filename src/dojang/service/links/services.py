"""Making, opening and ending links."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.links import tokens
from dojang.service.links.errors import LinkExpired, LinkRevoked, NoSuchLink, NotSignedYet
from dojang.service.links.models import Link, Purpose
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

#: The page that a link of each purpose leads to; it takes the token.
PAGES: Final = {
    Purpose.VIEW_INVOICE: "buyer_page",
    Purpose.REVERSE_REQUEST: "reverse_page",
    Purpose.BILLING_INFO: "billing_link",
}
_UNSIGNED = frozenset({State.DRAFT, State.AWAITING_APPROVAL, State.READY})


@transaction.atomic
def for_invoice(invoice: Invoice, *, made_for: str, now: datetime, made_by: User | None = None) -> Link:
    """The link by which one reader sees one signed invoice. The workspace is open.

    A living link to the same address is used again while half of its life is left: a second mail names the
    same address, and ending that one link ends all of it.

    Args:
        invoice: issued, whatever became of it since.
        made_for: the mail address it is sent to; empty where a member copies it to hand it over otherwise.
        now: aware.
        made_by: the member who asked; None where the machinery did.

    Raises:
        NotSignedYet: it is a draft.
    """
    if State(invoice.state) in _UNSIGNED:
        raise NotSignedYet
    life = timedelta(days=settings.ENVIRONMENT.link_days)
    reader = made_for.strip()
    living = Link.objects.filter(
        invoice=invoice,
        purpose=Purpose.VIEW_INVOICE,
        made_for__iexact=reader,
        revoked_at=None,
        expires_at__gt=now + life / 2,
    )
    found = living.order_by("-expires_at").first()
    if found is not None:
        return found
    return Link.objects.create(
        workspace_id=invoice.workspace_id,
        purpose=Purpose.VIEW_INVOICE,
        invoice=invoice,
        made_for=reader,
        made_by=made_by,
        created_at=now,
        expires_at=now + life,
    )


def for_request(
    purpose: Purpose, *, made_for: str, member: Member, now: datetime, expires_at: datetime
) -> Link:
    """The link by which somebody answers what it is asked. The workspace is open.

    Args:
        purpose: what is asked.
        made_for: the mail address it is sent to.
        member: who asks.
        now: aware.
        expires_at: later than the request's end, so that the link can say what became of it.
    """
    return Link.objects.create(
        workspace_id=member.workspace.pk,
        purpose=purpose,
        made_for=made_for,
        made_by_id=member.user_id,
        created_at=now,
        expires_at=expires_at,
    )


def address(link: Link) -> str:
    """The whole address of a link's page, as it stands in a mail. A secret: it is never logged or stored."""
    return settings.ENVIRONMENT.origin + reverse(PAGES[Purpose(link.purpose)], args=[tokens.make(link)])


@contextmanager
def resolve(token: str, purpose: Purpose, now: datetime) -> Iterator[Link]:
    """The living link of a token, inside the transaction of its workspace.

    Args:
        token: as it stood in the address: anything.
        purpose: what the page is for; a link for something else is none here.
        now: aware.

    Raises:
        NoSuchLink: forged, cut off, for another purpose, or from another server.
        LinkExpired, LinkRevoked: ours, but over; only who has the whole token is told so.
    """
    link_id = tokens.read(token, purpose)
    place = None if link_id is None else crossing.link(link_id)
    if place is None:
        raise NoSuchLink
    with in_workspace(place.workspace_id):
        link = Link.objects.select_related("invoice", "invoice__business").get(pk=place.link_id)
        if link.purpose != purpose:
            raise NoSuchLink
        if link.revoked_at is not None:
            raise LinkRevoked
        if link.expires_at <= now:
            raise LinkExpired
        yield link


@transaction.atomic
def revoke(*, member: Member, link_id: uuid.UUID, now: datetime) -> Link:
    """[링크 끊기]: from now on it opens nothing. Ending it twice is ending it once.

    Raises:
        Link.DoesNotExist: no link of this workspace.
        PermissionDenied: the member may not write for that business.
    """
    link = Link.objects.select_for_update(of=("self",)).select_related("invoice").get(pk=link_id)
    if link.invoice is not None:
        member.require(Right.WRITE, link.invoice.business_id)
    end(link, member=member, now=now)
    return link


def end(link: Link, *, member: Member, now: datetime) -> None:
    """From now on it opens nothing; whether the member may end it was asked before."""
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by_id = now, member.actor.user_id
        link.save(update_fields=["revoked_at", "revoked_by"])
