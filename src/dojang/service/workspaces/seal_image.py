"""The picture of a company's seal: PNG or JPEG, judged by its bytes and rebuilt from what shows the picture.

Nothing is decoded by a picture library. Every chunk or segment is walked; only those that are needed to show the
picture are kept, so that no text, position, second file or trailing script hides in what is served again.
Sources: PNG (W3C Recommendation, third edition) chapters 5 and 11; JPEG (ITU-T T.81) annex B.
"""

import struct
import zlib
from collections.abc import Iterator

from dojang.service.workspaces.errors import NotAnImage

MOST_BYTES = 200_000
MOST_PIXELS = 2000
"""Of each side."""

PNG = "image/png"
JPEG = "image/jpeg"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"IDAT", b"IEND"})
_PNG_ANIMATED = frozenset({b"acTL", b"fcTL", b"fdAT"})
_PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE = 3
_ANCILLARY_BIT = 0x20

_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_JPEG_KEPT = _JPEG_FRAMES | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}
"""Frames, tables, restart interval, JFIF, and Adobe's note of how colours are stored."""
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_FILL = 0xFF


def clean(data: bytes) -> tuple[bytes, str]:
    """The picture without anything that doesn't show, and its content type.

    Raises:
        NotAnImage: too big, neither PNG nor JPEG, damaged, animated, or of a kind that browsers don't show alike.
    """
    if len(data) > MOST_BYTES:
        raise NotAnImage(
            why_ko="200 KB를 넘습니다. 크기를 줄여 주세요.",
            why_en="it is larger than 200 KB. Make it smaller.",
        )
    try:
        if data.startswith(_PNG_SIGNATURE):
            return _png(data), PNG
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data), JPEG
    except (struct.error, IndexError, zlib.error):
        raise _damaged() from None
    raise NotAnImage(
        why_ko="PNG나 JPEG 이미지가 아닙니다. 이미지를 PNG로 저장해 올려 주세요.",
        why_en="it is neither PNG nor JPEG. Save the picture as PNG.",
    )


def _damaged() -> NotAnImage:
    return NotAnImage(
        why_ko="파일이 손상되었습니다. 이미지를 다시 저장해 올려 주세요.",
        why_en="it is damaged. Save the picture again.",
    )


def _other_kind() -> NotAnImage:
    return NotAnImage(
        why_ko="움직이거나 특수한 방식으로 저장된 이미지입니다. 일반 PNG로 저장해 올려 주세요.",
        why_en="it is animated or stored in a special way. Save it as an ordinary PNG.",
    )


def _refuse_size(width: int, height: int) -> None:
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise NotAnImage(
            why_ko=f"가로와 세로가 각각 {MOST_PIXELS:,}픽셀을 넘을 수 없습니다.",
            why_en=f"neither side may be longer than {MOST_PIXELS:,} pixels.",
        )


# PNG ---------------------------------------------------------------------------------------------------------


def _png(data: bytes) -> bytes:
    chunks = list(_png_chunks(data))
    names = [name for name, _ in chunks]
    if names[0] != b"IHDR" or names[-1] != b"IEND" or names.count(b"IHDR") != 1 or names.count(b"PLTE") > 1:
        raise _damaged()
    if _PNG_ANIMATED & set(names):
        raise _other_kind()
    colour = _png_header(chunks[0][1], has_palette=b"PLTE" in names)
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    if not _inflates_to(packed, _png_bytes(chunks[0][1], colour)):
        raise _damaged()
    kept = (_png_chunk(name, content) for name, content in chunks if name in _PNG_KEPT)
    return _PNG_SIGNATURE + b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content up to IEND; what stands behind it is left out."""
    at = len(_PNG_SIGNATURE)
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(name + content) != checksum:
            raise _damaged()
        if name not in _PNG_KEPT and not name[0] & _ANCILLARY_BIT:
            raise _other_kind()
        yield name, content
        if name == b"IEND":
            return
        at += 12 + length


def _png_header(header: bytes, *, has_palette: bool) -> int:
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    _refuse_size(width, height)
    if depth not in _PNG_DEPTHS.get(colour, ()) or (colour == _PALETTE and not has_palette):
        raise _damaged()
    if compression or filtering or interlace:
        raise _other_kind()
    return int(colour)


def _png_bytes(header: bytes, colour: int) -> int:
    width, height, depth = struct.unpack_from(">IIB", header)
    row = 1 + (width * _PNG_SAMPLES[colour] * depth + 7) // 8
    return int(row * height)


def _inflates_to(packed: bytes, expected: int) -> bool:
    """Whether the pixels are just as many as the header says; never unpacks more than that."""
    inflate = zlib.decompressobj()
    pixels = inflate.decompress(packed, expected + 1)
    return len(pixels) == expected and inflate.eof and not inflate.unused_data


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# JPEG --------------------------------------------------------------------------------------------------------


def _jpeg(data: bytes) -> bytes:
    out, at, frames, scans = [b"\xff\xd8"], 2, 0, 0
    while True:
        marker, at = _jpeg_marker(data, at)
        if marker == _END:
            break
        (length,) = struct.unpack_from(">H", data, at)
        content = data[at + 2 : at + length]
        if length < 2 or len(content) != length - 2:  # noqa: PLR2004 (the length counts its own two bytes)
            raise _damaged()
        at += length
        if marker == _SCAN:
            end = _scan_end(data, at)
            out.append(_segment(marker, content) + data[at:end])
            at, scans = end, scans + 1
            continue
        if marker in _JPEG_FRAMES:
            frames += 1
            _jpeg_frame(content)
        elif marker not in _JPEG_KEPT and not _is_note(marker):
            raise _other_kind()
        if marker in _JPEG_KEPT:
            out.append(_segment(marker, content))
    if frames != 1 or not scans:
        raise _damaged()
    return b"".join(out) + b"\xff\xd9"


def _jpeg_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != _FILL:
        raise _damaged()
    while data[at] == _FILL:
        at += 1
    return data[at], at + 1


def _is_note(marker: int) -> bool:
    """Of a program or a person: position, camera, thumbnail, comment."""
    return 0xE0 <= marker <= 0xEF or marker == 0xFE  # noqa: PLR2004 (APP0 to APP15, COM)


def _jpeg_frame(content: bytes) -> None:
    depth, height, width, components = struct.unpack_from(">BHHB", content)
    if depth != 8 or components not in {1, 3} or len(content) != 6 + 3 * components:  # noqa: PLR2004
        raise _other_kind()
    _refuse_size(width, height)


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise _damaged()
        following = data[at + 1]
        if following == _FILL:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:  # noqa: PLR2004 (RST0 to RST7)
            at += 2
        else:
            return at


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", _FILL, marker, len(content) + 2) + content
