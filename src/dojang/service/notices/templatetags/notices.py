"""Tags and filters for pages with mails: `{% load notices %}`."""

from typing import Any

from django import template

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.notices import words
from dojang.service.notices.kinds import KINDS
from dojang.service.notices.models import Kind
from dojang.service.notices.occasions import addresses_of
from dojang.service.notices.resending import MAILED
from dojang.service.notices.selectors import mails_of

register = template.Library()

register.filter("mail_state", words.state_text)
register.filter("mail_badge", words.state_badge)
register.filter("mail_why", words.why_text)


@register.filter
def mail_kind(kind: str) -> str:
    """A kind's name, in the person's language."""
    return KINDS[Kind(kind)].title


@register.inclusion_tag("notices/parts/invoice_mails.html", takes_context=True)
def invoice_mails(context: dict[str, Any], invoice: Invoice) -> dict[str, Any]:
    """The mails of one invoice, and the form that sends one more."""
    # A draft may hold anything where its addresses should stand.
    addresses = addresses_of(invoice) if invoice.issue_id else []
    return {
        "member": context["member"],
        "csrf_token": context.get("csrf_token"),
        "invoice": invoice,
        "mails": mails_of(invoice),
        "address": addresses[0] if addresses else "",
        "may_mail": context.get("may_issue") and State(invoice.state) in MAILED,
        "was_issued": bool(invoice.issue_id),
    }
