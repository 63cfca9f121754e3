"""One process of the service, as its supervisor sees it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from dojang.service.run import watchdog


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Service:
    """What has to run."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(repr=False)
    is_ready: Callable[[], bool] = _always
    """Asked again and again after the start."""
    grace_seconds: float = watchdog.GRACE_SECONDS
    """To finish what it does before it is killed."""


def role(name: str, *arguments: str) -> list[str]:
    """The command of one of our own processes: see `roles`."""
    return [sys.executable, "-m", "dojang.service.run.roles", name, *arguments]


class Child:
    """A running process in a group of its own, together with whatever it starts."""

    def __init__(
        self,
        service: Service,
        *,
        pipe: int,
        keep: Sequence[int] = (),
        ended: Callable[["Child"], None],
    ) -> None:
        """Start it.

        Args:
            service: what to run.
            pipe: the reading end of the supervisor's pipe.
            keep: further descriptors that it holds open as long as it lives, for their locks.
            ended: called from a thread at the end.
        """
        self.service = service
        self.started = time.monotonic()
        self.stopping = False
        self._process = subprocess.Popen(  # noqa: S603 (our own programs)
            service.command,
            stdin=subprocess.DEVNULL,
            env={**service.environ, watchdog.VARIABLE: str(pipe)},
            pass_fds=(pipe, *keep),
            start_new_session=True,  # Ctrl-C is the supervisor's, who stops one after the other
        )
        self._ended = ended
        self._waiting = threading.Thread(target=self._wait, name=f"wait-{service.name}", daemon=True)
        self._waiting.start()

    @property
    def is_alive(self) -> bool:
        return self._waiting.is_alive()

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.returncode

    def stop(self) -> None:
        """Ask it to end, then make it."""
        self.stopping = True
        self._signal(signal.SIGTERM)
        self._waiting.join(self.service.grace_seconds)
        if self._waiting.is_alive():
            self._signal_group(signal.SIGKILL)
            self._waiting.join()

    def _wait(self) -> None:
        self._process.wait()
        # What it started does not outlive it: a web server's own workers would go on holding the port.
        self._signal_group(signal.SIGKILL)
        self._ended(self)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    def _signal_group(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
