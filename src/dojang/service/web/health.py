"""Two questions of whoever runs this: does the process live, and can it work."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

_OK, _UNAVAILABLE = 200, 503


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: the process answers. Nothing else is asked, so a slow database restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: the database answers, its schema is ours, and how old the oldest waiting work is.

    Old work does not make this process unready: another process does it. The figure is for an alarm.
    """
    try:
        facts: dict[str, Any] = {
            "database": "ok",
            "migrations": "applied" if _migrated() else "missing",
            "oldest_waiting_seconds": oldest_waiting(timezone.now()),
        }
    except DatabaseError:
        facts = {"database": "unreachable"}
    well = facts.get("migrations") == "applied"
    return JsonResponse(facts, status=_OK if well else _UNAVAILABLE)


def _migrated() -> bool:
    """Whether every migration of this software has been applied."""
    return _of_this_software() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _of_this_software() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def oldest_waiting(now: datetime) -> int:
    """Age in seconds of the oldest job whose time has come; 0 where none waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(at) FROM (
                SELECT min(scheduled_at) AS at FROM procrastinate_jobs
                WHERE status = 'todo' AND scheduled_at <= %s
                UNION ALL
                SELECT (
                    SELECT min(event.at) FROM procrastinate_events event
                    WHERE event.job_id = first.id AND event.type = 'deferred'
                )
                FROM (
                    SELECT id FROM procrastinate_jobs
                    WHERE status = 'todo' AND scheduled_at IS NULL ORDER BY id LIMIT 1
                ) first
            ) waiting
            """,
            [now],
        )
        oldest = cursor.fetchone()[0]
    return max(0, int((now - oldest).total_seconds())) if oldest else 0
