"""A server whose guardian was killed: still there, with nobody to stop it. It is stopped, and started anew under a guardian.

The process id in `postmaster.pid` is believed only when the server that answers our password on our socket says it was
started in the second that this file names.
"""

import os
import signal
import time
from pathlib import Path

import psycopg

from dojang.service.postgres.layout import Layout
from dojang.service.postgres.ready import Answer, ask

_STOP_SECONDS = 60
_POLL_SECONDS = 0.05
_CLOCK_SECONDS = 5
"""Between the moments at which the server notes its start in the file and in memory."""


def dismiss_orphan(layout: Layout, url: str) -> None:
    """Stop a server that answers although it has no guardian; without one this does nothing."""
    file = layout.data / "postmaster.pid"
    if not file.is_file() or ask(layout) is not Answer.READY:
        return
    process = _verified(file, url)
    if process is None:
        return
    os.kill(process, signal.SIGINT)
    until = time.monotonic() + _STOP_SECONDS
    while file.exists() and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def _verified(file: Path, url: str) -> int | None:
    """The id in the file, if the server that we can log in to wrote it."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(
                "SELECT extract(epoch FROM pg_postmaster_start_time())::bigint"
            ).fetchone()
        process, _, started, *_ = file.read_text(encoding="utf-8", errors="replace").splitlines()
        same = row is not None and abs(int(row[0]) - int(started)) <= _CLOCK_SECONDS
        return int(process) if same else None
    except (OSError, ValueError, psycopg.Error):
        return None
