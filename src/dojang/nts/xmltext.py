"""Text and elements in canonical form, for writers that need no DOM.

Source: W3C Canonical XML 1.0, 2.3.
"""

from dojang.etax import xml_values
from dojang.nts.errors import CannotWriteText


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
    forbidden = xml_values.FORBIDDEN.search(value)
    if forbidden:
        raise CannotWriteText(character=f"U+{ord(forbidden[0]):04X}")
    return xml_values.text(value).encode()


def attribute(value: str) -> bytes:
    """An escaped attribute value; one that came out of XML or is made of letters and digits."""
    return xml_values.attribute(value).encode()
