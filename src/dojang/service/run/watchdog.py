"""Dying with the supervisor: a child holds the reading end of a pipe that only the supervisor can write to.

However the supervisor ends, the kernel closes its end, and the child reads the end of the file. That works on every Unix.
"""

import os
import signal
import threading
import time

VARIABLE = "DOJANG_SUPERVISOR_PIPE"
GRACE_SECONDS = 15


def watch() -> None:
    """Watch over this process, if a supervisor started it. The supervisor made it the leader of its group."""
    number = os.environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_end_with, args=(int(number),), name="watchdog", daemon=True).start()


def _end_with(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)
