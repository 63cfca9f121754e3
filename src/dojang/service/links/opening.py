"""열람: the first time that a link's reader looked, told once in the document's history."""

from datetime import datetime

from django.db import transaction

from dojang.service.audit import chain
from dojang.service.audit.actor import Actor
from dojang.service.invoices.changes import lock
from dojang.service.invoices.states import Action
from dojang.service.links.models import Link
from dojang.service.workspaces import closed


@transaction.atomic
def opened(link: Link, *, address: str, now: datetime) -> bool:
    """Note that the page was seen or a file was taken. The link's workspace is open.

    Returns:
        Whether this was the first time.
    """
    if link.invoice_id is None or link.opened_at is not None:
        return False
    if not closed.hold_open():
        return False
    # Its document's lock comes first, as everywhere (ARCHITECTURE.md): events of one document wait for each other.
    invoice = lock([link.invoice_id])[link.invoice_id]
    if not is_first_look(link, now=now):
        return False
    event = chain.NewEvent(
        invoice.pk, Action.OPEN.value, invoice.state, invoice.state, {"link": str(link.pk)}
    )
    chain.record([event], actor=Actor("buyer", None, address[:45]), at=now)
    return True


def is_first_look(link: Link, *, now: datetime) -> bool:
    """Write down that a link was opened, where it was not yet: of two readers at the same time one is the first."""
    return bool(Link.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now))
