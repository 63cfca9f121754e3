"""How each kind of value of the standard stands in XML: a writer and a reader a kind.

Source: KEC 표준전자세금계산서 v3.0, data types. A value is written as plainly as its type allows: no plus sign,
no comma, no exponent. Readers raise ValueError; they give what JSON holds, since `Invoice` reads JSON strictly.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

# Beside the markup: what XML 1.0 cannot hold at all, and CR, which a parser would turn into LF.
_NOT_PLAIN = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no way to hold (W3C XML 1.0, production Char)."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_IN_ATTRIBUTES = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}


class ForbiddenCharacter(ValueError):
    """Text with a character that XML cannot hold."""


def text(value: str) -> str:
    """Text content as C14N writes it.

    Raises:
        ForbiddenCharacter: the text cannot be written.
    """
    if _NOT_PLAIN.search(value) is None:
        return value
    if FORBIDDEN.search(value) is not None:
        raise ForbiddenCharacter
    return re.sub("[&<>\r]", lambda found: _ENTITIES[found[0]], value)


def attribute(value: str) -> str:
    """An attribute's value as C14N writes it. Raises like `text`."""
    if FORBIDDEN.search(value) is not None:
        raise ForbiddenCharacter
    return re.sub('[&<"\t\n\r]', lambda found: _IN_ATTRIBUTES[found[0]], value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A data type of the standard, with how a wrong value is told.

    Attributes:
        write: a value of the invoice as text.
        read: text of the XML as JSON holds it; raises ValueError.
        ko: what it should be, Korean.
        en: what it should be, English.
    """

    write: Callable[[Any], str]
    read: Callable[[str], object]
    ko: str
    en: str


def _plain(value: Decimal) -> str:
    return "0" if value == 0 else f"{value:f}"


def _read_exact(value: str) -> str:
    number = _number(value)
    if number != round(number, 2):
        raise ValueError
    return f"{number:f}"


def _read_won(value: str) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


_DECIMAL = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})")


def _number(value: str) -> Decimal:
    """XSD's decimal: no exponent, no NaN."""
    if _DECIMAL.fullmatch(value := value.strip()) is None or not value.isascii():
        raise ValueError
    try:
        return Decimal(value)
    except InvalidOperation:  # pragma: no cover: the pattern admits numbers only
        raise ValueError from None


def _digits(length: int) -> Callable[[str], str]:
    pattern = re.compile(rf"[0-9]{{{length}}}")

    def read(value: str) -> str:
        if pattern.fullmatch(value := value.strip()) is None:
            raise ValueError
        return value

    return read


_eight, _fourteen = _digits(8), _digits(14)


def _read_day(value: str) -> str:
    # The XSD has only a pattern of digits, so 20259999 would pass it: ask the calendar.
    return date.fromisoformat(_eight(value)).isoformat()


def _read_instant(value: str) -> str:
    return datetime.strptime(_fourteen(value) + "+0900", "%Y%m%d%H%M%S%z").isoformat()


def _write_instant(value: datetime) -> str:
    return value.isoformat()[:19].translate(_NO_MARKS)


def _write_day(value: date) -> str:
    return value.isoformat().replace("-", "")


_NO_MARKS = str.maketrans("", "", "-:T")

TEXT = Kind(text, str, "글자", "text")
NUMBER = Kind(text, str.strip, "번호", "a number")
WON = Kind(str, _read_won, "원 단위 정수", "a whole number of won")
COUNT = Kind(str, _read_won, "정수", "a whole number")
EXACT = Kind(
    _plain, _read_exact, "소수점 아래 두 자리까지의 숫자", "a number with at most two decimal places"
)
DAY = Kind(_write_day, _read_day, "달력에 있는 날짜(연월일 8자리)", "a date of the calendar (8 digits)")
INSTANT = Kind(
    _write_instant,
    _read_instant,
    "달력에 있는 일시(연월일시분초 14자리)",
    "a time of the calendar (14 digits)",
)


def code(codes: Mapping[Any, str] | type[StrEnum], ko: str, en: str) -> Kind:
    """A code list, whose own spelling may differ from the standard's code."""
    by_value = {item: item.value for item in codes} if isinstance(codes, type) else dict(codes)
    back = {written: item.value for item, written in by_value.items()}

    def read(value: str) -> str:
        if value.strip() not in back:
            raise ValueError
        return back[value.strip()]

    listed = ", ".join(back)
    return Kind(by_value.__getitem__, read, f"{ko} ({listed})", f"{en} ({listed})")
