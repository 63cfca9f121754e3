"""What a document of 역발행 demands: it is issued as it was asked for, while it is asked for, and never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dojang.errors import DojangError
from dojang.service.invoices.guards import Guard
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.reverse.answering import require_open, settle
from dojang.service.reverse.errors import (
    AnsweredHere,
    NoSuchRequest,
    OtherContent,
    RequestOver,
    WrittenByBuyer,
)
from dojang.service.reverse.models import IncomingReverse, State
from dojang.service.tenancy import crossing
from dojang.service.workspaces.members import Member

_NEVER: Mapping[Action, type[DojangError]] = {
    Action.EDIT: WrittenByBuyer,
    Action.REOPEN: WrittenByBuyer,
    Action.HOMETAX_FILE: AnsweredHere,
    Action.HOMETAX_ISSUED: AnsweredHere,
}
_OUTCOMES: Mapping[Action, State] = {Action.ISSUE: State.SIGNED, Action.CANCEL: State.CANCELLED}


class ReverseGuard(Guard):
    """Locks the buyer's requests first, asks them, and tells them."""

    def hold(self, invoice_ids: Collection[int]) -> None:
        """The buyers' rows, in one order for everybody."""
        rows = IncomingReverse.objects.filter(invoice_id__in=invoice_ids).order_by("origin_request")
        for incoming_id in rows.values_list("pk", flat=True):
            crossing.hold_reverse(incoming_id)

    def refusals(
        self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
    ) -> Mapping[int, DojangError]:
        """Nothing is changed or issued elsewhere, and nothing issued that is not asked for any more or says otherwise."""
        never = _NEVER.get(action)
        if never is None and action is not Action.ISSUE:
            return {}
        found: dict[int, DojangError] = {}
        for invoice_id, incoming in _incoming(invoices).items():
            if never is not None:
                found[invoice_id] = never()
                continue
            invoice = next(one for one in invoices if one.pk == invoice_id)
            held = crossing.hold_reverse(incoming.pk)
            try:
                require_open(held, now)
            except (NoSuchRequest, RequestOver) as error:
                found[invoice_id] = error
                continue
            if held is not None and invoice.content_hash != held.content_hash:
                found[invoice_id] = OtherContent()
        return found

    def done(self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime) -> None:
        """Issued, or cancelled before it was sent: the buyer's request says so from the same moment on."""
        outcome = _OUTCOMES.get(action)
        if outcome is None:
            return
        by_id = {one.pk: one for one in invoices}
        for invoice_id, incoming in _incoming(invoices).items():
            settle(incoming, outcome, member, now, invoice=by_id[invoice_id])


def _incoming(invoices: Sequence[Invoice]) -> dict[int, IncomingReverse]:
    rows = IncomingReverse.objects.filter(invoice_id__in=[one.pk for one in invoices])
    return {row.invoice_id: row for row in rows.order_by("origin_request") if row.invoice_id is not None}
