"""Workbooks (.xlsx, .xls) that people upload, each read in a process of its own with bounded memory and time.

What people upload is not trusted: a workbook of a few kilobytes can claim a cell in the last row of the last column and
so ask for all the memory there is. Sizes that a workbook declares are looked at first; whatever it does beyond that
happens in a process that is ended at its bounds. A reader is a module that is that process when it is run as a program:
the file on its standard input, lines of its own on its standard output. It calls `lines` here and `serve` there.
"""

import io
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import IO, Any, Final, TypeVar

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS: Final = 1_000
_TOO_LARGE: Final = 3
_UNREADABLE: Final = 4

Cell = TypeVar("Cell")


class TooLarge(Exception):
    """Beyond the bounds."""


class Unreadable(Exception):
    """Not a table, damaged, or locked."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one workbook may take.

    Attributes:
        unpacked: bytes of all its parts together.
        memory: bytes, of the process that reads it.
        seconds: until its first line, and of work in all.
    """

    unpacked: int
    memory: int
    seconds: int


def is_workbook(content: bytes) -> bool:
    """By its first bytes."""
    return content.startswith((_ZIP, _OLE))


def look_at(content: bytes, bounds: Bounds) -> None:
    """What can be said of a file before anything of it is unpacked: its kind, and the sizes that it declares.

    Raises:
        TooLarge, Unreadable.
    """
    if not is_workbook(content):
        raise Unreadable
    if not content.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > bounds.unpacked:
        raise TooLarge
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable


def lines(reader: str, content: bytes, bounds: Bounds) -> Iterator[bytes]:
    """What a reader writes of a workbook, line by line as it comes.

    Args:
        reader: the file of a module that calls `serve` when it is run.
        content: of a workbook that was looked at.
        bounds: those that it serves with.

    Raises:
        TooLarge, Unreadable: perhaps after some lines.
    """
    child = subprocess.Popen(  # noqa: S603 - ourselves, and the file is only its input
        [sys.executable, "-I", reader],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    end = threading.Timer(bounds.seconds, child.kill)
    end.start()
    try:
        for line in _exchanged(child, content):
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


def _exchanged(child: subprocess.Popen[bytes], content: bytes) -> Iterator[bytes]:
    """The child reads all before it writes anything, so that neither waits for the other."""
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError), closing(child.stdin):
        child.stdin.write(content)
    yield from child.stdout
    child.wait()


def serve(write: Callable[[Any, IO[str]], None], bounds: Bounds) -> int:
    """Be that process: read the workbook on standard input under bounds.

    Args:
        write: writes lines of the `CalamineWorkbook` that it is given; may raise TooLarge.
        bounds: from here on.

    Returns:
        The exit code, which says how it went.
    """
    _bind(bounds)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            if not workbook.sheet_names:
                return _UNREADABLE
            write(workbook, sys.stdout)
    except TooLarge:
        return _TOO_LARGE
    except (CalamineError, PasswordError, OSError, ValueError):
        return _UNREADABLE
    except MemoryError:
        return _TOO_LARGE
    return 0


def _bind(bounds: Bounds) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used(rows: Iterable[list[Cell]], *, most_rows: int, most_columns: int) -> Iterator[list[Cell]]:
    """Rows with something in them and the empty ones between them, without empty cells at their end.

    Raises:
        TooLarge: more rows or columns than that.
    """
    waiting = count = 0
    for row in rows:
        while row and row[-1] in {None, ""}:
            row.pop()
        if len(row) > most_columns:
            raise TooLarge
        if not row:
            waiting += 1
            continue
        count += waiting + 1
        if count > most_rows:
            raise TooLarge
        yield from ([] for _ in range(waiting))
        waiting = 0
        yield row
