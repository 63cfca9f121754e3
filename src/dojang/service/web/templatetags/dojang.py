"""Tags and filters of every template: `{% load dojang %}`."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from dojang.service.invoices.states import State
from dojang.service.web.say import say as choose

register = template.Library()


@register.simple_tag
def say(ko: str, en: str) -> str:
    """Both languages in one place: `{% say "발행하기" "Issue" %}`."""
    return choose(ko, en)


@register.filter
def won(amount: int | Decimal | None) -> str:
    """1234567 as 1,234,567; a minus in front, nothing for None."""
    return "" if amount is None else f"{amount:,}"


@register.filter
def business_number(number: str) -> str:
    """1234567890 as 123-45-67890."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}" if len(number) == 10 else number  # noqa: PLR2004


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2026-11-22; of an instant, the day in Korea."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """An instant as 2026-11-22 14:03, in Korea."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


_BADGES_EN = {
    State.DRAFT: "Draft",
    State.AWAITING_APPROVAL: "Awaiting approval",
    State.READY: "Ready to sign",
    State.ISSUED: "Issued · not sent",
    State.SUBMITTED: "Being sent",
    State.UNKNOWN: "Asking for the result",
    State.ACCEPTED: "Accepted",
    State.REJECTED: "Failed",
    State.CANCELLED: "Cancelled",
}


@register.filter
def state_text(state: str) -> str:
    """A state's badge in the person's language."""
    return choose(State(state).label, _BADGES_EN[State(state)])
