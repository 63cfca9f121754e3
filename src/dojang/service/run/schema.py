"""Comparing the migrations that the database has with those that the code knows."""

from django.db import connections
from django.db.migrations.loader import MigrationLoader

from dojang.service.run.errors import NewerSchema, OlderSchema

Migration = tuple[str, str]

_TOLD = 5


def refuse_newer(database: str) -> None:
    """Refuse a database with migrations that the code does not know.

    Raises:
        NewerSchema: it was migrated by a later version.
    """
    loader = MigrationLoader(connections[database])
    applied: set[Migration] = set(loader.applied_migrations)
    unknown = sorted(applied - known(loader))
    if unknown:
        raise NewerSchema(migrations=", ".join(f"{app}.{name}" for app, name in unknown[:_TOLD]))


def refuse_other(database: str) -> None:
    """Refuse a database that is newer than the code, and one that still has to be migrated.

    Raises:
        NewerSchema, OlderSchema.
    """
    refuse_newer(database)
    loader = MigrationLoader(connections[database])
    if set(loader.graph.nodes) - set(loader.applied_migrations):
        raise OlderSchema


def known(loader: MigrationLoader | None = None) -> set[Migration]:
    """Every migration that the code has, those that were squashed into another included."""
    loader = loader or MigrationLoader(None)
    on_disk: set[Migration] = set(loader.disk_migrations)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return on_disk | replaced
