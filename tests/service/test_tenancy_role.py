"""The application's role: rows, and nothing by which it could get at those of others."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from service_world import make_workspace

from dojang.etax.identifiers import SERIALS
from dojang.service.tenancy import row_security
from dojang.service.tenancy.checks import every_row_has_its_workspace
from dojang.service.tenancy.models import tenant_models
from dojang.service.tenancy.row_security import ApplicationRoleTooStrong, lay
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

BUSINESS = "workspaces_business"
CROSSING = {
    "dojang_memberships(bigint)": {"workspace_id", "slug", "name", "membership_id", "role"},
    "dojang_invitation(text)": {"workspace_id", "invitation_id"},
    "dojang_invitation_mails(bigint,timestamp with time zone)": {"bigint"},
    "dojang_asked_mails(bigint,timestamp with time zone)": {"bigint"},
    "dojang_inbox_full(text,timestamp with time zone,integer)": {"boolean"},
    "dojang_link(uuid)": {"workspace_id", "link_id"},
    "dojang_issue_serials(text,date,integer)": {"bigint"},
    "dojang_due_invoices(timestamp with time zone,text,integer)": {"workspace_id", "invoice_id"},
    "dojang_submission_invoices(bigint)": {"workspace_id", "invoice_id", "issue_id"},
    "dojang_deliver(bigint[],timestamp with time zone)": {"void"},
    "dojang_deliver_to(bigint,date,timestamp with time zone)": {"void"},
    "dojang_delivered_workspaces()": {"bigint"},
    "dojang_hometax_workspaces(timestamp with time zone,timestamp with time zone)": {"bigint"},
    "dojang_due_mails(timestamp with time zone)": {"bigint"},
    "dojang_lay_reverse(bigint,timestamp with time zone)": {"void"},
    "dojang_unlaid_reverse(timestamp with time zone)": {"bigint"},
    "dojang_lay_reverse_here(timestamp with time zone)": {"void"},
    "dojang_hold_reverse(bigint)": {"state", "expires_at", "content_hash"},
    "dojang_settle_reverse(bigint,text,timestamp with time zone,text,text,text,text,text)": {"boolean"},
    "dojang_echo_reverse(bigint)": {"void"},
    "dojang_reverse_workspaces(timestamp with time zone)": {"bigint"},
    "dojang_ended_guests(timestamp with time zone)": {"bigint"},
    "dojang_remove_guest(timestamp with time zone)": {"boolean"},
    "dojang_billing_workspaces(timestamp with time zone,timestamp with time zone)": {"bigint"},
    "dojang_unconfirmed_billing(timestamp with time zone,timestamp with time zone)": {"bigint"},
    "dojang_search_invoices(text[],date,date,integer)": {"bigint"},
    "dojang_search_records(text,text[],date,date,integer)": {"bigint"},
    "dojang_unsealed_workspaces()": {"bigint"},
    "dojang_open_workspaces()": {"bigint"},
    "dojang_workspaces()": {"bigint"},
}
"""Everything that may cross workspaces, with what it returns: a new function is reviewed by adding it here."""
GUARDS = {"dojang_refuse_change", "dojang_keep_invoice"}
"""Functions of triggers: they give nothing."""


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def test_the_role_is_neither_superuser_nor_owner_nor_a_member_of_anything():
    [(name, *powers)] = run("""
        SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
        FROM pg_roles WHERE rolname = current_user
    """)
    assert name == settings.APPLICATION_ROLE
    assert not any(powers)
    assert (
        run(
            "SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user"
        )
        == []
    )
    assert run("SELECT 1 FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == []


@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE {BUSINESS} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {BUSINESS} ADD COLUMN more text",
        f"DROP POLICY tenant ON {BUSINESS}",
        f"CREATE POLICY all_of_it ON {BUSINESS} USING (true)",
        f"DROP TABLE {BUSINESS}",
        f"TRUNCATE {BUSINESS} CASCADE",
        f"ALTER TABLE {BUSINESS} OWNER TO CURRENT_USER",
        f"ALTER TABLE {BUSINESS} DISABLE TRIGGER ALL",
        f"CREATE TRIGGER spy BEFORE INSERT ON {BUSINESS} EXECUTE FUNCTION dojang_refuse_change()",
        "CREATE TABLE public.mine (id bigint)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION dojang_workspaces() RETURNS SETOF bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "CREATE SCHEMA mine",
        "SET session_replication_role = replica",
        "SET ROLE dojang_owner",
        "CREATE ROLE mine SUPERUSER",
        "SELECT setval('workspaces_workspace_id_seq', 1)",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_the_role_changes_no_table_policy_or_role(statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


def test_turning_row_security_off_is_an_error_and_no_way_round():
    workspace = make_workspace()
    with in_workspace(workspace.pk), transaction.atomic():
        run("SET LOCAL row_security = off")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            run(f"SELECT * FROM {BUSINESS}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "UPDATE django_migrations SET app = 'x'",
        "DELETE FROM django_migrations",
        "SELECT * FROM invoices_issueserial",
        "UPDATE invoices_issueserial SET last = 0",
        "DELETE FROM invoices_issueserial",
    ],
)
def test_the_role_leaves_what_is_the_owners_alone(statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run(statement)


def test_the_role_may_see_which_migrations_ran():
    assert run("SELECT count(*) > 0 FROM django_migrations") == [(True,)]


def test_what_crosses_workspaces_is_a_closed_list_that_returns_the_least():
    found = run("""
        SELECT p.oid::regprocedure::text, COALESCE(NULLIF(p.proargnames[p.pronargs + 1:], '{}'), ARRAY[p.prorettype::regtype::text])
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    """)
    returned = {name: set(columns) for name, columns in found}
    assert returned == CROSSING


def test_what_crosses_looks_for_names_in_its_own_schema_only():
    paths = run("""
        SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.proname LIKE 'dojang%%' AND n.nspname = 'public'
    """)
    assert len(paths) == len(CROSSING) + len(GUARDS)
    assert {tuple(config) for _, config in paths} == {("search_path=pg_catalog, public, pg_temp",)}


def test_a_temporary_table_does_not_stand_in_for_one_of_ours():
    workspace = make_workspace()
    run("CREATE TEMPORARY TABLE workspaces_workspace (id bigint)")
    run("INSERT INTO pg_temp.workspaces_workspace VALUES (-1)")
    assert (-1,) not in run("SELECT * FROM dojang_workspaces()")
    assert (workspace.pk,) in run("SELECT * FROM dojang_workspaces()")


def test_nobody_else_may_call_what_crosses():
    granted = run("""
        SELECT p.proname, COALESCE(a.grantee::regrole::text, 'nobody')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        CROSS JOIN LATERAL aclexplode(p.proacl) a
        WHERE n.nspname = 'public' AND p.prosecdef AND a.privilege_type = 'EXECUTE' AND a.grantee <> p.proowner
    """)
    assert {who for _, who in granted} == {settings.APPLICATION_ROLE}


@pytest.mark.parametrize("how_many", [0, -1, None, 100_001])
def test_serials_are_never_counted_backwards(how_many):
    with pytest.raises(DatabaseError, match="serials at a time"), transaction.atomic():
        run("SELECT dojang_issue_serials('12345678', '2026-11-20', %s)", how_many)


def test_serials_follow_each_other():
    ask = "SELECT dojang_issue_serials('12345678', '2026-11-20', %s)"
    [[(first,)], [(second,)], [(third,)]] = [run(ask, 3), run(ask, 1), run(ask, 2)]
    assert (second, third) == (first + 3, first + 4)


def test_serials_of_each_day_and_registration_begin_at_a_random_one():
    given = {
        run("SELECT dojang_issue_serials(%s, %s, 1)", registration, f"2026-11-{day}")[0][0]
        for registration in ("12345678", "12345679")
        for day in range(10, 20)
    }
    assert len(given) == 20
    assert 0 < min(given) <= max(given) < SERIALS // 2
    assert max(given) - min(given) > SERIALS // 100


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_after_a_restore_serials_go_on_elsewhere():
    """What the NTS was given after the backup is not known here any more."""
    ask = "SELECT dojang_issue_serials('12345678', '2026-11-20', 1)"
    [[(before,)]] = [run(ask)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE invoices_issueserial SET life = 'of a server before'")
    [[(after,)]] = [run(ask)]
    assert abs(after - before) > 1_000
    assert run(ask) == [(after + 1,)]


@pytest.mark.django_db(databases=["default", "owner"])
def test_laying_security_twice_changes_nothing():
    laid = """
        SELECT c.relname, c.relrowsecurity,
            (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(c.relacl) a),
            (SELECT array_agg(pg_get_expr(p.polqual, c.oid)) FROM pg_policy p WHERE p.polrelid = c.oid),
            (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid),
            (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid)
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname
    """
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        before = cursor.execute(laid).fetchall()
        lay("owner")
        assert cursor.execute(laid).fetchall() == before
        transaction.set_rollback(True, using="owner")
    assert len(before) > len(tenant_models())


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_itself_is_no_role_for_the_application(monkeypatch):
    monkeypatch.setattr(settings, "APPLICATION_ROLE", connections["owner"].settings_dict["USER"])
    with pytest.raises(ApplicationRoleTooStrong, match="step over row-level security"):
        lay("owner")


@pytest.mark.parametrize("power", range(4))
def test_any_one_power_over_row_security_is_refused(power):
    class Cursor:
        def execute(self, statement, values):
            assert values == ["dojang_app"]

        def fetchone(self):
            return tuple(index == power for index in range(4))

    with pytest.raises(ApplicationRoleTooStrong):
        row_security._refuse_strong_role(Cursor(), "dojang_app")


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setattr(settings, "APPLICATION_ROLE", "nobody_at_all")
    with pytest.raises(ApplicationRoleTooStrong, match="There is no role nobody_at_all"):
        lay("owner")


def test_every_model_that_points_into_workspaces_belongs_to_one():
    assert every_row_has_its_workspace(None) == []


def test_a_model_that_forgot_its_workspace_is_found(monkeypatch):
    from dojang.service.tenancy import checks

    class Nothing:
        pass

    monkeypatch.setattr(checks, "TenantModel", Nothing)
    found = every_row_has_its_workspace(None)
    strays = {error.obj for error in found if error.id == "tenancy.E001"}
    assert strays == set(tenant_models())


def test_the_names_of_constraints_are_never_cut_off():
    with pytest.raises(row_security.ImproperlyConfigured, match="too long"):
        row_security._once(None, "table", "x" * 64, "UNIQUE (id)")


def test_the_checks_run_when_django_starts():
    call_command("check", tags=["tenancy"])
