"""A worker or a web server as in production, but for one point at which it is killed: `python process_under_test.py`.

    worker POINT CLOCK      the worker; CLOCK is a file with seconds that its clock is ahead of the real one
    web POINT CLOCK PORT    the pages and the NTS's callbacks, on a port of the loopback address

POINT is empty, or one of `POINTS`. The kill is SIGKILL from within: nothing is cleaned up, no lock let go of, no
transaction ended by us.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

POINTS = {
    # worker
    "inside the claim": ("dojang.service.transmission.claiming", "_store", "after"),
    "claimed and committed": ("dojang.service.transmission.pipeline", "claim", "after"),
    "said that it sends, nothing sent": ("dojang.nts.client.NtsClient", "submit", "before"),
    "in the middle of sending": ("dojang.nts.client.NtsClient", "_exchange", "half"),
    "sent, not written down": ("dojang.nts.client.NtsClient", "submit", "after"),
    "inside writing the receipt down": ("dojang.service.transmission.outcomes", "_receipt", "after"),
    "received, not asked": ("dojang.service.transmission.outcomes", "sent", "after"),
    "asked, not written down": ("dojang.nts.client.NtsClient", "reconcile", "after"),
    "inside applying the verdicts": ("dojang.service.transmission.results", "apply_results", "after"),
    "settled": ("dojang.service.transmission.outcomes", "asked", "after"),
    # web
    "inside issuing": ("dojang.service.invoices.issuing", "_store", "after"),
    "issued, not answered": ("dojang.service.workspaces.middleware.OneWorkspace", "process_view", "after"),
    "told, not stored": ("dojang.service.transmission.results", "apply_results", "after"),
    "told and stored, not acknowledged": ("dojang.service.transmission.outcomes", "told", "after"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dies_before(original: Callable, *arguments, **named):
    die()


def _dies_after(original: Callable, *arguments, **named):
    original(*arguments, **named)
    die()


def _sends_half(original: Callable, client, address: str, message):
    """Half a submission, and the end."""
    if "TaxInvoiceSubmit" not in message.soap_action:
        return original(client, address, message)
    parts = urlsplit(address)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(message.body)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in message.headers().items())
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(head.encode() + b"\r\n" + message.body[: len(message.body) // 2])
        return die()


_KINDS = {"before": _dies_before, "after": _dies_after, "half": _sends_half}


def lay(point: str) -> None:
    """Have the process die at a point."""
    where, name, kind = POINTS[point]
    try:
        owner: Any = import_module(where)
    except ModuleNotFoundError:  # a class
        module, _, of = where.rpartition(".")
        owner = getattr(import_module(module), of)
    original = getattr(owner, name)

    @wraps(original)
    def patched(*arguments, **named):
        return _KINDS[kind](original, *arguments, **named)

    setattr(owner, name, patched)


def shift(file: Path) -> None:
    """Let this process take another time for now; jobs are still asked for in PostgreSQL's."""
    from django.utils import timezone

    from dojang.service.transmission import deferring, outcomes

    def ahead() -> timedelta:
        return timedelta(seconds=float(file.read_text() or 0))

    look = deferring.look
    timezone.now = lambda: datetime.now(UTC) + ahead()
    deferring.look = lambda submission_id, at: look(submission_id, at - ahead())
    outcomes.CARRIED = timedelta(seconds=0.5)


def serve(port: int) -> None:
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from dojang.service.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None: ...

    make_server("127.0.0.1", port, application, handler_class=Quiet).serve_forever()


def main() -> None:
    role, point, clock, *rest = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "dojang.service.settings"
    import django

    django.setup()
    from dojang.service import worker  # everything is loaded before anything is replaced
    from dojang.service.transmission import tasks  # noqa: F401

    shift(Path(clock))
    if point:
        lay(point)
    if role == "worker":
        worker.main(worker.Pace(poll=0.2, heartbeat=0.5, dead_after=5.0))
    else:
        serve(int(rest[0]))


if __name__ == "__main__":
    main()
