"""Asking whether the server takes connections, by PostgreSQL's own `pg_isready`."""

import subprocess
from enum import IntEnum
from pathlib import Path

from dojang.service.postgres.layout import Layout


class Answer(IntEnum):
    """The exit status of `pg_isready`."""

    READY = 0
    NOT_YET = 1
    """Starting, recovering or stopping."""
    NONE = 2
    NOT_ASKED = 3


def ask(layout: Layout) -> Answer:
    program = layout.binaries.program("pg_isready")
    command: list[str | Path] = [
        program,
        "--quiet",
        f"--host={layout.socket}",
        f"--port={layout.port}",
        "--timeout=5",
    ]
    return Answer(subprocess.run(command, env={}, check=False).returncode)  # noqa: S603 (our own program)
