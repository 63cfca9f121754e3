"""What a supervisor asks: lives, and can work."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from dojang.service.web import health


@pytest.mark.django_db
def test_a_live_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_migrated_database_without_work_is_ready(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "applied", "oldest_waiting_seconds": 0}


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    with patch.object(
        health.MigrationRecorder, "applied_migrations", return_value={("web", "0000_old"): None}
    ):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


@pytest.mark.django_db
def test_an_unreachable_database_is_not_ready(client):
    with patch.object(health, "_migrated", side_effect=OperationalError("password=secret")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable"}


def wait_for(seconds: int, *, scheduled: bool) -> None:
    at = timezone.now() - timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('default', 'a', 'todo', %s) RETURNING id",
            [at if scheduled else None],
        )
        job = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, job])


@pytest.mark.django_db
@pytest.mark.parametrize("scheduled", [True, False])
def test_the_age_of_the_oldest_waiting_work_is_told(client, scheduled):
    wait_for(90, scheduled=scheduled)
    wait_for(30, scheduled=not scheduled)
    assert client.get("/readyz").json()["oldest_waiting_seconds"] in range(90, 100)


@pytest.mark.django_db
def test_work_of_the_future_does_not_wait_yet(client):
    wait_for(-3600, scheduled=True)
    assert client.get("/readyz").json()["oldest_waiting_seconds"] == 0
