"""A spreadsheet of hundreds of thousands of rows, read in a process of its own and handed over row by row.

What people upload is not trusted: a workbook of a few kilobytes can claim a cell in the last row of the last column and
so ask for all the memory there is. Sizes that a workbook declares are looked at first; whatever it does beyond that
happens in a process that may take 2 GB and two minutes of work and is then ended. Run as a program, this module is that
process: the file on its standard input, one JSON line for each row on its standard output.
"""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from typing import IO, Any, Final

MOST_BYTES: Final = 30 << 20
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 100
MOST_SHEETS: Final = 20
MOST_CHARACTERS: Final = 1_000
_MOST_UNPACKED: Final = 1 << 30
_MOST_WRITTEN: Final = 600 << 20
"""Of all rows together: a real list has some 1 KB in a row, and one long text costs a file nothing in each cell."""
_CHILD_BYTES: Final = 2 << 30
_CHILD_SECONDS: Final = 120
_TOO_LARGE: Final = 3
_UNREADABLE: Final = 4
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXACT: Final = 2**53
_NO_NUMBERS: Final = (float("inf"), float("-inf"))

Given = str | int | float | None
Line = tuple[int, list[Given]]
"""The number of a sheet, from 0, and one row of it."""


class TooLarge(Exception):
    """Beyond the bounds."""


class Unreadable(Exception):
    """Not a workbook, damaged, or locked."""


def look_at(content: bytes) -> None:
    """What can be said before a worker reads it: its size, its kind, and what it declares.

    Raises:
        TooLarge, Unreadable.
    """
    from dojang.service.counterparties.sheets import reading as sheets  # noqa: PLC0415 (the child needs none of it)

    if len(content) > MOST_BYTES:
        raise TooLarge
    if not content.startswith((_ZIP, _OLE)):
        raise Unreadable
    if content.startswith(_ZIP):
        try:
            sheets.refuse_bomb(content, most_unpacked=_MOST_UNPACKED)
        except sheets.TooLarge:
            raise TooLarge from None
        except sheets.Unreadable:
            raise Unreadable from None


def rows(content: bytes) -> Iterator[Line]:
    """The rows of every sheet, from its first row on, empty ones among them.

    Raises:
        TooLarge, Unreadable: perhaps after some rows.
    """
    look_at(content)
    child = subprocess.Popen(  # noqa: S603 - ourselves, and the file is only its input
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    end = threading.Timer(_CHILD_SECONDS, child.kill)
    end.start()
    try:
        for line in _lines(child, content):
            # From here on the child waits for whoever reads, as long as that takes; its own work is bounded by itself.
            end.cancel()
            yield line
    finally:
        end.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
    if child.returncode == _UNREADABLE:
        raise Unreadable
    if child.returncode != 0:
        # Killed by its bounds, or it said so itself.
        raise TooLarge


def _lines(child: subprocess.Popen[bytes], content: bytes) -> Iterator[Line]:
    """The child reads all before it writes anything, so that neither waits for the other."""
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError), closing(child.stdin):
        child.stdin.write(content)
    for line in child.stdout:
        sheet, row = json.loads(line)
        yield sheet, row
    child.wait()


def _child() -> int:
    """Read a workbook from standard input under bounds; the exit code says how it went."""
    _bind_memory()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            if not workbook.sheet_names:
                return _UNREADABLE
            _write(workbook, sys.stdout)
    except TooLarge:
        return _TOO_LARGE
    except (CalamineError, PasswordError, OSError, ValueError):
        return _UNREADABLE
    except MemoryError:
        return _TOO_LARGE
    return 0


def _write(workbook: Any, out: IO[str]) -> None:
    """Rows with something in them, and as many empty ones before them as there are: not those at the end."""
    count = size = 0
    for number, _ in enumerate(workbook.sheet_names[:MOST_SHEETS]):
        sheet = workbook.get_sheet_by_index(number)
        start = sheet.start
        waiting = 0
        margin: list[Given] = [None] * (start[1] if start else 0)
        # Rows are given from the first one on, cells from the first that is used: columns keep the names people see.
        for row in sheet.iter_rows():
            cells = [*margin, *map(_plain, row)]
            while cells and cells[-1] in {None, ""}:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise TooLarge
            if not cells:
                waiting += 1
                continue
            count += waiting + 1
            if count > MOST_ROWS:
                raise TooLarge
            for _ in range(waiting):
                out.write(f"[{number},[]]\n")
            waiting = 0
            line = json.dumps([number, cells]) + "\n"
            size += len(line)
            if size > _MOST_WRITTEN:
                raise TooLarge
            out.write(line)


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
