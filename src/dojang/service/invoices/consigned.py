"""위수탁: a broker (수탁자) issues in the name of whose goods it sells (위탁자), and signs (부가가치세법 시행령 §69①).

The document is the 위탁자's sale and not the broker's own: the broker's figures leave it out, while the broker is who
writes, signs, transmits and amends it.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from dojang.etax.codes import DocumentType
from dojang.etax.identifiers import is_resident_number, normalize

#: Each kind that a broker issues, by the kind that a supplier issues itself.
OF_KIND: Final[Mapping[DocumentType, DocumentType]] = {
    DocumentType.TAX: DocumentType.TAX_CONSIGNED,
    DocumentType.TAX_ZERO_RATED: DocumentType.TAX_ZERO_RATED_CONSIGNED,
    DocumentType.EXEMPT: DocumentType.EXEMPT_CONSIGNED,
}
TYPES: Final = frozenset(one.value for one in DocumentType if one.is_consigned)
IS_CONSIGNED: Final = Q(document_type__in=sorted(TYPES))
"""Documents that are no sales of who issued them."""


def is_consigned(content: Mapping[str, Any]) -> bool:
    """Whether half-written content is to be a consigned document."""
    kind = content.get("document_type")
    return isinstance(kind, str) and kind in TYPES


def parties(content: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Content with our business where it belongs: as the broker of a consigned document, as the supplier otherwise.

    Args:
        content: as it was typed.
        own: our business as a party.
    """
    filled = {name: value for name, value in content.items() if name != "broker"}
    if not is_consigned(content):
        return {**filled, "supplier": dict(own)}
    return {**filled, "supplier": _principal(content.get("supplier")), "broker": dict(own)}


def _principal(given: object) -> dict[str, Any]:
    """위탁자, as typed; the number of a person has no business there and is not kept."""
    typed = dict(given) if isinstance(given, Mapping) else {}
    number = normalize(str(typed.pop("business_number", None) or ""))
    return typed if not number or is_resident_number(number) else {**typed, "business_number": number}
