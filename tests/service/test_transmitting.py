"""What people decide about transmission: now, not at all, or to ask once more; and what they are told."""

from datetime import UTC, date, datetime, timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from own_database import own_database
from service_world import NOW, acting, add_member
from transmission_world import LATER, connect, look, make_company, open_office, same_books, transmit

from dojang.service.certificates.models import SealedRandom
from dojang.service.invoices import transmitting
from dojang.service.invoices.errors import ChangedMeanwhile, NotPossible
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import claiming, system
from dojang.service.transmission.models import Submission, SubmissionCall
from dojang.service.workspaces.roles import Role


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(db, monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


def _cancel(company, invoice, *, version=None, now=NOW, member=None):
    row = company.row(invoice)
    with in_workspace(company.workspace.pk):
        return transmitting.cancel(
            member=member or acting(company.workspace),
            invoice_id=invoice.pk,
            version=version or row.version,
            now=now,
        )


def test_hurried_ones_go_at_once_and_the_history_says_who_hurried(sandbox, company):
    one, other = company.issue(2)
    with in_workspace(company.workspace.pk):
        given = {"member": acting(company.workspace), "invoice_ids": [one.pk], "now": NOW}
        assert transmitting.transmit_now(**given) == 1
        assert transmitting.transmit_now(**given) == 1  # pressed twice: one step
    transmit(sandbox, at=sandbox.clock.later(seconds=1))
    assert company.states() == [State.ACCEPTED, State.ISSUED]
    assert company.actions(one).count("send_now") == 1
    assert "send_now" not in company.actions(other)


def test_only_who_may_issue_may_hurry_cancel_or_ask(company):
    [invoice] = company.issue()
    writer = add_member(company.workspace, Role.WRITER)
    with in_workspace(company.workspace.pk), pytest.raises(PermissionDenied):
        transmitting.transmit_now(member=writer, invoice_ids=[invoice.pk], now=NOW)
    with pytest.raises(PermissionDenied):
        _cancel(company, invoice, member=writer)
    with in_workspace(company.workspace.pk), pytest.raises(PermissionDenied):
        transmitting.ask_again(member=writer, invoice_id=invoice.pk, now=NOW)


def test_a_cancelled_one_is_never_sent_and_its_r_is_forgotten(sandbox, company):
    [invoice] = company.issue()
    _cancel(company, invoice)
    transmit(sandbox)
    assert company.states() == [State.CANCELLED]
    assert sandbox.arrivals(invoice.issue_id) == 0
    with in_workspace(company.workspace.pk):
        assert not SealedRandom.objects.filter(erased_at=None).exists()


def test_r_stays_while_another_that_was_signed_with_it_waits(sandbox, company):
    one, other = company.issue(2)
    _cancel(company, one)
    with in_workspace(company.workspace.pk):
        assert SealedRandom.objects.filter(erased_at=None).count() == 1
    transmit(sandbox)
    assert company.row(other).state == State.ACCEPTED
    with in_workspace(company.workspace.pk):
        assert not SealedRandom.objects.filter(erased_at=None).exists()


def test_what_was_sent_cannot_be_cancelled(sandbox, company):
    [invoice] = company.issue()
    transmit(sandbox)
    with pytest.raises(NotPossible):
        _cancel(company, invoice)


def test_cancelling_an_older_version_is_refused(company):
    [invoice] = company.issue()
    with pytest.raises(ChangedMeanwhile):
        _cancel(company, invoice, version=1)


def test_asking_again_brings_the_next_question_forward_and_not_more_often_than_each_ten_seconds(
    sandbox, company
):
    sandbox.fault("lost_after", action="submit")
    sandbox.fault("lost_before", action="results", times=6)
    [invoice] = company.issue()
    transmit(sandbox)
    for _ in range(6):
        sandbox.clock.later(seconds=1)
        look(sandbox)
    [row] = Submission.objects.all()
    planned = row.next_look_at
    asked = SubmissionCall.objects.order_by("-id")[0].at
    with in_workspace(company.workspace.pk):
        member = acting(company.workspace)
        transmitting.ask_again(member=member, invoice_id=invoice.pk, now=asked + timedelta(seconds=5))
        assert Submission.objects.get().next_look_at == planned
        transmitting.ask_again(member=member, invoice_id=invoice.pk, now=asked + timedelta(seconds=11))
        assert Submission.objects.get().next_look_at == asked + timedelta(seconds=11)


def test_there_is_nothing_to_ask_for_what_was_not_sent(company):
    [invoice] = company.issue()
    with in_workspace(company.workspace.pk), pytest.raises(NotPossible):
        transmitting.ask_again(member=acting(company.workspace), invoice_id=invoice.pk, now=NOW)


@pytest.mark.parametrize(
    ("now", "advised"),
    [
        (datetime(2026, 12, 10, 14, 59, tzinfo=UTC), False),  # the last minute of 발급기한 in Korea
        (datetime(2026, 12, 10, 15, 0, tzinfo=UTC), True),
    ],
)
def test_after_the_issue_deadline_sending_and_amending_is_advised(company, now, advised):
    [invoice] = company.issue()
    notice = transmitting.cancel_advice(company.row(invoice), now=now)
    assert (notice is not None) == advised
    if notice:
        assert "2026-12-10" in notice.ko
        assert "수정발행" in notice.ko
        assert notice.citation


@pytest.mark.parametrize(
    "changed", [{"amendment_reason": "01"}, {"delivered_on": None}, {"delivered_on": date(2026, 12, 11)}]
)
def test_no_such_advice_for_amendments_and_for_what_was_late_already(company, changed):
    [invoice] = company.issue()
    row = company.row(invoice)
    for name, value in changed.items():
        setattr(row, name, value)
    assert transmitting.cancel_advice(row, now=datetime(2026, 12, 20, tzinfo=UTC)) is None


def test_a_rejected_one_says_why_each_code_and_what_to_do_while_there_is_time(sandbox, company):
    [invoice] = company.issue()
    sandbox.fault("code", issue_id=invoice.issue_id, codes=["ERR002", "ERR007"])
    transmit(sandbox)
    with in_workspace(company.workspace.pk):
        row = Invoice.objects.get(pk=invoice.pk)
        found = transmitting.why_rejected(row, now=LATER)
        assert [one.code for one in found.codes] == ["ERR002", "ERR007"]
        assert all(one.cause_ko and one.action_ko for one in found.codes)
        assert found.advice.code == "issue_anew_today"
        assert "2026-12-10" in found.advice.ko
        late = transmitting.why_rejected(row, now=datetime(2026, 12, 11, tzinfo=UTC))
        assert late.advice.code == "issue_anew_late"
        assert "1%" in late.advice.ko
        assert not found.may_be_filed


def test_one_that_the_nts_says_it_has_already_is_not_to_be_issued_anew_before_asking(sandbox, company):
    [invoice] = company.issue()
    sandbox.fault("code", issue_id=invoice.issue_id, codes=["SYN003"])
    transmit(sandbox)
    with in_workspace(company.workspace.pk):
        assert transmitting.why_rejected(Invoice.objects.get(), now=LATER).may_be_filed


def test_an_accepted_one_has_no_reason(sandbox, company):
    [invoice] = company.issue()
    transmit(sandbox)
    with in_workspace(company.workspace.pk):
        assert transmitting.why_rejected(Invoice.objects.get(pk=invoice.pk), now=LATER) is None


def test_a_buyer_without_mail_has_it_on_the_day_that_the_nts_received_it(sandbox, company):
    buyer = {
        "kind": "business", "number": "9998100015", "name": "(주)새봄", "representative": "박세리", "contacts": [],
    }  # fmt: skip
    [invoice] = company.issue(buyer=buyer)
    assert company.row(invoice).delivered_on is None
    just_before_midnight = datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC)
    sandbox.clock.now = just_before_midnight
    sandbox.set(clock={"offset_seconds": 2, "frozen_at": None})
    transmit(sandbox, at=just_before_midnight)
    look(sandbox)
    assert company.row(invoice).delivered_on == date(2026, 11, 21)


