"""Orders: the exact bytes that somebody is asked to sign.

The issue id and 발급일시 stand inside the bytes, so an order dies after 15 minutes or at midnight in Korea; signing
again makes a new one. An order changes nothing about the invoice: it stays ready.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax import write
from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import IssueId
from dojang.service.invoices import content, documents, guards, timing
from dojang.service.invoices.changes import lock, require, require_version
from dojang.service.invoices.drafts import require_whole
from dojang.service.invoices.errors import NoSuchOrder, TogetherOrNotAtAll
from dojang.service.invoices.models import Invoice, Order
from dojang.service.invoices.states import Action
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import current_workspace
from dojang.service.transmission.way_out import way_out
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

#: Documents in one call of the page, which asks for more of them in portions.
AT_ONCE = 100
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An invoice, as the asker saw it."""

    invoice_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order and its bytes."""

    order: Order
    xml: bytes = field(repr=False)  # may name a resident number


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one of them is not."""

    invoice_id: int
    why: DojangError


@dataclass(frozen=True, slots=True)
class Orders:
    """What became of each that was wanted."""

    placed: tuple[Ordered, ...]
    refused: tuple[Refused, ...]


class NoRightToIssue(DojangError):
    """The member may write, but not sign, for this business."""

    code = "no_right_to_issue"
    ko = "이 사업장의 세금계산서를 발행할 권한이 없습니다. 발행 담당자나 관리자에게 요청해 주세요."
    en = "You may not issue for this business. Ask somebody who may, or an administrator."


@transaction.atomic
def place(*, member: Member, wanted: Sequence[Wanted], now: datetime) -> Orders:
    """Make an order for each of up to 100 ready invoices; earlier orders for them are void.

    Raises:
        NoRegistration: the operator's settings are missing.
    """
    guards.hold([one.invoice_id for one in wanted])
    rows = lock(one.invoice_id for one in wanted)
    forbidden = guards.refusals(Action.ISSUE, list(rows.values()), member=member, now=now)
    whole: dict[int, Document] = {}
    refused = []
    for one in wanted:
        try:
            invoice = _orderable(rows.get(one.invoice_id), member)
            if one.invoice_id in forbidden:
                raise forbidden[one.invoice_id]
            whole[one.invoice_id] = _document(invoice, one, now)
        except DojangError as error:
            refused.append(Refused(one.invoice_id, error))
    for invoice_id in guards.left_alone(whole):
        del whole[invoice_id]
        refused.append(Refused(invoice_id, TogetherOrNotAtAll()))
    Order.objects.filter(invoice_id__in=whole).delete()
    numbers = _issue_ids(Counter(document.written_on for document in whole.values()))
    placed = [
        _order(rows[invoice_id], document, next(numbers[document.written_on]), member, now)
        for invoice_id, document in whole.items()
    ]
    Order.objects.bulk_create([one.order for one in placed])
    return Orders(tuple(placed), tuple(refused))


def sweep(*, now: datetime) -> int:
    """Take out the dead orders of the open workspace; how many there were. Those in somebody's hands are left."""
    dead = Order.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now)
    return Order.objects.filter(pk__in=list(dead.values_list("pk", flat=True))).delete()[0]


def _orderable(invoice: Invoice | None, member: Member) -> Invoice:
    """A document that the member may issue; one that they may not see is not there.

    Raises:
        NoSuchOrder, NoRightToIssue.
    """
    if invoice is None or not member.may(Right.VIEW, invoice.business_id):
        raise NoSuchOrder
    try:
        member.require(Right.ISSUE, invoice.business_id)
    except PermissionDenied:
        raise NoRightToIssue from None
    return invoice


def _document(invoice: Invoice, wanted: Wanted, now: datetime) -> Document:
    require_version(invoice, wanted.version)
    require(invoice, Action.ISSUE)
    document: Document = require_whole(invoice, on=timing.today(now))
    return document


def _issue_ids(days: Mapping[date, int]) -> dict[date, Iterator[str]]:
    registration = way_out().registration
    return {
        day: _counted(day, registration, crossing.issue_serials(registration, day, count), count)
        for day, count in sorted(days.items())
    }


def _counted(day: date, registration: str, first: int, count: int) -> Iterator[str]:
    return (str(IssueId.make(day, registration, number)) for number in range(first, first + count))


def _order(invoice: Invoice, document: Document, issue_id: str, member: Member, now: datetime) -> Ordered:
    complete = document.replace(issue_id=issue_id, issued_at=now)
    xml = write(complete)
    secret = document.buyer.kind is BuyerKind.INDIVIDUAL
    order = Order(
        workspace_id=current_workspace(),
        invoice=invoice,
        issue_id=issue_id,
        document=documents.pack(xml, secret=secret, workspace_id=invoice.workspace_id),
        content_hash=content.hash_of(document),
        ordered_by_id=member.actor.user_id,
        ordered_at=now,
        expires_at=min(now + LIFETIME, timing.midnight_after(now)),
    )
    return Ordered(order, xml)
