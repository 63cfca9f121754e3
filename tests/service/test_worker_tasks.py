"""The worker's jobs: each says only where to look, and doing it twice is harmless."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from service_world import NOW, make_workspace
from signing_world import make_ready, order, set_up
from transmission_world import connect, make_company, open_office

from dojang.service import worker
from dojang.service.certificates import tasks as certificate_tasks
from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.services import statuses
from dojang.service.invoices.models import Order
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import carrying, claiming, deferring, pipeline, tasks
from dojang.service.transmission.models import Condition, Submission, SubmissionState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox"), timezone.now) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox):
    # One thread: what another connection has not committed cannot be seen.
    one_thread = partial(pipeline.transmit, carriers=0, packages=2)
    monkeypatch.setattr(pipeline, "transmit", one_thread)
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


def _jobs(**values) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(**values).order_by("pk"))


def _today() -> dict[str, object]:
    day = timezone.localdate().isoformat()
    item = {
        "supplied_on": day, "name": "복사용지", "quantity": "10", "unit_price": "100000",
        "supply_amount": 1_000_000, "tax_amount": 100_000,
    }  # fmt: skip
    return {"written_on": day, "items": [item]}


def _issue_due(company, count=1):
    then = timezone.now() - timedelta(minutes=40)
    return company.issue(count, now=then, **_today())


def test_every_task_that_is_asked_for_by_name_is_there():
    names = {task.name for task in app.tasks.values()}
    wanted = {
        "dojang.transmit", "dojang.look", "dojang.look_at_due", "dojang.decide_certificate", "dojang.recover_jobs",
        "dojang.refresh_nts_certificate", "dojang.renew_nts_certificate", "dojang.seal_histories",
        "dojang.sweep_orders", "dojang.transmit_due", "dojang.refresh_revocation", "dojang.refresh_tax_statuses",
    }  # fmt: skip
    assert wanted <= names


def test_a_starting_worker_asks_for_what_was_left_behind_and_only_once():
    for _ in range(2):
        deferring.on_start()
    assert len(_jobs(task_name="dojang.look_at_due", status="todo")) == 1
    assert len(_jobs(task_name="dojang.transmit", status="todo")) == 1


def test_a_job_asked_for_in_a_transaction_that_is_undone_is_not_there():
    with transaction.atomic():
        deferring.transmit_now()
        transaction.set_rollback(True)
    assert _jobs(task_name="dojang.transmit") == []


def test_what_is_due_is_sent_each_minute(sandbox, company):
    _issue_due(company, 2)
    tasks.transmit_due(0)
    assert company.states() == [State.ACCEPTED] * 2


def test_a_job_that_leaves_something_over_asks_for_the_next(sandbox, company, monkeypatch):
    monkeypatch.setattr(claiming, "MAX_INVOICES", 1)
    _issue_due(company, 3)
    before = len(_jobs(task_name="dojang.transmit", status="todo"))
    tasks.transmit()
    assert company.states().count(State.ACCEPTED) == 2
    assert len(_jobs(task_name="dojang.transmit", status="todo")) == max(before, 1)
    tasks.transmit()
    assert company.states() == [State.ACCEPTED] * 3


def test_looking_before_it_is_time_only_asks_again_later(sandbox, company, monkeypatch):
    _issue_due(company)
    monkeypatch.setattr(carrying, "_received_until", lambda _: None)
    tasks.transmit()
    [row] = Submission.objects.all()
    later = timezone.now() + timedelta(hours=1)
    Submission.objects.update(next_look_at=later)
    tasks.look(row.pk)
    assert Submission.objects.get().state == SubmissionState.RECEIVED
    Submission.objects.update(next_look_at=timezone.now())
    tasks.look(row.pk)
    assert Submission.objects.get().state == SubmissionState.SETTLED
    tasks.look(row.pk)  # nothing is left to look at
    tasks.look(0)  # nor where there never was one
    assert company.states() == [State.ACCEPTED]


def test_orders_that_were_not_signed_in_time_are_taken_out(monkeypatch, tmp_path):
    set_up(monkeypatch, tmp_path / "data")
    workspace = make_workspace()
    order(workspace, make_ready(workspace))
    order(workspace, make_ready(workspace), now=timezone.now())
    tasks.sweep_orders(0)
    with in_workspace(workspace.pk):
        assert Order.objects.count() == (1 if timezone.now() > NOW else 2)


def _dead_worker_with(job_id: int, *, silent: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [timezone.now() - silent],
        )
        worker_id = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [worker_id, job_id],
        )


def test_the_job_of_a_dead_worker_is_done_again():
    deferring.transmit_now()
    [job] = _jobs(task_name="dojang.transmit")
    _dead_worker_with(job.pk, silent=timedelta(minutes=1))
    assert tasks.recover(now=timezone.now()) == 1
    assert _jobs(pk=job.pk)[0].status == "todo"
    assert tasks.recover(now=timezone.now()) == 0


def test_the_job_of_a_living_worker_is_left_alone():
    deferring.transmit_now()
    [job] = _jobs(task_name="dojang.transmit")
    _dead_worker_with(job.pk, silent=timedelta(seconds=5))
    assert tasks.recover(now=timezone.now()) == 0
    assert _jobs(pk=job.pk)[0].status == "doing"


def test_where_the_same_job_waits_already_the_dead_ones_is_dropped():
    deferring.transmit_now()
    [old] = _jobs(task_name="dojang.transmit")
    _dead_worker_with(old.pk, silent=timedelta(minutes=1))
    deferring.transmit_now()
    tasks.recover(now=timezone.now())
    [left] = _jobs(task_name="dojang.transmit")
    assert (left.status, left.pk != old.pk) == ("todo", True)


@pytest.mark.parametrize("why", [taxstatus.Unavailable.NO_ANSWER, taxstatus.Unavailable.KEY_REFUSED])
def test_the_operator_is_told_when_nobody_tells_who_is_closed(monkeypatch, company, why):
    class Down:
        def ask(self, numbers):
            return why

    monkeypatch.setattr(taxstatus, "configured", Down)
    monkeypatch.setattr(statuses, "_stale_numbers", lambda _: ["9998100015"])
    tasks.refresh_tax_statuses(0)
    row = Condition.objects.get(name="tax_status")
    assert (row.is_good, row.ko) == (False, why.ko)


def test_the_hourly_job_records_that_lists_are_well(monkeypatch, tmp_path):
    set_up(monkeypatch, tmp_path / "data")
    certificate_tasks.refresh_revocation(0)
    assert Condition.objects.get(name="revocation").is_good


def test_the_worker_runs_the_same_tasks_over_connections_of_its_own():
    made = worker._worker_app()
    assert made.tasks is app.tasks
    assert made.connector is not app.connector


def test_a_job_that_ended_while_it_was_looked_for_is_let_be():
    deferring.transmit_now()
    [job] = _jobs(task_name="dojang.transmit")
    tasks.drop(job.pk)
    assert _jobs(pk=job.pk) == []
    tasks.drop(job.pk)
