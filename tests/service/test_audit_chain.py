"""Histories hold against whoever has the owner's hands in the database; sealing costs what changed."""

import threading

import pytest
from django.db import connections, transaction
from service_world import NOW, acting, first_business, make_workspace
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.audit.models import Event, Unsealed
from dojang.service.invoices import drafts
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def authority(monkeypatch, tmp_path):
    return set_up(monkeypatch, tmp_path / "data")


@pytest.fixture
def workspace(authority):
    return make_workspace()


def seal(workspace):
    with in_workspace(workspace.pk):
        return chain.seal(at=NOW)


def breaks(workspace):
    with in_workspace(workspace.pk):
        return list(chain.verify())


def as_owner(*statements):
    """What the owner of the tables can do: take the guards off, change, and put them on again."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        for statement, *values in statements:
            cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def test_an_event_that_was_changed_is_told(workspace):
    invoice = make_ready(workspace)
    as_owner(
        ("UPDATE audit_event SET address = '10.0.0.1' WHERE invoice_id = %s AND sequence = 1", invoice.pk)
    )
    assert [(one.invoice_id, one.sequence) for one in breaks(workspace)] == [(invoice.pk, 1)]


def test_events_in_another_order_are_told(workspace):
    invoice = make_ready(workspace)
    as_owner(
        ("UPDATE audit_event SET sequence = 3 WHERE invoice_id = %s AND sequence = 1", invoice.pk),
        ("UPDATE audit_event SET sequence = 1 WHERE invoice_id = %s AND sequence = 2", invoice.pk),
        ("UPDATE audit_event SET sequence = 2 WHERE invoice_id = %s AND sequence = 3", invoice.pk),
    )
    assert {one.sequence for one in breaks(workspace)} == {1, 2}


def test_a_sealed_tail_that_was_cut_off_is_told(workspace):
    invoice = make_ready(workspace)
    seal(workspace)
    as_owner(("DELETE FROM audit_event WHERE invoice_id = %s AND sequence = 2", invoice.pk))
    assert [(one.invoice_id, one.sequence) for one in breaks(workspace)] == [(invoice.pk, 2)]


def test_a_sealed_document_that_was_taken_out_whole_is_told(workspace):
    kept, gone = make_ready(workspace), make_ready(workspace)
    seal(workspace)
    as_owner(
        ("DELETE FROM audit_event WHERE invoice_id = %s", gone.pk),
        ("DELETE FROM invoices_invoice WHERE id = %s", gone.pk),
    )
    assert [(one.invoice_id, one.sequence) for one in breaks(workspace)] == [(gone.pk, 2)]
    assert kept.pk != gone.pk


def test_a_history_that_was_written_anew_from_the_start_contradicts_its_seal(workspace):
    invoice = make_ready(workspace)
    seal(workspace)
    with in_workspace(workspace.pk):
        rows = list(Event.objects.filter(invoice=invoice))
    previous = chain.FIRST
    changes = []
    for row in rows:
        row.address, row.previous_hash = "10.0.0.1", previous
        previous = row.hash = chain.digest(chain._event_fields(row))
        changes.append(
            (
                "UPDATE audit_event SET address = %s, previous_hash = %s, hash = %s WHERE id = %s",
                row.address, row.previous_hash, row.hash, row.pk,
            )
        )  # fmt: skip
    as_owner(*changes)
    assert [(one.invoice_id, one.en) for one in breaks(workspace)] == [
        (invoice.pk, "was sealed and is no longer there.")
    ]


def test_a_seal_that_was_changed_or_taken_out_is_told(workspace):
    for _ in range(3):
        make_ready(workspace)
        seal(workspace)
    as_owner(("UPDATE audit_seal SET heads = '[]' WHERE sequence = 2",))
    assert (None, 2) in {(one.invoice_id, one.sequence) for one in breaks(workspace)}
    as_owner(("DELETE FROM audit_seal WHERE sequence = 2",))
    assert (None, 3) in {(one.invoice_id, one.sequence) for one in breaks(workspace)}


def test_who_keeps_a_document_from_being_sealed_is_told_on(workspace):
    invoice = make_ready(workspace)
    with in_workspace(workspace.pk):
        Unsealed.objects.all().delete()
    assert [(one.invoice_id, one.en) for one in breaks(workspace)] == [
        (invoice.pk, "was kept from being sealed.")
    ]


def test_an_event_of_a_transaction_that_ends_late_is_sealed_all_the_same(workspace):
    begun, end = threading.Event(), threading.Event()

    def late():
        try:
            with in_workspace(workspace.pk):
                make_ready(workspace)
                begun.set()
                end.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    begun.wait(30)
    make_ready(workspace)
    first = seal(workspace)
    end.set()
    thread.join()
    assert crossing.unsealed_workspaces() == [workspace.pk]
    second = seal(workspace)
    assert (len(first.heads), len(second.heads)) == (1, 1)
    assert first.heads[0][0] > second.heads[0][0]
    assert crossing.unsealed_workspaces() == []
    assert breaks(workspace) == []


def test_a_seal_names_only_what_changed_since_and_nothing_twice(workspace):
    first, second = make_ready(workspace), make_ready(workspace)
    assert [head[0] for head in seal(workspace).heads] == [first.pk, second.pk]
    third = make_ready(workspace)
    assert [head[:2] for head in seal(workspace).heads] == [[third.pk, 2]]
    assert seal(workspace) is None


def test_sealing_reads_no_more_the_longer_the_histories_are(workspace, django_assert_max_num_queries):
    for _ in range(20):
        make_ready(workspace)
    seal(workspace)
    make_ready(workspace)
    with in_workspace(workspace.pk), django_assert_max_num_queries(5) as asked:
        assert len(chain.seal(at=NOW).heads) == 1
    reads = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("SELECT")]
    seals = [sql for sql in reads if 'FROM "audit_seal"' in sql]
    events = [sql for sql in reads if 'FROM "audit_event"' in sql]
    assert all(sql.endswith("LIMIT 1") for sql in seals)
    assert all('"invoice_id" IN' in sql for sql in events)
    assert len(seals) == len(events) == 1


def contradicting(workspace):
    with in_workspace(workspace.pk):
        return [(one.invoice_id, one.sequence) for one in contradictions()]


def test_a_state_that_no_event_tells_of_is_told(workspace):
    invoice, other = make_ready(workspace), make_ready(workspace)
    assert contradicting(workspace) == []
    with in_workspace(workspace.pk):
        Invoice.objects.filter(pk=invoice.pk).update(state=State.ACCEPTED)
        Invoice.objects.filter(pk=other.pk).update(deleted_at=NOW)
    assert contradicting(workspace) == [(invoice.pk, 2), (other.pk, 2)]


def test_a_deleted_draft_and_an_issued_invoice_agree_with_their_histories(workspace, authority):
    gone, kept = make_ready(workspace), make_ready(workspace)
    who = keeper(authority, first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    issue(workspace, who, kept)
    with in_workspace(workspace.pk):
        drafts.delete(member=acting(workspace), invoice_id=gone.pk, version=gone.version, now=NOW)
    assert contradicting(workspace) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices_signeddocument SET document = '\\x0178' WHERE invoice_id = %s",
        "UPDATE invoices_signeddocument SET sha256 = repeat('0', 64) WHERE invoice_id = %s",
        "UPDATE invoices_invoice SET issue_id = NULL WHERE id = %s",
        "DELETE FROM invoices_signeddocument WHERE invoice_id = %s",
    ],
)
def test_a_signed_document_that_was_changed_or_taken_out_is_told(workspace, authority, statement):
    invoice = make_ready(workspace)
    who = keeper(authority, first_business(workspace).number)
    register(workspace, first_business(workspace), who)
    issue(workspace, who, invoice)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        guarded = ("invoices_invoice", "invoices_signeddocument")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, [invoice.pk])
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert {one for one, _ in contradicting(workspace)} == {invoice.pk}
