"""How the values of an invoice are written on the form.

Won and numbers with separators, dates as YYYY-MM-DD, numbers of people and companies with their hyphens.
The minus is the one of the keyboard: amounts are copied into spreadsheets, which know no other.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from dojang.etax.codes import AmendmentReason, BuyerKind, PaymentMeans, Purpose
from dojang.etax.identifiers import FOREIGNER_NUMBER, IssueId
from dojang.etax.invoice import ImportDocument, Invoice, Label, LineItem, Payment

_BUSINESS_DIGITS = 10
_RESIDENT_DIGITS = 13
# Nobody living has a 9 or 0 there; the numbers of most corporations have a 0.
_RESIDENT_NUMBER = re.compile(r"(?<![0-9])([0-9]{6}-?[1-8])[0-9]{6}(?![0-9])")
_HIDDEN = "******"
_FIRST_OF_FOREIGN = 2
_LINE_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# Controls and formatting characters show nothing, or turn what stands beside them; joiners make up letters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_HARMLESS = "\n\u200c\u200d"


@dataclass(slots=True)
class Showing:
    """What is asked for while the boxes of one form are filled, and what was noticed.

    Attributes:
        invoice: the document.
        reveal: whether resident numbers are shown in full.
        masked: whether one was hidden.
    """

    invoice: Invoice
    reveal: bool = False
    masked: bool = field(default=False, init=False)

    def text(self, value: str) -> str:
        """Free text as people may see it: nothing unseen in it, resident numbers hidden."""
        return self._without_residents(visible(value))

    def person(self, number: str) -> str:
        """A number of thirteen digits that is a person's, whatever its digits."""
        self.masked = self.masked or not self.reveal
        return f"{number[:6]}-{number[6:] if self.reveal else number[6] + _HIDDEN}"

    def foreigner(self, number: str) -> str:
        """A foreigner's registration or passport number, of which the first two characters may be seen."""
        if self.reveal:
            return visible(number)
        self.masked = self.masked or len(number) > _FIRST_OF_FOREIGN
        return visible(number[:_FIRST_OF_FOREIGN]) + "*" * (len(number) - _FIRST_OF_FOREIGN)

    def _without_residents(self, text: str) -> str:
        if self.reveal:
            return text
        hidden = _RESIDENT_NUMBER.sub(rf"\1{_HIDDEN}", text)
        self.masked = self.masked or hidden != text
        return hidden


def visible(text: str) -> str:
    """Text in which nothing is hidden: controls and characters that turn the direction become their code."""
    if text.isprintable():
        return text
    lines = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    return "".join(_mark(character) for character in lines)


def _mark(character: str) -> str:
    if character in _HARMLESS or unicodedata.category(character) not in _UNSEEN:
        return character
    return f"[U+{ord(character):04X}]"


def width(text: str) -> float:
    """How wide text is, in digits: Korean characters take two, the separators of amounts half of one."""
    separators = (text.count(",") + text.count(".")) / 2
    wide = 0 if text.isascii() else sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) - separators + wide


Shown = str | Label
"""Text of a box; a `Label` where English readers get their own."""

Way = Callable[[object, Showing], Shown]


def _text(value: object, showing: Showing) -> str:
    return showing.text(str(value))


def _lines(value: object, showing: Showing) -> str:
    lines = [showing.text(line) for line in cast(tuple[str, ...], value)]
    if lines and showing.invoice.buyer.kind is BuyerKind.FOREIGNER:
        # There the standard wants the number of a foreigner (KEC 표준전자세금계산서 v3.0, DescriptionText).
        lines[0] = showing.foreigner(cast(tuple[str, ...], value)[0].strip())
    return "\n".join(lines)


def _number(value: object, showing: Showing) -> Shown:
    """A business number with its hyphens, a person's masked; anything else as it was written."""
    number = str(value)
    if number == FOREIGNER_NUMBER:
        return Label(f"{number} (외국인)", f"{number} (foreigner)")
    if not (number.isascii() and number.isdigit()):
        return showing.text(number)
    if len(number) == _BUSINESS_DIGITS:
        return f"{number[:3]}-{number[3:5]}-{number[5:]}"
    if len(number) == _RESIDENT_DIGITS:
        return showing.person(number)
    return number


