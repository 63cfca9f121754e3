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
