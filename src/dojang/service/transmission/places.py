"""Where the invoices of a submission are: workspace by workspace, always in the same order."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from django.db import DatabaseError, connection

from dojang.service.tenancy import crossing
from dojang.service.tenancy.crossing import InvoiceIn, SubmittedInvoice

_by_workspace = attrgetter("workspace_id")


def by_workspace(places: Iterable[InvoiceIn | SubmittedInvoice]) -> list[tuple[int, list[int]]]:
    """Workspaces in rising order with their invoices, so that two who lock the same rows never wait for each other."""
    ordered = sorted(places, key=_by_workspace)
    return [
        (workspace_id, [place.invoice_id for place in group])
        for workspace_id, group in groupby(ordered, key=_by_workspace)
    ]


def of_submission(submission_id: int) -> list[tuple[int, list[int]]]:
    """Those of a submission."""
    return by_workspace(crossing.submission_invoices(submission_id))


@contextmanager
def held_alone(what: str) -> Iterator[bool]:
    """Whether this connection alone now holds `what`; PostgreSQL lets go of it when the process dies.

    A lock of the session, since a message is on its way for longer than a transaction should last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [what])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            _let_go(what)


def _let_go(what: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [what])
    except DatabaseError:
        connection.close()  # the end of the session lets go of everything
