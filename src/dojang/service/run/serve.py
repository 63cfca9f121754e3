"""`dojang serve`: PostgreSQL, migrations, sandbox, worker and web, under one supervisor.

```
start   postgres → migrate → sandbox → (demo data) → worker → web
stop    web → worker → sandbox → postgres
```
"""

import http.client
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dojang.service.environment import WEB, WORKER, Environment
from dojang.service.postgres import Addresses, EmbeddedPostgres, PostgresError
from dojang.service.postgres.locks import FileLock
from dojang.service.run.children import Service, role
from dojang.service.run.database import embedded, names_database, with_addresses, with_secrets
from dojang.service.run.errors import AlreadyRunning, NoFreePort, OnlyLoopback
from dojang.service.run.folders import make_data_folder
from dojang.service.run.ports import Ports
from dojang.service.run.supervisor import Died, Supervisor, stopped_by_signals

Tell = Callable[[str, str], None]
"""Says something to the person, in Korean and in English."""

SUPERVISOR_LOCK = "supervisor.lock"
CHILDREN_LOCK = "children.lock"
SANDBOX_FOLDER = "sandbox-nts"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Not that of `dojang sandbox`, which people try beside the demo.
_SANDBOX_PORT = 8190
_FORMER_SECONDS = 30
_POSTGRES_PAUSE_SECONDS = 10.0
_HTTP_SECONDS = 2
_SERVER_ERROR = 500

# What a process does not need it is not given.
_OWNER_ONLY = ("DATABASE_OWNER_URL",)
_WORKER_ONLY = ("DOJANG_TRANSMITTER_KEY_FILE",)


def serve(environ: Mapping[str, str], *, host: str, tell: Tell) -> None:
    """Run everything until a signal.

    Args:
        environ: usually `os.environ`.
        host: the address that the web process listens on.
        tell: says where it is, and what died.

    Raises:
        BadEnvironment, ServiceError, PostgresError: nothing is left running.
    """
    full = with_secrets(environ)
    own_database = names_database(full)
    needs = WEB | WORKER | {"DATABASE_OWNER_URL"}
    environment = Environment.read(
        full, needs=needs if own_database else needs - {"DATABASE_URL", "DATABASE_OWNER_URL"}
    )
    if environment.demo and host not in _LOOPBACK:
        raise OnlyLoopback
    with _alone(environment.data, tell) as keep, Ports() as ports:
        port = _port(environment, host, ports, named="DOJANG_PORT" in full)
        full["DOJANG_PORT"] = str(port)
        postgres = None if own_database else _Postgres(embedded(environment.data), tell)
        supervisor = Supervisor(
            died=lambda died: _tell_death(died, tell),
            keep=keep,
            check=postgres.check if postgres else lambda: None,
        )
        with stopped_by_signals(supervisor.request_stop):
            try:
                if postgres:
                    full = with_addresses(full, postgres.start())
                _Start(supervisor, environment, full, host, port, ports).everything(tell)
                supervisor.run()
                tell("멈추는 중입니다.", "Stopping.")
            finally:
                supervisor.close()
                if postgres:
                    postgres.server.stop()


