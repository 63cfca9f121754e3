"""The links of an invoice, as its supplier sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dojang.service.invoices.models import Invoice
from dojang.service.links.models import Link
from dojang.service.links.services import address


class Standing(StrEnum):
    """What a link is good for now."""

    LIVING = "living"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """One link; `address` is empty for whom it is not to be shown to, and once it opens nothing."""

    link: Link
    standing: Standing
    address: str = field(repr=False)


def links_of(invoice: Invoice, *, now: datetime, with_address: bool) -> list[LinkSeen]:
    """The newest links first. The invoice's workspace is open."""
    rows = Link.objects.filter(invoice=invoice).select_related("made_by", "revoked_by")
    return [_seen(link, now, with_address=with_address) for link in rows.order_by("-created_at", "-id")]


def _seen(link: Link, now: datetime, *, with_address: bool) -> LinkSeen:
    standing = _standing(link, now)
    shown = with_address and standing is Standing.LIVING
    return LinkSeen(link, standing, address(link) if shown else "")


def _standing(link: Link, now: datetime) -> Standing:
    if link.revoked_at is not None:
        return Standing.REVOKED
    return Standing.EXPIRED if link.expires_at <= now else Standing.LIVING
