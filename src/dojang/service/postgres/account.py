"""Who runs the server: whoever starts it; in root's place an account without rights, since PostgreSQL refuses root.

Root drops to the owner of the folder. Where root owns that too, to `postgres` if this machine has such an account, else
to `nobody`. Nothing is changed but the server's own sub-folder, which is given to that account.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dojang.service.postgres.errors import AccountNameless

ROOT = 0
_NOBODY = 65534
_PRIVATE = 0o077
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine. `is_self` when it is the one who runs this process."""

    uid: int
    gid: int
    name: str

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Whether the account can get into a folder, asked by doing it: permissions have more than mode bits."""
        if self.is_self:
            return os.access(folder, os.X_OK)
        try:
            done = self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], stderr=subprocess.DEVNULL)
        except OSError:
            return False
        return done.returncode == 0

    def may_run(self, program: Path) -> bool:
        try:
            return self.run([str(program), "--version"]).returncode == 0
        except OSError:
            return False

    def run(
        self,
        command: Sequence[str],
        *,
        text_in: str | None = None,
        stderr: int = subprocess.STDOUT,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, with nothing of our environment; its output is in `stdout`."""
        uid, gid, groups = self._identity
        return subprocess.run(  # noqa: S603 (our own programs; no shell sees a user's words)
            command,
            input=text_in,
            stdin=subprocess.DEVNULL if text_in is None else None,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
            env=environment or {},
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=groups,
            umask=_PRIVATE,
        )

    def start(
        self, command: Sequence[str], *, environment: Mapping[str, str], output: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Start a program as the account and leave it running."""
        uid, gid, groups = self._identity
        return subprocess.Popen(  # noqa: S603 (our own programs; no shell sees a user's words)
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=groups,
            umask=_PRIVATE,
        )

    def give(self, folder: Path) -> None:
        """Make a folder of ours the account's."""
        if not self.is_self:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    @property
    def _identity(self) -> tuple[int | None, int | None, list[int] | None]:
        """User, group and further groups to change to; None changes nothing."""
        return (None, None, None) if self.is_self else (self.uid, self.gid, [])


def account_for(folder: Path) -> Account:
    """Who is to run the server of a folder that exists.

    Raises:
        AccountNameless: a user number without a name, which PostgreSQL does not take.
    """
    me = os.geteuid()
    if me != ROOT:
        return Account(me, os.getegid(), _name(me, folder))
    found = folder.stat()
    if found.st_uid != ROOT:
        return Account(found.st_uid, found.st_gid, _name(found.st_uid, folder))
    return _unprivileged(folder)


def _unprivileged(folder: Path) -> Account:
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != ROOT:
            return Account(entry.pw_uid, entry.pw_gid, name)
    raise AccountNameless(uid=_NOBODY, folder=folder)


def _name(uid: int, folder: Path) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise AccountNameless(uid=uid, folder=folder) from None
