"""Results sent to ReplyTo: signed, repeated until acknowledged, told once to those who listen well."""

import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sandbox_world import NOW, invoice, supplier, world

from dojang.nts import callback, soap, wire
from dojang.nts.errors import NtsError
from dojang.nts.ids import new_message_id
from dojang.nts.outcomes import Finding
from dojang.sandbox.rows import CallbackState


class Receiver:
    """A transmitting system's ReplyTo: remembers what it got, and answers as it is told."""

    def __init__(self, sandbox):
        settings, sign = sandbox.settings()
        self.pinned = settings.nts_certificates
        self.signer, self.party = settings.signer(sign), settings.party
        self.notices = []
        self.answers = []
        self.arrived = threading.Condition()

    def acknowledge(self, notice):
        return 200, callback.acknowledge(
            notice, party=self.party, signer=self.signer, now=NOW, random=os.urandom(16)
        )

    def answer(self, body, content_type):
        notice = callback.read_results_notice(body, content_type, self.pinned)
        with self.arrived:
            how = self.answers.pop(0) if self.answers else self.acknowledge
            self.notices.append(notice)
            self.arrived.notify_all()
        return how(notice)

    def wait_for(self, count):
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.notices) >= count, timeout=10)


@contextmanager
def listening(receiver):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["X-Dojang-Sandbox"] == "1"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = receiver.answer(body, self.headers["Content-Type"])
            self.send_response(status)
            content = answer if isinstance(answer, bytes) else answer.body
            self.send_header("Content-Type", getattr(answer, "content_type", "text/plain"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/results"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("callbacks")) as running:
        running.control("PATCH", "settings", {"callbacks": {"retry_seconds": 0}})
        yield running


@pytest.fixture
def receiver(sandbox):
    return Receiver(sandbox)


def submit(sandbox, address, *documents):
    submission = sandbox.submission(*(supplier().packaged(one) for one in documents), reply_to=address)
    sandbox.submit(submission)
    return submission.submit_id


def state(sandbox, submit_id, *ends):
    """What became of a callback, once it is one of these."""
    store = sandbox.sandbox.office.store
    for _ in range(1000):
        found = store.callback(submit_id)
        if found and found.state in ends:
            return found
        threading.Event().wait(0.01)
    raise AssertionError(found)


def test_results_come_signed_and_an_acknowledgement_ends_it(sandbox, receiver):
    good, bad = invoice(), invoice(purpose=None)
    with listening(receiver) as address:
        submit_id = submit(sandbox, address, good, bad)
        found = state(sandbox, submit_id, CallbackState.ACKNOWLEDGED)
    [notice] = receiver.notices
    assert notice.response.ref_submit_id == submit_id
    assert notice.response.result_of(good.issue_id).codes == ("SUC001",)
    assert notice.response.result_of(bad.issue_id).codes == ("ERR008",)
    assert notice.message.result_id == found.result_id
    assert found.attempts == 1
    polled = sandbox.results(submit_id).response
    assert polled.results == notice.response.results, "polling tells the same"


def test_without_acknowledgement_the_results_come_again_under_the_same_result_id(sandbox, receiver):
    receiver.answers = [
        lambda _: (500, b"down"),
        lambda _: (200, b"thanks"),
        lambda notice: (
            200,
            wire.pack(acknowledgement(receiver, notice, "20261120" + "0" * 32), receiver.signer),
        ),
        lambda notice: (
            200,
            wire.pack(
                acknowledgement(receiver, notice, notice.message.result_id),
                sandbox.sandbox.office.identities.stranger,
            ),
        ),
        lambda notice: (200, wire.pack(question(receiver), receiver.signer)),
        lambda _: (200, b"x" * (300 << 10)),
    ]
    with listening(receiver) as address:
        submit_id = submit(sandbox, address, invoice())
        found = state(sandbox, submit_id, CallbackState.ACKNOWLEDGED)
    assert found.attempts == 7
    assert len({notice.message.result_id for notice in receiver.notices}) == 1
    assert len({notice.message.header.message_id for notice in receiver.notices}) == 7


def header(receiver):
    return soap.Header(new_message_id(NOW, os.urandom(16)), "x", receiver.party, soap.NTS_PARTY, NOW)


def acknowledgement(receiver, _notice, result_id):
    return soap.ResultsRecvAck(header(receiver), result_id)


def question(receiver):
    return soap.ResultsReqSubmit(header(receiver), "41000000-20261120-" + "0" * 32)


def test_the_results_are_given_up_after_so_many_attempts_and_polling_still_tells_them(sandbox):
    sandbox.control("PATCH", "settings", {"callbacks": {"attempts": 3, "retry_seconds": 0}})
    try:
        submit_id = submit(sandbox, "http://127.0.0.1:9/nobody", invoice())
        found = state(sandbox, submit_id, CallbackState.GIVEN_UP)
        assert (found.attempts, found.problem) == (3, "ConnectError")
        assert sandbox.reconcile(submit_id).finding is Finding.ACCEPTED
    finally:
        sandbox.control("PATCH", "settings", {"callbacks": {"retry_seconds": 0}})


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1/x", "nonsense", "http://[::1", "http://127.0.0.1:99999/"]
)
def test_an_address_that_is_none_is_given_up_too(sandbox, address):
    submit_id = submit(sandbox, address, invoice())
    assert state(sandbox, submit_id, CallbackState.GIVEN_UP).attempts == 10


def test_a_duplicate_callback_is_the_same_results_twice(sandbox, receiver):
    document = invoice()
    sandbox.fault("duplicate_callback", issue_id=document.issue_id)
    with listening(receiver) as address:
        submit_id = submit(sandbox, address, document)
        receiver.wait_for(2)
        state(sandbox, submit_id, CallbackState.ACKNOWLEDGED)
    first, second = receiver.notices
    assert first.message.result_id == second.message.result_id
    assert first.response.results == second.response.results
    assert sandbox.control("DELETE", "faults")["removed"] == 0


def test_pauses_grow_and_the_next_attempt_waits_for_its_time(tmp_path):
    with world(tmp_path) as sandbox:
        receiver = Receiver(sandbox)
        receiver.answers = [lambda _: (500, b"")] * 3
        sandbox.control("PATCH", "settings", {"callbacks": {"retry_seconds": 10}})
        with listening(receiver) as address:
            submit_id = submit(sandbox, address, invoice())
            pauses = []
            for attempt in range(1, 4):
                receiver.wait_for(attempt)
                found = attempted(sandbox, submit_id, attempt)
                pauses.append(found.next_at - sandbox.clock.now.timestamp())
                sandbox.clock.forward(seconds=pauses[-1])
            receiver.wait_for(4)
            state(sandbox, submit_id, CallbackState.ACKNOWLEDGED)
        assert pauses == [10, 20, 40]


def attempted(sandbox, submit_id, attempts):
    store = sandbox.sandbox.office.store
    for _ in range(1000):
        found = store.callback(submit_id)
        if found.attempts >= attempts:
            return found
        threading.Event().wait(0.01)
    raise AssertionError(found)


def test_a_callback_survives_a_restart(tmp_path):
    with world(tmp_path) as first:
        first.control("PATCH", "settings", {"callbacks": {"retry_seconds": 60}})
        submit_id = submit(first, "http://127.0.0.1:9/nobody", invoice())
        attempted(first, submit_id, 1)
        receiver = Receiver(first)
    with listening(receiver) as address:
        import sqlite3

        # Where it is listened now is another port than before the restart.
        with sqlite3.connect(tmp_path / "data/sandbox.sqlite3") as db:
            db.execute("UPDATE callbacks SET reply_to = ?", (address,))
        db.close()
        with world(tmp_path) as second:
            second.clock.forward(seconds=60)
            assert state(second, submit_id, CallbackState.ACKNOWLEDGED).attempts == 2


def test_results_that_wait_come_when_they_are_due(sandbox, receiver):
    sandbox.control(
        "PATCH", "settings", {"delays": {"judging_seconds": 30}, "callbacks": {"retry_seconds": 0}}
    )
    try:
        with listening(receiver) as address:
            submit_id = submit(sandbox, address, invoice())
            assert sandbox.sandbox.office.store.callback(submit_id) is None
            sandbox.clock.forward(seconds=30)
            state(sandbox, submit_id, CallbackState.ACKNOWLEDGED)
    finally:
        sandbox.control("PATCH", "settings", {"delays": {}})


def test_a_notice_changed_on_its_way_is_not_believed(sandbox, receiver):
    bodies = []
    receiver.answer = lambda body, kind: bodies.append((body, kind)) or (500, b"")
    with listening(receiver) as address:
        sandbox.control("PATCH", "settings", {"callbacks": {"attempts": 1}})
        submit_id = submit(sandbox, address, invoice())
        state(sandbox, submit_id, CallbackState.GIVEN_UP)
        sandbox.control("PATCH", "settings", {"callbacks": {"retry_seconds": 0}})
    [(body, kind)] = bodies
    callback.read_results_notice(body, kind, receiver.pinned)
    with pytest.raises(NtsError):
        callback.read_results_notice(body.replace(b"SUC001", b"ERR001"), kind, receiver.pinned)


def test_a_callback_of_a_system_that_is_no_longer_registered_is_not_sent(tmp_path):
    import httpx

    from dojang.sandbox.callbacks import deliver

    with world(tmp_path) as sandbox, httpx.Client(trust_env=False) as http:
        office = sandbox.sandbox.office
        sandbox.control("PATCH", "settings", {"callbacks": {"attempts": 1}})
        submit_id = submit(sandbox, "http://127.0.0.1:9/nobody", invoice())
        found = state(sandbox, submit_id, CallbackState.GIVEN_UP)
        with office.store.transaction() as ledger:
            ledger._db.execute("UPDATE submissions SET registration = '42999999'")
        deliver(office, found, http)
        assert "등록" in office.store.callback(submit_id).problem
        sandbox.control("POST", "reset", {})
        deliver(office, found, http)
        with office.store.transaction() as ledger:
            ledger.update_callback(found)
        assert office.store.callback(submit_id) is None


def test_a_worker_that_is_to_stop_sends_nothing_more(tmp_path):
    from dojang.sandbox.callbacks import Worker

    stopping = threading.Event()
    with world(tmp_path) as sandbox:
        sandbox.control("PATCH", "settings", {"callbacks": {"retry_seconds": 60}})
        submit_id = submit(sandbox, "http://127.0.0.1:9/nobody", invoice())
        attempted(sandbox, submit_id, 1)
        stopping.set()
        another = Worker(sandbox.sandbox.office, stopping)
        another._http.close()
        sandbox.sandbox.office.real_seconds = lambda: NOW.timestamp() + 3600
        sandbox.sandbox.stop_waiting()
        another._deliver()
        assert sandbox.sandbox.office.store.callback(submit_id).state is CallbackState.PENDING


def test_the_worker_goes_on_after_a_failure(sandbox, receiver, monkeypatch, caplog):
    failed = threading.Event()

    def fail(_seconds):
        failed.set()
        raise RuntimeError("made up")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.sandbox.office.store, "callbacks_due", fail)
        sandbox.sandbox.office.wake()
        assert failed.wait(5)
    with listening(receiver) as address:
        state(sandbox, submit(sandbox, address, invoice()), CallbackState.ACKNOWLEDGED)
    assert "it goes on" in caplog.text
