"""Deadlines are reminded of on the right days, and what is stuck is told once a morning, each to whom it concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from mail_world import mails, send
from service_world import acting, add_member, first_business, make_business, make_user, make_workspace
from signing_world import content, issue, keeper, make_ready, register, set_up

from dojang.etax.invoice import KST
from dojang.service.invoices import drafts
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.notices import choices, rounds, stuck, tasks
from dojang.service.notices.models import Kind, OutgoingMail, Round
from dojang.service.tenancy.scope import current_workspace, in_workspace
from dojang.service.transmission.models import HeldInvoice

pytestmark = pytest.mark.django_db


def morning(year, month, day, hour=8, minute=30):
    return datetime(year, month, day, hour, minute, tzinfo=KST)


@pytest.fixture
def workspace():
    return make_workspace()


def write(workspace, written_on: date, *, business=None, **values):
    day = written_on.isoformat()
    item = content()["items"][0] | {"supplied_on": day}
    with in_workspace(workspace.pk):
        return drafts.create(
            member=acting(workspace),
            business=business or first_business(workspace),
            given=content(written_on=day, items=[item], **values),
            now=datetime(written_on.year, written_on.month, written_on.day, tzinfo=UTC),
        )


def reminded(workspace, now) -> int:
    with in_workspace(workspace.pk):
        return rounds.remind(now=now)


def told(workspace, now) -> str:
    """The body of the digest of a morning; empty where there was none."""
    before = len(outbox.outbox)
    with in_workspace(workspace.pk):
        rounds.digest(now=now)
    send(workspace, now=now)
    return "".join(one.body for one in outbox.outbox[before:])


@pytest.mark.parametrize(
    ("written_on", "days"),
    [
        # 2026-11-10 is a Tuesday: Thursday the 5th and Monday the 9th, over a weekend.
        (date(2026, 10, 15), [date(2026, 11, 5), date(2026, 11, 9)]),
        # 2027-01-10 is a Sunday: Monday the 11th counts, so Wednesday the 6th and Friday the 8th.
        (date(2026, 12, 31), [date(2027, 1, 6), date(2027, 1, 8)]),
        # 2026-10-10 is a Saturday after 한글날; the 12th counts: Tuesday the 6th (the 5th is a substitute) and the 8th.
        (date(2026, 9, 1), [date(2026, 10, 6), date(2026, 10, 8)]),
    ],
)
def test_drafts_are_reminded_of_three_business_days_and_one_before_the_deadline(workspace, written_on, days):
    write(workspace, written_on)
    first = date(written_on.year + written_on.month // 12, written_on.month % 12 + 1, 1)
    found = [
        day
        for day in (first + timedelta(days=n) for n in range(14))
        if reminded(workspace, morning(day.year, day.month, day.day))
    ]
    assert found == days


def test_nobody_is_reminded_of_what_was_issued_or_thrown_away(workspace):
    draft = write(workspace, date(2026, 10, 15))
    with in_workspace(workspace.pk):
        drafts.delete(
            member=acting(workspace), invoice_id=draft.pk, version=draft.version, now=morning(2026, 10, 16)
        )
    assert reminded(workspace, morning(2026, 11, 5)) == 0


def test_a_reminder_comes_once_a_day_however_often_it_is_looked(workspace):
    write(workspace, date(2026, 10, 15))
    assert [reminded(workspace, morning(2026, 11, 5, hour)) for hour in (8, 9, 10)] == [1, 0, 0]
    assert len(mails(workspace, kind=Kind.DEADLINE)) == 1


def test_each_member_is_reminded_of_the_businesses_they_write_for(workspace):
    other = make_business(workspace)
    mine = make_user("mine@hanbit.example")
    add_member(workspace, "none", mine, business_roles={other: "writer"})
    add_member(workspace, "viewer", make_user("viewer@hanbit.example"))
    write(workspace, date(2026, 10, 15))
    assert reminded(workspace, morning(2026, 11, 5)) == 1
    write(workspace, date(2026, 10, 15), business=other)
    assert reminded(workspace, morning(2026, 11, 9)) == 2
    send(workspace, now=morning(2026, 11, 9))
    [letter] = [one for one in outbox.outbox if one.to == [mine.email]]
    assert "2026-11-10 (1영업일 남음)" in letter.body
    assert "1건" in letter.body
    assert "viewer@hanbit.example" not in [one.to for one in mails(workspace)]


def test_who_switched_it_off_is_not_reminded(workspace):
    write(workspace, date(2026, 10, 15))
    with in_workspace(workspace.pk):
        choices.switch([Kind.DEADLINE], [], workspace_id=workspace.pk, person_id=acting(workspace).user_id)
    assert reminded(workspace, morning(2026, 11, 5)) == 0


def test_what_was_issued_meanwhile_is_not_spoken_of_when_the_mail_is_sent(workspace):
    write(workspace, date(2026, 10, 15))
    reminded(workspace, morning(2026, 11, 5))
    with in_workspace(workspace.pk):
        Invoice.objects.update(deleted_at=morning(2026, 11, 5))
    send(workspace, now=morning(2026, 11, 5))
    assert outbox.outbox == []


@pytest.fixture
def issued(monkeypatch, tmp_path):
    """A workspace with an invoice that was issued on Thursday 2026-11-19 and waits to be sent."""
    authority = set_up(monkeypatch, tmp_path / "data")
    made = make_workspace()
    business = first_business(made)
    who = keeper(authority, business.number)
    register(made, business, who)
    now = datetime(2026, 11, 19, 1, tzinfo=UTC)
    ready = make_ready(
        made, now=now, written_on="2026-11-19", items=[content()["items"][0] | {"supplied_on": "2026-11-19"}]
    )
    [(_, made.invoice)] = issue(made, who, ready, now=now).issued
    send(made, now=now)
    outbox.outbox.clear()
    return made


def change(workspace, **values):
    """As the machinery would leave it."""
    with in_workspace(workspace.pk):
        Invoice.objects.filter(pk=workspace.invoice.pk).update(**values)


def test_the_last_day_of_sending_is_reminded_of_where_it_does_not_go_by_itself(issued):
    change(issued, transmit_at=morning(2026, 11, 20, 21))
    assert reminded(issued, morning(2026, 11, 20)) == 0, "it goes at 21:00"
    change(issued, transmit_at=morning(2026, 11, 20, 7))
    with in_workspace(issued.pk):
        assert [one.pk for one in stuck.due_today([issued.invoice.business_id], now=morning(2026, 11, 20))]
        assert stuck.due_today([issued.invoice.business_id], now=morning(2026, 11, 19)) == []


def test_an_invoice_that_cannot_be_packed_is_told(issued):
    change(issued, transmit_at=morning(2026, 11, 20, 9))
    HeldInvoice.objects.create(
        invoice_number=issued.invoice.pk,
        workspace_number=issued.pk,
        issue_id=issued.invoice.issue_id,
        since=morning(2026, 11, 20, 8),
        tried_at=morning(2026, 11, 20, 8),
    )
    assert "전송하지 못하고 있음: 1건" in told(issued, morning(2026, 11, 20))


def test_an_unknown_result_is_told(issued):
    change(issued, state=State.UNKNOWN)
    assert "결과 확인중: 1건" in told(issued, morning(2026, 11, 20))


def test_a_refused_invoice_is_told_until_somebody_writes_it_anew(issued):
    change(issued, state=State.REJECTED, answered_at=morning(2026, 11, 19, 11))
    assert "전송실패: 1건" in told(issued, morning(2026, 11, 20))
    with in_workspace(issued.pk):
        drafts.copy(
            member=acting(issued),
            source=Invoice.objects.get(pk=issued.invoice.pk),
            written_on=date(2026, 11, 20),
            now=morning(2026, 11, 20),
        )
    assert told(issued, morning(2026, 11, 21)) == ""


def test_a_mail_that_came_back_is_told_the_next_morning_alone(workspace):
    with in_workspace(workspace.pk):
        OutgoingMail.objects.create(
            workspace=workspace,
            kind=Kind.INVITATION,
            key="1",
            to="new@saebom.example",
            state="bounced",
            ended_at=morning(2026, 11, 19, 15),
        )
    assert "전달되지 않은 메일: 1건" in told(workspace, morning(2026, 11, 20))
    assert told(workspace, morning(2026, 11, 21)) == ""


def test_drafts_past_their_deadline_are_told(workspace):
    write(workspace, date(2026, 10, 15))
    assert told(workspace, morning(2026, 11, 10)) == ""
    assert "발급기한이 지난" in told(workspace, morning(2026, 11, 11))


def test_there_is_no_digest_of_nothing(workspace):
    assert told(workspace, morning(2026, 11, 20)) == ""
    assert mails(workspace) == []


@pytest.mark.parametrize(
    ("hour", "minute", "is_morning"),
    [(8, 29, False), (8, 30, True), (11, 59, True), (12, 0, False), (23, 30, False)],
)
def test_mornings_are_koreas(hour, minute, is_morning):
    assert rounds.is_time(morning(2026, 11, 20, hour, minute).astimezone(UTC)) is is_morning


def test_the_workers_task_sees_to_every_open_workspace_in_the_morning_alone(workspace, monkeypatch):
    closed = make_workspace()
    with in_workspace(closed.pk):
        type(closed).objects.update(closed_at=morning(2026, 11, 1))
    for now, count in ((morning(2026, 11, 20, 7), 0), (morning(2026, 11, 20, 8, 40), 2)):
        monkeypatch.setattr(tasks.timezone, "now", lambda now=now: now)
        tasks.morning_mails(timestamp=0)
        with in_workspace(workspace.pk):
            assert Round.objects.count() == count
    with in_workspace(closed.pk):
        assert not Round.objects.exists()


def test_one_companys_mistake_leaves_no_other_without_its_reminders(workspace, monkeypatch, caplog):
    other, day = make_workspace(), date(2026, 11, 3)
    for one in (workspace, other):
        write(one, day)
    remind = rounds.remind

    def fails_for_the_first(*, now):
        if current_workspace() == workspace.pk:
            raise ValueError("what nobody thought of")
        return remind(now=now)

    monkeypatch.setattr(rounds, "remind", fails_for_the_first)
    monkeypatch.setattr(tasks.timezone, "now", lambda: morning(2026, 12, 7))
    tasks.morning_mails(timestamp=0)
    assert not mails(workspace, kind=Kind.DEADLINE)
    assert len(mails(other, kind=Kind.DEADLINE)) == 1
    assert "ValueError" in caplog.text
