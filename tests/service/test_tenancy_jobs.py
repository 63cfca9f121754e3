"""Background work: every job opens the workspace it names, and no other."""

import asyncio

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector
from service_world import first_business, make_workspace

from dojang.service.tenancy.jobs import defer_here, workspace_task
from dojang.service.tenancy.scope import current_workspace, in_workspace
from dojang.service.workspaces.models import Business

pytestmark = pytest.mark.django_db

seen = []


@workspace_task(name="tests.look_around")
def look_around(note=""):
    seen.append((note, current_workspace(), [row.workspace_id for row in Business.objects.all()]))
    return note


@workspace_task(name="tests.rename_and_fail")
def rename_and_fail():
    Business.objects.update(name="바뀐 이름")
    raise KeyError


@workspace_task(name="tests.tell_setting", queue="tests")
def tell_setting(note):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('dojang.workspace')")
        seen.append((note, current_workspace(), int(cursor.fetchone()[0])))
    # The thread of the worker lives on; its connection must not outlive the test's database.
    transaction.on_commit(connection.close)


@pytest.fixture(autouse=True)
def _nothing_seen():
    seen.clear()


def jobs(task):
    return list(ProcrastinateJob.objects.filter(task_name=task.name).values_list("args", "queueing_lock"))


def test_a_job_runs_in_its_workspace_and_leaves_it():
    ours, theirs = make_workspace(), make_workspace()
    assert look_around(workspace_id=ours.pk, note="first") == "first"
    assert look_around(workspace_id=theirs.pk) == ""
    assert seen == [("first", ours.pk, [ours.pk]), ("", theirs.pk, [theirs.pk])]
    with pytest.raises(LookupError):
        current_workspace()


def test_a_job_that_fails_changes_nothing_and_leaves_its_workspace():
    ours = make_workspace()
    with pytest.raises(KeyError):
        rename_and_fail(workspace_id=ours.pk)
    assert first_business(ours).name == "한빛상사"
    with pytest.raises(LookupError):
        current_workspace()


def test_a_job_is_deferred_for_the_open_workspace():
    ours = make_workspace()
    with in_workspace(ours.pk):
        defer_here(look_around, note="later")
    assert jobs(look_around) == [({"workspace_id": ours.pk, "note": "later"}, None)]


def test_a_job_is_not_deferred_without_a_workspace():
    with pytest.raises(LookupError):
        defer_here(look_around)
    assert jobs(look_around) == []


def test_a_job_deferred_in_what_is_rolled_back_was_never_asked_for():
    with in_workspace(make_workspace().pk):
        defer_here(look_around)
        transaction.set_rollback(True)
    assert jobs(look_around) == []


def test_the_same_work_waits_once_in_each_workspace():
    ours, theirs = make_workspace(), make_workspace()
    for workspace in (ours, ours, theirs):
        with in_workspace(workspace.pk):
            defer_here(look_around, once="total")
            assert Business.objects.count() == 1
    assert [args["workspace_id"] for args, _ in jobs(look_around)] == [ours.pk, theirs.pk]


def test_a_worker_opens_the_workspace_of_each_job_in_its_own_connection():
    connector = InMemoryConnector()
    with app.replace_connector(connector) as worker_app:
        for workspace_id in (1, 2, 3):
            tell_setting.defer(workspace_id=workspace_id, note=f"job {workspace_id}")
        asyncio.run(
            worker_app.run_worker_async(
                queues=["tests"], wait=False, concurrency=3, install_signal_handlers=False
            )
        )
    asked = [job["status"] for job in connector.jobs.values() if job["queue_name"] == "tests"]
    assert asked == ["succeeded"] * 3
    assert sorted(seen) == [("job 1", 1, 1), ("job 2", 2, 2), ("job 3", 3, 3)]
