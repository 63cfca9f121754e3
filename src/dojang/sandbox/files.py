"""Files of the data folder, which may stand there already from an earlier start."""

from pathlib import Path

from dojang.npki import files


def write_private(file: Path, content: bytes) -> None:
    """Write a file with mode 0600, whole or not at all; one that says the same already is left alone."""
    if file.is_file() and file.read_bytes() == content:
        return
    files.write_private(file, content)
