"""One after the other in one deal: a lock for the time of a transaction, by the deal's name."""

from collections.abc import Iterable

from django.db import connection

from dojang.service.tenancy.scope import current_workspace


def hold(keys: Iterable[str]) -> None:
    """Wait for the locks of deals, always in the same order; they are let go at the end of the transaction."""
    names = sorted({f"dojang.deal:{current_workspace()}:{key}" for key in keys})
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
