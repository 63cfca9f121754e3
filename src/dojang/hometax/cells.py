"""What a cell says: amounts with commas, dates of every shape, numbers that Excel made of text."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

Cell = str | int | float | bool | date | datetime | None
"""As a reader of spreadsheets gives it; whole numbers may come as floats."""

_EXACT: Final = 2**53
_MOST_WON: Final = 10**18
_LONGEST: Final = 40
"""Characters of a date or a number. Far more blanks between digits would be looked at in as many ways as there are."""
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
"""1970-01-01 and 2099-12-31 as Excel counts days."""
_EPOCH: Final = date(1899, 12, 30)
_DAY: Final = re.compile(
    r"(?P<y>[0-9]{4})\s*[-./년]?\s*(?P<m>[0-9]{1,2})\s*[-./월]?\s*(?P<d>[0-9]{1,2})\s*일?(?:[T ].*)?"
)
_COMPACT: Final = re.compile(r"[0-9]{8}(?:[T ]?[0-9:]*)?")
_WON: Final = re.compile(
    r"(?P<minus>[-−‐-―△▲]?)\s*₩?\s*(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?\s*원?"
)
_IN_BRACKETS: Final = re.compile(r"\((?P<inner>.+)\)")
_DIGITS_OF_MONTH: Final = 4
_LETTERS: Final = 26


class Unreadable(ValueError):
    """The cell does not say what its column is for."""


def letter(place: int) -> str:
    """What Excel calls the column at this place, counted from 0: 0 → A, 26 → AA."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def text(cell: Cell) -> str:
    """As a person sees it: 1234567890 and not 1234567890.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _short(cell: Cell) -> str:
    """What stands in a cell of a date or a number.

    Raises:
        Unreadable: too long to be one.
    """
    written = text(cell)
    if len(written) > _LONGEST:
        raise Unreadable
    return written


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell is not None and text(cell) for cell in row)


def day(cell: Cell) -> date | None:
    """A date from a date, a text, a number of eight digits or Excel's count of days; None where nothing stands.

    Raises:
        Unreadable.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = _short(cell)
    if not written:
        return None
    if not isinstance(cell, str) and written.isdigit() and _FIRST_SERIAL <= int(written) <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=int(written))
    if _COMPACT.fullmatch(written):
        parts = (written[:4], written[4:6], written[6:8])
    elif match := _DAY.fullmatch(written):
        parts = (match["y"], match["m"], match["d"])
    else:
        raise Unreadable
    try:
        return date(*map(int, parts))
    except ValueError:
        raise Unreadable from None


def day_of_month(cell: Cell, near: date) -> date | None:
    """The date of an item, which may be written as month and day alone: then in the year of the document.

    Raises:
        Unreadable.
    """
    written = text(cell).replace("/", "").replace("-", "").replace(".", "")
    if len(written) == _DIGITS_OF_MONTH and written.isdigit():
        return day(f"{near.year}{written}")
    return day(cell)


def won(cell: Cell) -> int | None:
    """Whole won; below zero with a minus, △ or in brackets; None where nothing stands.

    Raises:
        Unreadable.
    """
    if isinstance(cell, bool):
        raise Unreadable
    if isinstance(cell, int):
        amount = cell
    elif isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= _EXACT:
            raise Unreadable
        amount = int(cell)
    else:
        written = _short(cell)
        if not written:
            return None
        amount = _written_won(written)
    if abs(amount) > _MOST_WON:
        raise Unreadable
    return amount


def _written_won(written: str) -> int:
    bracketed = _IN_BRACKETS.fullmatch(written)
    match = _WON.fullmatch(bracketed["inner"].strip() if bracketed else written)
    if match is None or (bracketed and match["minus"]) or not match["digits"].isascii():
        raise Unreadable
    digits = match["digits"].replace(",", "")
    if len(digits) > len(str(_MOST_WON)):
        raise Unreadable
    amount = int(digits)
    return -amount if bracketed or match["minus"] else amount


def exact(cell: Cell) -> Decimal | None:
    """A quantity or a price, with two decimal places at most; None where nothing stands.

    Raises:
        Unreadable.
    """
    written = (repr(cell) if isinstance(cell, float) else _short(cell)).replace(",", "").replace("−", "-")
    if not written:
        return None
    try:
        number = Decimal(written)
        if not number.is_finite() or number.adjusted() > 17:  # noqa: PLR2004 (digits that the standard holds)
            raise Unreadable
        in_cents = number.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Unreadable from None
    if number != in_cents:
        raise Unreadable
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else in_cents