def test_when_the_buyers_mail_comes_back_it_goes_at_once_and_counts_from_its_entry(sandbox, company):
    [invoice] = company.issue()
    assert company.row(invoice).delivered_on == date(2026, 11, 20)
    next_day = NOW + timedelta(minutes=5)
    with in_workspace(company.workspace.pk):
        assert transmitting.mail_bounced(invoice_id=invoice.pk, now=next_day)
    row = company.row(invoice)
    assert (row.delivered_on, row.transmit_at) == (None, next_day)
    transmit(sandbox, at=next_day)
    assert company.row(invoice).delivered_on == date(2026, 11, 20)
    with in_workspace(company.workspace.pk):
        assert not transmitting.mail_bounced(invoice_id=invoice.pk, now=LATER)
    assert company.actions(invoice).count("send_now") == 1


def test_a_mail_that_comes_back_after_sending_leaves_the_day_of_the_tax_office(sandbox, company):
    [invoice] = company.issue()
    next_day = NOW + timedelta(days=1)
    sandbox.clock.now = next_day
    transmit(sandbox, at=next_day)
    row = company.row(invoice)
    assert (row.state, row.delivered_on) == (State.ACCEPTED, date(2026, 11, 20))
    with in_workspace(company.workspace.pk):
        assert not transmitting.mail_bounced(invoice_id=invoice.pk, now=next_day + timedelta(hours=1))
    assert company.row(invoice).delivered_on == date(2026, 11, 21)
    assert company.actions(invoice)[-1] == "bounce"


