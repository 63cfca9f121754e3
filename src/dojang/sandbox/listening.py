"""waitress behind a small typed front: sockets, threads, bounds, and an end that can be asked for."""

import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, cast

import waitress
from waitress import wasyncore

from dojang.sandbox.errors import CannotListen, PortInUse
from dojang.sandbox.web import MAX_BODY_BYTES

THREADS = 8
_IDLE_SECONDS = 30
_LOOP_SECONDS = 1.0
_LAST_PORT = 65535

# waitress has no types.
_waitress = cast("Any", waitress)
_asyncore = cast("ModuleType", wasyncore)


class Listener:
    """A WSGI application on a port. `run` in one thread until `stop` from another, or Ctrl-C."""

    def __init__(
        self, application: Callable[..., Any], host: str, port: int, *, ending: Callable[[], None]
    ) -> None:
        """Bind; connections wait until `run`.

        Args:
            application: the WSGI application. It may raise ConnectionAbortedError to break the connection.
            host: an address of this machine.
            port: 0 for any free one.
            ending: called first when it ends, to cut short what requests wait for.

        Raises:
            PortInUse, CannotListen.
        """
        bound = _bind(host, port)
        self.host, self.port = host, int(bound.getsockname()[1])
        self._ending = ending
        self._map: dict[int, Any] = {}
        # It warns of every request that waits for a thread, which is what a queue is for.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._server = _waitress.create_server(
            application,
            map=self._map,
            sockets=[bound],
            threads=THREADS,
            max_request_body_size=MAX_BODY_BYTES,
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=_IDLE_SECONDS,
            clear_untrusted_proxy_headers=True,
            ident="dojang-sandbox",
            # An OSError out of the application ends the connection without an answer.
            log_socket_errors=False,
        )

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def run(self) -> None:
        """Serve until stopped. Requests being answered are answered first."""
        try:
            _asyncore.loop(timeout=_LOOP_SECONDS, map=self._map, use_poll=hasattr(_asyncore.select, "poll"))
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            self._end()

    def stop(self) -> None:
        """End `run`, from another thread."""
        # The thunk runs in the thread of the loop, which ends when nothing is left to listen to.
        with suppress(OSError):
            self._server.trigger.pull_trigger(self._end)

    def _end(self) -> None:
        self._ending()
        self._server.task_dispatcher.shutdown()
        _asyncore.close_all(self._map, ignore_all=True)


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise CannotListen(host=host, port=port, why=f"0-{_LAST_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port=port) from None
        raise CannotListen(host=host, port=port, why=error.strerror or "I/O") from None
