"""The supplier's side: making an invoice of what a buyer wrote, or refusing it.

The buyer's request is the truth; its row is locked first, by `crossing.hold_reverse`, before anything here is.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.service.approvals import services as approvals
from dojang.service.audit import chain
from dojang.service.audit.actor import Actor
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import content, drafts, guards, timing
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.reverse.errors import NoReason, NoSuchRequest, OtherContent, RequestOver
from dojang.service.reverse.locking import require_state
from dojang.service.reverse.models import IncomingReverse, State
from dojang.service.reverse.words import WORDS
from dojang.service.tenancy import crossing
from dojang.service.tenancy.crossing import HeldReverse
from dojang.service.transmission import deferring
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

MOST_REASON = 200
#: A document in one of these was not signed.
UNSIGNED = frozenset({InvoiceState.DRAFT, InvoiceState.AWAITING_APPROVAL, InvoiceState.READY})


@transaction.atomic
def prepare(*, member: Member, incoming_id: int, now: datetime, written_by: int | None = None) -> Invoice:
    """[확인하고 발행]: the document as it was asked for, ready for its signature. Twice makes one.

    Where something else is demanded first (an approval), it stays a draft.

    Args:
        member: needs the right to issue for the business, or is the guest that was asked.
        incoming_id: what was received.
        now: aware.
        written_by: who counts as its writer where the member is no person: whoever wrote the request.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver, OtherContent, NotFinished.
    """
    require_open(crossing.hold_reverse(incoming_id), now)
    incoming = _locked(member, incoming_id)
    if incoming.invoice is not None and incoming.invoice.deleted_at is None:
        return incoming.invoice
    document: Document = Document.from_data(incoming.content)
    if content.hash_of(document) != incoming.content_hash:
        raise OtherContent
    invoice = _draft(incoming, document, member, written_by or member.user_id, now)
    _finish(invoice, member, now)
    incoming.invoice = invoice
    incoming.save(update_fields=["invoice"])
    return invoice


@transaction.atomic
def refuse(*, member: Member, incoming_id: int, reason: str, now: datetime) -> None:
    """[거부], with a reason that the buyer reads.

    Raises:
        NoReason, NoSuchRequest, PermissionDenied, RequestOver.
    """
    reason = clean_reason(reason)
    held = crossing.hold_reverse(incoming_id)
    incoming = _locked(member, incoming_id)
    require_open(held, now)
    put_away(incoming, member, now)
    settle(incoming, State.REFUSED, member, now, reason=reason)


def clean_reason(typed: str) -> str:
    """A reason in one line.

    Raises:
        NoReason: nothing was said.
    """
    reason = " ".join(typed.split())[:MOST_REASON]
    if not reason:
        raise NoReason
    return reason


def settle(
    incoming: IncomingReverse,
    outcome: State,
    member: Member,
    now: datetime,
    *,
    reason: str = "",
    invoice: Invoice | None = None,
) -> None:
    """Write into the buyer's request what became of it, as part of this transaction.

    Raises:
        RequestOver: it was decided already.
    """
    done = crossing.settle_reverse(
        incoming.pk,
        outcome.value,
        now,
        actor_kind="supplier",
        address=member.actor.address,
        reason=reason,
        issue_id=(invoice.issue_id or "") if invoice else "",
        way_out=invoice.way_out if invoice else "",
    )
    if not done:
        held = crossing.hold_reverse(incoming.pk)
        ko, en = WORDS.both(held.state if held else State.WITHDRAWN)
        raise RequestOver(state_ko=ko, state_en=en)
    deferring.see_to_reverse()


def require_open(held: HeldReverse | None, now: datetime) -> None:
    """Refuse what is not asked for any more.

    Raises:
        NoSuchRequest, RequestOver.
    """
    if held is None:
        raise NoSuchRequest
    require_state(held.state, State.REQUESTED)
    if held.expires_at <= now:
        require_state(State.EXPIRED, State.REQUESTED)


def put_away(incoming: IncomingReverse, member: Member, now: datetime) -> None:
    """Throw away what was made of it and not signed."""
    if incoming.invoice_id is None:
        return
    invoice = lock([incoming.invoice_id]).get(incoming.invoice_id)
    if invoice is not None and InvoiceState(invoice.state) in UNSIGNED:
        throw_away([invoice], member.actor, now)


def throw_away(invoices: Sequence[Invoice], actor: Actor, now: datetime) -> None:
    """Locked documents that were not signed and are not asked for any more; nobody is asked to approve them either."""
    for one in invoices:
        one.orders.all().delete()
    approvals.drop(invoices, actor=actor, now=now)
    apply(Action.DELETE, [Change(one) for one in invoices], actor=actor, now=now)


def _locked(member: Member, incoming_id: int) -> IncomingReverse:
    row = (
        IncomingReverse.objects.select_for_update(of=("self",))
        .select_related("business", "invoice")
        .filter(pk=incoming_id)
        .first()
    )
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    member.require(Right.ISSUE, row.business_id)
    return row


def _draft(
    incoming: IncomingReverse, document: Document, member: Member, written_by: int, now: datetime
) -> Invoice:
    buyer = Counterparty.objects.filter(
        number=document.buyer.number, archived_at=None, merged_into=None
    ).order_by("pk")
    invoice = Invoice(
        workspace_id=incoming.workspace_id,
        business=incoming.business,
        counterparty=buyer.first(),
        created_by_id=written_by,
        created_at=now,
        changed_by_id=written_by,
        changed_at=now,
    )
    content.fill_exactly(invoice, document, last_day=incoming.issue_by)
    invoice.save(force_insert=True)
    told = {"reverse_of": incoming.requester_number}
    created = chain.NewEvent(invoice.pk, Action.CREATE.value, "", InvoiceState.DRAFT.value, told)
    chain.record([created], actor=member.actor, at=now)
    return invoice


def _finish(invoice: Invoice, member: Member, now: datetime) -> None:
    document = drafts.require_whole(invoice, on=timing.today(now))
    if member.actor.user_id is not None:
        try:
            guards.require(Action.FINISH, [invoice], member=member, now=now)
        except DojangError:
            return  # an approval comes first: its page says so
    invoice.content_hash = content.hash_of(document)
    told = {"content_hash": invoice.content_hash}
    apply(Action.FINISH, [Change(invoice, ("content_hash",), told)], actor=member.actor, now=now)
