"""What pages call things of a record, in both languages."""

from dojang.service.records.models import Check, Record, Side, Source
from dojang.service.web.say import say

_SOURCES = {
    Source.DELIVERED: ("자동 수신", "Delivered"),
    Source.XML: ("XML 올림", "Uploaded XML"),
    Source.PAPER: ("종이·수기", "Paper"),
    Source.HOMETAX: ("홈택스 목록", "Hometax's list"),
}
# The colour of the badge, and its text.
_CHECKS = {
    Check.TO_CHECK: ("warn", "확인 필요", "To check"),
    Check.CHECKED: ("good", "확인완료", "Checked"),
    Check.CORRECTION_ASKED: ("info", "수정 요청함", "Correction asked"),
}
_CORRECTIONS = {
    "asked": ("답을 기다림", "Waiting for an answer"),
    "answered": ("수정 문서 도착", "The amendment arrived"),
    "withdrawn": ("요청 취소", "Withdrawn"),
    "replaced": ("다시 요청함", "Asked again"),
}


def source_text(source: str) -> str:
    """How it came."""
    return say(*_SOURCES[Source(source)])


def correction_text(state: str) -> str:
    """How a request stands."""
    return say(*_CORRECTIONS[state])


def badge(record: Record) -> tuple[str, str]:
    """The badge of a purchase, its colour and its text: 확인 필요 · 확인완료 · 수정 요청함 · 불공제; a sale has none."""
    if record.side == Side.SALES:
        return "", ""
    if record.check_state == Check.CHECKED and record.not_deductible:
        return "cancelled", say("불공제", "Not deductible")
    colour, ko, en = _CHECKS[Check(record.check_state)]
    return colour, say(ko, en)
