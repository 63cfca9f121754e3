"""File locks: they end with the process that holds them, so a killed one leaves nothing that has to be cleaned up."""

import errno
import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_POLL_SECONDS = 0.02


class FileLock:
    """A lock on a file, shared or exclusive. One object holds it once; it is not for several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    @property
    def descriptor(self) -> int:
        """The open file; whoever inherits it holds the lock too, until the last of them is gone.

        Raises:
            ValueError: the lock is not held.
        """
        if self._descriptor is None:
            raise ValueError("the lock is not held")
        return self._descriptor

    def acquire(self, *, shared: bool = False, seconds: float | None = None) -> bool:
        """Take it, waiting `seconds` at most (None: as long as it takes); whether it was got."""
        if seconds is None:
            return self._take(shared=shared, flags=0)
        until = time.monotonic() + seconds
        while not self._take(shared=shared, flags=fcntl.LOCK_NB):
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Let it go; a second time changes nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def is_free(self, *, shared: bool = False) -> bool:
        """Whether it could be had this very moment."""
        probe = FileLock(self._path)
        got = probe.acquire(shared=shared, seconds=0)
        probe.release()
        return got

    def _take(self, *, shared: bool, flags: int) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | flags)
        except OSError as error:
            os.close(descriptor)
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return False
            raise
        self._descriptor = descriptor
        return True


@contextmanager
def locked(path: Path, *, seconds: float | None = None) -> Generator[bool]:
    """Hold a lock exclusively; the value says whether it was got in time."""
    lock = FileLock(path)
    try:
        yield lock.acquire(seconds=seconds)
    finally:
        lock.release()
