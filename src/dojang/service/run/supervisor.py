"""Keeping the processes of the service running: started in order, started again when they die, stopped in reverse."""

import os
import signal
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import FrameType

from dojang.service.run.children import Child, Service
from dojang.service.run.errors import DidNotStart

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
STEADY_SECONDS = 60.0
"""After so long without dying, a process is as good as new."""
READY_SECONDS = 120.0
_CHECK_SECONDS = 1.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Died:
    """What people are told when a process ended that should not have."""

    name: str
    status: int | None
    pause: float


@dataclass(frozen=True, slots=True)
class _Ended:
    child: Child


class _Stop:
    """Somebody wants everything to stop."""


class Supervisor:
    """Runs services until it is told to stop.

    Args:
        died: called when a process ended by itself, before it is started again.
        keep: descriptors that every process holds open, for their locks.
        check: called every second; sees to what is no child of ours.
    """

    def __init__(
        self,
        *,
        died: Callable[[Died], None],
        keep: Sequence[int] = (),
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._died = died
        self._keep = keep
        self._check = check
        self._events: SimpleQueue[_Ended | _Stop] = SimpleQueue()
        self._children: dict[str, Child] = {}
        self._order: list[str] = []
        self._due: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._services: dict[str, Service] = {}
        self._stopping = False
        self._read_end, self._write_end = os.pipe()  # closed on exec, except where it is passed on

    def start(self, service: Service) -> None:
        """Start a service and wait until it is ready; the first start has to work.

        Raises:
            DidNotStart: it ended, or was not ready in time.
        """
        self._services[service.name] = service
        self._order.append(service.name)
        child = self._launch(service)
        until = time.monotonic() + READY_SECONDS
        while not service.is_ready():
            if self._stopping:
                return
            if not child.is_alive or time.monotonic() > until:
                raise DidNotStart(name=service.name, status=child.status)
            time.sleep(_POLL_SECONDS)

    def run_once(self, service: Service) -> None:
        """Run something that ends by itself, and wait for it.

        Raises:
            DidNotStart: it failed.
        """
        child = self._launch(service)
        while child.is_alive and not self._stopping:
            time.sleep(_POLL_SECONDS)
        del self._children[service.name]
        if self._stopping:
            child.stop()
        elif status := child.status:
            raise DidNotStart(name=service.name, status=status)

    def request_stop(self) -> None:
        """End `run`; may be called from a signal handler, and twice."""
        self._stopping = True
        self._events.put(_Stop())

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    def run(self) -> None:
        """Look after the services until somebody requests a stop."""
        while not self._stopping:
            try:
                event = self._events.get(timeout=_CHECK_SECONDS)
            except Empty:
                self._check()
            else:
                if isinstance(event, _Ended):
                    self._on_end(event)
            self._start_due()

    def stop(self) -> None:
        """Stop everything, the last started first. A second time changes nothing."""
        self._stopping = True
        for name in reversed(self._order):
            if child := self._children.pop(name, None):
                child.stop()
        self._order.clear()

    def close(self) -> None:
        """Stop, and let go of the pipe."""
        self.stop()
        for descriptor in (self._read_end, self._write_end):
            os.close(descriptor)

    def _launch(self, service: Service) -> Child:
        child = Child(
            service,
            pipe=self._read_end,
            keep=self._keep,
            ended=lambda ended: self._events.put(_Ended(ended)),
        )
        self._children[service.name] = child
        return child

    def _on_end(self, event: _Ended) -> None:
        name = event.child.service.name
        if event.child.stopping or self._children.get(name) is not event.child:
            return
        del self._children[name]
        steady = time.monotonic() - event.child.started >= STEADY_SECONDS
        pause = FIRST_PAUSE_SECONDS if steady else self._pauses.get(name, FIRST_PAUSE_SECONDS)
        self._pauses[name] = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self._due[name] = time.monotonic() + pause
        self._died(Died(name, event.child.status, pause))

    def _start_due(self) -> None:
        now = time.monotonic()
        for name in [name for name, due in self._due.items() if due <= now]:
            del self._due[name]
            self._launch(self._services[name])


@contextmanager
def stopped_by_signals(request_stop: Callable[[], None]) -> Generator[None]:
    """Ctrl-C, SIGTERM and a closed terminal request a stop while the block lasts."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def handle(_number: int, _frame: FrameType | None) -> None:
        request_stop()

    before = {number: signal.signal(number, handle) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
