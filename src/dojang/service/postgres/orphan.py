"""A server whose guardian was killed: still there, with nobody to stop it. It is stopped, and started anew under a guardian.

The process id in `postmaster.pid` is believed only when the server that answers our password on our socket says it was
started in the second that this file names.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

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


def discard_foreign_pid_file(layout: Layout) -> None:
    """Remove a `postmaster.pid` whose number belongs to some other program by now, as after a power failure.

    PostgreSQL notices when no process has the number, but takes any living one of the same user for a server.
    """
    file = layout.data / "postmaster.pid"
    try:
        process = int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return
    program = _program(process)
    if program and not program.startswith("postgres"):
        file.unlink(missing_ok=True)


def _program(process: int) -> str:
    """The name of the program that a process runs; empty where there is none or nobody can tell."""
    try:
        if Path("/proc/self/comm").exists():
            return Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace").strip()
        told = subprocess.run(  # noqa: S603 (a number, and no shell)
            ["/bin/ps", "-o", "comm=", "-p", str(process)], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return Path(told.stdout.strip()).name


def _verified(file: Path, url: str) -> int | None:
    """The id in the file, if the server that we can log in to wrote it."""
    import psycopg  # noqa: PLC0415 - needed for an orphan alone, and slow to load for every guardian

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
