"""What all parts of one sandbox share: its book, its keys, its settings, its clock."""

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from dojang.npki.testca import TestCA
from dojang.sandbox.errors import DataFolderUnusable
from dojang.sandbox.examine import Context
from dojang.sandbox.identities import Identities, load_or_create, write_client
from dojang.sandbox.register import Register
from dojang.sandbox.settings import Settings, System, read_script
from dojang.sandbox.store import Store
from dojang.sandbox.trust import Trust, read_trust


class Office:
    """The sandbox behind its counters. Threads share one."""

    def __init__(
        self, data: Path, *, base_address: str, anchors: Sequence[Path], clock: Callable[[], datetime]
    ) -> None:
        """Open a data folder, made when it is not there.

        Raises:
            DataFolderInUse, DataFolderTooNew, DataFolderUnusable, ScriptUnreadable, AnchorsUnusable.
        """
        self.data = data
        self.real_clock = clock
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._anchors = tuple(anchors)
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolderUnusable(folder=data, why=error.strerror or "I/O") from None
        self.store = Store(data)
        try:
            self._open(base_address)
        except BaseException:
            self.store.close()
            raise

    def _open(self, base_address: str) -> None:
        now = self.real_clock()
        try:
            authority = TestCA.load_or_create(self.data, now=now)
            self.identities: Identities = load_or_create(self.data, authority, now=now)
            self._own = authority.store
            self.client_settings = write_client(self.identities, self.data, base_address)
        except OSError as error:
            raise DataFolderUnusable(folder=self.data, why=error.strerror or "I/O") from None
        self._take_over_script(only_when_changed=True)
        self._use(self.store.settings())

    def move(self, base_address: str) -> None:
        """Tell clients another address."""
        write_client(self.identities, self.data, base_address)

    def close(self) -> None:
        self.store.close()

    # Settings

    @property
    def settings(self) -> Settings:
        return self._settings

    def change(self, change: Callable[[Settings], Settings]) -> Settings:
        """Change settings, for now and later starts.

        Raises:
            AnchorsUnusable: an added folder of authorities cannot be used; nothing changes then.
        """
        with self._lock:
            trust = self._read_trust(change(self._settings))
            with self.store.transaction() as ledger:
                self._settings = ledger.change_settings(change)
            self._trust = trust
        self.wake()
        return self._settings

    def reset(self) -> None:
        """Empty the book and begin anew with the script file. Keys and client settings stay.

        Raises:
            ScriptUnreadable: the script cannot be read; nothing changes then.
        """
        with self._lock:
            self._take_over_script(only_when_changed=False)
            self._use(self.store.settings())
        self.wake()

    def _take_over_script(self, *, only_when_changed: bool) -> None:
        found = read_script(self.data)
        digest = sha256(found[0]).hexdigest() if found else None
        if only_when_changed and (found is None or digest == self.store.script_digest()):
            return
        with self.store.transaction() as ledger:
            if not only_when_changed:
                ledger.erase()
            if found:
                ledger.take_over(found[1], digest or "")

    def _use(self, settings: Settings) -> None:
        self._trust = self._read_trust(settings)
        self._settings = settings

    def _read_trust(self, settings: Settings) -> Trust:
        scripted = (self.data / folder for folder in settings.anchors)
        return read_trust(self._own, (*self._anchors, *scripted))

    # What the services ask for

    def now(self) -> datetime:
        """The sandbox's time, as scripted."""
        return self._settings.clock.shows(self.real_clock())

    def real_seconds(self) -> float:
        """The real time, for delays."""
        return self.real_clock().timestamp()

    @staticmethod
    def random(count: int) -> bytes:
        return secrets.token_bytes(count)

    @property
    def systems(self) -> Mapping[str, System]:
        """The registered transmitting systems, by registration number."""
        systems = (self.identities.system, *self._settings.systems)
        return {system.registration: system for system in systems}

    def context(self, system: System) -> Context:
        """What an invoice from this system is judged by, now."""
        return Context(
            registration=system.registration,
            customs=system.customs,
            now=self.now(),
            register=Register(self._settings.businesses),
            trust=self._trust,
            paper_originals=frozenset(self._settings.paper_originals),
        )

    # The worker is told here that there may be something to do

    def wake(self) -> None:
        self._wake.set()

    def wait(self, seconds: float | None) -> None:
        """Wait until woken, or so long."""
        self._wake.wait(seconds)
        self._wake.clear()
