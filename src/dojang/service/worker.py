"""The process that does the work in the background: the only one that opens R.

Jobs live in the same PostgreSQL, and are asked for in the transaction that made them necessary. A worker that is told
to stop (SIGTERM, Ctrl-C) finishes what it does; one that is killed leaves rows from which the next one goes on.
"""

from dataclasses import dataclass

from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector

from dojang.service.transmission import deferring

#: Jobs at a time: while one waits for the NTS, others seal, sweep and decide.
CONCURRENCY = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker looks and says that it lives, in seconds."""

    poll: float = 1.0
    heartbeat: float = 5.0
    dead_after: float = 30.0


def main(pace: Pace | None = None) -> None:
    """Work until a signal."""
    chosen = pace or Pace()
    # What a worker that was killed left behind is looked at first.
    deferring.on_start()
    _worker_app().run_worker(
        concurrency=CONCURRENCY,
        fetch_job_polling_interval=chosen.poll,
        update_heartbeat_interval=chosen.heartbeat,
        stalled_worker_timeout=chosen.dead_after,
        delete_jobs="successful",
    )


def _worker_app() -> DjangoApp:
    """The same tasks over connections of its own.

    Not `app.replace_connector`: what a job asks for has to stay part of Django's transaction.
    """
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the app's connector has to be Django's")
    made = DjangoApp(connector=connector.get_worker_connector())
    made.tasks = app.tasks
    made.periodic_registry = app.periodic_registry
    return made