@dataclass(frozen=True, slots=True)
class _Start:
    """Starts one process after the other; stops in between where that was asked for."""

    supervisor: Supervisor
    environment: Environment
    full: dict[str, str]
    host: str
    port: int
    ports: Ports

    def everything(self, tell: Tell) -> None:
        if self.supervisor.is_stopping:
            return
        self.supervisor.run_once(Service("migrate", role("migrate"), self._without(_WORKER_ONLY)))
        told = ""
        for step in (self._sandbox, self._demo_data, self._worker, self._web):
            if self.supervisor.is_stopping:
                return
            told = step() or told
        if not self.supervisor.is_stopping:
            tell(*(f"dojang: {self._address()}",) * 2)
            if told:
                tell(told, told)

    def _sandbox(self) -> None:
        if self.environment.nts != "sandbox" or self.environment.sandbox_url:
            return
        folder = self.environment.data / SANDBOX_FOLDER
        port = self.ports.claim(_SANDBOX_PORT)
        self.full["DOJANG_SANDBOX_URL"] = f"http://127.0.0.1:{port}"
        self.full["DOJANG_NTS_SETTINGS"] = str(folder / "client" / "client.json")
        plain = {n: v for n, v in self.full.items() if not n.startswith(("DOJANG_", "DATABASE_"))}
        self.supervisor.start(
            Service("sandbox", role("sandbox", str(folder), str(port)), plain, lambda: _answers(port))
        )

    def _demo_data(self) -> str:
        if not self.environment.demo:
            return ""
        told = self.environment.data / "demo.txt"
        self.supervisor.run_once(
            Service("demo-data", role("demo-data", str(told)), self._without(_OWNER_ONLY))
        )
        return told.read_text(encoding="utf-8").strip() if told.is_file() else ""

    def _worker(self) -> None:
        self.supervisor.start(Service("worker", role("worker"), self._without(_OWNER_ONLY)))

    def _web(self) -> None:
        environ = self._without((*_OWNER_ONLY, *_WORKER_ONLY))
        self.supervisor.start(
            Service("web", role("web", self.host), environ, lambda: _answers(self.port, self.host))
        )

    def _address(self) -> str:
        return f"http://localhost:{self.port}" if self.host in _LOOPBACK else self.environment.origin

    def _without(self, names: tuple[str, ...]) -> dict[str, str]:
        return {name: value for name, value in self.full.items() if name not in names}


class _Postgres:
    """Sees that the embedded PostgreSQL stays up; its own guardian lives outside the supervisor."""

    def __init__(self, server: EmbeddedPostgres, tell: Tell) -> None:
        self.server = server
        self._tell = tell
        self._not_before = 0.0

    def start(self) -> Addresses:
        addresses = self.server.start()
        if elsewhere := self.server.elsewhere:
            self._tell(
                f"PostgreSQL은 root로 실행되지 않고 그 계정이 데이터 폴더에 들어갈 수 없어, 데이터베이스는 {elsewhere}에 있습니다.",
                f"PostgreSQL refuses to run as root, and its account may not enter the data folder, so the database is in {elsewhere}.",
            )
        return addresses

    def check(self) -> None:
        if self.server.is_running() or time.monotonic() < self._not_before:
            return
        self._tell(
            "postgres가 끝나서 다시 시작합니다. 저장된 것은 그대로입니다.",
            "postgres ended and is started again. What was saved is safe.",
        )
        try:
            self.server.start()
        except PostgresError as error:
            self._not_before = time.monotonic() + _POSTGRES_PAUSE_SECONDS
            self._tell(error.text("ko"), error.text("en"))


@contextmanager
def _alone(data: Path, tell: Tell) -> Generator[tuple[int, ...]]:
    """One supervisor for a data folder. The value is the lock that its processes keep as long as one of them lives.

    Raises:
        AlreadyRunning: another supervisor lives.
    """
    make_data_folder(data)
    mine, children = FileLock(data / SUPERVISOR_LOCK), FileLock(data / CHILDREN_LOCK)
    if not mine.acquire(seconds=0):
        raise AlreadyRunning(data=data)
    try:
        if not children.acquire(seconds=0):
            tell(
                "먼저 실행하던 프로세스가 끝나기를 기다립니다.",
                "Waiting for what ran before to end.",
            )
            children.acquire(seconds=_FORMER_SECONDS)
        yield (children.descriptor,) if children.held else ()
    finally:
        children.release()
        mine.release()


def _port(environment: Environment, host: str, ports: Ports, *, named: bool) -> int:
    """The port to listen on. What a proxy was told to find at one port is not moved to another."""
    port = ports.claim(environment.port, host)
    if named and not environment.demo and port != environment.port:
        raise NoFreePort(first=environment.port, last=environment.port)
    return port


def _answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a web server answers with anything but a failure."""
    local = "127.0.0.1" if host in {"0.0.0.0", "::", "localhost"} else host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(local, port, timeout=_HTTP_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < _SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tell_death(died: Died, tell: Tell) -> None:
    tell(
        f"{died.name} 프로세스가 끝났습니다({died.status}). {died.pause:.0f}초 뒤에 다시 시작합니다.",
        f"The process {died.name} ended ({died.status}). It is started again in {died.pause:.0f} s.",
    )
