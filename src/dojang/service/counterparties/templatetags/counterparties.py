"""Words of counterparties for templates: `{% load counterparties %}`."""

from collections.abc import Mapping, Sequence

from django import template

from dojang.service.counterparties import personal
from dojang.service.counterparties.details import LABELS
from dojang.service.counterparties.history import ACTIONS, label
from dojang.service.counterparties.models import BusinessState, Counterparty, CounterpartyChange, Kind
from dojang.service.counterparties.sheets.planning import Finding
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number

register = template.Library()

_KINDS_EN = {Kind.BUSINESS: "Business", Kind.INDIVIDUAL: "Individual", Kind.FOREIGNER: "Foreigner"}
_STATES = {
    BusinessState.ACTIVE: ("계속사업자", "In business", "good"),
    BusinessState.SUSPENDED: ("휴업", "Suspended", "warn"),
    BusinessState.CLOSED: ("폐업", "Closed", "bad"),
    BusinessState.UNREGISTERED: ("미등록 번호", "Not registered", "bad"),
}


@register.filter
def kind_text(kind: str) -> str:
    """사업자, 개인 or 외국인."""
    return say(str(Kind(kind).label), _KINDS_EN[Kind(kind)]) if kind in Kind.values else kind


@register.filter
def number_text(counterparty: Counterparty) -> str:
    """The number as a list shows it: with hyphens, a person's masked."""
    if counterparty.number:
        branch = f" ({counterparty.branch_number})" if counterparty.branch_number else ""
        return business_number(counterparty.number) + branch
    return personal.masked(counterparty)


@register.filter
def status_text(code: str) -> str:
    """휴폐업 in the person's language."""
    return say(*_STATES[BusinessState(code)][:2]) if code else say("미확인", "Not checked")


@register.filter
def status_badge(code: str) -> str:
    """The colour of its badge."""
    return _STATES[BusinessState(code)][2] if code else ""


@register.filter
def in_order(changes: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """The fields of a history as forms show them; the database keeps them in an order of its own."""
    places = {field: place for place, field in enumerate(LABELS)}
    return sorted(changes.items(), key=lambda one: places.get(one[0], len(places)))


@register.filter
def field_text(field: str) -> str:
    """What a field of the history is called."""
    return say(*label(field))


@register.filter
def value_text(value: str, field: str) -> str:
    """A value of the history as a person reads it."""
    if field == "kind":
        return kind_text(value)
    return business_number(value) if field == "number" else value


@register.filter
def action_text(change: CounterpartyChange) -> str:
    """What was done."""
    return say(*ACTIONS.get(change.action, (change.action, change.action)))


@register.filter
def finding_text(finding: Finding) -> str:
    """A finding of a sheet with its column."""
    return finding.text("en" if say("ko", "en") == "en" else "ko")
