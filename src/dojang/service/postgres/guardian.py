"""The process that stands between the server and those who use it: starts it, and stops it when nobody is left.

Users share a lock. The guardian waits to hold it alone, which happens the moment the last user lets go or is killed, and
then stops its own child: no process id is ever believed, and nothing has to be polled or cleaned up.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from dojang.service.postgres.cluster import ENVIRONMENT
from dojang.service.postgres.layout import Layout, lay_out
from dojang.service.postgres.locks import FileLock
from dojang.service.postgres.settings import command_line

_FAST_STOP_SECONDS = 60
_PROBE_SECONDS = 5
"""Others take the lock for a moment to see whether it is free."""


def guard(layout: Layout, settings: Mapping[str, str]) -> int:
    """Run the server until nobody uses it; the exit status of the server."""
    command = [str(layout.binaries.program("postgres")), *command_line(layout, settings)]
    server = layout.account.start(command, environment=ENVIRONMENT, output=sys.stdout.buffer)
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whoever stops everything stops the users; the server goes after them.
        signal.signal(request, signal.SIG_IGN)
    users = FileLock(layout.users_lock)
    threading.Thread(target=_stop_after_last_user, args=(users, server), daemon=True).start()
    return server.wait()


def _stop_after_last_user(users: FileLock, server: "subprocess.Popen[bytes]") -> None:
    users.acquire()
    server.send_signal(signal.SIGINT)  # PostgreSQL's fast stop: roll back, write everything, end
    try:
        server.wait(_FAST_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log


def main() -> None:
    """`python -m dojang.service.postgres.guardian FOLDER NAME=VALUE…`"""
    folder, *settings = sys.argv[1:]
    named = (setting.partition("=") for setting in settings)
    layout = lay_out(Path(folder))
    mine = FileLock(layout.guardian_lock)
    if not mine.acquire(seconds=_PROBE_SECONDS):
        return
    if os.fork():
        # Whoever started us goes on, knowing that the lock is held, and has no child to look after.
        os._exit(0)
    sys.exit(guard(layout, {name: value for name, _, value in named}))


if __name__ == "__main__":
    main()
