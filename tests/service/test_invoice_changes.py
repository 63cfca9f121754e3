"""Steps of many invoices at once: each row gets its own values, whatever their kinds, or none is changed."""

from datetime import timedelta

import pytest
from django.db import DataError, transaction
from list_world import add_invoice
from service_world import NOW, first_business, make_workspace

from dojang.service.audit.actor import NTS
from dojang.service.invoices.changes import Change, apply
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def rows(workspace):
    business = first_business(workspace)
    return [add_invoice(workspace, business, state=State.SUBMITTED, sent_at=None) for _ in range(3)]


def test_every_row_gets_its_own_values_and_empty_ones(workspace):
    business = first_business(workspace)
    rows = [add_invoice(workspace, business, buyer=f"거래처 '{place}'") for place in range(3)]
    columns = ("content", "secret", "delivered_on", "sent_at", "result_code", "counterparty")
    for place, row in enumerate(rows):
        row.content = {**row.content, "place": [place, None, "\\"]}
        row.secret = bytes([0, place, 255]) if place else None
        row.delivered_on = NOW.date() + timedelta(days=place) if place != 1 else None
        row.sent_at = NOW + timedelta(hours=place) if place != 2 else None
        row.result_code = ("SUC001", "", 'a"{},\\')[place]
    with in_workspace(workspace.pk):
        apply(Action.EDIT, [Change(row, columns) for row in rows], actor=NTS, now=NOW)
        for row in rows:
            found = Invoice.objects.get(pk=row.pk)
            assert (found.state, found.version) == (State.DRAFT, row.version)
            assert found.content == row.content
            assert (bytes(found.secret) if found.secret else None) == row.secret
            assert (found.delivered_on, found.sent_at) == (row.delivered_on, row.sent_at)
            assert found.result_code == row.result_code


def test_what_is_too_long_for_its_column_is_refused_and_not_cut_off(workspace, rows):
    rows[1].result_code = "x" * 11
    with in_workspace(workspace.pk):
        with pytest.raises(DataError), transaction.atomic():
            apply(Action.ACCEPT, [Change(row, ("result_code",)) for row in rows], actor=NTS, now=NOW)
        assert set(Invoice.objects.values_list("state", flat=True)) == {State.SUBMITTED}


def test_no_rows_are_no_change(workspace, rows):
    with in_workspace(workspace.pk):
        apply(Action.ACCEPT, [], actor=NTS, now=NOW)
        assert set(Invoice.objects.values_list("state", flat=True)) == {State.SUBMITTED}
