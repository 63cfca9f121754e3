"""Requests, as members see them."""

from collections.abc import Mapping
from typing import Final

from django.db.models import QuerySet

from dojang.service.billing.errors import NoSuchRequest
from dojang.service.billing.models import BillingRequest, State
from dojang.service.links.listing import Tab
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

TABS: Final[Mapping[str, Tab]] = {
    "answered": Tab("확인 대기", "To be looked at", (State.ANSWERED,)),
    "asked": Tab("작성 대기", "Waiting", (State.ASKED,)),
    "confirmed": Tab("반영됨", "Taken over", (State.CONFIRMED,)),
    "ended": Tab("취소·만료", "Withdrawn, over", (State.WITHDRAWN, State.EXPIRED)),
}


def requests(member: Member) -> QuerySet[BillingRequest]:
    """Those of the businesses that the member may see, the newest first."""
    rows = BillingRequest.objects.filter(business_id__in=businesses_with(member, Right.VIEW))
    return rows.select_related("business", "created_by").order_by("-pk")


def request_for(member: Member, request_id: int) -> BillingRequest:
    """One request.

    Raises:
        NoSuchRequest.
    """
    rows = BillingRequest.objects.select_related("business", "link", "counterparty", "created_by")
    row = rows.filter(pk=request_id).first()
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    return row


def open_for(counterparty_id: int, member: Member) -> BillingRequest | None:
    """The request to a counterparty that is not over, as its page says."""
    rows = requests(member).filter(counterparty_id=counterparty_id, state__in=[State.ASKED, State.ANSWERED])
    return rows.first()
