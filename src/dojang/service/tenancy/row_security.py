"""Row-level security, grants and the functions that may cross workspaces, laid anew after every migration.

They are derived from the models, so a new table cannot be forgotten: every `TenantModel` gets the policy, the
application's role gets rows but no tables, and tables that are only added to lose UPDATE and DELETE.

What this holds off is a forgotten filter and a foreign id. It does not hold off someone who runs SQL of their own
as the application: that role names the workspace itself.
"""

from importlib import resources
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import ForeignKey, Model

from dojang.service.tenancy import search_index
from dojang.service.tenancy.models import TenantModel, tenant_models

# Tables that the application never touches itself.
_OWNERS = ("django_migrations", "invoices_issueserial")
# Read without missing_ok: an unset tenant is an error, never an empty list. PostgreSQL asks for it when it plans, so
# that it is an error over a table without rows, too.
_POLICY = "{column} = current_setting('dojang.workspace')::bigint"
_INVOICES = "invoices_invoice"
_NAME_BYTES = 63
"""PostgreSQL cuts longer names off, and a constraint would not be found again by its name."""


class ApplicationRoleTooStrong(ImproperlyConfigured):
    """Row-level security would not hold the application's role."""


def after_migrate(*, using: str, plan: list[Any], **_: object) -> None:
    """Lay security when the owner has migrated; `plan` is not asked: laying it twice changes nothing."""
    if using == settings.OWNER_DATABASE:
        call_command("createcachetable", database=using, verbosity=0)
        lay(using)


def lay(using: str) -> None:
    """Policies, grants and functions, in one transaction of the owner: there is no moment with half of them.

    Raises:
        ApplicationRoleTooStrong: the role could step over row-level security.
    """
    connection = connections[using]
    role = connection.ops.quote_name(settings.APPLICATION_ROLE)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _refuse_strong_role(cursor, settings.APPLICATION_ROLE)
        _grant(cursor, role)
        _drop_functions(cursor)
        # `migrate APP` makes the tables of one app; what is not there yet has to wait for its own migration.
        there = set(connection.introspection.table_names(cursor))
        search_index.lay(cursor, there)
        cursor.execute(_functions().replace("{{application_role}}", role))
        for table, column, append_only in _protected():
            if table not in there:
                continue
            _protect(cursor, table, column)
            if append_only:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                _append_only(cursor, table)
        for model in tenant_models():
            if model._meta.db_table in there:
                _same_workspace(cursor, model)
        if _INVOICES in there:
            _keep_invoices(cursor)


def _refuse_strong_role(cursor: Any, role: str) -> None:
    """A superuser, a role with BYPASSRLS, and whoever may act as the owner of the tables are held by no policy."""
    cursor.execute(
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole, pg_has_role(oid, current_user, 'MEMBER')
        FROM pg_roles WHERE rolname = %s
        """,
        [role],
    )
    found = cursor.fetchone()
    if found is None:
        raise ApplicationRoleTooStrong(f"There is no role {role}: create the role that DATABASE_URL names.")
    if any(found):
        raise ApplicationRoleTooStrong(
            f"{role} could step over row-level security: DATABASE_URL has to name a role without SUPERUSER, "
            "BYPASSRLS and CREATEROLE that is no member of the owner's role (DATABASE_OWNER_URL)."
        )


def _grant(cursor: Any, role: str) -> None:
    """Rows for the application, and nothing that was granted once and is not any more."""
    cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}")
    cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for table in _OWNERS:
        cursor.execute(f"REVOKE ALL ON TABLE {table} FROM {role}")
    cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")


def _drop_functions(cursor: Any) -> None:
    """Those of an older release: the list is closed, and PostgreSQL can't replace what returns other columns."""
    cursor.execute(
        """
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.prosecdef AND p.proname LIKE 'dojang\\_%'
        """
    )
    for (signature,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION {signature}")


def protected_tables() -> dict[str, str]:
    """Each table under row-level security, with the column that names its workspace."""
    return {table: column for table, column, _ in _protected()}


def _protected() -> list[tuple[str, str, bool]]:
    from dojang.service.workspaces.models import Workspace  # noqa: PLC0415

    rows: list[tuple[type[Model], str, bool]] = [(Workspace, "id", False)]
    rows += [(model, "workspace_id", model.append_only) for model in tenant_models()]
    return [(model._meta.db_table, column, append_only) for model, column, append_only in rows]


def _protect(cursor: Any, table: str, column: str) -> None:
    policy = _POLICY.format(column=column)
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
    cursor.execute(f"CREATE POLICY tenant ON {table} USING ({policy}) WITH CHECK ({policy})")


def _append_only(cursor: Any, table: str) -> None:
    cursor.execute(f"""
        CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION dojang_refuse_change()
    """)


def _keep_invoices(cursor: Any) -> None:
    cursor.execute(f"""
        CREATE OR REPLACE TRIGGER keep_invoice BEFORE UPDATE ON {_INVOICES}
        FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION dojang_keep_invoice()
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
        other, key = target._meta.db_table, field.target_field.column
        _once(cursor, other, f"{other}_of_workspace", f"UNIQUE (workspace_id, {key})")
        _once(
            cursor,
            table,
            f"{table}_{field.column}_same",
            f"FOREIGN KEY (workspace_id, {field.column}) REFERENCES {other} (workspace_id, {key}) "
            "DEFERRABLE INITIALLY DEFERRED",
        )


def _once(cursor: Any, table: str, name: str, definition: str) -> None:
    if len(name.encode()) > _NAME_BYTES:
        raise ImproperlyConfigured(f"{name} is too long for a constraint: shorten the names of {table}.")
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, table]
    )
    if cursor.fetchone() is None:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _functions() -> str:
    return resources.files(__package__).joinpath("functions.sql").read_text("utf-8")
