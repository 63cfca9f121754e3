"""What is done to good files: octets, lengths, tokens and ASN.1 elements are changed, doubled, swapped and left out.

Every mutation takes a source of randomness, the data, and other data to borrow from, and gives new data.
"""

import re
from random import Random

from dojang.npki import der
from dojang.npki.errors import MalformedFile

MAX_BYTES = 1 << 20
MAX_ELEMENTS = 2_000
WINDOW_BYTES = 4_000

# Tags, quoted strings, numbers and words, blanks, anything else: XML, JSON and mail headers alike.
_TOKEN = re.compile(rb'<[^<>]*>|"[^"]*"|[\w.+-]+|\s+|.', re.DOTALL)
_NASTY_TOKENS = (
    *(b"", b"0", b"-0", b"-1", b"1e400", b"NaN", b"true", b"null", b"{}", b"[]", b'""', b"9" * 5_000, b"00" * 500),
    *(b"99991231235959", b"00000000", b"20260230", b"2026-02-30", b"0001-01-01T00:00:00+23:59", b"20261122240000"),
    *("²".encode(), "٣".encode(), "１２".encode(), "도장".encode(), "각".encode(), "\u2028".encode(), "\U0010ffff".encode()),
    *(b"\xff", b"\xed\xa0\x80", b"\0", b"\r", b"\r\n", b"\n\n", b"\x1a", b"\\ud800", b"%00", b"{0}", b"{why_ko}", b"%s"),
    *(b"&#0;", b"&#13;", b"&#x110000;", b"&amp;", b"&e;", b"<![CDATA[ ]]>", b"<!--x-->", b"<?x y?>", b"]]>", b"<a/>"),
    *(b'<!DOCTYPE a [<!ENTITY e "e">]>', b'<?xml version="1.1"?>', b"<a:b xmlns:a='c'/>", b"<b xmlns=''>", b"</b>"),
)  # fmt: skip
_NASTY_LENGTHS = (b"\x00", b"\x01", b"\x7f", b"\x80", b"\x81", b"\x81\x00", b"\x82\xff\xff", b"\x84\x7f\xff\xff\xff", b"\xff")  # fmt: skip
_NASTY_CONTENTS = (b"", b"\x00", b"\x7f", b"\x80", b"\xff" * 9, b"\x80" * 70, bytes(300), b"\x00\x80", b"99991231235959Z", b"000101000000Z")  # fmt: skip
_TAGS = (*range(1, 0x20), 0x30, 0x31, 0x24, 0x80, 0x82, 0x86, 0xA0, 0xA1, 0xA3)


def mutate(random: Random, data: bytes, other: bytes) -> bytes:
    """One to five changes, more often few than many."""
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3, 5))):
        data = random.choice(_mutations_for(data))(random, data, other)[:MAX_BYTES]
    return data


def _mutations_for(data: bytes):
    begins = data.lstrip()[:1]
    if begins == b"\x30":
        return (*ANY, *DER)
    return (*ANY, *TEXT) if begins in (b"<", b"{", b"m") else ANY


def _range(random: Random, data: bytes) -> tuple[int, int]:
    """A stretch of the data, more often short than long."""
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 2, 4, 16, 64, 1_000, len(data))))


def flip_bits(random: Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(random.choice((1, 1, 2, 8))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def truncate(random: Random, data: bytes, _other: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.8 else data[at:]


def remove(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _range(random, data)
    return data[:start] + data[end:]


def splice(random: Random, data: bytes, other: bytes) -> bytes:
    """A stretch of another file, over a stretch of this one or between."""
    start, end = _range(random, data)
    begin, stop = _range(random, other)
    return data[:start] + other[begin:stop] + data[random.choice((start, end)) :]


def repeat(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _range(random, data)
    block = data[start:end] or b"\x30\x80"
    times = min(random.choice((2, 2, 2, 2, 3, 3, 10, 10, 100, 10_000)), MAX_BYTES // len(block))
    return data[:start] + block * times + data[end:]


def change_length(random: Random, data: bytes, _other: bytes) -> bytes:
    """An octet that may well be a length becomes one that lies."""
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_NASTY_LENGTHS) + data[at + 1 :]


def edit_token(random: Random, data: bytes, other: bytes) -> bytes:
    before, tokens, behind = _tokens(random, data)
    _, others, _ = _tokens(random, other)
    at, to = random.randrange(len(tokens)), random.randrange(len(tokens))
    match random.randrange(6):
        case 0:
            tokens[at] = random.choice(_NASTY_TOKENS)
        case 1:
            tokens.insert(at, random.choice(_NASTY_TOKENS))
        case 2:
            tokens[at] = random.choice(others)
        case 3:
            tokens[at], tokens[to] = tokens[to], tokens[at]
        case 4:
            tokens[to:to] = tokens[at : at + random.choice((1, 3, 30))]
        case _:
            del tokens[at : at + random.choice((1, 1, 3, 30))]
    return b"".join((before, *tokens, behind))


def _tokens(random: Random, data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """The tokens in a window, since all of a large file would take long; and what is before and behind it."""
    start = random.randrange(max(1, len(data) - WINDOW_BYTES + 1))
    end = start + WINDOW_BYTES
    return data[:start], _TOKEN.findall(data[start:end]) or [b""], data[end:]


def edit_element(random: Random, data: bytes, other: bytes) -> bytes:
    """One ASN.1 element is changed and all lengths around it are made right again, so that readers go on."""
    root, elements = _elements(data)
    if root is None:
        return flip_bits(random, data, other)
    chosen = random.choice(elements)
    return _rebuilt(root, chosen, _changed(random, chosen, elements, other))


def _elements(data: bytes) -> tuple[der.Element | None, list[der.Element]]:
    try:
        root = der.parse(data, max_elements=MAX_ELEMENTS)
    except MalformedFile:
        return None, []
    found = [root]
    for element in found:  # grows while it is walked
        found += element.parts
    return root, found


def _changed(random: Random, element: der.Element, elements: list[der.Element], other: bytes) -> bytes:
    change = random.choice(
        (
            lambda: b"",
            lambda: element.encoded * random.choice((2, 2, 20)),
            lambda: random.choice(elements).encoded,
            lambda: random.choice(_elements(other)[1] or elements).encoded,
            lambda: der.encode(random.choice(_TAGS), element.content),
            lambda: der.encode(element.tag, random.choice(_NASTY_CONTENTS)),
            lambda: bytes((element.tag | 0x20, 0x80)) + element.content + b"\0\0",
            lambda: der.encode(element.tag, _changed_content(random, element.content, other)),
        )
    )
    return change()


def _changed_content(random: Random, content: bytes, other: bytes) -> bytes:
    """What a string holds is often ASN.1 again."""
    change = edit_element if _elements(content)[1] else flip_bits
    return change(random, content, other)


def _rebuilt(element: der.Element, chosen: der.Element, changed: bytes) -> bytes:
    if element is chosen:
        return changed
    if not element.parts:
        return element.encoded
    return der.encode(element.tag, *(_rebuilt(part, chosen, changed) for part in element.parts))


ANY = (flip_bits, truncate, remove, splice, repeat, change_length)
TEXT = (edit_token,) * 8
DER = (edit_element,) * 8
