"""A spreadsheet as rows of text, read in a process of its own with bounded memory and time.

What people upload is not trusted: a workbook of a few kilobytes can claim a cell in the last row of the last column
and so ask for all the memory there is. Sizes that a workbook declares are looked at first; whatever it does beyond
that happens in a process that may take 1 GB and 20 seconds and is then ended. Run as a program, this module is that
process: the file on its standard input, rows as JSON on its standard output.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
"""Below the headings."""
MOST_COLUMNS: Final = 100
MOST_CHARACTERS: Final = 5_000
"""In one cell; more than any field holds, so that what is too long is told and not cut unseen."""
_MOST_UNPACKED: Final = 100 * 1024 * 1024
_MOST_PARTS: Final = 1_000
_ROWS_ABOVE: Final = 20
"""Titles and blank rows that may stand above the headings."""
_CHILD_BYTES: Final = 1 << 30
_CHILD_SECONDS: Final = 20
_TOO_LARGE: Final = 3
_UNREADABLE: Final = 4
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Rows = list[list[str]]


class TooLarge(Exception):
    """Beyond the bounds."""


class Unreadable(Exception):
    """Not a table, damaged, or locked."""


def read(content: bytes) -> Rows:
    """The rows of an .xlsx, .xls or .csv file; of a workbook, its first sheet.

    Raises:
        TooLarge, Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith(_ZIP):
        refuse_bomb(content)
    if not content.startswith((_ZIP, _OLE)):
        return list(_bounded(_of_csv(content)))
    return _in_a_process(content)


def refuse_bomb(content: bytes, *, most_unpacked: int = _MOST_UNPACKED) -> None:
    """Look at the sizes that a workbook declares, before anything of it is unpacked.

    Raises:
        TooLarge, Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
        raise TooLarge
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable


def _in_a_process(content: bytes) -> Rows:
    try:
        done = subprocess.run(  # noqa: S603 - ourselves, and the file is only its input
            [sys.executable, "-I", __file__],
            input=content,
            capture_output=True,
            timeout=_CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLarge from None
    if done.returncode == _UNREADABLE:
        raise Unreadable
    if done.returncode != 0:
        # Killed by its bounds, or it said so itself.
        raise TooLarge
    rows: Rows = json.loads(done.stdout)
    return rows


def _of_csv(content: bytes) -> Iterator[list[object]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable
    head = text[:4096].partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Unreadable from None


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
    raise Unreadable


def _bounded(rows: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    """Rows as text, without empty ones at the end of them.

    Raises:
        TooLarge: too many rows or columns with something in them.
    """
    waiting = 0
    count = 0
    for row in rows:
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise TooLarge
        if not cells:
            waiting += 1
            continue
        count += waiting + 1
        if count > MOST_ROWS + _ROWS_ABOVE:
            raise TooLarge
        yield from ([] for _ in range(waiting))
        waiting = 0
        yield cells


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


def _child() -> int:
    """Read a workbook from standard input under bounds; the exit code says how it went."""
    _bind_memory()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            if not workbook.sheet_names:
                return _UNREADABLE
            sheet = workbook.get_sheet_by_index(0)
            # From the first cell on, so that rows have the numbers that people see.
            rows = list(_bounded(sheet.to_python(skip_empty_area=False)))
    except TooLarge:
        return _TOO_LARGE
    except (CalamineError, PasswordError, OSError, ValueError):
        return _UNREADABLE
    except MemoryError:
        return _TOO_LARGE
    sys.stdout.write(json.dumps(rows))
    return 0


def _bind_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_CHILD_BYTES, _CHILD_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CHILD_SECONDS, _CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(_child())
