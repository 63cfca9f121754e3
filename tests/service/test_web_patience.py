"""Nobody waits for ever: a page that others hold up, or that asks for too much, says so and changes nothing."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.signals import connection_created
from service_world import make_workspace, member_client

from dojang.service.tenancy.scope import in_workspace
from dojang.service.web import patience
from dojang.service.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(monkeypatch):
    """As in the web server, but quicker to give up."""
    monkeypatch.setattr(patience, "LOCK_SECONDS", 1)
    monkeypatch.setattr(patience, "STATEMENT_SECONDS", 2)
    connection.close()
    patience.be_impatient()
    yield
    connection_created.disconnect(dispatch_uid="dojang.patience")
    connection.close()


def test_who_waits_too_long_for_somebody_else_is_told(impatient):
    workspace = make_workspace(name="한빛상사")
    browser, held, let_go = member_client(workspace), threading.Event(), threading.Event()

    def hold():
        try:
            with in_workspace(workspace.pk):
                Workspace.objects.select_for_update(no_key=True).get()
                held.set()
                let_go.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    began = time.monotonic()
    fields = {"name": "새 이름", "transmit_policy": "at_once", "transmit_minutes": 30}
    answer = browser.post(f"/w/{workspace.slug}/settings/workspace/", fields)
    took = time.monotonic() - began
    let_go.set()
    thread.join(20)
    assert answer.status_code == 409
    assert "다른 사람이 같은 문서를 처리하고 있어" in answer.content.decode()
    assert took < 10
    with in_workspace(workspace.pk):
        assert Workspace.objects.get().name == "한빛상사"


@pytest.mark.parametrize("outside", [True, False])
def test_a_page_that_asks_for_too_much_is_given_up(impatient, monkeypatch, outside):
    workspace = make_workspace()

    def slow(*_, **__):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    browser = member_client(workspace)
    if outside:
        monkeypatch.setattr("dojang.service.home.views.crossing.memberships", slow)
    else:
        monkeypatch.setattr("dojang.service.workspaces.views.settings.SettingsForm", slow)
    path = "/" if outside else f"/w/{workspace.slug}/settings/workspace/"
    answer = browser.get(path, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "took_too_long")


def test_other_processes_wait_as_long_as_it_takes():
    with connection.cursor() as cursor:
        for setting in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("0",)


def test_an_export_takes_its_time(impatient):
    from dojang.service.exports.making import _wait_as_long_as_it_takes

    with transaction.atomic():
        _wait_as_long_as_it_takes()
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("2s",)


def test_other_errors_of_the_database_are_not_taken_for_a_wait():
    assert patience.refusal_of(OperationalError("the server is gone")) is None
