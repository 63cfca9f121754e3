"""Filters for records: `{% load records %}`."""

from django import template

from dojang.service.law import law
from dojang.service.records import events, words
from dojang.service.records.content import KINDS
from dojang.service.records.flags import Flag, flags_of
from dojang.service.records.models import Correction, Record, RecordEvent, Source
from dojang.service.web.say import say

register = template.Library()


@register.filter
def flags(record: Record) -> tuple[Flag, ...]:
    """What is to be noticed about it."""
    return flags_of(record, law=law())


@register.filter
def check_colour(record: Record) -> str:
    """The colour of its badge; nothing for a sale."""
    return words.badge(record)[0]


@register.filter
def check_text(record: Record) -> str:
    """Its badge."""
    return words.badge(record)[1]


@register.filter
def source_text(source: str) -> str:
    """How it came."""
    return words.source_text(source)


@register.filter
def kind_text(document_type: str) -> str:
    """세금계산서, 계산서, …"""
    kind = KINDS.get(document_type)
    return say(kind.ko, kind.en) if kind else document_type


@register.filter
def name_text(record: Record) -> str:
    """수정전자세금계산서, 종이 세금계산서."""
    kind = KINDS.get(record.document_type)
    if kind is None:
        return record.document_type
    if record.source == Source.PAPER:
        return say(f"종이 {kind.ko}", f"Paper {kind.en}")
    return say(kind.electronic, f"Electronic {kind.en}")


@register.filter
def event_text(event: RecordEvent) -> str:
    """What was done."""
    return events.text_of(event.action)


@register.filter
def correction_text(correction: Correction) -> str:
    """How a request stands."""
    return words.correction_text(correction.state)
