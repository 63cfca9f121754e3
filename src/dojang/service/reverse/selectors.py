"""What is asked of requests."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db.models import QuerySet

from dojang.service.links.listing import Tab
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.records.models import Record, Side
from dojang.service.reverse.errors import NoSuchRequest
from dojang.service.reverse.models import IncomingReverse, ReverseRequest, State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

#: What came to nothing.
ENDED: Final = (State.REFUSED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED, State.FAILED)
RECEIVED_TABS: Final[Mapping[str, Tab]] = {
    "open": Tab("응답 대기", "Waiting", (State.REQUESTED,)),
    "signed": Tab("발행완료", "Issued", (State.SIGNED,)),
    "ended": Tab("거부·취소·만료", "Refused, withdrawn, over", ENDED),
}
TABS: Final[Mapping[str, Tab]] = {"draft": Tab("임시저장", "Drafts", (State.DRAFT,)), **RECEIVED_TABS}


def drafted_by_buyer(invoice_ids: Collection[int]) -> set[int]:
    """Those of our invoices that their buyers wrote: their amendments are ours all the same."""
    made = IncomingReverse.objects.filter(invoice_id__in=invoice_ids)
    return {one for one in made.values_list("invoice_id", flat=True) if one is not None}


def request_behind(invoice_id: int) -> IncomingReverse | None:
    """The request that an invoice of the open workspace was made of."""
    return IncomingReverse.objects.filter(invoice_id=invoice_id).first()


def requests(member: Member) -> QuerySet[ReverseRequest]:
    """What we asked of suppliers, as far as the member may see it; the newest first."""
    rows = ReverseRequest.objects.filter(
        business_id__in=businesses_with(member, Right.VIEW), deleted_at=None
    ).select_related("business")
    return rows.order_by("-id")


def request_for(member: Member, request_id: int) -> ReverseRequest:
    """One of them.

    Raises:
        NoSuchRequest.
    """
    row = (
        ReverseRequest.objects.select_related(
            "business", "counterparty", "requested_by", "copied_from", "link"
        )
        .filter(pk=request_id, deleted_at=None)
        .first()
    )
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    return row


def last_mail(row: ReverseRequest) -> OutgoingMail | None:
    """The last mail with its link, and what became of it."""
    mails = OutgoingMail.objects.filter(kind=Kind.REVERSE_REQUESTED, facts__request=row.pk)
    return mails.order_by("-id").first()


def received(member: Member) -> QuerySet[IncomingReverse]:
    """What buyers asked of us; the newest first."""
    rows = IncomingReverse.objects.filter(business_id__in=businesses_with(member, Right.VIEW)).select_related(
        "business", "invoice"
    )
    return rows.order_by("-id")


def unanswered(business_ids: Collection[int]) -> int:
    """How many wait for an answer of these businesses."""
    return IncomingReverse.objects.filter(state=State.REQUESTED, business_id__in=business_ids).count()


def incoming_for(member: Member, incoming_id: int) -> IncomingReverse:
    """One of them.

    Raises:
        NoSuchRequest.
    """
    row = IncomingReverse.objects.select_related("business", "invoice").filter(pk=incoming_id).first()
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    return row


def purchase_of(row: ReverseRequest) -> Record | None:
    """The purchase that came of a request, once the tax office has taken it."""
    if not row.issue_id:
        return None
    return Record.objects.filter(
        business_id=row.business_id, side=Side.PURCHASE, issue_id=row.issue_id, deleted_at=None
    ).first()
