"""Stopped, killed, started again: what was answered is never forgotten, and nothing is filed twice."""

import json
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sandbox_world import NOW, Clock, World, copied, invoice, supplier, template, world

from dojang.nts.outcomes import Finding, OutcomeUnknown, Receipt
from dojang.sandbox import Sandbox
from dojang.sandbox.errors import DataFolderInUse, DataFolderTooNew, DataFolderUnusable
from dojang.sandbox.rows import SubmissionState

PROGRAM = """
import sys
from pathlib import Path
from dojang.sandbox import running
with running(Path(sys.argv[1])) as served:
    print(served.address, flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(folder, **script):
    """A sandbox in a process of its own, to be killed."""
    data = copied(folder)
    frozen = {"frozen_at": NOW.isoformat()}
    (data / "script.json").write_text(json.dumps({"clock": frozen, **script}), "utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        address = child.stdout.readline().strip()
        yield child, World(address, data / "client/client.json", None, Clock(), folder)
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def kill(child):
    child.send_signal(signal.SIGKILL)
    child.wait()


def real_clock():
    clock = Clock()
    clock.now = datetime.now(UTC)
    return clock


def test_everything_is_there_after_a_restart(tmp_path):
    document, refused = invoice(), invoice(purpose=None)
    with world(tmp_path) as first:
        submission = first.submission(*(supplier().packaged(one) for one in (document, refused)))
        first.submit(submission)
        first.fault("lost_after", action="results")
        first.control("PUT", "businesses/9988100012", {"state": "unknown"})
        settings = first.settings()[0]
    with world(tmp_path) as second:
        assert second.address != first.address
        assert second.settings()[0].certificate == settings.certificate
        assert second.settings()[0].submit_address.startswith(second.address)
        assert second.reconcile(submission.submit_id).finding is Finding.UNKNOWN, "the fault survived"
        response = second.results(submission.submit_id).response
        assert response.result_of(document.issue_id).codes == ("SUC001",)
        assert response.result_of(refused.issue_id).codes == ("ERR008",)
        assert second.verdict(invoice()) == ("ERR002",), "so did the register"
        assert second.submit(submission).arrived_before


def test_killed_between_receipt_and_verdict_the_verdict_comes_after_the_restart(tmp_path):
    document = invoice()
    with process(tmp_path, delays={"judging_seconds": 3600}) as (child, first):
        submission = first.submission(supplier().packaged(document))
        assert isinstance(first.submit(submission), Receipt)
        kill(child)
    clock = real_clock()
    with world(tmp_path, clock=clock) as second:
        assert second.reconcile(submission.submit_id).finding is Finding.STILL_WORKING
        clock.forward(hours=2)
        assert second.reconcile(submission.submit_id).finding is Finding.ACCEPTED
        assert second.filed(document.issue_id) == (True, 1)


def test_killed_at_any_moment_no_receipt_is_forgotten_and_nothing_filed_twice(tmp_path):
    sent = {}
    chance = random.Random(7)
    for _ in range(3):
        with process(tmp_path) as (child, running):
            deadline = time.monotonic() + chance.uniform(0.05, 0.25)
            while time.monotonic() < deadline or child.poll() is None:
                if time.monotonic() >= deadline:
                    child.send_signal(signal.SIGKILL)
                document = invoice()
                submission = running.submission(supplier().packaged(document))
                outcome = running.submit(submission)
                sent[submission.submit_id] = (document, submission, outcome)
                if not isinstance(outcome, Receipt):
                    break
            kill(child)
    assert any(isinstance(outcome, Receipt) for _, _, outcome in sent.values())
    with world(tmp_path) as after:
        for submit_id, (document, submission, outcome) in sent.items():
            found = after.reconcile(submit_id).finding
            if isinstance(outcome, Receipt):
                assert found is Finding.ACCEPTED
            else:
                assert isinstance(outcome, OutcomeUnknown) or found is Finding.NEVER_ARRIVED
            after.submit(submission)
            assert after.filed(document.issue_id) == (True, 1)


def test_a_killed_first_start_is_made_good_by_the_next(tmp_path):
    data = copied(tmp_path)
    for gone in ("client/client.json", "client/system.pfx", "sandbox.sqlite3"):
        (data / gone).unlink()
    (data / ".keys-draft").mkdir()
    with world(tmp_path) as running:
        assert running.verdict(invoice()) == ("SUC001",)


def test_a_data_folder_has_one_sandbox_at_a_time(tmp_path):
    with world(tmp_path) as running, pytest.raises(DataFolderInUse):
        Sandbox.open(tmp_path / "data", base_address=running.address, clock=lambda: NOW)


def test_the_book_can_be_copied_while_the_sandbox_runs(tmp_path):
    with world(tmp_path) as running:
        assert running.verdict(invoice()) == ("SUC001",)
        book = f"file:{tmp_path / 'data' / 'sandbox.sqlite3'}?mode=ro"
        with (
            closing(sqlite3.connect(book, uri=True, timeout=1)) as source,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            source.execute("SELECT 1 FROM documents")
            source.backup(copy)
            assert copy.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_closing_twice_changes_nothing(tmp_path):
    sandbox = Sandbox.open(copied(tmp_path), base_address="http://127.0.0.1:1", clock=lambda: NOW)
    sandbox.close()
    sandbox.close()


def test_private_files_are_the_owners_alone(tmp_path):
    with world(tmp_path):
        files = [
            file for folder in ("client", "keys", "testca") for file in (tmp_path / "data" / folder).iterdir()
        ]
        assert {file.name for file in files} >= {
            "client.json",
            "system.pfx",
            "system.passphrase",
            "nts-encryption.key",
        }
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files if file.is_file())


def test_a_folder_of_a_later_version_is_left_alone(tmp_path):
    data = copied(tmp_path)
    with sqlite3.connect(data / "sandbox.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(DataFolderTooNew):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_a_book_that_is_none_is_refused(tmp_path):
    data = copied(tmp_path)
    (data / "sandbox.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(DataFolderUnusable, match="not a database"):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_keys_that_do_not_fit_are_refused(tmp_path):
    data = copied(tmp_path)
    (data / "keys/nts-signature.key").write_bytes((data / "keys/stranger.key").read_bytes())
    with pytest.raises(DataFolderUnusable, match="keys"):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file/below"):
        with pytest.raises(DataFolderUnusable):
            Sandbox.open(path, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_a_book_that_cannot_be_opened_is_refused(tmp_path):
    data = copied(tmp_path)
    (data / "sandbox.sqlite3").unlink()
    (data / "sandbox.sqlite3").mkdir()
    with pytest.raises(DataFolderUnusable):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_a_client_folder_that_cannot_be_written_is_refused(tmp_path):
    data = copied(tmp_path)
    for file in (data / "client").iterdir():
        file.unlink()
    (data / "client").rmdir()
    (data / "client").write_text("in the way")
    with pytest.raises(DataFolderUnusable):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=lambda: NOW)


def test_r_is_in_no_file_of_the_data_folder(tmp_path):
    random_number = supplier().random_number
    with world(tmp_path) as running:
        running.verdict(invoice())
        running.control("PATCH", "settings", {"delays": {"judging_seconds": 60}})
        running.submit(running.submission(supplier().packaged(invoice())))
    for file in (tmp_path / "data").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert random_number not in content
        assert random_number.hex().encode() not in content


def test_two_judges_give_one_verdict(tmp_path):
    from dojang.sandbox import submitting

    with world(tmp_path) as running:
        running.control("PATCH", "settings", {"delays": {"judging_seconds": 60}})
        document = invoice()
        submission = running.submission(supplier().packaged(document))
        running.submit(submission)
        office = running.sandbox.office
        [waiting] = office.store.due(office.real_seconds() + 60)
        content = office.store.package(waiting.submit_id)
        submitting.judge(office, waiting)
        submitting.judge(office, waiting)  # the package is gone
        office.store.package = lambda _submit_id: content
        submitting.judge(office, waiting)  # it was there when looked at, and another thread was faster
        assert running.filed(document.issue_id) == (True, 1)
        assert office.store.submission(waiting.submit_id).state is SubmissionState.JUDGED


def test_the_template_is_what_a_first_start_leaves():
    assert (template() / "client/client.json").is_file()
    assert template().stat().st_mode & 0o077 == 0
