"""XML as octets: a guarded parse, inclusive C14N 1.0, and slices of the canonical form.

Everything that is signed or verified here works on slices of the canonical form of the *whole* document.
In that form "<" occurs only where a tag begins (text and attribute values carry "&lt;"), comments and CDATA
sections are gone and processing instructions are refused, so that a search for `<name` finds real tags only.
Canonicalising a part of a tree instead is where XML libraries go wrong: libxml2 adds `xmlns=""`.

Source: W3C Canonical XML 1.0; KEC 표준전자세금계산서 v3.0, 전자서명.
"""

import re
from typing import NamedTuple, TypeAlias

from lxml import etree

from dojang.etax.errors import XmlRefused

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 (lxml has no public name)

MAX_BYTES = 1 << 20
"""A tax invoice of 99 items with every field full takes about 250 kB."""

MAX_DEPTH = 32

MAX_NODES = 10_000
"""Elements and attributes together: a tax invoice of 99 items has about 1,400."""

MAX_PREFIXES = 32
"""Different namespace prefixes in one document: C14N takes the square of their number for each element."""

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(
    rb"""<\?xml \s+ version \s*=\s* (?:'1\.0'|"1\.0")
    (?:\s+ encoding \s*=\s* (?:'utf-8'|"utf-8"))?
    (?:\s+ standalone \s*=\s* (?:'yes'|'no'|"yes"|"no"))? \s* \?>""",
    re.VERBOSE | re.IGNORECASE,
)
_ROOT_TAG = re.compile(rb'<(?P<name>[^ >]+)(?P<xmlns>(?: xmlns(?::[^ =]+)?="[^"]*")*)(?: [^ =]+="[^"]*")*>')


class Span(NamedTuple):
    """Where an element stands in the canonical form, from its "<" to behind its last ">"."""

    start: int
    end: int


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> Element:
    """Parse hostile bytes; the root element.

    XML 1.0 in UTF-8 only, no DTD, no entities, no processing instruction, no attribute of the xml: namespace,
    bounded in size, depth, elements and namespaces. Comments are dropped, as C14N drops them.

    Raises:
        XmlRefused: with a sentence saying what was wrong.
    """
    if len(data) > max_bytes:
        raise XmlRefused(why_ko=f"{max_bytes:,}바이트보다 큽니다", why_en=f"larger than {max_bytes:,} bytes")
    _refuse_other_declarations(data.removeprefix(_BOM))
    if len({part.partition(b"=")[0].strip() for part in data.split(b"xmlns")[1:]}) > MAX_PREFIXES:
        raise XmlRefused(why_ko="이름공간이 너무 많습니다", why_en="it has too many namespaces")
    # A parser keeps state: one for each document, so that threads never share it.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0]
        raise XmlRefused(
            why_ko=f"{line}번째 줄에서 XML 문법에 어긋납니다", why_en=f"not well-formed at line {line}"
        ) from None
    _refuse_surprises(root)
    return root


def _refuse_other_declarations(data: bytes) -> None:
    # Another program would read other characters from the same bytes, or (XML 1.1) other line ends.
    if data.startswith((b"<?xml ", b"<?xml\t", b"<?xml\r", b"<?xml\n")) and _DECLARATION.match(data) is None:
        raise XmlRefused(
            why_ko="UTF-8로 쓴 XML 1.0이 아닙니다", why_en="it is not declared as XML 1.0 in UTF-8"
        )


# XPath, since walking every element in Python costs as much as parsing them.
_TOO_MANY = etree.XPath(f"count(//*) + count(//@*) > {MAX_NODES}")
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_INSTRUCTIONS = etree.XPath("boolean(//processing-instruction())")
_XML_ATTRIBUTES = etree.XPath(f"boolean(//@*[namespace-uri() = '{XML_NAMESPACE}'])")

_SURPRISES = (
    (_TOO_MANY, "요소가 너무 많습니다", "it has too many elements"),
    (_TOO_DEEP, "요소가 너무 깊이 겹칩니다", "its elements nest too deeply"),
    (_INSTRUCTIONS, "처리 명령이 들어 있습니다", "it has a processing instruction"),
    # C14N copies xml:lang and its kin from ancestors into parts; nobody needs them in these documents.
    (_XML_ATTRIBUTES, "xml: 속성이 들어 있습니다", "it has an xml: attribute"),
)


def _refuse_surprises(root: Element) -> None:
    # Without a DTD there are no entities but the five of XML.
    if root.getroottree().docinfo.doctype:
        raise XmlRefused(why_ko="DTD가 들어 있습니다", why_en="it has a DTD")
    for is_there, why_ko, why_en in _SURPRISES:
        if is_there(root):
            raise XmlRefused(why_ko=why_ko, why_en=why_en)


def canonical(root: Element) -> bytes:
    """The canonical form of the whole document whose root this is (C14N 1.0 inclusive, no comments).

    Raises:
        XmlRefused: it has none, because a namespace is no absolute URI.
    """
    try:
        return etree.tostring(root.getroottree(), method="c14n", exclusive=False, with_comments=False)
    except etree.C14NError:
        raise XmlRefused(
            why_ko="이름공간이 절대 URI가 아닙니다", why_en="a namespace of it is no absolute URI"
        ) from None


def root_tag(octets: bytes) -> tuple[bytes, int]:
    """The namespace declarations of the root as they stand (leading blank included) and where its tag ends."""
    match = _ROOT_TAG.match(octets)
    if match is None:  # pragma: no cover: the canonical form has no other shape
        raise XmlRefused(why_ko="루트 요소를 읽을 수 없습니다", why_en="its root tag cannot be read")
    return match["xmlns"], match.end()


def only(octets: bytes, name: bytes) -> Span | None:
    """The span of the one element with this qualified name in a canonical form; None when there is none.

    Raises:
        XmlRefused: when there is more than one.
    """
    opens = octets.count(b"<%b>" % name) + octets.count(b"<%b " % name)
    if opens == 0:
        return None
    if opens > 1:
        label = name.decode()
        raise XmlRefused(why_ko=f"{label} 요소가 둘 이상입니다", why_en=f"it has more than one {label}")
    close = b"</%b>" % name
    start = max(octets.find(b"<%b>" % name), octets.find(b"<%b " % name))
    return Span(start, octets.index(close, start) + len(close))


def in_context(part: bytes, namespaces: bytes) -> bytes:
    """A part cut from a canonical form, with the declarations it inherits written on its own tag.

    Inclusive C14N of a subtree does this. `part` must begin with a tag that has no attributes and declares
    nothing; `namespaces` are declarations sorted by prefix, each with a leading blank.
    """
    end = part.index(b">")
    if b" " in part[:end]:
        raise XmlRefused(
            why_ko="서명 정보의 모양이 표준과 다릅니다",
            why_en="its SignedInfo is not of the standard's shape",
        )
    return part[:end] + namespaces + part[end:]


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname
