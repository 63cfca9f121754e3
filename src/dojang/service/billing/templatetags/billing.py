"""Words of requests, for templates."""

from django import template

from dojang.service.billing import selectors
from dojang.service.billing.models import BillingRequest
from dojang.service.billing.words import WORDS
from dojang.service.links.terms import last_day
from dojang.service.workspaces.members import Member

register = template.Library()

WORDS.add_filters(register, "billing")
register.filter("billing_last_day", last_day)


@register.simple_tag
def open_billing_request(counterparty_id: int, member: Member) -> BillingRequest | None:
    """The request to a counterparty that is not over."""
    return selectors.open_for(counterparty_id, member)
