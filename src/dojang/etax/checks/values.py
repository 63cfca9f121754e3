"""Rules that hold for every value: lengths, ranges, characters."""

import re
import unicodedata
from decimal import Decimal

from dojang.etax.checks.rule import Hit, Rules, ValueSearch, hit
from dojang.etax.checks.walk import Value
from dojang.etax.schema import limits
from dojang.etax.xml_values import FORBIDDEN

RULES = Rules[ValueSearch]()

_LIMITS = limits()
_LENGTHS = "KEC 표준전자세금계산서 v3.0, data types"
# Beyond the basic plane, where ㈜ stands, or marked to be shown as an emoji.
_MAYBE_EMOJI = re.compile("[\N{VARIATION SELECTOR-16}\U00010000-\U0010ffff]")


@RULES.error(
    "too_long",
    "{ko} 항목은 {limit}자까지입니다. 지금은 {length}자입니다. 줄여 적으세요.",
    "The {en} may have {limit} characters; it has {length}. Shorten it.",
    _LENGTHS,
)
def _too_long(found: Value) -> Hit | None:
    if not isinstance(found.value, str) or len(found.value) <= (
        limit := _LIMITS.get(found.key, len(found.value))
    ):
        return None
    return hit(found.path, ko=found.label.ko, en=found.label.en, limit=limit, length=len(found.value))


@RULES.error(
    "out_of_range",
    "{ko} 항목의 숫자가 너무 큽니다. 부호와 소수점을 포함해 {limit}자까지입니다.",
    "The {en} is too large a number: {limit} characters at most, sign and point included.",
    _LENGTHS,
)
def _out_of_range(found: Value) -> Hit | None:
    if not isinstance(found.value, int | Decimal):
        return None
    written = str(found.value) if isinstance(found.value, int) else f"{found.value:.2f}"
    if len(written) <= (limit := _LIMITS.get(found.key, len(written))):
        return None
    return hit(found.path, ko=found.label.ko, en=found.label.en, limit=limit)


@RULES.error(
    "forbidden_character",
    "{ko} 항목에 쓸 수 없는 제어 문자가 있습니다. 지우고 다시 적으세요.",
    "The {en} holds a control character that cannot be sent. Delete it.",
    "W3C XML 1.0, 2.2 Characters",
)
def _forbidden_character(found: Value) -> Hit | None:
    if isinstance(found.value, str) and FORBIDDEN.search(found.value):
        return hit(found.path, ko=found.label.ko, en=found.label.en)
    return None


@RULES.error(
    "emoji",
    "{ko} 항목에 이모지({character})가 있습니다. 국세청 시스템이 받지 않으니 지우세요.",
    "The {en} holds an emoji ({character}). The tax office's systems do not take it; delete it.",
    "국세청·홈택스 입력 제한",
)
def _emoji(found: Value) -> Hit | None:
    if not isinstance(found.value, str):
        return None
    # Rare Hanja stand beyond the basic plane too, but they are letters.
    emoji = [
        char for char in _MAYBE_EMOJI.findall(found.value) if not unicodedata.category(char).startswith("L")
    ]
    return hit(found.path, ko=found.label.ko, en=found.label.en, character=emoji[0]) if emoji else None


@RULES.warning(
    "email_form",
    "이메일 주소의 모양이 아닙니다. 확인하세요.",
    "That does not look like an e-mail address. Check it.",
)
def _email_form(found: Value) -> Hit | None:
    if not found.key.endswith(".email") or not isinstance(found.value, str):
        return None
    name, at, host = found.value.rpartition("@")
    looks_right = name and at and "." in host.strip(".") and " " not in found.value
    return None if looks_right else hit(found.path)
