"""A spreadsheet as rows of text; a workbook is read in a process of its own."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any, Final

from dojang.service import workbooks

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
"""Below the headings."""
MOST_COLUMNS: Final = 100
MOST_CHARACTERS: Final = 5_000
"""In one cell; more than any field holds, so that what is too long is told and not cut unseen."""
_ROWS_ABOVE: Final = 20
"""Titles and blank rows that may stand above the headings."""
_BOUNDS: Final = workbooks.Bounds(unpacked=100 << 20, memory=1 << 30, seconds=20)

Rows = list[list[str]]


def read(content: bytes) -> Rows:
    """The rows of an .xlsx, .xls or .csv file; of a workbook, its first sheet.

    Raises:
        TooLarge, Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise workbooks.TooLarge
    if not workbooks.is_workbook(content):
        return _bounded(_of_csv(content))
    workbooks.look_at(content, _BOUNDS)
    [written] = workbooks.lines(__file__, content, _BOUNDS)
    rows: Rows = json.loads(written)
    return rows


def _of_csv(content: bytes) -> Iterator[list[object]]:
    text = _decoded(content)
    if "\x00" in text:
        raise workbooks.Unreadable
    head = text[:4096].partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise workbooks.Unreadable from None


def _decoded(content: bytes) -> str:
    """UTF-8, with or without its mark, UTF-16 with it, or what Korean Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise workbooks.Unreadable


def _bounded(rows: Iterable[Iterable[object]]) -> Rows:
    """Rows as text, without empty ones at the end of them.

    Raises:
        TooLarge: too many rows or columns with something in them.
    """
    texts = ([_text(cell) for cell in row] for row in rows)
    return list(workbooks.used(texts, most_rows=MOST_ROWS + _ROWS_ABOVE, most_columns=MOST_COLUMNS))


def _text(cell: object) -> str:
    """A cell as a person sees it: 1234567890 and not 1234567890.0."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - exact in a float
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()[:MOST_CHARACTERS]


def _write(workbook: Any, out: IO[str]) -> None:
    # From the first cell on, so that rows have the numbers that people see.
    sheet = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    out.write(json.dumps(_bounded(sheet)))


if __name__ == "__main__":
    sys.exit(workbooks.serve(_write, _BOUNDS))
