"""To members: what waits for their approval, and what became of what they asked for."""

from collections.abc import Sequence
from datetime import datetime

from dojang.service.approvals.models import Approval, ApprovalState
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.letters.words import amount, is_sandbox, one_line, page
from dojang.service.notices.models import OutgoingMail
from dojang.service.web.say import say

_LINES = 10


def asked(mail: OutgoingMail, now: datetime) -> Compose | None:
    """What waits; nothing once all of it was answered or taken back."""
    rows = [one for one in _approvals(mail) if one.state == ApprovalState.ASKED]
    if not rows:
        return None
    who, note = str(rows[0].asked_by), rows[0].note
    lines, link = _lines(rows), page("approval_list")
    total = sum(one.total_amount for one in rows)

    def compose() -> Letter:
        return Letter(
            subject=say(
                f"[도장] {who} 님이 발행 승인을 요청했습니다 ({len(rows)}건)",
                f"[Dojang] {who} asks for your approval ({len(rows)})",
            ),
            paragraphs=tuple(
                text
                for text in (
                    say(
                        f"{who} 님이 세금계산서 {len(rows)}건(합계 {amount(total)})의 발행 승인을 요청했습니다. "
                        "내용을 확인하고 승인하거나 사유를 적어 반려해 주세요.",
                        f"{who} asks you to approve {len(rows)} tax invoice(s), {amount(total)} in all. Please look "
                        "at each, then approve it or send it back with a reason.",
                    ),
                    say(f"전할 말: {note}", f"Note: {note}") if note else "",
                )
                if text
            ),
            lines=lines,
            button=(say("승인할 문서 보기", "See what waits"), link),
            sandbox=is_sandbox(),
        )

    return compose


def answered(mail: OutgoingMail, now: datetime) -> Compose | None:
    """Approved, or sent back and why."""
    rows = [one for one in _approvals(mail) if one.state in {ApprovalState.APPROVED, ApprovalState.SENT_BACK}]
    if not rows:
        return None
    first = rows[0]
    who, reason = str(first.decided_by), first.reason
    is_approved = first.state == ApprovalState.APPROVED
    lines = _lines(rows)

    def compose() -> Letter:
        word = say("승인", "approved") if is_approved else say("반려", "sent back")
        texts = [
            say(
                f"{who} 님이 요청하신 세금계산서 {len(rows)}건을 {word}했습니다.",
                f"{who} has {word} {len(rows)} tax invoice(s) that you asked for.",
            ),
            say(f"사유: {reason}", f"Reason: {reason}") if reason else "",
            ""
            if is_approved
            else say(
                "문서는 임시저장으로 돌아갔습니다. 고친 뒤 다시 승인을 요청해 주세요.",
                "They are drafts again: mend them and ask once more.",
            ),
        ]
        return Letter(
            subject=say(
                f"[도장] 발행 {word}: {len(rows)}건", f"[Dojang] {word.capitalize()}: {len(rows)} document(s)"
            ),
            paragraphs=tuple(text for text in texts if text),
            lines=lines,
            sandbox=is_sandbox(),
        )

    return compose


def _approvals(mail: OutgoingMail) -> list[Approval]:
    rows = Approval.objects.filter(pk__in=mail.facts.get("approvals", []))
    return list(rows.select_related("invoice", "asked_by", "decided_by").order_by("pk"))


def _lines(rows: Sequence[Approval]) -> tuple[tuple[str, str], ...]:
    return tuple((one_line(one.invoice), page("invoice", one.invoice_id)) for one in rows[:_LINES])
