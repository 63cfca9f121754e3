"""What PostgreSQL needs to find text in lists, laid with row-level security.

Migrations can't hold it: an index of trigrams needs its extension, which belongs to the database's owner.
"""

from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

#: Tables with a column `search`, made by `lists.searching`.
SEARCHED: Final = ("invoices_invoice", "records_record")
_SAMPLE: Final = 1000


def lay(cursor: Any, there: set[str]) -> None:
    """The extension and its indexes; twice changes nothing.

    Raises:
        ImproperlyConfigured: the extension is missing and the owner may not create it.
    """
    _extension(cursor)
    for table in SEARCHED:
        if table in there:
            # With the usual sample of a hundred texts PostgreSQL takes one row in a hundred for the rarest there is.
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN search SET STATISTICS {_SAMPLE}")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {table}_search ON {table} USING gin (search gin_trgm_ops)"
            )


def _extension(cursor: Any) -> None:
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if cursor.fetchone() is not None:
        return
    cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
    if not cursor.fetchone()[0]:
        raise ImproperlyConfigured(
            "The extension pg_trgm is missing: run CREATE EXTENSION pg_trgm in this database as its administrator, "
            "or let the role of DATABASE_OWNER_URL own the database."
        )
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
