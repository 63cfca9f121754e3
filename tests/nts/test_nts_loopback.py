"""The client against real sockets: what the network does that no mock does."""

import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from nts_office import Office, client, settings, submission

from dojang.nts.errors import MimeRefused, NoAnswer, NotReached
from dojang.nts.outcomes import Finding, NotSent, OutcomeUnknown, Receipt

SUBMISSION = submission()


def request_of(connection):
    """A whole HTTP request from a socket."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
    while len(body) < int(headers["Content-Length"]):
        body += connection.recv(65536)
    return httpx.Request("POST", "http://127.0.0.1/", headers=headers, content=body)


def answer_of(request, office=None):
    """The bytes of a good HTTP answer."""
    made = (office or Office())(request)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {made.headers['Content-Type']}\r\nContent-Length: {len(made.content)}\r\n\r\n"
    return head.encode() + made.content


@contextmanager
def server(behave):
    """A loopback server that hands each connection to `behave`; gives its address and the connections' count."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connections.append(connection)
                with connection:
                    behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", connections
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def submitted(address, **changes):
    config = settings(submit_address=address, results_address=address, **changes)
    with client(config=config) as nts:
        return nts.submit(SUBMISSION)


def test_a_receipt_over_a_real_connection():
    with server(lambda c: c.sendall(answer_of(request_of(c)))) as (address, connections):
        assert isinstance(submitted(address), Receipt)
        assert len(connections) == 1


def test_nobody_listens_so_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    outcome = submitted(f"http://127.0.0.1:{free}/")
    assert isinstance(outcome, NotSent)
    assert isinstance(outcome.why, NotReached)


def test_a_name_that_does_not_resolve_was_not_reached():
    assert isinstance(submitted("http://nowhere.invalid/"), NotSent)


def test_a_server_without_tls_is_not_reached_over_https():
    def plain(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(plain) as (address, connections):
        assert isinstance(submitted(address.replace("http:", "https:")), NotSent)
        assert len(connections) == 1


def read_and_hang(connection):
    request_of(connection)
    time.sleep(0.6)


def read_and_close(connection):
    request_of(connection)


def close_at_once(connection):
    connection.shutdown(socket.SHUT_RDWR)


def reset_in_the_middle(connection):
    connection.recv(1000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def half_an_answer(connection):
    answer = answer_of(request_of(connection))
    connection.sendall(answer[: len(answer) // 2])


def half_an_answer_and_hang(connection):
    half_an_answer(connection)
    time.sleep(0.6)


def no_http(connection):
    request_of(connection)
    connection.sendall(b"\0\1\2 garbage \r\n\r\n")


@pytest.mark.parametrize(
    "behave",
    [
        read_and_hang,
        read_and_close,
        close_at_once,
        reset_in_the_middle,
        half_an_answer,
        half_an_answer_and_hang,
        no_http,
    ],
)
def test_whatever_breaks_after_the_connection_stood_is_unknown_and_tried_once(behave):
    with server(behave) as (address, connections):
        outcome = submitted(address, read_timeout=0.3)
        assert isinstance(outcome, OutcomeUnknown)
        assert isinstance(outcome.why, NoAnswer)
        assert len(connections) == 1


def test_half_an_answer_without_stated_length_is_unknown():
    def behave(connection):
        answer = answer_of(request_of(connection))
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
        connection.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body[: len(body) // 2]]))

    with server(behave) as (address, _):
        outcome = submitted(address)
        assert isinstance(outcome, OutcomeUnknown)
        assert isinstance(outcome.why, MimeRefused)


def test_a_drip_that_keeps_every_read_alive_ends_with_the_time_for_the_reply():
    def behave(connection):
        request_of(connection)
        # Left to itself it would come to an end, and be refused as no message.
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
        for _ in range(20):
            try:
                connection.sendall(b"x")
            except OSError:
                return
            time.sleep(0.05)

    with server(behave) as (address, _):
        outcome = submitted(address, reply_timeout=0.2)
        assert isinstance(outcome, OutcomeUnknown)
        assert isinstance(outcome.why, NoAnswer)


def test_a_lost_answer_is_found_again_by_asking():
    calls = []

    def behave(connection):
        request = request_of(connection)
        calls.append(request.headers["SOAPAction"].rpartition("/")[2])
        if len(calls) > 1:
            connection.sendall(answer_of(request, Office({"kind": "02", "process_status": "02"})))

    with server(behave) as (address, _):
        assert isinstance(submitted(address), OutcomeUnknown)
        with client(config=settings(results_address=address)) as nts:
            assert nts.reconcile(SUBMISSION.submit_id).finding is Finding.STILL_WORKING
    assert calls == ['TaxInvoiceSubmit"', 'ResultsReqSubmit"']
