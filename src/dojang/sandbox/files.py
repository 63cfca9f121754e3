"""Files that appear whole or not at all, readable by their owner only."""

import os
import tempfile
from pathlib import Path


def write_private(file: Path, content: bytes) -> None:
    """Write a file with mode 0600 in one step; one that says the same already is left alone."""
    if file.is_file() and file.read_bytes() == content:
        return
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=file.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
