"""Words of requests, for templates."""

from django import template

from dojang.service.billing import selectors, terms, words
from dojang.service.billing.models import BillingRequest
from dojang.service.workspaces.members import Member

register = template.Library()

register.filter("billing_state", words.state_text)
register.filter("billing_colour", words.colour)
register.filter("billing_action", words.action_text)
register.filter("billing_last_day", terms.last_day)


@register.simple_tag
def open_billing_request(counterparty_id: int, member: Member) -> BillingRequest | None:
    """The request to a counterparty that is not over."""
    return selectors.open_for(counterparty_id, member)
