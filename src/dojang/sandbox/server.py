"""The sandbox as a WSGI application, and ways to run it: in the foreground, or in a thread for tests and demos."""

import logging
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from dojang.errors import DojangError
from dojang.sandbox import control, page, taxstatus
from dojang.sandbox.callbacks import Worker
from dojang.sandbox.errors import InternalFailure
from dojang.sandbox.exchange import SERVICES, ConnectionLost, Exchange
from dojang.sandbox.listening import Listener
from dojang.sandbox.office import Office
from dojang.sandbox.web import Request, Response, read_request, refusal_text, require_method

HEALTH_PATH = "/healthz"

_log = logging.getLogger(__name__)


def now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class Sandbox:
    """An NTS you can run: a WSGI application over a data folder. Open it with `open`, close it when done.

    Threads may share one; a data folder has one sandbox at a time.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self._closed = False
        self._stopping = threading.Event()
        self._exchange = Exchange(office, self._stopping)
        self._worker = Worker(office, self._stopping)
        self._worker.start()

    @classmethod
    def open(
        cls,
        data: Path,
        *,
        base_address: str,
        anchors: Sequence[Path] = (),
        clock: Callable[[], datetime] = now,
    ) -> "Sandbox":
        """Open the sandbox of a data folder, or make one.

        Args:
            data: holds everything; may be missing or empty.
            base_address: how clients reach it, as in `http://127.0.0.1:8090`; goes into `client/client.json`.
            anchors: folders of authorities whose certificates to believe besides its own test CA's.
            clock: the real time, aware; the control API can shift what the sandbox takes for it.

        Raises:
            SandboxError: the folder or its script cannot be used.
            AnchorsUnusable: a folder of authorities cannot be used.
        """
        office = Office(data, base_address=base_address.rstrip("/"), anchors=anchors, clock=clock)
        return cls(office)

    @property
    def client_settings(self) -> Path:
        """The `client.json` with which a client speaks to this sandbox."""
        return self.office.client_settings

    def move(self, base_address: str) -> None:
        """Write another address into `client.json`."""
        self.office.move(base_address.rstrip("/"))

    def close(self) -> None:
        """End the worker and every wait, and close the book. A second time changes nothing."""
        if self._closed:
            return
        self._closed = True
        self.stop_waiting()
        self._worker.stop()
        self.office.close()

    def stop_waiting(self) -> None:
        """Answer at once what waits by a scripted delay, since the end is near."""
        self._stopping.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request (WSGI)."""
        response = self._respond(environ)
        return response.send(start_response, with_body=environ["REQUEST_METHOD"] != "HEAD")

    def _respond(self, environ: WSGIEnvironment) -> Response:
        try:
            return self._route(read_request(environ))
        except DojangError as error:
            return refusal_text(error)
        except ConnectionLost:
            # The server ends the connection on this, without a byte of an answer.
            raise ConnectionAbortedError from None
        except Exception:  # noqa: BLE001 - a boundary: what it was is logged whole
            _log.exception("the sandbox failed to answer a request")
            return refusal_text(InternalFailure())

    def _route(self, request: Request) -> Response:
        if request.path in SERVICES:
            require_method(request, "POST")
            reply = self._exchange.handle(request.path, request.content_type, request.body)
            return Response(reply.body, reply.content_type, reply.status)
        if request.path == taxstatus.PATH:
            require_method(request, "POST")
            return taxstatus.handle(self.office, request, self._stopping)
        if request.path == HEALTH_PATH:
            require_method(request, "GET")
            return Response(b"ok\n")
        if request.path.startswith(control.PREFIX):
            return control.handle(self.office, request)
        return page.handle(self.office, request)


def serve(
    sandbox: Sandbox, host: str, port: int, *, ready: Callable[[str], None] = lambda _address: None
) -> None:
    """Serve a sandbox until SIGINT (Ctrl-C) or SIGTERM, then close it.

    Args:
        sandbox: closed at the end, also when it cannot listen.
        host: address to listen on.
        port: 0 for any free one; then `client.json` gets the address it became.
        ready: called with the address once connections are taken.

    Raises:
        PortInUse, CannotListen.
    """
    try:
        listener = Listener(sandbox, host, port, ending=sandbox.stop_waiting)
        if port == 0:
            sandbox.move(listener.address)
        with _terminated_like_interrupted():
            ready(listener.address)
            listener.run()
    finally:
        sandbox.close()


@contextmanager
def _terminated_like_interrupted() -> Generator[None]:
    """SIGTERM ends the block as Ctrl-C does; only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that is being served.

    Attributes:
        address: as in `http://127.0.0.1:41234`.
        client_settings: its `client.json`.
        sandbox: the sandbox itself.
    """

    address: str
    client_settings: Path
    sandbox: Sandbox


@contextmanager
def running(
    data: Path, port: int = 0, *, anchors: Sequence[Path] = (), clock: Callable[[], datetime] = now
) -> Generator[Running]:
    """Serve a sandbox on 127.0.0.1 in a thread while the block lasts.

    Raises:
        SandboxError, AnchorsUnusable: see `Sandbox.open` and `serve`.
    """
    application = _Late()
    listener = Listener(application, "127.0.0.1", port, ending=application.stop_waiting)
    thread = threading.Thread(target=listener.run, name="dojang-sandbox", daemon=True)
    try:
        sandbox = Sandbox.open(data, base_address=listener.address, anchors=anchors, clock=clock)
        application.sandbox = sandbox
        thread.start()
        yield Running(listener.address, sandbox.client_settings, sandbox)
    finally:
        listener.stop()
        if thread.ident is None:
            listener.run()
        else:
            thread.join()
        if application.sandbox is not None:
            application.sandbox.close()


class _Late:
    """The port is known only once it is bound, and the sandbox only once the port is known."""

    def __init__(self) -> None:
        self.sandbox: Sandbox | None = None

    def stop_waiting(self) -> None:
        if self.sandbox is not None:
            self.sandbox.stop_waiting()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.sandbox is None:  # pragma: no cover: nothing is served before it is there
            raise ConnectionAbortedError
        return self.sandbox(environ, start_response)
