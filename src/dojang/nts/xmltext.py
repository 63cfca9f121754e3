"""Text and elements in canonical form, for writers that need no DOM.

Source: W3C Canonical XML 1.0, 2.3.
"""

import re

from dojang.nts.errors import CannotWriteText

_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


def element(name: str, *content: str | bytes) -> bytes:
    """An element without attributes; str is text to be escaped, bytes are elements made before."""
    inner = b"".join(part if isinstance(part, bytes) else text(part) for part in content)
    return b"<%b>%b</%b>" % (name.encode(), inner, name.encode())


def optional(name: str, value: object | None) -> bytes:
    """The element, or nothing for None."""
    return b"" if value is None else element(name, str(value))


def text(value: str) -> bytes:
    """Escaped text.

    Raises:
        CannotWriteText: for a character that XML 1.0 forbids.
    """
    forbidden = _FORBIDDEN.search(value)
    if forbidden:
        raise CannotWriteText(character=f"U+{ord(forbidden[0]):04X}")
    return value.translate(_TEXT).encode()


def attribute(value: str) -> bytes:
    """An escaped attribute value."""
    return value.translate(_ATTRIBUTE).encode()
