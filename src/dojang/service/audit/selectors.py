"""Who last wrote a document, and the document that a history is narrowed to."""

from collections.abc import Iterable

from dojang.service.audit.models import Event
from dojang.service.audit.stream import ISSUE_ID, Wanted
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.web.numbers import row_id


def document_of(wanted: Wanted) -> Invoice | None:
    """The one whose number or 승인번호 is asked for; None where there is none that may be seen."""
    text = wanted.document
    if not text:
        return None
    rows = Invoice.objects.exclude(business_id__in=wanted.without).defer("content", "editor", "secret")
    if len(text) == ISSUE_ID:
        return rows.filter(issue_id=text).first()
    return rows.filter(pk=row_id(text)).first()


def last_editors(invoice_ids: Iterable[int]) -> dict[int, int | None]:
    """Who wrote each document as it stands: other steps, as sending it back, change nothing of what it says."""
    written = Event.objects.filter(invoice_id__in=list(invoice_ids), action__in=(Action.CREATE, Action.EDIT))
    newest = written.order_by("invoice_id", "-sequence").distinct("invoice_id")
    return dict(newest.values_list("invoice_id", "actor_id"))
