"""Comparing the migrations and tables that the database has with those that the code knows."""

from collections.abc import Collection

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from dojang.service.run.errors import DifferentSchema, NewerSchema, OlderSchema

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
    refuse_different(database)


def refuse_different(database: str) -> None:
    """Refuse tables that a migration made which was another one then: between releases, one may be made anew.

    Of apps that are not migrated yet nothing is asked.

    Raises:
        DifferentSchema: a column, or a whole table, is missing or is one too many, or a migration was applied without
            one that it depends on now.
    """
    loader = MigrationLoader(connections[database])
    try:
        loader.check_consistent_history(connections[database])
    except InconsistentMigrationHistory as error:
        raise DifferentSchema(what=str(error), data=settings.ENVIRONMENT.data) from error
    waiting = {app for app, _ in set(loader.disk_migrations) - set(loader.applied_migrations)}
    migrated = {app for app, _ in loader.applied_migrations} - waiting
    wanted = _columns_of_models(migrated)
    found = _columns_of_tables(database, {table for table, _ in wanted})
    if wrong := sorted(wanted ^ found):
        told = ", ".join(f"{table}.{column}" for table, column in wrong[:_TOLD])
        raise DifferentSchema(what=told, data=settings.ENVIRONMENT.data)


def _columns_of_models(labels: Collection[str]) -> set[tuple[str, str]]:
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.managed
        for field in model._meta.local_concrete_fields
        if field.column is not None
    }


def _columns_of_tables(database: str, tables: Collection[str]) -> set[tuple[str, str]]:
    with connections[database].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s) "
            "AND a.attnum > 0 AND NOT a.attisdropped",
            [sorted(tables)],
        )
        return set(cursor.fetchall())


def known(loader: MigrationLoader | None = None) -> set[Migration]:
    """Every migration that the code has, those that were squashed into another included."""
    loader = loader or MigrationLoader(None)
    on_disk: set[Migration] = set(loader.disk_migrations)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return on_disk | replaced