def _won(value: object, _: Showing) -> str:
    return f"{cast(int, value):,}"


def _decimal(value: object, _: Showing) -> str:
    """Separators, and no more decimal places than say something."""
    text = f"{cast(Decimal, value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quantity(value: object, showing: Showing) -> str:
    item = cast(LineItem, value)
    if item.quantity is None:
        return showing.text(item.unit or "")
    return " ".join(filter(None, [_decimal(item.quantity, showing), showing.text(item.unit or "")]))


def _day(value: object, _: Showing) -> str:
    return cast(date, value).isoformat()


def _month(value: object, showing: Showing) -> str:
    """The month; with its year where that is not the document's."""
    day = cast(date, value)
    month = f"{day.month:02d}"
    return month if day.year == showing.invoice.written_on.year else f"{day.year % 100:02d}.{month}"


def _day_of_month(value: object, _: Showing) -> str:
    return f"{cast(date, value).day:02d}"


def _period(value: object, _: Showing) -> str:
    stated = cast(ImportDocument, value)
    days = [day.isoformat() if day else "" for day in (stated.accepted_from, stated.accepted_to)]
    return " ~ ".join(days).strip() if any(days) else ""


def _issue_id(value: object, showing: Showing) -> Shown:
    if value is None:
        return Label("발행 전", "not issued yet")
    text = str(value)
    issue_id = IssueId.parse(text)
    return issue_id.hyphenated if issue_id else showing.text(text)


def _original_issue_id(value: object, showing: Showing) -> Shown:
    """What an amendment amends; one that was on paper had no issue id."""
    return "" if value is None else _issue_id(value, showing)


def _reason(value: object, showing: Showing) -> Shown:
    if value is None:
        none = Label("해당 없음", "none")
        return "" if showing.invoice.document_type.is_amendment else none
    reason = cast(AmendmentReason, value)
    return Label(f"{reason.value} {reason.ko}", reason.en)


def _purpose(value: object, _: Showing) -> Shown:
    purpose = cast(Purpose | None, value)
    if purpose is None:
        return Label("이 금액을 (　　) 함", "receipt or claim: not said")
    return Label(f"이 금액을 ({purpose.ko}) 함", purpose.en)


def _paid(means: PaymentMeans) -> Way:
    def paid(value: object, _: Showing) -> str:
        amounts = [payment.amount for payment in cast(tuple[Payment, ...], value) if payment.means is means]
        return f"{sum(amounts):,}" if amounts else ""

    return paid


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "text": _text,
        "lines": _lines,
        "number": _number,
        "won": _won,
        "count": _won,
        "decimal": _decimal,
        "quantity": _quantity,
        "day": _day,
        "month": _month,
        "day_of_month": _day_of_month,
        "period": _period,
        "issue_id": _issue_id,
        "original_issue_id": _original_issue_id,
        "reason": _reason,
        "purpose": _purpose,
        **{f"paid_{means.value}": _paid(means) for means in PaymentMeans},
    }
)
"""The names that `shown` may have in `layout.toml`."""

_SAY_SOMETHING_OF_NOTHING = frozenset({"issue_id", "reason", "purpose"})


def reach(record: object, path: str) -> object:
    """The value at a path of fields and places in tuples; None where there is none."""
    value = record
    for step in filter(None, path.split(".")):
        if value is None:
            return None
        if isinstance(value, tuple):
            entries = cast(tuple[object, ...], value)
            value = entries[int(step)] if int(step) < len(entries) else None
        else:
            value = cast(object, getattr(value, step))
    return value


def show(record: object, path: str, way: str, showing: Showing) -> Label:
    """The text of a box, and what it is in English where that differs."""
    value = reach(record, path)
    if value is None and way not in _SAY_SOMETHING_OF_NOTHING:
        return Label("", "")
    shown = WAYS[way](value, showing)
    return shown if isinstance(shown, Label) else Label(shown, shown)
