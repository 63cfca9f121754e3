"""What was done with a record, written down in the transaction that did it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dojang.service.audit.actor import Actor
from dojang.service.records.models import Record, RecordEvent
from dojang.service.web.say import say

TEXTS: Mapping[str, tuple[str, str]] = {
    "delivered": ("자동 수신", "Delivered"),
    "uploaded": ("XML 올림", "XML uploaded"),
    "completed": ("목록에 XML을 더함", "XML added to the entry"),
    "listed": ("홈택스 목록에서 가져옴", "Taken from Hometax's list"),
    "typed": ("종이 문서 등록", "Typed in from paper"),
    "edited": ("고침", "Changed"),
    "deleted": ("지움", "Deleted"),
    "checked": ("확인", "Checked"),
    "unchecked": ("확인 취소", "Check taken back"),
    "decided": ("공제 여부·메모 저장", "Deduction or note saved"),
    "correction_asked": ("공급자에게 수정 요청", "Correction asked for"),
    "correction_withdrawn": ("수정 요청 취소", "Request withdrawn"),
    "correction_answered": ("수정 문서 도착", "The amendment arrived"),
    "downloaded": ("주민·외국인등록번호가 든 문서 내려받음", "Downloaded with a person's number in it"),
}


def note(
    record: Record, action: str, *, actor: Actor, now: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """One event. Never a person's number in it."""
    note_many([(record, data or {})], action, actor=actor, now=now)


def note_many(
    rows: list[tuple[Record, Mapping[str, Any]]], action: str, *, actor: Actor, now: datetime
) -> None:
    """The same step of many."""
    if action not in TEXTS:
        raise ValueError(f"no text for {action}")
    RecordEvent.objects.bulk_create(
        RecordEvent(
            workspace_id=record.workspace_id,
            record=record,
            at=now,
            by_id=actor.user_id,
            action=action,
            data=dict(data),
        )
        for record, data in rows
    )


def text_of(action: str) -> str:
    """What was done, in the person's language."""
    return say(*TEXTS[action])
