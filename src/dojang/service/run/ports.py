"""Choosing a port: the one that was asked for, else the next free one."""

import errno
import socket

from dojang.service.run.errors import NoFreePort

_TRIES = 100
_LAST = 65535


def free_port(first: int, host: str = "127.0.0.1") -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        NoFreePort: a hundred in a row are taken.
    """
    last = min(first + _TRIES, _LAST)
    for port in range(first, last + 1):
        if _is_free(host, port):
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
