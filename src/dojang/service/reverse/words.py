"""What people read of states and steps, in both languages."""

from typing import Final

from dojang.service.reverse.models import State
from dojang.service.web.state_words import StateWords

WORDS: Final = StateWords(
    states={
        State.DRAFT: ("임시저장", "Draft", "draft"),
        State.REQUESTED: ("역발행 요청", "Asked for", "submitted"),
        State.SIGNED: ("발행완료", "Issued", "accepted"),
        State.REFUSED: ("거부됨", "Refused", "rejected"),
        State.WITHDRAWN: ("요청취소", "Withdrawn", "cancelled"),
        State.EXPIRED: ("기한만료", "Ran out", "cancelled"),
        State.CANCELLED: ("발행취소", "Cancelled by the supplier", "cancelled"),
        State.FAILED: ("전송실패", "Not taken by the tax office", "rejected"),
    },
    actions={
        "created": ("작성", "Written"),
        "edited": ("수정", "Edited"),
        "requested": ("공급자에게 요청", "Asked of the supplier"),
        "mailed": ("메일 다시 보냄", "Mailed again"),
        "opened": ("공급자가 링크를 열어 봄", "The supplier opened the link"),
        "reminded": ("기한 알림 메일 보냄", "Reminded by mail"),
        "signed": ("공급자가 서명·발행", "Signed and issued by the supplier"),
        "refused": ("공급자가 거부", "Refused by the supplier"),
        "withdrawn": ("요청취소", "Withdrawn"),
        "expired": ("응답 기한이 지남", "Ran out"),
        "cancelled": ("공급자가 전송 전에 발행취소", "Cancelled by the supplier before it was sent"),
        "failed": ("국세청 전송실패", "Not taken by the tax office"),
    },
)
SENTENCES: Final = {
    "created": ("{who} {what} 요청을 작성했습니다.", "{who} wrote {what}."),
    "edited": ("{who} {what} 요청을 고쳤습니다.", "{who} changed {what}."),
    "requested": ("{who} {what} 요청을 공급자에게 보냈습니다.", "{who} asked for {what}."),
    "mailed": ("{who} {what} 요청 메일을 다시 보냈습니다.", "{who} mailed the request for {what} again."),
    "opened": ("공급자가 {what} 요청의 링크를 열어 보았습니다.", "The supplier opened the link to {what}."),
    "reminded": (
        "{what} 요청의 기한을 공급자에게 메일로 알렸습니다.",
        "The supplier was reminded of {what} by mail.",
    ),
    "signed": ("공급자가 {what} 문서에 서명하고 발행했습니다.", "The supplier signed and issued {what}."),
    "refused": ("공급자가 {what} 요청을 거부했습니다.", "The supplier refused {what}."),
    "withdrawn": ("{who} {what} 요청을 취소했습니다.", "{who} withdrew {what}."),
    "expired": ("{what} 요청의 응답 기한이 지났습니다.", "The time to sign {what} is over."),
    "cancelled": (
        "공급자가 {what} 문서를 전송하기 전에 취소했습니다.",
        "The supplier cancelled {what} before it was sent.",
    ),
    "failed": ("국세청이 {what} 문서를 받지 않았습니다(전송실패).", "The NTS did not take {what}."),
}
"""Each step as a sentence of the workspace's history (`audit.words`)."""
