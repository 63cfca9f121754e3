"""The document that a history is narrowed to."""

from dojang.service.audit.stream import ISSUE_ID, Wanted
from dojang.service.invoices.models import Invoice
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
