"""Words of requests, for templates."""

from django import template

from dojang.service.reverse import terms, words
from dojang.service.reverse.models import IncomingReverse
from dojang.service.reverse.selectors import request_behind

register = template.Library()

register.filter("reverse_state", words.state_text)
register.filter("reverse_colour", words.colour)
register.filter("reverse_action", words.action_text)
register.filter("last_day", terms.last_day)


@register.filter
def asked_by(invoice_id: int) -> IncomingReverse | None:
    """The request that an invoice was made of."""
    return request_behind(invoice_id)
