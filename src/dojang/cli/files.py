"""Reading what people name on the command line, and writing without ever losing what is there."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dojang.cli.errors import AlreadyThere, CannotReadFile, CannotWriteFile, FileTooLarge

MAX_BYTES = 4 << 20
"""Of one document; an invoice of 99 full lines takes a quarter of a megabyte."""

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One document that was named: where it came from, the file it would naturally be called, its bytes."""

    name: str
    stem: str | None
    data: bytes


def sources(names: tuple[str, ...]) -> Iterator[Source]:
    """Every document in the files named, one at a time.

    A name is a file, "-" for standard input, a folder (its .xml and .json files) or a file of JSON lines (.jsonl,
    one invoice a line), which is streamed.
    """
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield Source("-", None, _bounded(sys.stdin.buffer.read(MAX_BYTES + 1), name))
        elif path.is_dir():
            yield from _folder(path)
        elif path.suffix == ".jsonl":
            yield from _lines(path)
        else:
            yield Source(name, path.stem, read(path))


def _folder(path: Path) -> Iterator[Source]:
    with os.scandir(path) as entries:
        names = sorted(
            entry.name for entry in entries if entry.name.endswith((".xml", ".json")) and entry.is_file()
        )
    for name in names:
        yield Source(str(path / name), Path(name).stem, read(path / name))


def _lines(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_BYTES + 1):
                number += 1
                if line.strip():
                    yield Source(f"{path}:{number}", None, _bounded(line, f"{path}:{number}"))
    except OSError:
        raise CannotReadFile(name=path) from None


def read(path: Path) -> bytes:
    """A whole file, bounded."""
    try:
        with path.open("rb") as file:
            return _bounded(file.read(MAX_BYTES + 1), str(path))
    except OSError:
        raise CannotReadFile(name=path) from None


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name=name, limit=MAX_BYTES)
    return data


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; it appears whole or not at all.

    Raises:
        AlreadyThere: never overwritten.
        CannotWriteFile: nothing is left behind.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path, data)
    except OSError:
        if path.exists():
            raise AlreadyThere(name=path) from None
        raise CannotWriteFile(name=path) from None
    finally:
        with suppress(OSError):
            draft.unlink()


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def _publish(draft: Path, path: Path, data: bytes) -> None:
    """Give a finished draft its name. A link fails when the name is taken, where a rename would overwrite it."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # File systems of USB sticks know no links.
        with path.open("xb") as file:
            file.write(data)
