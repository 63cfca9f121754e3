"""Row-level security, grants and the functions that may cross workspaces, laid anew after every migration.

They are derived from the models, so a new table cannot be forgotten: every `TenantModel` gets the policy, the
application's role gets rows but no tables, and tables that are only added to lose UPDATE and DELETE.
"""

from importlib import resources
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.models import ForeignKey, Model

from dojang.service.tenancy.models import TenantModel, tenant_models

# Read without missing_ok: an unset tenant is an error, never an empty list.
# Tables that the application never touches itself.
_OWNERS = ("django_migrations", "invoices_issueserial")
_TENANT = "current_setting('dojang.workspace')::bigint"


def after_migrate(*, using: str, plan: list[Any], **_: object) -> None:
    """Lay security when the owner has migrated; `plan` is not asked: laying it twice changes nothing."""
    if using == settings.OWNER_DATABASE:
        call_command("createcachetable", database=using, verbosity=0)
        lay(using)


def lay(using: str) -> None:
    """Policies, grants and functions, in one transaction of the owner."""
    connection = connections[using]
    role = connection.ops.quote_name(settings.APPLICATION_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table in _OWNERS:
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        cursor.execute(_functions().replace("{{application_role}}", role))
        for table, column, append_only in _protected():
            _protect(cursor, table, column)
            if append_only:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                _append_only(cursor, table)
        for model in tenant_models():
            _same_workspace(cursor, model)


def protected_tables() -> dict[str, str]:
    """Each table under row-level security, with the column that names its workspace."""
    return {table: column for table, column, _ in _protected()}


def _protected() -> list[tuple[str, str, bool]]:
    from dojang.service.workspaces.models import Workspace  # noqa: PLC0415

    rows: list[tuple[type[Model], str, bool]] = [(Workspace, "id", False)]
    rows += [(model, "workspace_id", model.append_only) for model in tenant_models()]
    return [(model._meta.db_table, column, append_only) for model, column, append_only in rows]


def _protect(cursor: Any, table: str, column: str) -> None:
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
    cursor.execute(
        f"CREATE POLICY tenant ON {table} USING ({column} = {_TENANT}) WITH CHECK ({column} = {_TENANT})"
    )


def _append_only(cursor: Any, table: str) -> None:
    cursor.execute(f"""
        CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION dojang_refuse_change()
    """)


def _same_workspace(cursor: Any, model: type[TenantModel]) -> None:
    """Let foreign keys between rows of workspaces compare the workspace too.

    PostgreSQL checks a plain foreign key without row-level security, so an id of another workspace would pass.
    """
    table = model._meta.db_table
    for field in model._meta.get_fields():
        target = field.related_model
        if not isinstance(field, ForeignKey) or not (
            isinstance(target, type) and issubclass(target, TenantModel)
        ):
            continue
        other = target._meta.db_table
        _once(cursor, other, f"{other}_of_workspace", "UNIQUE (workspace_id, id)")
        _once(
            cursor,
            table,
            f"{table}_{field.column}_same",
            f"FOREIGN KEY (workspace_id, {field.column}) REFERENCES {other} (workspace_id, id) "
            "DEFERRABLE INITIALLY DEFERRED",
        )


def _once(cursor: Any, table: str, name: str, definition: str) -> None:
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, table]
    )
    if cursor.fetchone() is None:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _functions() -> str:
    return resources.files(__package__).joinpath("functions.sql").read_text("utf-8")
