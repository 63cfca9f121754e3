"""수정사유 by the names that Hometax shows, which accountants know them by."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dojang.etax.codes import AmendmentReason
from dojang.service.web.say import say

_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        AmendmentReason.MISTAKE.value: ("기재사항 착오정정 등", "correction of a mistake"),
        AmendmentReason.PRICE_CHANGE.value: ("공급가액 변동", "change of the supply amount"),
        AmendmentReason.RETURN.value: ("환입", "return of goods"),
        AmendmentReason.CANCELLED_CONTRACT.value: ("계약의 해제", "cancelled contract"),
        AmendmentReason.LOCAL_CREDIT.value: ("내국신용장 등 사후개설", "local letter of credit"),
        AmendmentReason.DUPLICATE.value: ("착오에 의한 이중발급 등", "issued twice or wrongly"),
    }
)


def reason_name(code: str) -> str:
    """The name of a reason; nothing where there is none."""
    found = _NAMES.get(code)
    return say(*found) if found is not None else ""
