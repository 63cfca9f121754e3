"""Real processes, killed with SIGKILL at every step: nothing is lost, nothing is filed twice, both books are the same."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import process_under_test
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from own_database import own_database, pointed_at
from postgres_for_tests import open_folder
from service_world import acting, client_of
from settings_for_checks import PLACEHOLDERS
from signing_world import make_ready, order, signed
from transmission_world import Company, Office, connect, make_company, open_office, same_books

from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.postgres import Addresses, EmbeddedPostgres
from dojang.service.postgres.layout import lay_out
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission.models import SubmissionCall
from dojang.service.workspaces.models import TransmitPolicy, Workspace

_SECONDS = 60.0
WORKER_POINTS = list(process_under_test.POINTS)[:10]


class Ahead:
    """The real clock moved forward: for this process, the sandbox and, by a file, the processes under test."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.write_text("0")

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text() or 0))

    def add(self, **duration: float) -> None:
        seconds = float(self.file.read_text()) + timedelta(**duration).total_seconds()
        draft = self.file.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self.file)


@dataclass
class Scene:
    """A service with its database, its sandbox and its clock."""

    addresses: Addresses
    office: Office
    clock: Ahead
    port: int
    company: Company
    started: list[subprocess.Popen] = field(default_factory=list)

    def environ(self) -> dict[str, str]:
        found = settings.ENVIRONMENT
        return {
            **os.environ,
            **PLACEHOLDERS,
            "DATABASE_URL": self.addresses.app_url,
            "DATABASE_OWNER_URL": self.addresses.owner_url,
            "DOJANG_DATA": str(found.data),
            "DOJANG_NTS_SETTINGS": str(found.nts_settings),
            "DOJANG_TRANSMITTER_KEY_FILE": str(found.transmitter_key_file),
            "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE": str(found.transmitter_public_key_file),
            "DOJANG_PORT": str(self.port),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONWARNINGS": "ignore",
        }

    def start(self, role: str, point: str = "") -> subprocess.Popen:
        program = Path(process_under_test.__file__)
        command = [sys.executable, str(program), role, point, str(self.clock.file)]
        if role == "web":
            command.append(str(self.port))
        process = subprocess.Popen(command, env=self.environ(), stdout=subprocess.DEVNULL)
        self.started.append(process)
        if role == "web":
            await_that(lambda: _listens(self.port))
        return process

    @contextmanager
    def running(self, role: str) -> Iterator[subprocess.Popen]:
        process = self.start(role)
        try:
            yield process
        finally:
            end(process)

    def issue(self, count: int = 3) -> list[Invoice]:
        return self.company.issue(count, now=self.clock(), **today(self.clock))

    def go_on(self) -> None:
        """New workers, 11 minutes after each other, until everything is answered."""
        for _ in range(8):
            with self.running("worker"):
                settled = within(6, self.is_settled)
            if settled:
                return
            self.clock.add(minutes=11)
        raise AssertionError(
            (self.company.states(), list(SubmissionCall.objects.values_list("kind", "outcome")))
        )

    def is_settled(self) -> bool:
        return not set(self.company.states()) & {State.ISSUED, State.SUBMITTED, State.UNKNOWN}


def today(clock: Ahead) -> dict[str, object]:
    """A draft of today, whatever day it really is."""
    day = (clock() + timedelta(hours=9)).date().isoformat()
    item = {
        "supplied_on": day, "name": "복사용지", "quantity": "10", "unit_price": "100000",
        "supply_amount": 1_000_000, "tax_amount": 100_000,
    }  # fmt: skip
    return {"written_on": day, "items": [item]}


def await_that(condition, seconds: float = _SECONDS) -> None:
    assert within(seconds, condition), "it did not happen in time"


def within(seconds: float, condition) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def was_killed(process: subprocess.Popen) -> bool:
    return process.wait(_SECONDS) == -signal.SIGKILL


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def scene(monkeypatch, folder: Path, addresses: Addresses) -> Iterator[Scene]:
    clock = Ahead(folder / "clock")
    with open_office(folder / "sandbox", clock) as office:
        authority = connect(monkeypatch, folder / "data", office)
        port = _free_port()
        # To this address the NTS tells results; where nobody listens, they are asked for.
        monkeypatch.setattr(
            settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, origin=f"http://localhost:{port}")
        )
        company = make_company(authority)
        with in_workspace(company.workspace.pk):
            Workspace.objects.update(transmit_policy=TransmitPolicy.AT_ONCE)
        made = Scene(addresses, office, clock, port, company)
        try:
            yield made
        finally:
            for process in made.started:
                process.kill()
                process.wait()


@pytest.fixture
def stage(monkeypatch, tmp_path, django_db_setup, django_db_blocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), own_database("kill") as addresses:
        with scene(monkeypatch, tmp_path, addresses) as made:
            yield made
        connections.close_all()


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_worker_is_killed(stage, point):
    invoices = stage.issue()
    assert was_killed(stage.start("worker", point))
    stage.go_on()
    assert stage.company.states() == [State.ACCEPTED] * 3
    assert [stage.office.arrivals(one.issue_id) for one in invoices] == [1, 1, 1]
    same_books(stage.office, stage.company)


