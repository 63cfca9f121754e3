"""Reading certificate files from disks one does not control: bounded, regular files only, names in any form.

macOS hands out folder names decomposed (NFD) while people type them composed (NFC), and programs differ in the case of
`signCert.der`; both spellings mean the same file.
"""

import os
import tempfile
import unicodedata
from pathlib import Path

from dojang.npki.errors import FileMissing, FileTooLarge, FileUnreadable, NpkiError


def read_file(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` octets.

    Raises:
        FileMissing: nothing is there.
        FileUnreadable: a folder, a pipe or a device, or the system refuses.
        FileTooLarge: it is longer; no more than `limit` + 1 octets were read.
    """
    try:
        if path.exists() and not path.is_file():
            raise FileUnreadable(name=shown(path))
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise refusal(path, error) from None
    if len(content) > limit:
        raise FileTooLarge(limit=limit)
    return content


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; False also for names the system refuses to look up."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises for names too long and paths not permitted


def refusal(path: Path, error: OSError | ValueError) -> NpkiError:
    """What to say when the system refused `path`."""
    missing = isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError))
    return FileMissing(name=shown(path)) if missing else FileUnreadable(name=shown(path))


def shown(path: Path) -> str:
    """The last part of a path for a sentence: composed, without characters that could disguise it."""
    name = unicodedata.normalize("NFC", path.name or str(path))
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name
    )


def entries(folder: Path) -> dict[str, Path]:
    """What is directly in `folder`, by name in lower case; of equal names the first in code point order.

    Raises:
        FileMissing, FileUnreadable: the folder cannot be listed.
    """
    try:
        listed = sorted(folder.iterdir(), reverse=True)
    except (OSError, ValueError) as error:
        raise refusal(folder, error) from None
    return {path.name.lower(): path for path in listed}


def locate(path: Path) -> Path:
    """`path` as the disk spells it, where only the Unicode form of a name differs; else `path` itself."""
    found = Path(path.anchor)
    for part in path.parts[len(found.parts) :]:
        found = _child(found, part)
    return found


def _child(folder: Path, name: str) -> Path:
    exact = folder / name
    try:
        if exact.exists() or name.isascii():
            return exact
        composed = unicodedata.normalize("NFC", name)
        same = (path for path in folder.iterdir() if unicodedata.normalize("NFC", path.name) == composed)
        return next(same, exact)
    except (OSError, ValueError):
        return exact


def write_private(file: Path, content: bytes) -> None:
    """Write a file readable by its owner only, whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=file.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
