"""ZIP files that are made while they are read: nothing on disk, and of each file kept no more than its entry's line.

`zipfile` keeps an object for each file and can't take what is compressed already; here are the few structures that
are needed. Sizes of a file that is written in pieces follow its data.

Source: APPNOTE.TXT 6.3 of PKWARE: 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (central directory), 4.3.14
and 4.3.15 (ZIP64), 4.3.16 (end), 4.4.4 (bit 3: sizes follow; bit 11: names are UTF-8), 4.5.3 (ZIP64 extra field).
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.utils import timezone

from dojang.service.errors import ServiceError

_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END: Final = struct.Struct("<4sHHHHLLH")
_END64: Final = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR: Final = struct.Struct("<4sLQL")
_DESCRIPTOR: Final = struct.Struct("<4sLLL")
_DESCRIPTOR64: Final = struct.Struct("<4sLQQ")
_EXTRA64: Final = struct.Struct("<HHQQ")
_EXTRA64_OFFSET: Final = struct.Struct("<HHQQQ")
_DEFLATED: Final = 8
_UTF8, _SIZES_FOLLOW = 0x800, 0x008
_PLAIN_VERSION, _ZIP64_VERSION = 20, 45
_MADE_ON_UNIX: Final = 3 << 8
_PRIVATE_FILE: Final = 0o100600 << 16
_FULL, _FULL_COUNT = 0xFFFFFFFF, 0xFFFF
_ZIP64: Final = 1
_LEVEL: Final = 6
_YEARS: Final = (1980, 2107)
"""The first and the last that a ZIP can name."""


class TooBigForZip(ServiceError):
    """A file that was not announced as big became so."""

    code = "too_big_for_zip"
    ko = "파일 하나가 4GiB를 넘어 만들 수 없습니다. 기간을 나누어 받아 주세요."
    en = "One of the files grew beyond 4 GiB. Take it out in shorter periods."


class Pipe:
    """What is written on one side and taken out on the other."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> None:
        """Put in."""
        self._pieces.append(data)
        self.size += len(data)

    def take(self) -> bytes:
        """Everything since it was last taken."""
        pieces, self._pieces, self.size = self._pieces, [], 0
        return b"".join(pieces)


Write = Callable[[bytes], object]


class Archive:
    """A ZIP, written by calling `write`. Names are UTF-8, ZIP64 is used where it is needed.

    Without `finish` there is no list of what is in it, so a program that opens it sees that it is not whole.
    """

    def __init__(self, write: Write, *, at: datetime) -> None:
        self._sink = write
        self._offset = 0
        self._list = bytearray()
        self._count = 0
        local = timezone.localtime(at)
        year = min(max(local.year, _YEARS[0]), _YEARS[1]) - _YEARS[0]
        self._day = year << 9 | local.month << 5 | local.day
        self._time = local.hour << 11 | local.minute << 5 | local.second >> 1

    def add(self, name: str, data: bytes) -> None:
        """A file of which all is at hand."""
        self.add_deflated(name, _deflated(data), crc=zlib.crc32(data), size=len(data))

    def add_deflated(self, name: str, packed: bytes, *, crc: int, size: int) -> None:
        """The same for what is compressed already.

        Args:
            name: with folders.
            packed: raw DEFLATE, without the head and the tail of zlib.
            crc: CRC-32 of what it opens to.
            size: of what it opens to, in bytes; less than 4 GiB.
        """
        start = self._head(name, _UTF8, crc, len(packed), size)
        self._write(packed)
        self._note(name, _UTF8, crc, len(packed), size, start)

    @contextmanager
    def open(self, name: str, *, big: bool = False) -> Iterator[Write]:
        """A file that is written in pieces, by calling what is given.

        Args:
            name: with folders.
            big: room for more than 4 GiB. Programs that read spreadsheets know no such files.

        Raises:
            TooBigForZip: it was not announced as big.
        """
        flags = _UTF8 | _SIZES_FOLLOW
        start = self._head(name, flags, 0, 0, 0, big=big)
        data_start = self._offset
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        crc = size = 0

        def write(data: bytes) -> None:
            nonlocal crc, size
            crc, size = zlib.crc32(data, crc), size + len(data)
            self._write(packer.compress(data))

        yield write
        self._write(packer.flush())
        packed = self._offset - data_start
        if not big and max(size, packed) >= _FULL:
            raise TooBigForZip
        self._write((_DESCRIPTOR64 if big else _DESCRIPTOR).pack(b"PK\7\x08", crc, packed, size))
        self._note(name, flags, crc, packed, size, start)

    def finish(self) -> None:
        """Write the list of what is in it."""
        start, length = self._offset, len(self._list)
        self._write(bytes(self._list))
        if self._count >= _FULL_COUNT or start >= _FULL or length >= _FULL:
            end64 = self._offset
            versions = (_MADE_ON_UNIX | _ZIP64_VERSION, _ZIP64_VERSION)
            rest = (0, 0, self._count, self._count, length, start)
            self._write(_END64.pack(b"PK\6\6", _END64.size - 12, *versions, *rest))
            self._write(_LOCATOR.pack(b"PK\6\7", 0, end64, 1))
        count = min(self._count, _FULL_COUNT)
        self._write(_END.pack(b"PK\5\6", 0, 0, count, count, min(length, _FULL), min(start, _FULL), 0))

    def _head(self, name: str, flags: int, crc: int, packed: int, size: int, *, big: bool = False) -> int:
        start, encoded = self._offset, name.encode()
        extra = _EXTRA64.pack(_ZIP64, _EXTRA64.size - 4, 0, 0) if big else b""
        if big:
            packed = size = _FULL
        version = _ZIP64_VERSION if big else _PLAIN_VERSION
        about = (version, flags, _DEFLATED, self._time, self._day, crc, packed, size)
        self._write(_LOCAL.pack(b"PK\3\4", *about, len(encoded), len(extra)) + encoded + extra)
        return start

    def _note(self, name: str, flags: int, crc: int, packed: int, size: int, start: int) -> None:
        """A line of the list."""
        encoded, extra, version = name.encode(), b"", _PLAIN_VERSION
        if max(packed, size, start) >= _FULL:
            version = _ZIP64_VERSION
            extra = _EXTRA64_OFFSET.pack(_ZIP64, _EXTRA64_OFFSET.size - 4, size, packed, start)
            packed = size = start = _FULL
        about = (flags, _DEFLATED, self._time, self._day, crc, packed, size)
        self._list += _CENTRAL.pack(
            b"PK\1\2", _MADE_ON_UNIX | version, version, *about,
            len(encoded), len(extra), 0, 0, 0, _PRIVATE_FILE, start,
        )  # fmt: skip
        self._list += encoded + extra
        self._count += 1

    def _write(self, data: bytes) -> None:
        self._sink(data)
        self._offset += len(data)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
