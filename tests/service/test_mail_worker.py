"""A real worker takes the job that a mail was put down with, and the demo's mail is captured and goes nowhere."""

import pytest
from django.db import connections
from django.utils import timezone
from mail_world import mails
from procrastinate.periodic import PeriodicRegistry
from service_world import acting, make_workspace

from dojang.service import worker
from dojang.service.notices.models import CapturedMail
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.services import invitations


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_and_the_demo_captures(settings, monkeypatch):
    # Threads of the worker keep no connection to a database that is about to go.
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    settings.EMAIL_BACKEND = "dojang.service.notices.capture.CaptureBackend"
    workspace = make_workspace()
    with in_workspace(workspace.pk):
        invitations.invite(
            member=acting(workspace), email="new@example.com", role="viewer", now=timezone.now()
        )
    made = worker._worker_app()
    made.periodic_registry = PeriodicRegistry()  # only what was asked for
    made.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)
    [captured] = CapturedMail.objects.all()
    assert captured.to == "new@example.com"
    assert "/invitations/" in captured.html
    assert [one.state for one in mails(workspace)] == ["sent"]