def test_a_worker_that_is_told_to_stop_finishes_what_it_does(stage):
    stage.office.fault("slow", action="submit", seconds=2)
    stage.issue()
    process = stage.start("worker")
    await_that(lambda: stage.office.store.submission_count() == 1)
    end(process)
    assert process.returncode == 0
    # The answer that it waited for was written down.
    assert SubmissionCall.objects.filter(kind="submit", outcome="receipt").count() == 1
    stage.go_on()
    same_books(stage.office, stage.company)


@pytest.mark.parametrize("point", ["told, not stored", "told and stored, not acknowledged"])
def test_the_web_is_killed_while_the_nts_tells_results(stage, monkeypatch, point):
    stage.office.set(
        callbacks={"attempts": 30, "retry_seconds": 0.2}, delays={"judging_seconds": 3, "reply_seconds": 0}
    )
    invoices = stage.issue()
    web = stage.start("web", point)
    worker = stage.start("worker")
    try:
        assert was_killed(web)
    finally:
        end(worker)
    stage.go_on()
    assert [stage.office.arrivals(one.issue_id) for one in invoices] == [1, 1, 1]
    same_books(stage.office, stage.company)
    with stage.running("web"):
        await_that(lambda: _acknowledged(stage))


def _acknowledged(stage: Scene) -> bool:
    submissions = stage.office.store.submissions(10)
    callbacks = [stage.office.store.callback(one.submit_id) for one in submissions]
    return all(one is not None and one.state == "acknowledged" for one in callbacks)


@pytest.mark.parametrize("point", ["inside issuing", "issued, not answered"])
def test_the_web_is_killed_while_it_issues_and_the_page_asks_again(stage, point):
    company = stage.company
    now = datetime.now(UTC)
    ready = [make_ready(company.workspace, now=now, **today(stage.clock)) for _ in range(3)]
    placed = order(company.workspace, *ready, now=now)
    made = signed(placed, company.owner)
    signer = company.owner.signer()
    body = {
        "certificate": _text(signer.certificate),
        "chain": [],
        "random": {"key_id": signer.key_id, "sealed": _text(signer.sealed_random)},
        "signed": [{"order": str(one.order_id), "xml": one.xml.decode()} for one in made],
    }
    web = stage.start("web", point)
    with pytest.raises((urllib.error.URLError, OSError)):
        _post(stage, body)
    assert was_killed(web)
    assert company.states() == [State.READY if point == "inside issuing" else State.ISSUED] * 3
    with stage.running("web"):
        answer = _post(stage, body)
    assert [one["state"] for one in answer["issued"]] == ["issued"] * 3
    assert {action for one in ready for action in company.actions(one)} == {"create", "finish", "issue"}
    stage.go_on()
    assert len(stage.office.filed()) == 3
    same_books(stage.office, company)


def _post(stage: Scene, body: dict) -> dict:
    """As the signing page, logged in as the owner."""
    owner = User.objects.get(pk=acting(stage.company.workspace).user_id)
    client = client_of(owner)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    request = urllib.request.Request(
        f"http://localhost:{stage.port}/w/{stage.company.workspace.slug}/sign/issue/",
        data=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
            "Origin": f"http://localhost:{stage.port}",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def test_postgresql_is_killed_while_a_message_is_on_its_way(
    monkeypatch, tmp_path, django_db_setup, django_db_blocker
):
    home = open_folder(Path(tempfile.mkdtemp(prefix="dojang-kill-")))
    server = EmbeddedPostgres(home / "postgres", settings={"fsync": "off"})
    try:
        addresses = server.start()
        with django_db_blocker.unblock(), pointed_at(addresses):
            call_command("migrate", database="owner", verbosity=0)
            with scene(monkeypatch, tmp_path, addresses) as stage:
                _kill_postgresql(stage, server, home)
            connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _kill_postgresql(stage: Scene, server: EmbeddedPostgres, home: Path) -> None:
    stage.office.fault("slow", action="submit", seconds=3)
    invoices = stage.issue()
    worker = stage.start("worker")
    try:
        await_that(lambda: stage.office.store.submission_count() == 1)
        number = int((lay_out(home / "postgres").data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(number, signal.SIGKILL)
        await_that(lambda: not server.is_running())
        time.sleep(3.5)  # the answer comes while there is no database
        server.start()
    finally:
        worker.kill()
        worker.wait()
    connections.close_all()
    with pytest.raises(DatabaseError):
        connections["default"].cursor().execute("SELECT nothing")
    stage.go_on()
    assert [stage.office.arrivals(one.issue_id) for one in invoices] == [1, 1, 1]
    same_books(stage.office, stage.company)
