"""When an invoice was issued and sent in law, and whether that was late: said once for the database and once for a row.

Lists, reports and pages all ask here. What was not yet issued or sent is as late as if it were on the day of asking.
"""

from datetime import date

from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Coalesce

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today

SENT_AFTER_ITS_DAY = Q(transmit_by__lt=F("sent_on"))
"""지연전송 of what was sent (부가가치세법 §32③)."""

#: 수정사유 whose 발급기한 is one of 가산세: a change, a return and a cancelled contract are due like a supply of their day.
#: What is corrected, reversed or zero-rated afterwards has a term of another kind, or none (시행령 §70①).
DUE_LIKE_A_SUPPLY = ("02", "03", "04")
HAS_TERM = ("", *DUE_LIKE_A_SUPPLY)
"""수정사유, none among them, of documents that can be issued late at all."""
_LIVE = ~Q(state=State.CANCELLED)


def issued_by_then(day: date) -> Coalesce:
    """발급일: when it was in the buyer's inbox; without one, when 국세청 had it (시행령 §68⑪⑫); if neither is, `day`."""
    return Coalesce("delivered_on", "sent_on", Value(day), output_field=DateField())


def issued_late(day: date) -> Q:
    """지연발급 (부가가치세법 §34③), on a day in Korea; of an amendment by the term of its own event."""
    return _LIVE & Q(amendment_reason__in=HAS_TERM, issue_by__lt=issued_by_then(day))


def sent_late(day: date) -> Q:
    """지연전송, on a day in Korea: what was sent late, and what should have been sent and was not."""
    return _LIVE & (SENT_AFTER_ITS_DAY | Q(sent_on=None, transmit_by__lt=day))


def sent_on(invoice: Invoice) -> date | None:
    """전송일자, as the column of that name, which a row in memory does not know before it is read again."""
    return today(invoice.sent_at) if invoice.sent_at is not None else None


def issued_on(invoice: Invoice) -> date | None:
    """발급일 in law; None as long as there is none."""
    return invoice.delivered_on or sent_on(invoice)


def is_issued_late(invoice: Invoice, day: date) -> bool:
    """As `issued_late`."""
    if (
        invoice.state == State.CANCELLED
        or invoice.amendment_reason not in HAS_TERM
        or invoice.issue_by is None
    ):
        return False
    return (issued_on(invoice) or day) > invoice.issue_by


def is_sent_late(invoice: Invoice, day: date) -> bool:
    """As `sent_late`."""
    if invoice.state == State.CANCELLED or invoice.transmit_by is None:
        return False
    return (sent_on(invoice) or day) > invoice.transmit_by
