"""What suppliers without an account leave behind: removed where nothing was issued, kept where something was."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from record_world import authority_of
from reverse_world import ask, buyer_of, guest_of, only_invoice, path_of, read_again
from service_world import NOW, acting, make_user, make_workspace
from tenant_rows import make_row

from dojang.service.invoices import transmitting
from dojang.service.invoices.models import SignedDocument
from dojang.service.links.errors import NoSuchLink
from dojang.service.reverse import guests, requesting, seen, tasks, terms
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.models import tenant_models
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces import closed
from dojang.service.workspaces.models import BusinessRole, Membership, Workspace

pytestmark = pytest.mark.django_db
LATER = NOW + terms.GUEST_KEPT
YEARS = NOW + timedelta(days=3653)
NEVER_THERE = {Membership, BusinessRole, SignedDocument}
"""With these, or for them, a guest's workspace is kept."""


@pytest.fixture(autouse=True)
def _authority(monkeypatch):
    authority_of(monkeypatch)


@pytest.fixture
def buyer():
    return buyer_of()


def begun(buyer):
    """A request that its supplier wanted to sign, with a certificate and a document that is ready."""
    row = ask(buyer, now=NOW)
    guest = guest_of(buyer, row, now=NOW)
    guest.begin()
    guest.register()
    return read_again(buyer, row), guest


def withdraw(buyer, row, now=NOW):
    with in_workspace(buyer.pk):
        requesting.withdraw(member=acting(buyer), request_id=row.pk, now=now)


def refuse(buyer, row, now=NOW):
    guests.refuse(path_of(buyer, row).strip("/").split("/")[-1], reason="다름", address="", now=now)


def rows_of(workspace_id):
    """How many rows of each table a workspace has."""
    with in_workspace(workspace_id):
        there = {model.__name__: model.objects.count() for model in tenant_models()}
        return {name: count for name, count in there.items() if count} | (
            {"Workspace": 1} if Workspace.objects.exists() else {}
        )


def run(statement, *values, using="default"):
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("end", [refuse, withdraw])
def test_after_a_month_nothing_is_left_of_who_did_not_sign(buyer, end):
    row, _ = begun(buyer)
    other, _ = begun(buyer)
    end(buyer, row)
    tasks.see_to_all(NOW)
    ours, others = rows_of(buyer.pk), rows_of(other.guest)
    tasks.remove_ended(LATER - timedelta(seconds=1))
    assert rows_of(row.guest)["Event"] > 0
    tasks.remove_ended(LATER)
    assert rows_of(row.guest) == {}
    assert (rows_of(buyer.pk), rows_of(other.guest)) == (ours, others)
    after = read_again(buyer, row)
    assert (after.state, after.guest) == (State.REFUSED if end is refuse else State.WITHDRAWN, None)


def test_what_ran_out_is_removed_a_month_after(buyer):
    row, _ = begun(buyer)
    tasks.see_to_all(row.expires_at)
    tasks.remove_ended(row.expires_at + terms.GUEST_KEPT - timedelta(seconds=1))
    assert rows_of(row.guest) != {}
    tasks.remove_ended(row.expires_at + terms.GUEST_KEPT)
    assert rows_of(row.guest) == {}


def test_of_a_buyer_that_closed_its_workspace_too(buyer):
    row, _ = begun(buyer)
    with in_workspace(buyer.pk):
        Workspace.objects.update(closed_at=NOW)
    tasks.see_to_all(row.expires_at)
    assert read_again(buyer, row).state == State.REQUESTED
    tasks.remove_ended(row.expires_at + terms.GUEST_KEPT)
    assert rows_of(row.guest) == {}


def test_whatever_hangs_on_it_goes_along(buyer):
    """In no table that there is a row of it is left: one that is added later is found by itself."""
    row, _ = begun(buyer)
    hanging = [model for model in tenant_models() if model not in NEVER_THERE]
    with in_workspace(row.guest):
        for model in hanging:
            if not model.objects.exists():
                make_row(model)
    refuse(buyer, row)
    assert len(rows_of(row.guest)) == len(hanging) + 1
    tasks.remove_ended(LATER)
    assert rows_of(row.guest) == {}


