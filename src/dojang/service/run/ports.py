"""Choosing a port: the one that was asked for, else the next free one."""

import errno
import os
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from dojang.service.postgres.locks import FileLock
from dojang.service.run.errors import NoFreePort

_TRIES = 100
_LAST = 65535


class Ports(ExitStack):
    """Ports that this process has chosen and nobody else of the same account chooses until it is closed.

    Some seconds go by before what is started listens. Of two services starting at the same time the second would take
    the first one's answers for its own.
    """

    def claim(self, first: int, host: str = "127.0.0.1") -> int:
        """The first port from `first` on that is free and not about to be taken.

        Raises:
            NoFreePort: a hundred in a row are taken.
        """
        return _first_port(first, lambda port: _is_free(host, port) and self._lock(port))

    def _lock(self, port: int) -> bool:
        folder = Path(tempfile.gettempdir()) / f"dojang-ports-{os.getuid()}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            lock = FileLock(folder / str(port))
            if not lock.acquire(seconds=0):
                return False
        except OSError:
            return True  # no place for locks: then whether it is free has to do
        self.callback(lock.release)
        return True


def free_port(first: int, host: str = "127.0.0.1") -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        NoFreePort: a hundred in a row are taken.
    """
    return _first_port(first, lambda port: _is_free(host, port))


def _first_port(first: int, is_good: Callable[[int], bool]) -> int:
    last = min(first + _TRIES, _LAST)
    for port in range(first, last + 1):
        if is_good(port):
            return port
    raise NoFreePort(first=first, last=last)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        # As servers do it: what a former one left in TIME_WAIT is no obstacle.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True
