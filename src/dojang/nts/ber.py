"""BER as packages and CMS carry it: tens of megabytes, indefinite lengths, strings in chunks.

`dojang.npki.der` reads certificates and keys and keeps every element's octets at hand; here only the leaves
keep theirs, so that a hostile 48 MB costs 48 MB whatever its nesting. What is written is DER, by `npki.der`.

Source: ITU-T X.690.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dojang.npki.der import INTEGER, OCTET_STRING, encode
from dojang.npki.der import parse as read_der
from dojang.npki.errors import MalformedError
from dojang.nts.errors import Malformed

MAX_BYTES = 48 << 20
"""100 invoices of 99 full lines are about 25 MB."""

MAX_DEPTH = 16
MAX_ELEMENTS = 200_000
"""A package of that size in chunks of 1,000 bytes, as BER writers make them, has about 50,000."""

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_LONG_LENGTH = 0x80
_MAX_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its identifier octet, and its content octets or the elements inside."""

    tag: int
    content: bytes = field(repr=False)
    children: tuple["Element", ...] = field(repr=False)

    @property
    def constructed(self) -> bool:
        return bool(self.tag & _CONSTRUCTED)


def dotted(element: Element) -> str:
    """An OBJECT IDENTIFIER in dotted decimal; its hex when it is none, since it is only shown to people."""
    try:
        return read_der(der(element)).oid()
    except MalformedError:
        return element.content[:16].hex() or "?"


def der(element: Element) -> bytes:
    """The element with definite, shortest lengths, so that two encodings of one value compare equal."""
    if element.constructed:
        return encode(element.tag, *map(der, element.children))
    return encode(element.tag, element.content)


def octets(element: Element, tag: int = OCTET_STRING) -> bytes:
    """The content of an OCTET STRING (or one under an implicit tag), whole or in chunks.

    Raises:
        Malformed: when it is something else.
    """
    if element.tag == tag:
        return element.content
    if element.tag == tag | _CONSTRUCTED:
        return b"".join(map(octets, element.children))
    raise _malformed(
        "문자열이 있어야 할 자리에 다른 값이 있습니다", "a string is expected where something else is"
    )


def members(element: Element, tag: int, least: int, most: int) -> Sequence[Element]:
    """What is inside a SEQUENCE or SET that has to have so many members.

    Raises:
        Malformed: when it is another type or has another number of them.
    """
    if element.tag != tag or not least <= len(element.children) <= most:
        raise _malformed("구조가 표준과 다릅니다", "its structure is not the standard's")
    return element.children


def small_integer(element: Element) -> int:
    """An INTEGER of at most four bytes.

    Raises:
        Malformed: when it is something else.
    """
    if element.tag != INTEGER or not 1 <= len(element.content) <= _MAX_LENGTH_BYTES:
        raise _malformed(
            "정수가 있어야 할 자리에 다른 값이 있습니다", "an integer is expected where something else is"
        )
    return int.from_bytes(element.content, signed=True)


def parse(data: bytes) -> Element:
    """The one value that these octets are.

    Raises:
        Malformed: not BER, cut short, followed by more, too large, too deep, too many parts.
    """
    if len(data) > MAX_BYTES:
        raise _malformed("너무 큽니다", "it is too large")
    reader = _Reader(data)
    element, end = reader.element(0, len(data), 0)
    if end != len(data):
        raise _malformed("뒤에 남은 자료가 있습니다", "more bytes follow it")
    return element


class _Reader:
    __slots__ = ("_data", "_left")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_ELEMENTS

    def element(self, at: int, limit: int, depth: int) -> tuple[Element, int]:
        """The element that begins at `at`, and where it ends."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise _malformed("너무 복잡합니다", "it is too complex")
        tag, size, begin = self._head(at, limit)
        if size is None:
            children, end = self._until_end_mark(begin, limit, depth)
            return Element(tag, b"", children), end
        end = begin + size
        if end > limit:
            raise _malformed("중간에 끊겼습니다", "it is cut short")
        if tag & _CONSTRUCTED:
            return Element(tag, b"", self._until(begin, end, depth)), end
        return Element(tag, self._data[begin:end], ()), end

    def _head(self, at: int, limit: int) -> tuple[int, int | None, int]:
        """Tag, length (None when indefinite) and where the content begins."""
        if at + 2 > limit:
            raise _malformed("중간에 끊겼습니다", "it is cut short")
        tag, length = self._data[at], self._data[at + 1]
        at += 2
        if tag & _LONG_TAG == _LONG_TAG or tag == 0:
            raise _malformed("표준에 없는 태그가 있습니다", "it has a tag the standard does not use")
        if length < _LONG_LENGTH:
            return tag, length, at
        count = length & 0x7F
        if count == 0 and tag & _CONSTRUCTED:
            return tag, None, at
        if not 1 <= count <= _MAX_LENGTH_BYTES or at + count > limit:
            raise _malformed("길이를 읽을 수 없습니다", "a length cannot be read")
        return tag, int.from_bytes(self._data[at : at + count]), at + count

    def _until(self, at: int, end: int, depth: int) -> tuple[Element, ...]:
        children: list[Element] = []
        while at < end:
            child, at = self.element(at, end, depth + 1)
            children.append(child)
        return tuple(children)

    def _until_end_mark(self, at: int, limit: int, depth: int) -> tuple[tuple[Element, ...], int]:
        children: list[Element] = []
        while self._data[at : min(at + 2, limit)] != b"\0\0":
            child, at = self.element(at, limit, depth + 1)
            children.append(child)
        return tuple(children), at + 2


def _malformed(why_ko: str, why_en: str) -> Malformed:
    return Malformed(why_ko=why_ko, why_en=why_en)
