"""What people read of states and steps, in both languages."""

from typing import Final

from dojang.service.billing.models import State
from dojang.service.web.state_words import StateWords

WORDS: Final = StateWords(
    states={
        State.ASKED: ("작성 대기", "Waiting for the customer", "submitted"),
        State.ANSWERED: ("확인 대기", "To be looked at", "ready"),
        State.CONFIRMED: ("반영됨", "Taken over", "accepted"),
        State.WITHDRAWN: ("요청취소", "Withdrawn", "cancelled"),
        State.EXPIRED: ("기한만료", "Ran out", "cancelled"),
    },
    actions={
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
        "lapsed": ("반영하지 않아 작성된 내용을 지움", "Not taken over: what was filled in was erased"),
    },
)
