"""Filters for lists of Hometax: `{% load hometax %}`."""

from typing import Any

from django import template

from dojang.errors import DojangError
from dojang.etax.findings import Finding
from dojang.service.hometax import words
from dojang.service.web.say import say

register = template.Library()


@register.filter
def list_colour(state: str) -> str:
    """The colour of a list's badge."""
    return words.state_badge(state)[0]


@register.filter
def list_text(state: str) -> str:
    """Its text."""
    return words.state_badge(state)[1]


@register.filter
def refusal_text(code: str) -> str:
    """Why it could not be read."""
    return words.refusal_text(code)


@register.filter
def difference_text(difference: list[Any]) -> str:
    """What is here, and what the list says."""
    return words.difference_text(difference)


@register.filter
def finding_said(finding: dict[str, str] | Finding) -> str:
    """What is wrong, in the person's language."""
    if isinstance(finding, Finding):
        return say(finding.ko, finding.en)
    return say(finding["ko"], finding["en"])


@register.filter
def error_said(error: DojangError) -> str:
    """A refusal, in the person's language."""
    return say(error.text("ko"), error.text("en"))
