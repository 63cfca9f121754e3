"""When a signed invoice is transmitted, and when it counts as issued, at every edge of the day in Korea."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dojang.etax.invoice import KST
from dojang.service.invoices import content, listing, timing
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.workspaces.models import TransmitPolicy, Workspace

EMAIL = "buyer@example.com"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def planned(policy, signed, written_on, *, email=EMAIL, minutes=30):
    workspace = Workspace(transmit_policy=policy, transmit_minutes=minutes)
    now = at(signed)
    day = date.fromisoformat(written_on)
    found = timing.transmit_at(
        workspace,
        written_on=day,
        issue_by=content.issue_by(day),
        buyer_email=email,
        now=now.astimezone(UTC),
    )
    assert found >= now
    return found.astimezone(KST).replace(tzinfo=None).isoformat(" ", "minutes")


AFTER, NEXT, ONCE = TransmitPolicy.AFTER_MINUTES, TransmitPolicy.NEXT_BUSINESS_DAY, TransmitPolicy.AT_ONCE


@pytest.mark.parametrize(
    ("policy", "signed", "written_on", "expected"),
    [
        (AFTER, "2026-11-20 10:00", "2026-11-20", "2026-11-20 10:30"),
        (ONCE, "2026-11-20 10:00", "2026-11-20", "2026-11-20 10:00"),
        # Friday: the next business day is Monday, in time since the term rolls with it.
        (NEXT, "2026-11-20 10:00", "2026-11-20", "2026-11-23 09:00"),
        # Across midnight, a day before the last day of issuing: with an inbox it was issued when it was signed.
        (AFTER, "2026-12-09 23:50", "2026-11-20", "2026-12-10 00:20"),
        # The last day of issuing, and later: at once, whatever the setting.
        (AFTER, "2026-12-10 00:00", "2026-11-20", "2026-12-10 00:00"),
        (NEXT, "2026-12-10 23:59", "2026-11-20", "2026-12-10 23:59"),
        (NEXT, "2026-12-11 08:00", "2026-11-20", "2026-12-11 08:00"),
        # 10 January 2027 is a Sunday: the last day of issuing is the 11th.
        (NEXT, "2027-01-08 10:00", "2026-12-15", "2027-01-11 09:00"),
        (NEXT, "2027-01-10 10:00", "2026-12-15", "2027-01-11 09:00"),
        (NEXT, "2027-01-11 00:01", "2026-12-15", "2027-01-11 00:01"),
    ],
)  # fmt: skip
def test_the_setting_holds_until_the_last_day_of_issuing(policy, signed, written_on, expected):
    assert planned(policy, signed, written_on) == expected


@pytest.mark.parametrize("policy", list(TransmitPolicy))
def test_a_buyer_without_an_inbox_has_it_only_when_it_is_sent_so_it_is_sent_at_once(policy):
    assert planned(policy, "2026-11-20 23:59", "2026-11-20", email="") == "2026-11-20 23:59"


def test_no_setting_goes_past_the_last_lawful_day():
    days_of_minutes = 10 * 24 * 60
    assert planned(AFTER, "2026-11-18 10:00", "2026-11-18", minutes=days_of_minutes) == "2026-11-19 21:00"


@pytest.mark.parametrize("hour", range(24))
def test_a_day_is_a_day_in_korea(hour):
    now = datetime(2026, 11, 20, hour, tzinfo=UTC)
    end = timing.midnight_after(now)
    assert timedelta(0) < end - now <= timedelta(days=1)
    assert end.astimezone(KST).timetz().isoformat() == "00:00:00+09:00"


def invoice(**values):
    return Invoice(
        state=values.pop("state", State.ISSUED),
        written_on=date(2026, 11, 20),
        issue_by=date(2026, 12, 10),
        buyer_email=EMAIL,
        **values,
    )


def is_late(row, now):
    found = listing.dates(row, now=at(now))
    assert found is not None
    return found.issue_late


def test_with_an_inbox_the_signature_issues():
    row = invoice(issued_at=at("2026-12-10 23:59"), delivered_on=date(2026, 12, 10))
    assert not is_late(row, "2026-12-20 10:00")


def test_without_an_inbox_an_invoice_that_was_signed_in_time_and_sent_late_was_issued_late():
    row = invoice(issued_at=at("2026-12-10 23:59"))
    row.buyer_email = ""
    assert not is_late(row, "2026-12-10 23:59")
    assert is_late(row, "2026-12-11 00:00")
    row.sent_at = at("2026-12-10 23:59:30")
    assert not is_late(row, "2026-12-11 10:00")
    row.delivered_on, row.state = date(2026, 12, 11), State.ACCEPTED
    assert is_late(row, "2026-12-11 10:00")


def test_what_was_cancelled_does_not_grow_late():
    row = invoice(issued_at=at("2026-12-10 10:00"), state=State.CANCELLED)
    row.buyer_email = ""
    assert not is_late(row, "2027-03-01 10:00")
