"""What this server itself carries: an accepted invoice to its buyer, where the buyer is here too.

A consigned one (위수탁) goes to whose sale it is as well, for it was issued by a broker.
`deliver` lays it there in the transaction of its acceptance; the worker makes records of what was laid, each in a
transaction of its own, so that whoever dies in between leaves it laid. Only a business that proved its number by its
certificate is found (see `dojang_deliver`).
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax.codes import BuyerKind
from dojang.service.audit.actor import WORKER
from dojang.service.invoices import documents, timing
from dojang.service.records.models import Delivery, Side, Source
from dojang.service.records.taking import Arrival, take
from dojang.service.records.verifying import examine
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import deferring
from dojang.service.workspaces import closed
from dojang.service.workspaces.models import Business

#: How far back a business that has just proved its number gets what others issued to it: a year of returns.
BACK = timedelta(days=366)
_log = logging.getLogger(__name__)


def deliver(invoice_ids: Sequence[int], *, now: datetime) -> None:
    """Lay accepted invoices of the open workspace with their buyers, as part of this transaction. Twice is once."""
    if invoice_ids:
        crossing.deliver(invoice_ids, now)
        # Asked for whether or not anything was laid: nobody should be able to tell.
        deferring.take_deliveries()


def deliver_earlier(business_id: int, *, now: datetime) -> None:
    """Lay what was issued in the last year to a business that has just proved its number."""
    crossing.deliver_to(business_id, since(now), now)
    deferring.take_deliveries()


def since(now: datetime) -> date:
    """From which 작성일자 on earlier documents are brought."""
    return timing.today(now) - BACK


def take_all(*, now: datetime) -> int:
    """Make records of everything that was laid, in every workspace; how many."""
    return sum(_take_in(workspace_id, now) for workspace_id in crossing.delivered_workspaces())


def _take_in(workspace_id: int, now: datetime) -> int:
    with in_workspace(workspace_id):
        waiting = list(Delivery.objects.filter(refused="").order_by("pk").values_list("pk", flat=True))
    taken = 0
    for delivery_id in waiting:
        try:
            with in_workspace(workspace_id):
                if not closed.hold_open():
                    break  # meanwhile; what is left waits until it is opened again
                taken += _take_one(delivery_id, now)
        except DojangError as error:
            # Another document stands here under its number, or its bytes are damaged: somebody has to look.
            with in_workspace(workspace_id):
                Delivery.objects.filter(pk=delivery_id).update(refused=error.code)
        except Exception:  # noqa: BLE001 (one that cannot be taken holds up none of the others; it is tried again)
            _log.exception("delivery %s was not taken", delivery_id)
    return taken


def _take_one(delivery_id: int, now: datetime) -> bool:
    row = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("business")
        .filter(pk=delivery_id, refused="")
        .first()
    )
    if row is None:
        return False
    data = documents.unpack(bytes(row.document), workspace_id=row.workspace_id)
    arrival = Arrival(data, Source.DELIVERED, row.way_out, row.issued_on, row.sent_on)
    examined = examine(data, now=now, was_issued_here=True)
    side = _side(row.business, examined.document)
    found = take(arrival, examined, business=row.business, side=side, actor=WORKER, now=now)
    row.delete()
    return found.is_new


def _side(business: Business, document: Document) -> Side:
    """The purchase of its buyer, or the sale of whose goods a broker sold (위수탁)."""
    buyer = document.buyer
    is_buyer = buyer.kind is BuyerKind.BUSINESS and buyer.number == business.number
    return Side.PURCHASE if is_buyer else Side.SALES