def test_twice_is_once(buyer):
    row, _ = begun(buyer)
    refuse(buyer, row)
    tasks.remove_ended(LATER)
    tasks.remove_ended(LATER)
    with in_workspace(row.guest):
        assert crossing.remove_guest(LATER) is False
        assert closed.hold_open() is False


def test_what_was_issued_is_kept_whatever_became_of_it(buyer):
    row, guest = begun(buyer)
    guest.hand_in(guest.order())
    taken_back, other = begun(buyer)
    other.hand_in(other.order())
    with guests.inside(other.token, address="", now=NOW) as (member, incoming):
        invoice = incoming.invoice
        transmitting.cancel(member=member, invoice_id=invoice.pk, version=invoice.version, now=NOW)
    assert read_again(buyer, taken_back).state == State.CANCELLED
    tasks.remove_ended(YEARS)
    for kept in (row, taken_back):
        assert only_invoice(kept.guest).issue_id
        with in_workspace(kept.guest):
            assert SignedDocument.objects.exists()


def test_even_a_request_that_says_otherwise_removes_no_issued_document(buyer):
    row, guest = begun(buyer)
    guest.hand_in(guest.order())
    with in_workspace(buyer.pk):
        ReverseRequest.objects.update(state=State.REFUSED, changed_at=NOW)
    with in_workspace(row.guest):
        assert crossing.remove_guest(YEARS) is False
    assert only_invoice(row.guest).issue_id


def test_what_can_still_be_signed_is_not_removed(buyer):
    row, guest = begun(buyer)
    tasks.remove_ended(row.expires_at - timedelta(seconds=1))
    guest.hand_in(guest.order())
    assert read_again(buyer, row).state == State.SIGNED


def test_no_other_workspace_is_ever_removed(buyer):
    row, _ = begun(buyer)
    refuse(buyer, row)
    for statement in ("UPDATE workspaces_workspace SET guest = true", "SELECT 1"):
        lonely = make_workspace()
        with in_workspace(lonely.pk):
            Membership.objects.all().delete()
            run(statement)
            assert crossing.remove_guest(YEARS) is False
    with in_workspace(buyer.pk):
        assert crossing.remove_guest(YEARS) is False
    # One that a request names, but that is no guest's, or has members.
    named = make_workspace()
    with in_workspace(buyer.pk):
        ReverseRequest.objects.update(guest=named.pk)
    with in_workspace(named.pk):
        assert crossing.remove_guest(YEARS) is False
        Workspace.objects.update(guest=True)
        assert crossing.remove_guest(YEARS) is False
        assert Workspace.objects.exists()


def test_its_link_still_tells_how_it_ended_and_opens_no_more(buyer):
    row, guest = begun(buyer)
    refuse(buyer, row)
    tasks.remove_ended(LATER)
    page = seen.by_link(guest.token, language="ko", now=LATER)
    assert (page.state, page.is_open, page.form, page.issue_id) == (State.REFUSED, False, "", "")
    with pytest.raises(NoSuchLink), guests.inside(guest.token, address="", now=NOW):
        pass


def test_the_application_deletes_no_history_by_itself(buyer):
    row, _ = begun(buyer)
    with in_workspace(row.guest):
        for table in ("audit_event", "audit_seal", "reverse_reverseevent"):
            run("SELECT set_config('dojang.removing', 'guest', true)")
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                run(f"DELETE FROM {table}")


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_owner_deletes_history_on_purpose_only():
    make_workspace(make_user())
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(using="owner"):
        run("DELETE FROM workspaces_workspaceevent", using="owner")
    with transaction.atomic(using="owner"):
        run("SELECT set_config('dojang.removing', 'guest', true)", using="owner")
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(using="owner"):
            run("UPDATE workspaces_workspaceevent SET action = ''", using="owner")
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(using="owner"):
            run("TRUNCATE workspaces_workspaceevent", using="owner")


def test_a_table_of_somebody_elses_making_is_not_looked_at(buyer):
    row, _ = begun(buyer)
    refuse(buyer, row)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE mine (workspace_id bigint)")
        cursor.execute("ALTER TABLE mine ENABLE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY tenant ON mine USING (true)")
        cursor.execute("INSERT INTO mine VALUES (%s)", [row.guest])
    tasks.remove_ended(LATER)
    assert rows_of(row.guest) == {}
    assert run("SELECT count(*) FROM mine") == [(1,)]