def test_a_mail_that_comes_back_while_the_answer_is_awaited_leaves_the_day_open_until_then(sandbox, company):
    [invoice] = company.issue()
    with in_workspace(company.workspace.pk):
        Invoice.objects.filter(pk=invoice.pk).update(state=State.SUBMITTED)
        assert not transmitting.mail_bounced(invoice_id=invoice.pk, now=LATER)
    assert company.row(invoice).delivered_on is None


# Two at once, on two connections.


@pytest.fixture
def committed(monkeypatch, tmp_path, sandbox, django_db_setup, django_db_blocker):
    """A company whose rows other threads see."""
    with django_db_blocker.unblock(), own_database("race"):
        yield make_company(connect(monkeypatch, tmp_path / "data", sandbox))
        connections.close_all()


def _in_thread(work) -> tuple[Thread, list[BaseException]]:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (told to the test)
            failed.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread, failed


def test_the_worker_was_first_and_cancelling_is_refused(sandbox, committed, monkeypatch):
    [invoice] = committed.issue()
    version = committed.row(invoice).version
    holds, go_on = Signal(), Signal()
    store = claiming._store

    def slow(*arguments):
        made = store(*arguments)
        holds.set()
        assert go_on.wait(20)
        return made

    monkeypatch.setattr(claiming, "_store", slow)
    sandbox.clock.now = LATER
    worker, failed = _in_thread(lambda: transmit(sandbox))
    assert holds.wait(20)
    person, refused = _in_thread(lambda: _cancel(committed, invoice, version=version))
    person.join(0.3)
    assert person.is_alive()  # it waits for the row
    go_on.set()
    worker.join(30)
    person.join(30)
    assert not failed
    assert [type(one) for one in refused] == [NotPossible]
    assert refused[0].status == 409
    assert committed.states() == [State.ACCEPTED]
    same_books(sandbox, committed)


def test_cancelling_was_first_and_the_worker_leaves_it(sandbox, committed):
    [invoice] = committed.issue()
    version = committed.row(invoice).version
    connection = system.connection(now=LATER)
    holds, go_on = Signal(), Signal()

    def cancel() -> None:
        with in_workspace(committed.workspace.pk):
            transmitting.cancel(
                member=acting(committed.workspace), invoice_id=invoice.pk, version=version, now=LATER
            )
            holds.set()
            assert go_on.wait(20)

    person, failed = _in_thread(cancel)
    assert holds.wait(20)
    claimed: list[int | None] = []
    worker, also = _in_thread(lambda: claimed.append(claiming.claim(connection, now=LATER)))
    worker.join(0.3)
    assert worker.is_alive()  # it waits for the row
    go_on.set()
    person.join(30)
    worker.join(30)
    assert (failed, also, claimed) == ([], [], [None])
    assert committed.states() == [State.CANCELLED]
    assert sandbox.arrivals(invoice.issue_id) == 0


def test_two_workers_at_once_send_each_once(sandbox, committed):
    committed.issue(6)
    sandbox.clock.now = LATER
    workers = [_in_thread(lambda: transmit(sandbox)) for _ in range(3)]
    for thread, _ in workers:
        thread.join(60)
    assert [failed for _, failed in workers] == [[], [], []]
    assert committed.states() == [State.ACCEPTED] * 6
    same_books(sandbox, committed)
