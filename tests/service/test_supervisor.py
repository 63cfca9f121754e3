"""The supervisor with real processes: order, restarts, and what is left when it is killed."""

import base64
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from dojang.service.environment import Environment
from dojang.service.postgres.locks import FileLock
from dojang.service.run import new_secrets, supervisor
from dojang.service.run import serve as serving_of_everything
from dojang.service.run.children import Service
from dojang.service.run.errors import (
    AlreadyRunning,
    DidNotStart,
    NoFreePort,
    OnlyLoopback,
    SecretsDamaged,
    SecretsOpen,
    SecretsThere,
)
from dojang.service.run.folders import make_data_folder
from dojang.service.run.ports import Ports, free_port
from dojang.service.run.serve import SUPERVISOR_LOCK, serve
from dojang.service.run.supervisor import Supervisor
from service.installations import installation, serving, status_of

PLAIN = {"PATH": os.environ["PATH"]}


def await_that(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def lines(file):
    return file.read_text().split() if file.exists() else []


def noting(name, file, *, then="time.sleep(60)", on_term="sys.exit(0)"):
    """A service that notes its start and its end."""
    code = f"""
import os, signal, sys, time
sys.path[:0] = {sys.path!r}
from dojang.service.run import watchdog
def note(word):
    with open({str(file)!r}, "a") as out:
        out.write(word + "\\n")
def ended(*_):
    note("-{name}")
    {on_term}
signal.signal(signal.SIGTERM, ended)
watchdog.watch()
note("+{name}")
{then}
"""
    return Service(
        name, [sys.executable, "-c", code], PLAIN, lambda: f"+{name}" in lines(file), grace_seconds=2
    )


@contextmanager
def supervised(**options):
    found = Supervisor(died=options.pop("died", lambda _: None), **options)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def in_background(found):
    thread = threading.Thread(target=found.run)
    thread.start()
    try:
        yield
    finally:
        found.request_stop()
        thread.join()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(supervisor, "_CHECK_SECONDS", 0.05)


def test_services_start_in_order_and_stop_in_reverse(tmp_path):
    notes = tmp_path / "notes"
    with supervised() as found:
        for name in ("first", "second", "third"):
            found.start(noting(name, notes))
        found.stop()
        found.stop()
    assert lines(notes) == ["+first", "+second", "+third", "-third", "-second", "-first"]


def test_a_service_that_dies_is_started_again_with_growing_pauses(tmp_path, quick):
    notes, told = tmp_path / "notes", []
    with supervised(died=told.append) as found:
        found.start(noting("weak", notes, then="time.sleep(0.1); os._exit(3)"))
        with in_background(found):
            await_that(lambda: lines(notes).count("+weak") >= 4)
    assert {(died.name, died.status) for died in told} == {("weak", 3)}
    assert [died.pause for died in told][:3] == [0.05, 0.1, 0.2]


def test_a_killed_service_is_started_again_and_the_others_are_left_alone(tmp_path, quick):
    notes = tmp_path / "notes"
    pid = tmp_path / "pid"
    with supervised() as found:
        found.start(noting("steady", notes))
        found.start(
            noting("killed", notes, then=f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
        )
        await_that(lambda: pid.exists() and pid.read_text())
        with in_background(found):
            os.kill(int(pid.read_text()), signal.SIGKILL)
            await_that(lambda: lines(notes).count("+killed") == 2)
    assert lines(notes).count("+steady") == 1


def test_what_a_dead_service_had_started_does_not_outlive_it(tmp_path, quick):
    notes, pid = tmp_path / "notes", tmp_path / "pid"
    then = f"import subprocess; print(subprocess.Popen(['sleep', '60']).pid, file=open({str(pid)!r}, 'a')); os._exit(1)"
    with supervised() as found:
        found.start(noting("parent", notes, then=then))
        with in_background(found):
            await_that(lambda: lines(notes).count("+parent") >= 2)
            first = int(lines(pid)[0])
        await_that(lambda: not is_alive(first))


def test_a_first_start_that_fails_is_an_error(tmp_path):
    service = Service("broken", [sys.executable, "-c", "import sys; sys.exit(7)"], PLAIN, lambda: False)
    with supervised() as found, pytest.raises(DidNotStart, match=r"broken.*7"):
        found.start(service)


def test_a_service_that_will_not_end_is_killed(tmp_path):
    notes = tmp_path / "notes"
    with supervised() as found:
        found.start(noting("stubborn", notes, on_term="pass", then="\nwhile True: time.sleep(1)"))
        before = time.monotonic()
        found.stop()
    assert 1.5 < time.monotonic() - before < 20


def test_a_step_is_run_once_and_its_failure_stops_the_start():
    with supervised() as found:
        found.run_once(Service("good", [sys.executable, "-c", ""], PLAIN))
        with pytest.raises(DidNotStart, match=r"bad.*4"):
            found.run_once(Service("bad", [sys.executable, "-c", "import sys; sys.exit(4)"], PLAIN))


def test_the_check_is_made_again_and_again(quick):
    checks = []
    with supervised(check=lambda: checks.append(1)) as found, in_background(found):
        await_that(lambda: len(checks) > 2)


def test_children_die_with_a_supervisor_that_was_killed(tmp_path):
    notes, pid = tmp_path / "notes", tmp_path / "pid"
    service = noting("child", notes, then=f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    code = f"""
import sys
sys.path[:0] = {sys.path!r}
from dojang.service.run.children import Service
from dojang.service.run.supervisor import Supervisor
found = Supervisor(died=print)
found.start(Service("child", {list(service.command)!r}, {PLAIN!r}))
found.run()
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    await_that(lambda: pid.exists() and pid.read_text())
    process.kill()
    process.wait()
    await_that(lambda: not is_alive(int(pid.read_text())))
    assert lines(notes) == ["+child", "-child"]


def is_alive(process):
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return told.returncode == 0 and not told.stdout.startswith("Z")


def test_the_next_free_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_two_that_start_at_once_take_different_ports():
    first = free_port(20_000)
    with Ports() as one, Ports() as other:
        taken = one.claim(first)
        assert other.claim(taken) > taken
        assert one.claim(taken) not in {taken, other.claim(taken)}
    with Ports() as later:
        assert later.claim(taken) == taken


def test_where_no_port_is_left_the_refusal_says_so():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        with pytest.raises(NoFreePort, match="65535"):
            free_port(65535)


def test_secrets_are_private_made_once_and_found_again_after_a_move(tmp_path):
    file = new_secrets.make(tmp_path / "a")
    for name in new_secrets.SECRET_FILES:
        assert (tmp_path / "a" / name).stat().st_mode & 0o077 == 0
    with pytest.raises(SecretsThere):
        new_secrets.make(tmp_path / "a")
    first = new_secrets.load_or_make(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    moved = new_secrets.load_or_make(tmp_path / "b")
    assert moved["DOJANG_DATA_KEY"] == first["DOJANG_DATA_KEY"]
    assert moved["DOJANG_TRANSMITTER_KEY_FILE"] == str(tmp_path / "b" / "transmitter.pem")
    assert file.name == "secrets.env"


def test_damaged_or_open_secrets_are_refused_never_replaced(tmp_path):
    file = new_secrets.make(tmp_path)
    whole = file.read_text()
    file.chmod(0o644)
    with pytest.raises(SecretsOpen):
        new_secrets.load_or_make(tmp_path)
    file.chmod(0o600)
    file.write_text("\n".join(line for line in whole.splitlines() if "DATA_KEY" not in line))
    with pytest.raises(SecretsDamaged):
        new_secrets.load_or_make(tmp_path)


def test_making_secrets_that_was_killed_half_way_is_made_anew(tmp_path):
    (tmp_path / new_secrets.TRANSMITTER_KEY).write_text("half")
    assert new_secrets.load_or_make(tmp_path)["DOJANG_SECRET_KEY"]
    assert "PRIVATE KEY" in (tmp_path / new_secrets.TRANSMITTER_KEY).read_text()


def test_the_demo_opens_on_this_machine_alone(tmp_path):
    environ = {**PLAIN, "DOJANG_DEMO": "1", "DOJANG_DATA": str(tmp_path)}
    with pytest.raises(OnlyLoopback):
        serve(environ, host="0.0.0.0", tell=lambda ko, en: None)


def test_a_second_service_on_the_same_data_is_refused(tmp_path):
    environ = {**PLAIN, "DOJANG_DEMO": "1", "DOJANG_DATA": str(tmp_path / "demo")}
    make_data_folder(tmp_path / "demo")
    lock = FileLock(tmp_path / "demo" / SUPERVISOR_LOCK)
    assert lock.acquire(seconds=0)
    with pytest.raises(AlreadyRunning, match="demo"):
        serve(environ, host="127.0.0.1", tell=lambda ko, en: None)
    lock.release()


def test_the_whole_service_starts_survives_kills_and_stops():
    with installation() as environ:
        port, data = int(environ["DOJANG_PORT"]), Path(environ["DOJANG_DATA"])
        with serving(environ) as (process, told):
            assert told == f"dojang: http://localhost:{port}"
            assert status_of(port, "/healthz") == 200
            os.kill(
                int((data / "postgres/server/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL
            )
            await_that(lambda: "postgres" in process.stdout.readline())
            await_that(lambda: status_of(port, "/readyz") == 200)
            process.kill()
            process.wait()
        with serving(environ) as (process, told):
            assert told == f"dojang: http://localhost:{port}"
            assert status_of(port, "/healthz") == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert FileLock(data / "postgres" / "guardian.lock").is_free()
        assert FileLock(data / "children.lock").is_free()
        with pytest.raises(OSError, match="refused"):
            status_of(port, "/healthz")


class Recorder:
    """Stands for the supervisor and remembers what it was to run."""

    is_stopping = False

    def __init__(self):
        self.services = {}

    def start(self, service):
        self.services[service.name] = service

    run_once = start


def test_each_process_gets_only_the_secrets_it_needs(tmp_path):
    secret = {
        "DATABASE_OWNER_URL": "postgresql://dojang_owner:x@db/dojang",
        "DOJANG_TRANSMITTER_KEY_FILE": str(tmp_path / "transmitter.pem"),
        "DOJANG_DATA_KEY": base64.b64encode(bytes(32)).decode(),
    }
    (tmp_path / "transmitter.pem").write_text("")
    environ = {
        **PLAIN,
        **secret,
        "DOJANG_DEMO": "1",
        "DOJANG_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://dojang_app:x@db/dojang",
        "DOJANG_SECRET_KEY": "only-for-tests-" * 4,
    }
    recorder, told = Recorder(), []
    start = serving_of_everything._Start(
        recorder, Environment.read(environ), environ, "127.0.0.1", 8000, Ports()
    )
    start.everything(lambda ko, en: told.append(ko))
    assert told == ["dojang: http://localhost:8000"]
    assert list(recorder.services) == ["migrate", "sandbox", "demo-data", "worker", "web"]
    given = {name: set(secret) & set(service.environ) for name, service in recorder.services.items()}
    assert given == {
        "migrate": {"DATABASE_OWNER_URL", "DOJANG_DATA_KEY"},
        "sandbox": set(),
        "demo-data": {"DOJANG_TRANSMITTER_KEY_FILE", "DOJANG_DATA_KEY"},
        "worker": {"DOJANG_TRANSMITTER_KEY_FILE", "DOJANG_DATA_KEY"},
        "web": {"DOJANG_DATA_KEY"},
    }
    web = recorder.services["web"].environ
    assert web["DOJANG_NTS_SETTINGS"] == str(tmp_path / "sandbox-nts" / "client" / "client.json")
    assert web["DOJANG_SANDBOX_URL"].startswith("http://127.0.0.1:")
    assert not any("x@db" in repr(service) for service in recorder.services.values())


def test_a_port_that_was_named_and_is_taken_is_refused_outside_the_demo():
    with installation() as environ, socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environ["DOJANG_PORT"])))
        taken.listen()
        with pytest.raises(NoFreePort):
            serve(environ, host="127.0.0.1", tell=lambda ko, en: None)
