"""What people read of states and steps, in both languages."""

from collections.abc import Mapping
from typing import Final

from dojang.service.billing.models import State
from dojang.service.web.say import say

#: The badge in both languages, and the state of invoices that has its colour.
_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    State.ASKED: ("작성 대기", "Waiting for the customer", "submitted"),
    State.ANSWERED: ("확인 대기", "To be looked at", "ready"),
    State.CONFIRMED: ("반영됨", "Taken over", "accepted"),
    State.WITHDRAWN: ("요청취소", "Withdrawn", "cancelled"),
    State.EXPIRED: ("기한만료", "Ran out", "cancelled"),
}
_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "asked": ("발행정보 요청", "Asked"),
    "mailed": ("메일 다시 보냄", "Mailed again"),
    "opened": ("거래처가 링크를 열어 봄", "The customer opened the link"),
    "reminded": ("기한 알림 메일 보냄", "Reminded by mail"),
    "answered": ("거래처가 작성", "Filled in by the customer"),
    "corrected": ("거래처가 고침", "Corrected by the customer"),
    "sent_back": ("돌려보냄", "Sent back"),
    "confirmed": ("거래처에 반영", "Taken over"),
    "withdrawn": ("요청취소", "Withdrawn"),
    "expired": ("작성 기한이 지남", "Ran out"),
}


def both(state: str) -> tuple[str, str]:
    """A state's badge in Korean and English."""
    ko, en, _ = _STATES[state]
    return ko, en


def state_text(state: str) -> str:
    """A state's badge."""
    return say(*both(state))


def colour(state: str) -> str:
    """The state of invoices that has the badge's colour."""
    return _STATES[state][2]


def action_text(action: str) -> str:
    """What happened."""
    return say(*_ACTIONS[action])
