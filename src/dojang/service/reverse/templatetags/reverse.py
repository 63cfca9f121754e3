"""Words of requests, for templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from dojang.service.invoices.models import Invoice
from dojang.service.links.terms import last_day
from dojang.service.notices import words as mail_words
from dojang.service.reverse.selectors import request_behind
from dojang.service.reverse.words import WORDS

register = template.Library()

WORDS.add_filters(register, "reverse")
register.filter("last_day", last_day)
register.filter("mail_state", mail_words.state_text)
register.filter("mail_colour", mail_words.state_badge)
register.filter("mail_why", mail_words.why_text)


@register.inclusion_tag("reverse/parts/asked_by_buyer.html", takes_context=True)
def asked_by_buyer(context: Mapping[str, Any], invoice: Invoice) -> dict[str, Any]:
    """Whose request an invoice was made of, if it was."""
    return {"member": context["member"], "asked": request_behind(invoice.pk)}
