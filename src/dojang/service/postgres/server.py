"""Using the embedded PostgreSQL: the first who needs it starts it, others join, and with the last it stops."""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from dojang.service.postgres import cluster
from dojang.service.postgres.errors import DidNotStart, StartedTooSlowly
from dojang.service.postgres.layout import Layout, lay_out
from dojang.service.postgres.locks import FileLock, locked
from dojang.service.postgres.orphan import discard_foreign_pid_file, dismiss_orphan
from dojang.service.postgres.passwords import Passwords
from dojang.service.postgres.ready import Answer, ask

RECOVERY_SECONDS = 600
"""A server that was killed replays its log before it answers; with `max_wal_size` that is seconds, on a sick disk minutes."""
_STOP_SECONDS = 90
_FIRST_POLL_SECONDS = 0.02
_POLL_SECONDS = 0.25
_LOG_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Addresses:
    """How to reach the database, as `postgresql://` URLs with passwords."""

    app_url: str = field(repr=False)
    """As `dojang_app`, which owns nothing."""
    owner_url: str = field(repr=False)
    """As `dojang_owner`, for migrations and backups."""


class EmbeddedPostgres:
    """The server of one folder, seen by one process that uses it.

    Args:
        folder: holds everything; made if missing. As root, PostgreSQL itself runs under another account (see `account`).
        tcp_port: listen on this port of the loopback address too, for programs that need TCP.
        settings: PostgreSQL's own settings, over those of `settings`; they hold if this process starts the server.
        owner_may_create_databases: for test runs, which make a database for each of their processes.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tcp_port: int | None = None,
        settings: Mapping[str, str] | None = None,
        owner_may_create_databases: bool = False,
    ) -> None:
        self._folder = folder.absolute()
        self._settings = dict(settings or {})
        self._tcp_port = tcp_port
        if tcp_port is not None:
            self._settings["listen_addresses"] = "localhost"
        self._owner_may_create_databases = owner_may_create_databases
        self._layout: Layout | None = None
        self._using: FileLock | None = None

    def start(self) -> Addresses:
        """Start the server, or join the one that runs; returns when it takes connections.

        Raises:
            PostgresError: it cannot be; the sentence says what to do. The data are never changed by a refusal.
        """
        layout = self._layout = lay_out(self._folder)
        with locked(layout.start_lock, seconds=RECOVERY_SECONDS) as mine:
            if not mine:
                raise StartedTooSlowly(seconds=RECOVERY_SECONDS, log=layout.guardian_log)
            using = self._using or FileLock(layout.users_lock)
            # Waits for a server that is just stopping: its guardian holds this alone until it is gone.
            if not using.held and not using.acquire(shared=True, seconds=_STOP_SECONDS):
                raise StartedTooSlowly(seconds=_STOP_SECONDS, log=layout.guardian_log)
            try:
                passwords = self._serve(layout)
            except BaseException:
                using.release()
                self._using = None
                raise
            self._using = using
            return _addresses(layout, passwords)

    def stop(self) -> bool:
        """Stop using the server; whether that stopped it, because nobody else uses it."""
        using, self._using = self._using, None
        layout = self._layout
        if using is None or layout is None:
            return False
        using.release()
        until = time.monotonic() + _STOP_SECONDS
        users = FileLock(layout.users_lock)
        while time.monotonic() < until:
            if FileLock(layout.guardian_lock).is_free():
                self._dismiss_orphan(layout)
                return True
            if not users.is_free() and users.is_free(shared=True):
                return False
            time.sleep(_FIRST_POLL_SECONDS)
        return False

    @property
    def elsewhere(self) -> Path | None:
        """Where the data are when root's account could not get to the folder; known after the start."""
        layout = self._layout
        return layout.base if layout and layout.base != layout.folder else None

    def is_running(self) -> bool:
        """Whether the server is there, or will be when it has recovered."""
        return self._layout is not None and not FileLock(self._layout.guardian_lock).is_free()

    def _serve(self, layout: Layout) -> Passwords:
        """See to it that the server runs, and wait until it takes connections."""
        if FileLock(layout.guardian_lock).is_free():
            passwords: Passwords | None = self._prepare(layout)
            self._start_guardian(layout)
        else:
            passwords = Passwords.load(layout.passwords)
        _wait_until_ready(layout)
        if passwords is None:
            raise DidNotStart(log=layout.guardian_log, last=f"{layout.passwords}?")
        return passwords

    def _prepare(self, layout: Layout) -> Passwords:
        layout.make_folders()
        self._dismiss_orphan(layout)
        discard_foreign_pid_file(layout)
        passwords = cluster.ensure(
            layout,
            owner_may_create_databases=self._owner_may_create_databases,
            durable=self._settings.get("fsync") != "off",
        )
        cluster.write_hba(layout, tcp=self._tcp_port is not None)
        layout.set_port(self._tcp_port)
        return passwords

    def _dismiss_orphan(self, layout: Layout) -> None:
        if passwords := Passwords.load(layout.passwords):
            dismiss_orphan(layout, _addresses(layout, passwords).app_url)

    def _start_guardian(self, layout: Layout) -> None:
        """Returns when the guardian is on its own and holds its lock, or has given up."""
        settings = [f"{name}={value}" for name, value in self._settings.items()]
        command = [sys.executable, "-m", "dojang.service.postgres.guardian", str(self._folder), *settings]
        descriptor = os.open(layout.guardian_log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            subprocess.run(  # noqa: S603 (our own program)
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=_without_secrets(os.environ),
                check=False,
                start_new_session=True,  # Ctrl-C is for the users
            )
        finally:
            os.close(descriptor)


@contextmanager
def running(folder: Path, *, tcp_port: int | None = None) -> Generator[Addresses]:
    """Use the server of a folder for a while."""
    server = EmbeddedPostgres(folder, tcp_port=tcp_port)
    addresses = server.start()
    try:
        yield addresses
    finally:
        server.stop()


def _wait_until_ready(layout: Layout) -> None:
    until = time.monotonic() + RECOVERY_SECONDS
    pause = _FIRST_POLL_SECONDS
    while (answer := ask(layout)) is not Answer.READY:
        if FileLock(layout.guardian_lock).is_free():
            raise DidNotStart(log=layout.guardian_log, last=_tail(layout))
        if time.monotonic() > until:
            raise StartedTooSlowly(seconds=RECOVERY_SECONDS, log=layout.guardian_log)
        time.sleep(pause)
        pause = _POLL_SECONDS if answer is Answer.NOT_YET else min(pause * 1.5, _POLL_SECONDS)


def _tail(layout: Layout) -> str:
    """The end of what the server said before it gave up."""
    logs = sorted(layout.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
    said = [file.read_text(encoding="utf-8", errors="replace") for file in (layout.guardian_log, *logs[-1:])]
    return "".join(said)[-_LOG_TAIL:].strip()


def _addresses(layout: Layout, passwords: Passwords) -> Addresses:
    def url(role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@/{cluster.DATABASE}?host={quote(str(layout.socket), safe='')}&port={layout.port}"

    return Addresses(app_url=url(cluster.APP, passwords.app), owner_url=url(cluster.OWNER, passwords.owner))


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without our own settings: the guardian has no use for them."""
    return {name: value for name, value in environ.items() if not name.startswith(("DOJANG_", "DATABASE_"))}
