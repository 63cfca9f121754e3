"""The database itself keeps what was finished and what was issued, whoever writes to its tables."""

import pytest
from django.db import DatabaseError, connections, transaction
from service_world import NOW, acting, first_business, make_workspace
from signing_world import issue, keeper, make_ready, register, set_up

from dojang.service.invoices import drafts, transmitting
from dojang.service.invoices.models import Invoice, Order, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

CONTENT = {
    "content": {"a": 1},
    "secret": b"x",
    "document_type": "0301",
    "buyer_name": "다른 회사",
    "buyer_number": "9999999999",
    "buyer_email": "other@example.com",
    "item_name": "다른 품목",
    "written_on": "2026-11-01",
    "supply_amount": 1,
    "tax_amount": 1,
    "total_amount": 2,
    "original_issue_id": "1" * 24,
}
ISSUED = {
    "issue_id": "20261120420000881234abcd",
    "content_hash": "0" * 64,
    "way_out": "nts",
    "issued_at": NOW.replace(year=2025),
    "deleted_at": NOW,
    "state": State.DRAFT,
}


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    made.keeper = keeper(authority, first_business(made).number)
    register(made, first_business(made), made.keeper)
    return made


def refused(workspace, invoice, **values):
    with in_workspace(workspace.pk), pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**values)


def take_out(rows):
    """Without asking Django, which would not even try."""
    rows._raw_delete(rows.db)
    connections["default"].check_constraints()


@pytest.mark.parametrize("column", CONTENT)
def test_what_is_ready_to_be_signed_keeps_its_content(workspace, column):
    refused(workspace, make_ready(workspace), **{column: CONTENT[column]})


def test_what_was_issued_keeps_its_content_its_number_and_never_becomes_a_draft(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    for column, value in (CONTENT | ISSUED).items():
        refused(workspace, invoice, **{column: value})


def test_what_was_cancelled_stays_as_it_was_signed(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    with in_workspace(workspace.pk):
        transmitting.cancel(
            member=acting(workspace), invoice_id=invoice.pk, version=invoice.version + 1, now=NOW
        )
    refused(workspace, invoice, content={"a": 1})
    refused(workspace, invoice, state=State.READY)


def test_a_reopened_one_is_a_draft_again_and_may_change(workspace):
    invoice = make_ready(workspace)
    member = acting(workspace)
    with in_workspace(workspace.pk):
        draft = drafts.reopen(member=member, invoice_id=invoice.pk, version=invoice.version, now=NOW)
        saved = drafts.save(
            member=member,
            invoice_id=draft.pk,
            version=draft.version,
            given=draft.content | {"remarks": ["바뀜"]},
            now=NOW,
        )
        assert Invoice.objects.get(pk=saved.pk).content["remarks"] == ["바뀜"]


def test_no_invoice_with_a_history_and_no_signed_document_is_taken_out(workspace):
    invoice = make_ready(workspace)
    issue(workspace, workspace.keeper, invoice)
    with in_workspace(workspace.pk):
        for rows in (Invoice.objects.filter(pk=invoice.pk), SignedDocument.objects.filter(invoice=invoice)):
            with pytest.raises(DatabaseError), transaction.atomic():
                take_out(rows)
        assert not Order.objects.exists()
