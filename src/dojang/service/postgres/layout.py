"""Which file is where.

```
postgres/              whoever starts the server; 0700, for root 0711
  passwords.json       0600: the two roles
  place                only where root's account cannot get in here: the folder that takes `server` instead
  port                 only where TCP was asked for
  *.lock               who starts, who uses, who guards
  guardian.log         the last start
  pg_hba.conf          who may log in: two roles, by password
  server/              the account's, 0700
    data/  log/  socket/
```
"""

import hashlib
import os
import secrets
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dojang.npki.files import write_private
from dojang.service.postgres.account import Account, account_for
from dojang.service.postgres.binaries import Binaries
from dojang.service.postgres.errors import AccountShutOut, FolderNotUsable, SocketFolderTaken

SOCKET_PATH_LIMIT = 103
"""Bytes of a Unix socket's path: 107 on Linux, 103 on macOS."""
DEFAULT_PORT = 5432
"""Only names the socket, unless TCP was asked for."""
_ELSEWHERE = Path("/usr/local/var/dojang" if sys.platform == "darwin" else "/var/lib/dojang")


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one server, the account that runs it and the programs it runs."""

    folder: Path
    """Ours: passwords and locks."""
    base: Path
    """Where `server` stands: `folder`, unless the account could not get there."""
    account: Account
    binaries: Binaries

    @property
    def server(self) -> Path:
        return self.base / "server"

    @property
    def data(self) -> Path:
        return self.server / "data"

    @property
    def unfinished(self) -> str:
        """How folders begin that become `data` when they are complete."""
        return "data.unfinished-"

    @property
    def log(self) -> Path:
        return self.server / "log"

    @property
    def hba(self) -> Path:
        return self.base / "pg_hba.conf"

    @property
    def port(self) -> int:
        """That of the server, which also names its socket."""
        try:
            return int((self.folder / "port").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return DEFAULT_PORT

    def set_port(self, port: int | None) -> None:
        """Note the port for those who join; None is the usual one."""
        file = self.folder / "port"
        if port is None:
            file.unlink(missing_ok=True)
        else:
            write_private(file, f"{port}\n".encode("ascii"))

    @property
    def passwords(self) -> Path:
        return self.folder / "passwords.json"

    @property
    def start_lock(self) -> Path:
        """Held while starting: one at a time."""
        return self.folder / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by all who use the server."""
        return self.folder / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held by the guardian for as long as it lives."""
        return self.folder / "guardian.lock"

    @property
    def guardian_log(self) -> Path:
        return self.folder / "guardian.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket; a short one under the system's temporary folder where ours is too deep."""
        ours = self.server / "socket"
        if len(os.fsencode(ours / f".s.PGSQL.{DEFAULT_PORT}")) <= SOCKET_PATH_LIMIT:
            return ours
        known_by = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"dojang-{self.account.uid}-{known_by}"

    def make_folders(self) -> None:
        """Make what is missing of them.

        Raises:
            SocketFolderTaken: someone else made the short folder for the socket.
        """
        self._make_own(self.server)
        self._make_own(self.log)
        if self.socket.parent == self.server:
            self._make_own(self.socket)
        elif not self._make_own(self.socket) and not self._is_private(self.socket):
            raise SocketFolderTaken(folder=self.socket)

    def _make_own(self, folder: Path) -> bool:
        """Make a folder the account's; False where it was there."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return False
        self.account.give(folder)
        return True

    def _is_private(self, folder: Path) -> bool:
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid and not found.st_mode & 0o077


def lay_out(folder: Path) -> Layout:
    """The layout of a folder, which is made if it is missing.

    Raises:
        FolderNotUsable: the system refuses the folder.
        AccountShutOut: started by root, and nothing is found where the account could work.
        BinariesMissing: the wheel is not installed.
    """
    binaries = Binaries.installed()
    try:
        made = _make(folder)
        account = account_for(folder)
        if account.is_self:
            return Layout(folder, folder, account, binaries)
        if made:
            folder.chmod(0o711)
        base = _reachable_base(folder, account)
        return Layout(folder, base, account, _reachable_binaries(binaries, base, account))
    except OSError as error:
        raise FolderNotUsable(folder=folder, why=error.strerror) from None


def _make(folder: Path) -> bool:
    """Make the folder; False where it was there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _reachable_base(folder: Path, account: Account) -> Path:
    """`folder`, or where the account can get to; once chosen it stays, whatever permissions become later."""
    if (folder / "server").is_dir():
        if not account.may_enter(folder):
            raise AccountShutOut(account=account.name, folder=folder)
        return folder
    place = folder / "place"
    if place.is_file():
        return Path(place.read_text(encoding="utf-8").strip())
    if account.may_enter(folder):
        return folder
    return _choose_elsewhere(folder, place, account)


def _choose_elsewhere(folder: Path, place: Path, account: Account) -> Path:
    """A folder of the system's for the server, named by chance: whoever removes `folder` begins anew."""
    elsewhere = _ELSEWHERE / f"postgres-{secrets.token_hex(8)}"
    try:
        _ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        elsewhere.mkdir(mode=0o711)
        elsewhere.chmod(0o711)
    except OSError:
        raise AccountShutOut(account=account.name, folder=folder) from None
    if not account.may_enter(elsewhere):
        elsewhere.rmdir()
        raise AccountShutOut(account=account.name, folder=folder)
    write_private(place, f"{elsewhere}\n".encode())
    return elsewhere


def _reachable_binaries(binaries: Binaries, base: Path, account: Account) -> Binaries:
    """The installed programs, or a copy where the account cannot get to them, as in root's home."""
    if account.may_run(binaries.program("initdb")):
        return binaries
    copied = binaries.copied_to(base)
    # Not `postgres`, which needs none of the libraries that came along.
    if not account.may_run(copied.program("initdb")):
        raise AccountShutOut(account=account.name, folder=copied.folder)
    return copied
