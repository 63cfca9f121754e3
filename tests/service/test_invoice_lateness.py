"""지연발급 and 지연전송: what the database says of a column is what is said of one invoice, at the edges of a day in Korea."""

from datetime import UTC, date, datetime

import pytest
from list_world import add_invoice
from service_world import first_business, make_workspace

from dojang.etax.invoice import KST
from dojang.service.invoices import lateness
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
LAST = date(2026, 11, 10)
DAYS = (None, date(2026, 11, 9), LAST, date(2026, 11, 11))
STATES = (State.DRAFT, State.ISSUED, State.SUBMITTED, State.ACCEPTED, State.REJECTED, State.CANCELLED)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=KST)


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def invoices(workspace):
    """Every state with every place of its dates around their last day."""
    business = first_business(workspace)
    return [
        add_invoice(
            workspace, business, state=state, reason=reason, issue_by=issue_by, transmit_by=transmit_by,
            delivered_on=delivered_on, sent_at=at(sent_on) if sent_on else None,
        )
        for state in STATES
        for reason in ("", "02")
        for issue_by in (None, LAST, TODAY)
        for transmit_by in (None, LAST, TODAY)
        for delivered_on in DAYS
        for sent_on in DAYS
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "of_one"),
    [
        (lateness.issued_late, lateness.is_issued_late),
        (lateness.sent_late, lateness.is_sent_late),
    ],
)
def test_the_database_and_one_row_say_the_same(workspace, invoices, condition, of_one):
    with in_workspace(workspace.pk):
        found = set(Invoice.objects.filter(condition(TODAY)).values_list("pk", flat=True))
    expected = {row.pk for row in invoices if of_one(row, TODAY)}
    assert found == expected
    assert 0 < len(expected) < len(invoices)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 19, 14, 59, 59, 999999, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 11, 19, 15, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 0, 0, tzinfo=KST), date(2026, 11, 20)),
        (datetime(2025, 12, 31, 15, tzinfo=UTC), date(2026, 1, 1)),
        (None, None),
    ],
)
def test_the_day_of_sending_is_kept_as_it_is_in_korea(workspace, instant, day):
    row = add_invoice(workspace, first_business(workspace), state=State.ACCEPTED, sent_at=instant)
    assert lateness.sent_on(row) == day
    with in_workspace(workspace.pk):
        assert Invoice.objects.get(pk=row.pk).sent_on == day
        Invoice.objects.update(sent_at=at(LAST))
        assert Invoice.objects.get(pk=row.pk).sent_on == LAST


def test_what_was_cancelled_is_never_late(workspace):
    row = add_invoice(
        workspace, first_business(workspace), state=State.CANCELLED, issue_by=LAST, transmit_by=LAST
    )
    row.delivered_on = None
    assert not lateness.is_issued_late(row, TODAY)
    assert not lateness.is_sent_late(row, TODAY)


def test_what_is_not_sent_grows_late_after_its_last_day(workspace):
    row = add_invoice(workspace, first_business(workspace), state=State.ISSUED, transmit_by=LAST)
    assert not lateness.is_sent_late(row, LAST)
    assert lateness.is_sent_late(row, date(2026, 11, 11))
