"""과세구분, 수정 and 영수·청구 as conditions of lists, and as words."""

from collections.abc import Callable
from typing import Final

from django.db.models import Q

from dojang.etax.codes import AmendmentReason, DocumentType, Purpose, Taxation
from dojang.service.lists.described import Choice
from dojang.service.web.say import say


def _of(fits: Callable[[DocumentType], bool]) -> Q:
    return Q(document_type__in=sorted(one.value for one in DocumentType if fits(one)))


def _taxation(name: str, ko: str, en: str, taxation: Taxation) -> Choice:
    return Choice(name, ko, en, _of(lambda one: one.taxation is taxation))


KINDS: Final = (
    _taxation("taxable", "과세", "Taxable", Taxation.TAXABLE),
    _taxation("zero", "영세율", "Zero-rated", Taxation.ZERO_RATED),
    _taxation("exempt", "면세", "Exempt", Taxation.EXEMPT),
)
AMENDED: Final = (
    Choice("no", "수정 제외", "No amendments", _of(lambda one: not one.is_amendment)),
    Choice("yes", "수정만", "Amendments only", _of(lambda one: one.is_amendment)),
)
PURPOSES: Final = tuple(
    Choice(one.value, one.ko, one.en.capitalize(), Q(purpose=one.value))
    for one in (Purpose.CLAIM, Purpose.RECEIPT)
)
_TYPES: Final = {one.value: one for one in DocumentType}
_REASONS: Final = {one.value: one for one in AmendmentReason}
_PURPOSES: Final = {one.name: one for one in PURPOSES}
_TEXTS: Final = {
    Taxation.TAXABLE: ("과세", "Taxable"),
    Taxation.ZERO_RATED: ("영세율", "Zero-rated"),
    Taxation.EXEMPT: ("면세", "Exempt"),
}


def kind_text(document_type: str) -> str:
    """과세구분 in the person's language; nothing for a draft that has none yet."""
    found = _TYPES.get(document_type)
    return say(*_TEXTS[found.taxation]) if found else ""


def purpose_text(purpose: str) -> str:
    """영수·청구 in the person's language; nothing where it is neither."""
    found = _PURPOSES.get(purpose)
    return found.text if found else ""


def reason_text(amendment_reason: str) -> str:
    """수정사유 in the person's language; nothing where it is no amendment."""
    found = _REASONS.get(amendment_reason)
    return say(found.ko, found.en) if found else ""
