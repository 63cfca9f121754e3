"""multipart/related: a SOAP envelope and at most a few attachments, written strictly and read tolerantly.

Attachments are binary as they are, so the boundary has to be one that does not occur in them; the writer
derives it from their digest, which also makes equal messages equal byte for byte.

Source: KEC 표준전자세금계산서 v3.0, SOAP with Attachments; RFC 2045, 2046, 2387, 2392.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dojang.nts.errors import MimeRefused

MAX_BYTES = 64 << 20
MAX_PARTS = 8
MAX_HEADER_BYTES = 16 << 10

XML_TYPE = "text/xml; charset=UTF-8"
BINARY_TYPE = "application/octet-stream"

_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))')
_HEADER_END = re.compile(rb"(?:\A|\r?\n)\r?\n")
_MAX_BOUNDARY = 200
_LF = 0x0A


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `content_id` without angle brackets, empty when the part has none."""

    content_id: str
    content_type: str
    content: bytes = field(repr=False)


def write(parts: Sequence[Part], boundary: str | None = None) -> tuple[str, bytes]:
    """Content-Type of the HTTP message, and its body; the first part is the root.

    Raises:
        MimeRefused: when a boundary is given that occurs in a part.
    """
    boundary = boundary or _boundary(parts)
    delimiter = f"--{boundary}".encode()
    if any(delimiter in part.content for part in parts):
        raise MimeRefused(why_ko="구분자가 내용에 들어 있습니다", why_en="the boundary occurs in a part")
    chunks: list[bytes] = []
    for part in parts:
        head = f"Content-Type: {part.content_type}\r\nContent-ID: <{part.content_id}>\r\n\r\n"
        chunks += (delimiter, b"\r\n", head.encode(), part.content, b"\r\n")
    chunks += (delimiter, b"--\r\n")
    return (
        f'multipart/related; type="text/xml"; start="<{parts[0].content_id}>"; boundary="{boundary}"',
        b"".join(chunks),
    )


def _boundary(parts: Sequence[Part]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.content).digest())
    return f"----=_Part_{digest.hexdigest()[:32]}"


def read(content_type: str | None, body: bytes) -> tuple[Part, ...]:
    """The parts of an HTTP message, the root first; a message that is no multipart is one part.

    Tolerates a missing or odd Content-Type, lines that end in LF only, blank lines and text before the
    first boundary, parts without header, ids with or without brackets, base64.

    Raises:
        MimeRefused: not readable, cut short, too large or with too many parts.
    """
    if len(body) > MAX_BYTES:
        raise _refused("너무 큽니다", "it is too large")
    kind, parameters = _content_type(content_type or "")
    boundary = parameters.get("boundary", "").encode("utf-8", "surrogateescape")
    if not boundary or not kind.startswith("multipart/"):
        boundary = _sniffed_boundary(body)
    if not boundary:
        return (Part("", content_type or XML_TYPE, body),)
    parts = tuple(_part(chunk) for chunk in _split(body, boundary))
    start = _bare(parameters.get("start", ""))
    # A root that is named but not there is a producer's slip: the first part is the root then (RFC 2387).
    return tuple(sorted(parts, key=lambda part: not (start and part.content_id == start)))


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    value = value[:MAX_HEADER_BYTES]
    kind = value.partition(";")[0].strip().lower()
    parameters: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        parameters.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return kind, parameters


def _sniffed_boundary(body: bytes) -> bytes:
    """The boundary of a message whose Content-Type does not tell: its first line that is not blank."""
    line = body[:MAX_HEADER_BYTES].lstrip().partition(b"\n")[0].rstrip()
    return line[2:] if line.startswith(b"--") and len(line) <= _MAX_BOUNDARY else b""


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the delimiter lines.

    A delimiter stands at the beginning of a line and nothing but blanks follow it, so binary content may
    hold what merely begins like one. The line end before it belongs to it; whether that is CRLF or LF is
    told by the first delimiter, because in a message of bare LFs a CR before it is content.
    """
    delimiter = re.compile(rb"--%b(--)?[ \t]*(\r?\n|\Z)" % re.escape(boundary))
    chunks: list[bytes] = []
    begin: int | None = None
    line_end = b"\r\n"
    for match in delimiter.finditer(body):
        if match.start() and body[match.start() - 1] != _LF:
            continue
        if begin is None:
            line_end = match[2]
        else:
            chunks.append(_without_line_end(body[begin : match.start()], line_end))
        if match[1]:
            if chunks:
                return chunks
            break
        if len(chunks) == MAX_PARTS:
            raise _refused("부분이 너무 많습니다", "it has too many parts")
        begin = match.end()
    raise _refused("끝나는 구분자가 없습니다", "its closing boundary is missing")


def _without_line_end(chunk: bytes, line_end: bytes) -> bytes:
    return chunk.removesuffix(line_end) if chunk.endswith(line_end) else chunk.removesuffix(b"\n")


def _part(chunk: bytes) -> Part:
    end = _HEADER_END.search(chunk[: MAX_HEADER_BYTES + 4])
    if end is None:
        raise _refused("부분의 머리글이 끝나지 않습니다", "the header of a part does not end")
    headers = _headers(chunk[: end.start()])
    content = chunk[end.end() :]
    encoding = headers.get("content-transfer-encoding", "binary").lower()
    if encoding == "base64":
        content = _base64(content)
    elif encoding not in {"binary", "8bit", "7bit"}:
        raise _refused(
            "모르는 전송 인코딩(Content-Transfer-Encoding)입니다", "its Content-Transfer-Encoding is unknown"
        )
    return Part(_bare(headers.get("content-id", "")), headers.get("content-type", ""), content)


def _headers(head: bytes) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace"))
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _base64(content: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        raise _refused("base64를 읽을 수 없습니다", "a part is not base64") from None


def _bare(content_id: str) -> str:
    return content_id.strip().removeprefix("<").removesuffix(">")


def _refused(why_ko: str, why_en: str) -> MimeRefused:
    return MimeRefused(why_ko=why_ko, why_en=why_en)
