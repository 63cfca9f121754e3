"""The bounds of packages and CMS, and `dojang.npki.der` refusing in the words of `nts`.

BER writers send both with indefinite lengths and strings in chunks: the reader takes these. Source: ITU-T X.690.
"""

from dojang.npki import der
from dojang.npki.der import Element
from dojang.npki.errors import MalformedFile
from dojang.nts.errors import Malformed

MAX_BYTES = 48 << 20
"""100 invoices of 99 full lines are about 25 MB."""

MAX_ELEMENTS = 200_000
"""A package of that size in chunks of 1,000 bytes, as BER writers make them, has about 50,000."""

_MAX_INTEGER_BYTES = 4
_SHOWN_BYTES = 16


def parse(data: bytes) -> Element:
    """The one value that these octets are.

    Raises:
        Malformed: not BER, cut short, followed by more, too large, too deep, too many parts.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(why_ko="너무 큽니다", why_en="it is too large")
    try:
        return der.parse(data, max_elements=MAX_ELEMENTS)
    except MalformedFile:
        raise Malformed(
            why_ko="끊겼거나, 뒤에 다른 자료가 붙었거나, 너무 복잡하거나, ASN.1이 아닙니다",
            why_en="it is cut short, followed by more, too complex or not ASN.1",
        ) from None


def members(element: Element, tag: int, least: int, most: int) -> tuple[Element, ...]:
    """What is inside a SEQUENCE or SET that has to have so many members.

    Raises:
        Malformed: when it is another type or has another number of them.
    """
    if element.tag != tag or not least <= len(element.parts) <= most:
        raise Malformed(why_ko="구조가 표준과 다릅니다", why_en="its structure is not the standard's")
    return element.parts


def octets(element: Element, tag: int = der.OCTET_STRING) -> bytes:
    """The content of an OCTET STRING (or one under an implicit tag), whole or in chunks.

    Raises:
        Malformed: when it is something else.
    """
    try:
        return element.octets_tagged(tag)
    except MalformedFile:
        raise Malformed(
            why_ko="문자열이 있어야 할 자리에 다른 값이 있습니다",
            why_en="a string is expected where something else is",
        ) from None


def small_integer(element: Element) -> int:
    """An INTEGER of at most four bytes.

    Raises:
        Malformed: when it is something else.
    """
    if element.tag != der.INTEGER or not 1 <= len(element.content) <= _MAX_INTEGER_BYTES:
        raise Malformed(
            why_ko="정수가 있어야 할 자리에 다른 값이 있습니다",
            why_en="an integer is expected where something else is",
        )
    return element.integer()


def dotted(element: Element) -> str:
    """An OBJECT IDENTIFIER in dotted decimal; the hex of how it begins when it is none, to be shown to people."""
    try:
        return element.oid()
    except MalformedFile:
        return element.content[:_SHOWN_BYTES].hex() or "?"


def same(one: Element, other: Element) -> bool:
    """Whether both are the same value, in whichever forms their lengths are written."""
    if one.tag != other.tag or len(one.parts) != len(other.parts):
        return False
    return all(map(same, one.parts, other.parts)) if one.parts else one.content == other.content
