"""A strict, bounded reader and a writer of ASN.1: certificates, keys, PFX, packages and CMS (X.690).

The reader parses a whole value at once and refuses with `MalformedFile` and nothing else: no later surprise while a
field is looked at. Depth, number of elements and every length are bounded, so a hostile file costs little.
Besides DER it takes the BER some exporters of PFX and writers of CMS make (indefinite lengths, OCTET STRINGs in pieces).
Elements point into what was parsed and copy only what is asked for: tens of megabytes cost nothing at any depth.
They never show their content in `repr`: what is parsed here is often a private key.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dojang.npki.errors import MalformedFile

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_IDENTIFIER: Final = 0x06
SEQUENCE: Final = 0x30
SET: Final = 0x31

MAX_DEPTH: Final = 24
MAX_ELEMENTS: Final = 20_000

_CONSTRUCTED: Final = 0x20
_MULTI_BYTE_TAG: Final = 0x1F
_INDEFINITE: Final = 0x80
_END_OF_CONTENTS: Final = b"\x00\x00"
_MAX_LENGTH_OCTETS: Final = 4
_MAX_OID_OCTETS: Final = 64
_CONTINUES: Final = 0x80


def context(number: int) -> int:
    """The tag octet of a constructed context-specific element `[number]`."""
    return 0xA0 | number


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One value: its tag octet, its content and, when constructed, its parts. Equal when the octets are equal."""

    tag: int
    parts: tuple["Element", ...] = field(repr=False)
    _data: bytes = field(repr=False)
    _begins: int = field(repr=False)
    _content_begins: int = field(repr=False)
    _content_ends: int = field(repr=False)
    _ends: int = field(repr=False)

    @property
    def encoded(self) -> bytes:
        """All its octets: tag, length, content and, where the length is indefinite, the end mark."""
        return self._data[self._begins : self._ends]

    @property
    def content(self) -> bytes:
        return self._data[self._content_begins : self._content_ends]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.encoded == other.encoded

    def __hash__(self) -> int:
        return hash(self.encoded)

    def fields(self, tag: int = SEQUENCE) -> "Fields":
        """The parts in order, for a SEQUENCE or another constructed type."""
        self.require(tag)
        return Fields(self.parts)

    def items(self, tag: int = SEQUENCE) -> tuple["Element", ...]:
        """All parts, for a SEQUENCE OF, a SET OF or an explicit tag."""
        self.require(tag)
        return self.parts

    def require(self, tag: int) -> None:
        if self.tag != tag:
            raise MalformedFile

    def integer(self) -> int:
        self.require(INTEGER)
        content = self.content
        if not content:
            raise MalformedFile
        return int.from_bytes(content, signed=True)

    def octets(self) -> bytes:
        """An OCTET STRING, also one sent in pieces."""
        return self.octets_tagged(OCTET_STRING)

    def octets_tagged(self, tag: int) -> bytes:
        """An OCTET STRING under another primitive `tag` (IMPLICIT tagging)."""
        if self.tag == tag | _CONSTRUCTED:
            return b"".join(part.octets() for part in self.parts)
        self.require(tag)
        return self.content

    def bits(self) -> bytes:
        """A BIT STRING of whole octets, without the octet that counts unused bits."""
        self.require(BIT_STRING)
        content = self.content
        if content[:1] != b"\x00":
            raise MalformedFile
        return content[1:]

    def oid(self) -> str:
        """An OBJECT IDENTIFIER in dotted form."""
        self.require(OBJECT_IDENTIFIER)
        content = self.content
        if not content or len(content) > _MAX_OID_OCTETS or content[-1] & _CONTINUES:
            raise MalformedFile
        first, *rest = _base128(content)
        top = min(first // 40, 2)
        return ".".join(map(str, (top, first - 40 * top, *rest)))


class Fields:
    """Walks the parts of a SEQUENCE in order; every step that does not fit is a `MalformedFile`."""

    __slots__ = ("_at", "_parts")

    def __init__(self, parts: tuple[Element, ...]) -> None:
        self._parts = parts
        self._at = 0

    def next(self) -> Element:
        if self._at == len(self._parts):
            raise MalformedFile
        self._at += 1
        return self._parts[self._at - 1]

    def optional(self, tag: int) -> Element | None:
        """The next part if it has this tag."""
        if self._at < len(self._parts) and self._parts[self._at].tag == tag:
            return self.next()
        return None

    def end(self) -> None:
        if self._at != len(self._parts):
            raise MalformedFile


def parse(data: bytes, *, max_elements: int = MAX_ELEMENTS) -> Element:
    """Read exactly one value that fills `data` and has at most `max_elements` elements in it.

    Raises:
        MalformedFile: anything else, trailing bytes included.
    """
    element, end = _Parser(data, max_elements).element(0, len(data), 0)
    if end != len(data):
        raise MalformedFile
    return element


def frames_sequence(data: bytes) -> bool:
    """Whether `data` is one SEQUENCE by its own length, whatever is inside: what random octets never are."""
    try:
        tag, body, length = _header(data, 0, len(data))
    except MalformedFile:
        return False
    ends_well = data.endswith(_END_OF_CONTENTS) if length is None else body + length == len(data)
    return tag == SEQUENCE and ends_well


class _Parser:
    __slots__ = ("_budget", "_data")

    def __init__(self, data: bytes, max_elements: int) -> None:
        self._data = data
        self._budget = max_elements

    def element(self, start: int, limit: int, depth: int) -> tuple[Element, int]:
        """The value at `start`, which must end at or before `limit`, and where it ends."""
        self._budget -= 1
        if self._budget < 0 or depth > MAX_DEPTH:
            raise MalformedFile
        tag, body, length = _header(self._data, start, limit)
        if length is None:
            return self._indefinite(start, tag, body, limit, depth)
        end = body + length
        if end > limit:
            raise MalformedFile
        parts = tuple(self._parts(body, end, depth)) if tag & _CONSTRUCTED else ()
        return Element(tag, parts, self._data, start, body, end, end), end

    def _parts(self, at: int, end: int, depth: int) -> Iterator[Element]:
        while at < end:
            part, at = self.element(at, end, depth + 1)
            yield part

    def _indefinite(self, start: int, tag: int, body: int, limit: int, depth: int) -> tuple[Element, int]:
        if not tag & _CONSTRUCTED:
            raise MalformedFile
        at, parts = body, list[Element]()
        while self._data[at : at + 2] != _END_OF_CONTENTS:
            part, at = self.element(at, limit, depth + 1)
            parts.append(part)
        end = at + 2
        if end > limit:
            raise MalformedFile
        return Element(tag, tuple(parts), self._data, start, body, at, end), end


def _header(data: bytes, start: int, limit: int) -> tuple[int, int, int | None]:
    """Tag, where the content begins, and its length (None when indefinite)."""
    if start + 2 > limit:
        raise MalformedFile
    tag, first = data[start], data[start + 1]
    if tag & _MULTI_BYTE_TAG == _MULTI_BYTE_TAG:
        raise MalformedFile
    body = start + 2
    if first < _INDEFINITE:
        return tag, body, first
    if first == _INDEFINITE:
        return tag, body, None
    count = first & 0x7F
    if count > _MAX_LENGTH_OCTETS or body + count > limit:
        raise MalformedFile
    return tag, body + count, int.from_bytes(data[body : body + count])


def _base128(content: bytes) -> Iterator[int]:
    value = 0
    for octet in content:
        if octet == _CONTINUES and not value:
            raise MalformedFile  # a leading zero: one identifier would have many encodings (X.690 8.19.2)
        value = value << 7 | octet & 0x7F
        if octet < _CONTINUES:
            yield value
            value = 0


# Writing: DER only


def encode(tag: int, *contents: bytes) -> bytes:
    """One DER value with this tag octet around the joined contents."""
    content = b"".join(contents)
    length = len(content)
    if length < _INDEFINITE:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _INDEFINITE | len(octets))) + octets + content


def sequence(*parts: bytes) -> bytes:
    return encode(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """A SET OF, its parts in the order DER demands."""
    return encode(SET, *sorted(parts))


def integer(value: int) -> bytes:
    length = max(value, ~value).bit_length() // 8 + 1
    return encode(INTEGER, value.to_bytes(length, signed=True))


def octet_string(content: bytes) -> bytes:
    return encode(OCTET_STRING, content)


def bit_string(content: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return encode(BIT_STRING, b"\x00", content)


def null() -> bytes:
    return encode(NULL)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted form."""
    top, second, *rest = map(int, dotted.split("."))
    return encode(OBJECT_IDENTIFIER, *map(_base128_octets, (40 * top + second, *rest)))


def _base128_octets(value: int) -> bytes:
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(0x80 | value & 0x7F)
    return bytes(reversed(octets))
