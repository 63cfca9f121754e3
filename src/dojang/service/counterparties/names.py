"""Names of companies as people mean them: (주)한빛, 주식회사 한빛 and 한 빛 are one."""

import re
import unicodedata
from typing import Final

# 상법 §170 lists the kinds of companies; the rest are bodies whose names carry their kind.
_KINDS: Final = (
    "주식회사",
    "유한책임회사",
    "유한회사",
    "합자회사",
    "합명회사",
    "사단법인",
    "재단법인",
    "농업회사법인",
    "영농조합법인",
    "의료법인",
    "학교법인",
    "사회복지법인",
)
_SHORT: Final = ("주", "유", "합", "사", "재", "의", "학", "복", "株", "有")
_IN_BRACKETS: Final = re.compile(rf"\((?:{'|'.join(_SHORT)})\)")
_ENGLISH: Final = re.compile(r"[\s,.]+(?:co|inc|ltd|llc|corp|corporation|limited|company)\b\.?")
_NOT_SAID: Final = re.compile(r"[\s.,·・\-_'\"&()\[\]]+")


def name_key(name: str) -> str:
    """What two names of one company share; empty for a name that consists of its kind alone.

    Compatibility forms are unfolded first: ㈜ is (주), full-width letters are letters.
    """
    text = unicodedata.normalize("NFKC", name).lower()
    text = _IN_BRACKETS.sub(" ", text)
    text = _ENGLISH.sub(" ", text)
    for kind in _KINDS:
        text = text.replace(kind, " ")
    return _NOT_SAID.sub("", text)[:70]
