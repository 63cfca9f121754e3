"""Words of requests, for templates."""

from django import template

from dojang.service.billing import terms, words

register = template.Library()

register.filter("billing_state", words.state_text)
register.filter("billing_colour", words.colour)
register.filter("billing_action", words.action_text)
register.filter("billing_last_day", terms.last_day)
