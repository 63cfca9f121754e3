"""Tags and filters of every template: `{% load dojang %}`."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dojang.etax.identifiers import IssueId
from dojang.service.invoices.states import Action, State
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
def signed_won(amount: int) -> str:
    """A difference: 1234567 as +1,234,567, and what is less with the sign for minus, −1,234,567."""
    return f"{amount:+,}".replace("-", "\N{MINUS SIGN}") if amount else "0"


_SHORT = {
    "ko": ((10**8, "억"), (10**4, "만"), (1, "")),
    "en": ((10**9, "bn"), (10**6, "M"), (10**3, "k"), (1, "")),
}


@register.filter
def short_won(amount: int) -> str:
    """Amounts on the side of a chart: 25000000 as 2,500만, in English 25M."""
    units = _SHORT[choose("ko", "en")]
    unit, name = next((each for each in units if abs(amount) >= each[0]), units[-1])
    return f"{amount / unit:,.1f}".removesuffix(".0") + name


@register.filter
def business_number(number: str) -> str:
    """1234567890 as 123-45-67890."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}" if len(number) == 10 else number  # noqa: PLR2004


@register.filter
def issue_id(number: str) -> str:
    """A 승인번호 as Hometax shows it, 8-8-8; anything else as it is."""
    found = IssueId.parse(number)
    return found.hyphenated if found else number


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


_DAYS_IN_TEXT = re.compile(r"(\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?)")


@register.filter
def whole_days(text: str) -> SafeString:
    """A sentence whose dates no browser tears at their hyphens."""
    parts = enumerate(_DAYS_IN_TEXT.split(text))
    shown = (
        format_html('<span class="number nowrap">{}</span>', part) if at % 2 else part for at, part in parts
    )
    return format_html_join("", "{}", ((one,) for one in shown))


_LONGEST_WHOLE = 12


@register.filter
def whole_names(text: str) -> SafeString:
    """Names that no browser breaks beside the parentheses of 한빛상사(주), unless they are too long for a column."""
    words = (
        format_html('<span class="nowrap">{}</span>', word)
        if "(" in word and len(word) <= _LONGEST_WHOLE
        else word
        for word in str(text).split(" ")
    )
    return format_html_join(" ", "{}", ((one,) for one in words))


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


_ACTIONS = {
    Action.CREATE: ("작성 시작", "Begun"),
    Action.EDIT: ("저장", "Saved"),
    Action.DELETE: ("지움", "Deleted"),
    Action.FINISH: ("작성 완료", "Finished"),
    Action.REOPEN: ("고쳐 쓰기", "Reopened"),
    Action.ASK_APPROVAL: ("발행 승인 요청", "Approval asked for"),
    Action.APPROVE: ("발행 승인", "Approved"),
    Action.SEND_BACK: ("반려", "Sent back"),
    Action.TAKE_BACK: ("승인 요청 취소", "Request taken back"),
    Action.ISSUE: ("서명·발행", "Signed and issued"),
    Action.CANCEL: ("발행취소", "Cancelled"),
    Action.SEND_NOW: ("지금 전송 요청", "Asked to send now"),
    Action.SUBMIT: ("국세청 전송 시작", "Sending to the NTS"),
    Action.NOT_SENT: ("전송하지 못함 (다시 시도)", "Not sent (will be tried again)"),
    Action.LOSE_ANSWER: ("응답을 받지 못해 결과 확인중", "Answer lost, asking for the result"),
    Action.ACCEPT: ("국세청 전송완료", "Accepted by the NTS"),
    Action.REJECT: ("국세청 전송실패", "Rejected by the NTS"),
    Action.HOMETAX_FILE: ("홈택스 일괄발급 파일에 담음", "Put into a file for Hometax"),
    Action.HOMETAX_ISSUED: ("홈택스에서 발급한 것으로 닫음", "Closed: issued on Hometax"),
    Action.OPEN: ("열람", "Opened"),
    Action.BOUNCE: ("메일 반송 (발급일 바뀜)", "Mail came back (date of issue changed)"),
    Action.MAIL: ("메일 재발송", "Mailed again"),
    Action.REVEAL: ("주민·외국인등록번호가 든 문서 내려받음", "Downloaded with a person's number in it"),
}


@register.filter
def action_text(action: str) -> str:
    """What was done, in the person's language."""
    return choose(*_ACTIONS[Action(action)])


_MACHINERY = {
    "worker": ("자동 처리", "automatic"),
    "nts": ("국세청", "the NTS"),
    "buyer": ("링크를 받은 사람", "whoever had the link"),
    "supplier": ("링크로 서명한 공급자", "the supplier, by its link"),
    "customer": ("링크를 받은 거래처", "the customer, by its link"),
}


@register.filter
def machinery_text(kind: str) -> str:
    """Who did it where nobody did."""
    return choose(*_MACHINERY.get(kind, ("", "")))


@register.filter
def item(mapping: dict[str, str], key: str) -> str:
    """The text that a mapping has for a key."""
    return mapping.get(key, "")
