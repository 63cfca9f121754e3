"""Model by model: a row of another workspace is not there, whatever is done to it."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F
from service_world import make_workspace
from tenant_rows import ident, make_row

from dojang.service.tenancy.models import TenantModel, tenant_models
from dojang.service.tenancy.row_security import protected_tables
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

pytestmark = pytest.mark.django_db

MODELS = sorted(tenant_models(), key=ident)
CHANGING = [model for model in MODELS if not model.append_only]
APPEND_ONLY = [model for model in MODELS if model.append_only]
REFERENCES = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
]
every_model = pytest.mark.parametrize("model", MODELS, ids=ident)
every_changing_model = pytest.mark.parametrize("model", CHANGING, ids=ident)
every_append_only_model = pytest.mark.parametrize("model", APPEND_ONLY, ids=ident)


@pytest.fixture
def ours():
    return make_workspace(name="우리")


@pytest.fixture
def theirs():
    return make_workspace(name="남")


def their_row(theirs, model):
    with in_workspace(theirs.pk):
        return make_row(model)


def check_constraints():
    """As the end of the transaction would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_there_are_models_of_every_app():
    assert {model._meta.app_label for model in MODELS} >= {
        "workspaces", "counterparties", "certificates", "invoices", "transmission", "audit",
    }  # fmt: skip
    assert len(MODELS) >= 18
    assert len(APPEND_ONLY) >= 5


@every_model
def test_a_row_is_seen_in_its_own_workspace_only(ours, theirs, model):
    row = their_row(theirs, model)
    with in_workspace(theirs.pk):
        assert model.objects.filter(pk=row.pk).count() == 1
    with in_workspace(ours.pk):
        assert model.objects.filter(pk=row.pk).count() == 0
        assert not model.objects.filter(workspace_id=theirs.pk).exists()
        assert not model.objects.exclude(workspace_id=ours.pk).exists()


@every_model
def test_raw_sql_sees_the_rows_of_the_open_workspace_only(ours, theirs, model):
    their_row(theirs, model)
    with in_workspace(ours.pk), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE workspace_id <> %s", [ours.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE workspace_id = %s", [theirs.pk])
        assert cursor.fetchone() == (0,)


@every_model
def test_without_a_workspace_every_query_is_an_error_even_over_no_rows(model):
    table = model._meta.db_table
    for statement in (
        f"SELECT * FROM {table}",
        f"SELECT count(*) FROM {table}",
        f"SELECT * FROM {table} WHERE workspace_id = 1",
        f"UPDATE {table} SET workspace_id = workspace_id",
        f"DELETE FROM {table}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@every_changing_model
def test_a_row_of_another_workspace_is_not_changed(ours, theirs, model):
    row = their_row(theirs, model)
    with in_workspace(ours.pk):
        assert model.objects.filter(pk=row.pk).update(workspace_id=F("workspace_id")) == 0
        with connection.cursor() as cursor:
            key = model._meta.pk.column
            cursor.execute(f"UPDATE {model._meta.db_table} SET {key} = {key} WHERE {key} = %s", [row.pk])
            assert cursor.rowcount == 0


@every_changing_model
def test_a_row_of_another_workspace_is_not_deleted(ours, theirs, model):
    row = their_row(theirs, model)
    with in_workspace(ours.pk):
        assert model.objects.filter(pk=row.pk).delete()[0] == 0
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    with in_workspace(theirs.pk):
        assert model.objects.filter(pk=row.pk).exists()


@every_model
def test_a_row_is_not_put_into_another_workspace(ours, theirs, model):
    with (
        in_workspace(ours.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        make_row(model, workspace_id=theirs.pk)


@every_changing_model
def test_a_row_is_not_moved_to_another_workspace(ours, theirs, model):
    with in_workspace(ours.pk):
        row = make_row(model)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(workspace_id=theirs.pk)


@pytest.mark.parametrize(
    ("model", "field"), REFERENCES, ids=lambda each: getattr(each, "__name__", None) or each.name
)
def test_a_row_of_another_workspace_is_not_pointed_at(ours, theirs, model, field):
    foreign = their_row(theirs, field.related_model)
    with in_workspace(ours.pk), pytest.raises(IntegrityError, match="_same"), transaction.atomic():  # noqa: PT012
        make_row(model, **{field.attname: foreign.pk})
        check_constraints()


@every_append_only_model
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET workspace_id = workspace_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_is_only_added_to_is_neither_changed_nor_taken_out(ours, model, statement):
    with in_workspace(ours.pk):
        make_row(model)
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(model._meta.db_table))


def test_another_workspace_itself_is_not_there(ours, theirs):
    with in_workspace(ours.pk):
        assert list(Workspace.objects.all()) == [ours]
        assert Workspace.objects.filter(pk=theirs.pk).update(name="우리 것") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Workspace.objects.create(name="셋째")


def test_every_table_that_names_a_workspace_is_protected():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
        """)
        with_workspace = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert with_workspace == {model._meta.db_table for model in MODELS}
    assert secured == set(protected_tables()) == with_workspace | {Workspace._meta.db_table}
