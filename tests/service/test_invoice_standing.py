"""What stands open: invoices by state, and those whose time runs out."""

from datetime import timedelta

import pytest
from home_world import NOW, TODAY, add_invoice
from service_world import first_business, make_business, make_workspace

from dojang.service.invoices.selectors import deadlines, state_counts
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


def test_states_are_counted_for_the_given_businesses_only(workspace, business):
    other = make_business(workspace)
    add_invoice(business)
    add_invoice(other, State.ACCEPTED)
    assert state_counts([business.pk]) == {State.DRAFT: 1}
    assert state_counts([]) == {}


def test_a_signed_invoice_is_due_the_day_after_it_was_issued(business):
    add_invoice(business, State.ISSUED, issued_at=NOW)  # a Friday; the term ends on Monday
    [due] = deadlines([business.pk], now=NOW)
    assert (due.limit, str(due.on), due.days_left, due.is_late) == ("transmit", "2026-11-23", 3, False)


def test_a_failed_invoice_keeps_its_term(business):
    add_invoice(business, State.REJECTED, issued_at=NOW - timedelta(days=5))
    [due] = deadlines([business.pk], now=NOW)
    assert due.is_late


def test_an_unsigned_invoice_is_due_on_the_tenth_of_the_next_month(business):
    add_invoice(business, State.READY, written_on=TODAY.replace(month=10))
    [due] = deadlines([business.pk], now=NOW)
    assert (due.limit, str(due.on), due.is_late) == ("issue", "2026-11-10", True)


def test_a_term_that_is_far_away_is_not_shown(business):
    add_invoice(business, State.DRAFT, written_on=TODAY)  # until 10 December
    add_invoice(business, State.DRAFT, written_on=None)
    add_invoice(business, State.ACCEPTED, issued_at=NOW, written_on=TODAY.replace(month=10))
    assert deadlines([business.pk], now=NOW) == []


def test_the_most_urgent_comes_first_and_a_long_list_is_cut(business):
    for days in range(30):
        add_invoice(business, State.ISSUED, issued_at=NOW - timedelta(days=days))
    found = deadlines([business.pk], now=NOW)
    assert len(found) == 20
    assert found == sorted(found, key=lambda due: due.on)
    assert found[0].days_left < -20
