"""The way out of what is due: while one package waits for its answer, the next is made."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import BoundedSemaphore

from django.db import connections

from dojang.service.transmission import system
from dojang.service.transmission.carrying import Clock, Pause, carry
from dojang.service.transmission.claiming import claim

#: Packages of one job; a worker that is told to stop finishes its job first.
PACKAGES = 10
#: One carrier waits for the NTS while the other encrypts or stores; more would only wait for the same two cores.
CARRIERS = 2


def transmit(
    *, clock: Clock, packages: int = PACKAGES, carriers: int = CARRIERS, pause: Pause = time.sleep
) -> bool:
    """Send what is due, up to so many packages; whether there may be more.

    Args:
        clock: the time.
        packages: at most.
        carriers: how many messages are on their way at once; 0 sends each before the next is made.
        pause: lets so many seconds pass.

    Raises:
        InvalidSettings, NpkiError: the operator has to mend the settings.
    """
    connection = system.connection(now=clock())
    first = claim(connection, now=clock())
    if first is None:
        return False
    with connection.client(clock=clock) as client, _carriers(carriers) as give:
        give(partial(carry, first, client, clock=clock, pause=pause))
        for _ in range(packages - 1):
            claimed = claim(connection, now=clock())
            if claimed is None:
                return False
            give(partial(carry, claimed, client, clock=clock, pause=pause))
    return True


@contextmanager
def _carriers(count: int) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Something to give work to; at the end all of it is done."""
    if count == 0:
        yield lambda work: work()
        return
    free = BoundedSemaphore(count)
    given: list[Future[None]] = []

    def work_and_close(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connections.close_all()
            free.release()

    with ThreadPoolExecutor(count, thread_name_prefix="dojang-carrier") as pool:

        def give(work: Callable[[], None]) -> None:
            free.acquire()
            given.append(pool.submit(work_and_close, work))

        yield give
    # What failed is in its row, and looked at again; the job says that it failed.
    for future in given:
        future.result()
