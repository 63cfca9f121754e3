"""Spreadsheets as bytes: .xlsx, and the .xls of Excel 97."""

import io
import struct
from typing import Any

import xlsxwriter

_SECTOR = 512


def xlsx(*rows: Any, sheets: dict[str, Any] | None = None, at: tuple[int, int] = (0, 0)) -> bytes:
    """Text as text and numbers as numbers; further sheets by their names."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, some in {"Sheet1": rows, **(sheets or {})}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(some, start=at[0]):
                for place, cell in enumerate(row, start=at[1]):
                    if cell is None:
                        continue
                    write = sheet.write_number if isinstance(cell, int | float) else sheet.write_string
                    write(number, place, cell)
    return file.getvalue()


def xls(*rows: Any) -> bytes:
    """Excel 97: a compound file with one stream of BIFF8 records; up to some 60 kB."""

    def record(kind, body=b""):
        return struct.pack("<HH", kind, len(body)) + body

    def text(words, *, length="<H"):
        return struct.pack(length, len(words)) + b"\x01" + words.encode("utf-16-le")

    begin_book = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin_sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    end = record(0x000A)
    name = text("Sheet1", length="<B")
    place = len(begin_book) + 4 + 6 + len(name) + len(end)
    book = begin_book + record(0x0085, struct.pack("<IH", place, 0) + name) + end
    cells = b"".join(
        record(0x0203, struct.pack("<HHHd", number, column, 0, cell))
        if isinstance(cell, int | float)
        else record(0x0204, struct.pack("<HHH", number, column, 0) + text(cell))
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell is not None
    )
    stream = book + begin_sheet + cells + end
    stream = stream.ljust(max(8 * _SECTOR, -(-len(stream) // _SECTOR) * _SECTOR), b"\x00")
    sectors = len(stream) // _SECTOR
    end_of_chain, free, of_fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [of_fat, end_of_chain, *range(3, 2 + sectors), end_of_chain]
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))

    def entry(words, kind, child, start, size):
        raw = words.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00") + struct.pack("<HBB3I", len(raw), kind, 1, free, free, child) + b"\x00" * 36
            + struct.pack("<IQ", start, size)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1, end_of_chain, 0) + entry("Workbook", 2, free, 2, len(stream))
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<9I", 0, 1, 1, 0, 4096, end_of_chain, 0, end_of_chain, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )  # fmt: skip
    return header + fat + directory.ljust(512, b"\x00") + stream
