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
SENTENCES: Final = {
    "asked": ("{who} {what} 작성을 요청했습니다.", "{who} asked for {what}."),
    "mailed": ("{who} {what} 요청 메일을 다시 보냈습니다.", "{who} mailed the request for {what} again."),
    "opened": ("거래처가 {what} 요청의 링크를 열어 보았습니다.", "The customer opened the link for {what}."),
    "reminded": (
        "{what} 요청의 기한을 거래처에 메일로 알렸습니다.",
        "The customer was reminded of {what} by mail.",
    ),
    "answered": ("거래처가 {what} 작성을 마쳐 보냈습니다.", "The customer filled in {what}."),
    "corrected": ("거래처가 보낸 {what} 내용을 고쳤습니다.", "The customer corrected {what}."),
    "sent_back": ("{who} {what} 내용을 돌려보냈습니다.", "{who} sent {what} back."),
    "confirmed": ("{who} {what} 내용을 거래처에 반영했습니다.", "{who} took {what} over."),
    "withdrawn": ("{who} {what} 요청을 취소했습니다.", "{who} withdrew the request for {what}."),
    "expired": ("{what} 요청의 작성 기한이 지났습니다.", "The time to fill in {what} is over."),
    "lapsed": (
        "반영하지 않은 {what} 내용을 기한이 지나 지웠습니다.",
        "Nobody took {what} over in time, and what was filled in was erased.",
    ),
}
"""Each step as a sentence of the workspace's history (`audit.words`)."""
