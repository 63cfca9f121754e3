"""A list of hundreds of thousands of rows, read in a process of its own and handed over row by row."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Final

from dojang.service import workbooks

MOST_BYTES: Final = 30 << 20
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 100
MOST_SHEETS: Final = 20
MOST_CHARACTERS: Final = 1_000
_MOST_WRITTEN: Final = 600 << 20
"""Of all rows together: a real list has some 1 KB in a row, and one long text costs a file nothing in each cell."""
_BOUNDS: Final = workbooks.Bounds(unpacked=1 << 30, memory=2 << 30, seconds=120)
_EXACT: Final = 2**53
_NO_NUMBERS: Final = (float("inf"), float("-inf"))

Given = str | int | float | None
Line = tuple[int, list[Given]]
"""The number of a sheet, from 0, and one row of it."""


def look_at(content: bytes) -> None:
    """What can be said before a worker reads it: its size, its kind, and what it declares.

    Raises:
        TooLarge, Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise workbooks.TooLarge
    workbooks.look_at(content, _BOUNDS)


def rows(content: bytes) -> Iterator[Line]:
    """The rows of every sheet, from its first row on, empty ones among them.

    Raises:
        TooLarge, Unreadable: perhaps after some rows.
    """
    look_at(content)
    for line in workbooks.lines(__file__, content, _BOUNDS):
        sheet, row = json.loads(line)
        yield sheet, row


def _write(workbook: Any, out: IO[str]) -> None:
    rows_left, bytes_left = MOST_ROWS, _MOST_WRITTEN
    for number, _ in enumerate(workbook.sheet_names[:MOST_SHEETS]):
        cells = _cells(workbook.get_sheet_by_index(number))
        for row in workbooks.used(cells, most_rows=rows_left, most_columns=MOST_COLUMNS):
            line = json.dumps([number, row]) + "\n"
            rows_left -= 1
            bytes_left -= len(line)
            if bytes_left < 0:
                raise workbooks.TooLarge
            out.write(line)


def _cells(sheet: Any) -> Iterator[list[Given]]:
    """Rows are given from the first one on, cells from the first that is used: columns keep the names people see."""
    start = sheet.start
    margin: list[Given] = [None] * (start[1] if start else 0)
    for row in sheet.iter_rows():
        yield [*margin, *map(_plain, row)]


def _plain(cell: object) -> Given:
    """A cell as JSON can say it; a date as people write it."""
    if cell is None or cell == "" or cell in _NO_NUMBERS or cell != cell:  # noqa: PLR0124 (NaN)
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    if isinstance(cell, int | float):
        return cell
    written = cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
    return written.replace("\x00", "").strip()[:MOST_CHARACTERS]


if __name__ == "__main__":
    sys.exit(workbooks.serve(_write, _BOUNDS))
