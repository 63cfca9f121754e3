"""What people read of states and tries, in both languages."""

from collections.abc import Mapping

from dojang.service.notices.models import MailState
from dojang.service.web.say import say

_STATES: Mapping[str, tuple[str, str, str]] = {
    # Text in both languages, and the badge's colour by a state that has it.
    MailState.WAITING: ("보내는 중", "Being sent", "submitted"),
    MailState.SENT: ("보냄", "Sent", "accepted"),
    MailState.BOUNCED: ("반송", "Came back", "rejected"),
    MailState.FAILED: ("보내지 못함", "Not sent", "rejected"),
    MailState.DROPPED: ("보내지 않음", "Left out", "cancelled"),
}
_WHY: Mapping[str, tuple[str, str]] = {
    "sent": ("메일 서버가 받음", "taken by the mail server"),
    "switched_off": ("알림 설정에서 꺼짐", "switched off in the settings"),
    "not_needed": ("보낼 때는 이미 필요 없어짐", "no longer needed when it was to be sent"),
    "cancelled": ("보내기 전에 발행이 취소됨", "cancelled before it was sent"),
    "bad_address": ("보낼 수 없는 주소", "no address that mail can go to"),
    "no_connection": ("메일 서버에 연결되지 않음", "the mail server was not reached"),
    "timeout": ("메일 서버가 답하지 않음", "the mail server did not answer"),
    "disconnected": ("메일 서버가 연결을 끊음", "the mail server hung up"),
    "not_written": ("내용을 만들지 못함", "could not be written"),
    "abandoned": ("보내는 도중에 거듭 멈춤", "whatever was sending it stopped in the middle each time"),
}
#: What stands before the number of an answer, the longest first.
_ANSWERS: Mapping[str, tuple[str, str]] = {
    "rcpt_5": ("받는 주소가 없다고 함", "there is no such address"),
    "dsn_5": ("받는 쪽에서 돌려보냄", "sent back by the receiving side"),
    "dsn_4": ("여러 번 시도했지만 전달되지 않음", "not delivered after many tries"),
    "rcpt_": ("받는 쪽이 나중에 다시 보내라고 함", "to be tried again later"),
    "data_5": ("메일 서버가 이 메일을 받지 않음", "this mail was not taken"),
    "data_": ("메일 서버가 나중에 다시 보내라고 함", "to be tried again later"),
    "smtp_": ("메일 서버가 우리를 받지 않음", "the mail server turned us away"),
}


def state_text(state: str) -> str:
    """A state's badge."""
    return say(*_STATES[state][:2])


def state_badge(state: str) -> str:
    """The state of invoices that has the badge's colour."""
    return _STATES[state][2]


def why_text(code: str) -> str:
    """Why it stands so, with the number of the answer where there is one."""
    if code in _WHY:
        return say(*_WHY[code])
    found = next((pair for start, pair in _ANSWERS.items() if code.startswith(start)), None)
    return f"{say(*found)} ({code.partition('_')[2]})" if found else code
