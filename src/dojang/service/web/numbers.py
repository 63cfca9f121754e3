"""Numbers in addresses and forms, where anything may stand."""

from typing import Final

_MOST_ID: Final = 1 << 63
_MOST_DIGITS: Final = 19
"""Of a bigint. Longer texts are not even read: Python refuses to make numbers of thousands of digits."""


def row_id(text: str) -> int:
    """The id of a row that a text names; 0, which no row has, where it is none that a bigint holds."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return 0
    number = int(text)
    return number if number < _MOST_ID else 0
