"""HTTP as hostile as it comes, the listener, and the ways to run and stop the sandbox."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from wsgiref.util import setup_testing_defaults

import pytest
from sandbox_world import NOW, Clock, copied, invoice, supplier, world

from dojang.nts import certificates
from dojang.nts.outcomes import Receipt
from dojang.sandbox import Sandbox, running, serve
from dojang.sandbox.errors import CannotListen, PortInUse
from dojang.sandbox.listening import Listener
from dojang.sandbox.web import MAX_BODY_BYTES

SERVICES = ("/services/SubmitEtaxInvoice", "/services/RequestResults", "/services/RequestCert")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("http")) as served:
        yield served


def test_it_is_alive(sandbox):
    assert sandbox.get("/healthz").text == "ok\n"


@pytest.mark.parametrize("path", SERVICES)
def test_services_take_posts_only(sandbox, path):
    answer = sandbox.get(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def deep():
    return b"<a>" * 10_000 + b"</a>" * 10_000


HOSTILE = {
    "nothing": (None, b""),
    "garbage": ("text/xml", b"\x00\xff" * 500),
    "html": ("text/html", b"<html></html>"),
    "empty multipart": ('multipart/related; boundary="b"', b"--b\r\n\r\n--b--"),
    "cut short": ('multipart/related; boundary="b"', b"--b\r\nContent-Type: text/xml\r\n\r\n<a>"),
    "a DTD": ("text/xml", b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]><a>' + b"&b;" * 1000 + b"</a>"),
    "deep": ("text/xml", deep()),
    "many parts": ('multipart/related; boundary="b"', b"--b\r\n\r\nx\r\n" * 1000 + b"--b--"),
    "an unsigned envelope": (
        "text/xml",
        b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body/></S:Envelope>',
    ),
    "a fault": (
        "text/xml",
        (
            b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault>'
            b"<faultcode>x</faultcode><faultstring>\x7f</faultstring></S:Fault></S:Body></S:Envelope>"
        ),
    ),
}


@pytest.mark.parametrize("path", SERVICES)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_signed_message_is_an_unsigned_fault_at_once(sandbox, path, name):
    kind, body = HOSTILE[name]
    begun = time.monotonic()
    answer = sandbox.http("POST", path, content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 400
    assert b"Fault>" in answer.content
    assert "SANDBOX" in answer.text
    assert time.monotonic() - begun < 2


def test_a_body_beyond_the_bound_is_refused_unread(sandbox):
    host, port = sandbox.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"POST {SERVICES[0]} HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_a_compressed_body_is_not_unpacked(sandbox):
    import gzip

    bomb = gzip.compress(bytes(8 << 20))
    answer = sandbox.http(
        "POST", SERVICES[0], content=bomb, headers={"Content-Type": "text/xml", "Content-Encoding": "gzip"}
    )
    assert answer.status_code == 400


def test_slow_and_silent_clients_keep_nobody_waiting(sandbox):
    host, port = sandbox.address.removeprefix("http://").split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(20)]
    try:
        for connection in idle:
            connection.sendall(
                b"POST /services/SubmitEtaxInvoice HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n<"
            )
        submission = sandbox.submission(supplier().packaged(invoice()))
        assert isinstance(sandbox.submit(submission), Receipt)
    finally:
        for connection in idle:
            connection.close()


def call(sandbox, **environ):
    """The application without a server."""
    environ.setdefault("wsgi.input", io.BytesIO(b""))
    setup_testing_defaults(environ)
    answered = {}

    def start(status, headers):
        answered.update(status=status, headers=dict(headers))

    body = b"".join(sandbox.sandbox(environ, start))
    return answered["status"], answered["headers"], body


def test_any_wsgi_server_may_carry_it(sandbox):
    status, headers, body = call(sandbox, PATH_INFO="/healthz")
    assert (status, headers["X-Dojang-Sandbox"], body) == ("200 OK", "1", b"ok\n")


@pytest.mark.parametrize(
    ("length", "status"), [(str(MAX_BODY_BYTES + 1), "413"), ("-1", "400"), ("x", "400"), (None, "400")]
)
def test_a_length_is_believed_only_as_a_bound(sandbox, length, status):
    environ = {"PATH_INFO": SERVICES[0], "REQUEST_METHOD": "POST"} | (
        {"CONTENT_LENGTH": length} if length else {}
    )
    answered, _, _ = call(sandbox, **environ)
    assert answered.startswith(status)


def test_a_failure_of_its_own_is_a_500_that_tells_nothing(sandbox, monkeypatch, caplog):
    monkeypatch.setattr(sandbox.sandbox.office.store, "submissions", lambda *_: 1 / 0)
    status, _, body = call(sandbox, PATH_INFO="/")
    assert status.startswith("500")
    assert b"ZeroDivision" not in body
    assert "division by zero" in caplog.text


def test_a_failure_while_answering_a_message_is_a_fault(sandbox, monkeypatch):
    from dojang.nts.errors import ArchiveRefused, SoapFault

    def refuse(_certificates):
        raise ArchiveRefused(why_ko="x", why_en="made up")

    monkeypatch.setattr(certificates, "write", refuse)
    with sandbox.client() as client, pytest.raises(SoapFault, match="made up"):
        client.certificates()


# Listening


def test_a_port_in_use_is_said_so(sandbox, tmp_path):
    port = int(sandbox.address.rpartition(":")[2])
    with pytest.raises(PortInUse, match=str(port)), running(copied(tmp_path), port):
        pass  # pragma: no cover


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("no.such.host.invalid", 0), ("127.0.0.1", 70000)]
)
def test_an_address_that_is_not_ours_is_said_so(host, port):
    with pytest.raises(CannotListen):
        Listener(lambda *_: [], host, port, ending=print)


def test_ipv6_addresses_stand_in_brackets():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listener = Listener(lambda *_: [], "::1", 0, ending=print)
    except CannotListen:
        pytest.skip("no IPv6 here")
    assert listener.address == f"http://[::1]:{listener.port}"
    listener.stop()
    listener.run()


def test_a_sandbox_that_cannot_open_leaves_no_listener_behind(tmp_path):
    data = copied(tmp_path)
    (data / "script.json").write_text("{")
    for _ in range(2):
        with pytest.raises(Exception, match="script"), running(data, clock=Clock()):
            pass  # pragma: no cover


def test_waiting_for_a_slow_reply_ends_with_the_sandbox(tmp_path):
    with world(tmp_path) as served:
        served.fault("slow", seconds=3600)
        submission = served.submission(supplier().packaged(invoice()))
        thread = threading.Thread(target=served.submit, args=(submission,))
        thread.start()
        while served.sandbox.office.store.submission(submission.submit_id) is None:
            time.sleep(0.01)
        begun = time.monotonic()
    thread.join()
    assert time.monotonic() - begun < 5


# In the foreground

PROGRAM = """
import sys
from pathlib import Path
from dojang.sandbox import Sandbox, serve
sandbox = Sandbox.open(Path(sys.argv[1]), base_address="http://127.0.0.1:0/")
serve(sandbox, "127.0.0.1", 0, ready=lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_a_signal_stops_it_cleanly(tmp_path, how):
    data = copied(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        address = child.stdout.readline().strip()
        settings = json.loads((data / "client/client.json").read_text("utf-8"))
        assert settings["submit_address"] == f"{address}/services/SubmitEtaxInvoice"
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert b"ok" in connection.makefile("rb").read()
        os.kill(child.pid, how)
        output, errors = child.communicate(timeout=20)
        assert (child.returncode, output, errors) == (0, "stopped\n", "")


def test_serve_closes_the_sandbox_also_when_it_cannot_listen(sandbox, tmp_path):
    port = int(sandbox.address.rpartition(":")[2])
    mine = Sandbox.open(copied(tmp_path), base_address="http://127.0.0.1:1", clock=lambda: NOW)
    with pytest.raises(PortInUse):
        serve(mine, "127.0.0.1", port)
    Sandbox.open(tmp_path / "data", base_address="http://127.0.0.1:1", clock=lambda: NOW).close()


def test_serve_works_in_a_thread_too_and_stops_on_interrupt(tmp_path, monkeypatch):
    mine = Sandbox.open(copied(tmp_path), base_address="http://127.0.0.1:1", clock=lambda: NOW)

    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    addresses = []
    for where in ("main", "thread"):
        monkeypatch.setattr("waitress.wasyncore.loop", interrupted)
        if where == "main":
            before = signal.getsignal(signal.SIGTERM)
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            serve(mine, "127.0.0.1", port, ready=addresses.append)
            assert signal.getsignal(signal.SIGTERM) is before
        else:
            again = Sandbox.open(tmp_path / "data", base_address="http://127.0.0.1:1", clock=lambda: NOW)
            thread = threading.Thread(target=serve, args=(again, "127.0.0.1", 0))
            thread.start()
            thread.join()
    assert addresses[0].startswith("http://127.0.0.1:")
