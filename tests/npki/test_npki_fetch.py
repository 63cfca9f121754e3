"""Fetching lists: a real LDAP conversation, a web server, and every way a server can misbehave."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from npki_directory import STRONGER_AUTH, directory, entry, result, web
from npki_files import DATA

from dojang.npki import der, ldap
from dojang.npki.crl import Crl
from dojang.npki.errors import FileTooLarge, MalformedFile
from dojang.npki.fetch import FetchFailed, FetchRefused, directory_hosts, fetch

LOOPBACK = {"127.0.0.1"}
NAME = "ou=dp1p1,ou=AccreditedCA,o=FIXTURE,c=kr"
LIST = (DATA / "ca/intermediate.crl").read_bytes()
KOREAN_NAME = "ou=폐지목록,o=FIXTURE,c=kr"


def over_ldap(server, path=f"{NAME}?certificateRevocationList", **options):
    options = {"timeout": 5, "max_bytes": 100_000, "hosts": LOOPBACK} | options
    return fetch(f"ldap://127.0.0.1:{server.port}/{path}", **options)


def over_http(port, path, **options):
    options = {"timeout": 5, "max_bytes": 100_000, "hosts": LOOPBACK} | options
    return fetch(f"http://127.0.0.1:{port}{path}", **options)


@pytest.mark.parametrize("attribute", [b"certificateRevocationList;binary", b"certificaterevocationlist"])
def test_a_list_comes_out_of_a_directory(attribute):
    with directory({NAME: (attribute, LIST)}) as server:
        assert Crl.load(over_ldap(server)).number == 7
        assert over_ldap(server, NAME) == LIST
        assert over_ldap(server, f"{NAME}?certificateRevocationList;binary?base?(objectClass=*)") == LIST
        assert server.asked[0][0] == NAME


def test_the_attribute_that_the_address_names_is_read():
    with directory({NAME: (b"authorityRevocationList;binary", LIST)}) as server:
        assert over_ldap(server, f"{NAME}?authorityRevocationList") == LIST
        with pytest.raises(FetchFailed):
            over_ldap(server)


def test_a_name_may_be_percent_encoded_and_korean():
    with directory({KOREAN_NAME: (b"certificateRevocationList;binary", LIST)}) as server:
        assert over_ldap(server, "ou=%ED%8F%90%EC%A7%80%EB%AA%A9%EB%A1%9D,o=FIXTURE,c=kr") == LIST
        assert over_ldap(server, KOREAN_NAME) == LIST


def test_referrals_between_the_answers_are_passed_over():
    def say(message_id, name):
        referral = der.sequence(der.integer(message_id), der.encode(0x73, der.octet_string(b"ldap://x")))
        return (
            referral
            + entry(message_id, name, b"certificateRevocationList;binary", LIST)
            + result(message_id, 0x65)
        )

    with directory(say=say) as server:
        assert over_ldap(server) == LIST


def long_lengths(message_id, name):
    """Lengths in four octets even where one would do, as some servers write them."""
    content = der.encode(0x0A, b"\x00") + der.octet_string(b"") * 2
    done = der.integer(message_id) + b"\x65\x84" + len(content).to_bytes(4) + content
    wrapped = b"\x30\x84" + len(done).to_bytes(4) + done
    return entry(message_id, name, b"certificateRevocationList;binary", LIST) + wrapped


def test_lengths_need_not_be_minimal():
    with directory(say=long_lengths) as server:
        assert over_ldap(server) == LIST


@pytest.mark.parametrize(
    "say",
    [
        lambda message_id, name: result(message_id, 0x65),
        lambda message_id, name: result(message_id + 1, 0x65),
        lambda message_id, name: result(message_id, 0x65, code=32),
        lambda message_id, name: b"HTTP/1.1 400 Bad Request\r\n\r\n",
        lambda message_id, name: b"\x30\x80\x00\x00",
        lambda message_id, name: b"\x30\x85\x00\x00\x00\x00\x00",
        lambda message_id, name: b"\x30\x03\x02\x01\x02",
        lambda message_id, name: b"\x30\x00",
        lambda message_id, name: der.sequence(der.integer(message_id), der.encode(0x65, der.null())),
        lambda message_id, name: der.sequence(der.integer(message_id), der.encode(0x64, der.null())),
        lambda message_id, name: (
            entry(message_id, name, b"certificateRevocationList") + result(message_id, 0x65)
        ),
    ],
    ids=[
        "no entry",
        "another message id",
        "no such object",
        "a web server",
        "indefinite length",
        "five length octets",
        "no operation",
        "empty message",
        "result without code",
        "entry without name",
        "no value",
    ],
)
def test_a_directory_that_answers_otherwise_is_a_failed_fetch(say):
    with directory(say=say) as server, pytest.raises(FetchFailed):
        over_ldap(server)


class Answers:
    """A socket whose other end says the same octets whatever it is told."""

    def __init__(self, octets):
        self.octets = octets

    def settimeout(self, seconds):
        assert seconds > 0

    def sendall(self, octets):
        assert octets

    def recv(self, count):
        now, self.octets = self.octets[:count], self.octets[count:]
        return now


WELL_FORMED = result(1, 0x61) + entry(2, NAME, b"certificateRevocationList", LIST) + result(2, 0x65)


def converse(octets):
    connection = ldap.Connection(Answers(octets), deadline=time.monotonic() + 3600, max_bytes=100_000)
    connection.bind()
    return connection.read(ldap.LdapUrl("h", 389, NAME, "certificateRevocationList"))


def test_the_conversation_reads_what_the_directory_says():
    assert converse(WELL_FORMED) == [LIST]


@given(st.binary(max_size=60), st.integers(0, len(WELL_FORMED)))
def test_random_octets_from_a_directory_end_in_an_error_of_fetching(noise, at):
    with suppress(OSError, MalformedFile, FileTooLarge):
        found = converse(WELL_FORMED[:at] + noise + WELL_FORMED[at + len(noise) :])
        assert all(isinstance(value, bytes) for value in found)


def test_a_directory_that_wants_a_login_is_a_failed_fetch():
    with directory(bind_code=STRONGER_AUTH) as server, pytest.raises(FetchFailed):
        over_ldap(server)


def test_a_connection_closed_in_the_middle_is_a_failed_fetch():
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        port = listener.getsockname()[1]

        def hang_up():
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"\x30\x0c\x02\x01")

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(FetchFailed):
            fetch(f"ldap://127.0.0.1:{port}/{NAME}", timeout=5, max_bytes=1000, hosts=LOOPBACK)
        thread.join()


@pytest.mark.parametrize("limit", [10, len(LIST) - 1])
def test_more_than_asked_for_is_too_large(limit):
    with directory({NAME: (b"certificateRevocationList;binary", LIST)}) as server:
        assert len(over_ldap(server, max_bytes=len(LIST))) == len(LIST)
        with pytest.raises(FileTooLarge):
            over_ldap(server, max_bytes=limit)


def test_a_length_that_promises_gigabytes_is_refused_without_waiting_for_them():
    promise = b"\x30\x84\x7f\xff\xff\xff"
    with directory(say=lambda message_id, name: promise) as server, pytest.raises(FileTooLarge):
        over_ldap(server)


def test_silence_ends_at_the_time_out():
    with directory(say=lambda message_id, name: b"\x30") as server, pytest.raises(FetchFailed):
        over_ldap(server, timeout=0.2)


def test_no_time_is_no_connection():
    with directory({NAME: (b"certificateRevocationList", LIST)}) as server, pytest.raises(FetchFailed):
        over_ldap(server, timeout=0.000001)


def test_nobody_listening_is_a_failed_fetch():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for scheme in ("ldap", "http"):
        with pytest.raises(FetchFailed):
            fetch(f"{scheme}://127.0.0.1:{port}/{NAME}", timeout=2, max_bytes=1000, hosts=LOOPBACK)


# HTTP


def test_a_list_comes_over_http():
    with web({"/a.crl": (200, {}, LIST)}) as port:
        assert over_http(port, "/a.crl") == LIST
        with pytest.raises(FileTooLarge):
            over_http(port, "/a.crl", max_bytes=10)


@pytest.mark.parametrize(
    "page", [(404, {}, b""), (500, {}, b"x"), (302, {"Location": "http://elsewhere.invalid/"}, b"")]
)
def test_any_other_status_and_every_redirect_is_a_failed_fetch(page):
    with web({"/": page}) as port, pytest.raises(FetchFailed):
        over_http(port, "/")


def test_a_web_server_that_drips_ends_at_the_time_out():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                for _ in range(100):  # left to itself, it would come to a good end
                    if stop.wait(0.02):
                        return
                    with suppress(OSError):
                        connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(FetchFailed):
            over_http(listener.getsockname()[1], "/", timeout=0.3)
        stop.set()
        thread.join()


# Whom it speaks to


def test_only_the_authorities_directories_are_asked_unless_told_otherwise():
    assert "ds.yessign.or.kr" in directory_hosts()
    assert len(directory_hosts()) == 5
    with directory({NAME: (b"certificateRevocationList", LIST)}) as server:
        with pytest.raises(FetchRefused):
            over_ldap(server, hosts=None)
        with pytest.raises(FetchRefused):
            over_ldap(server, hosts=())
        assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ds.yessign.or.kr",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "ldaps://127.0.0.1/",
        "ldap:///o=x",
        "http://[::1",
        "http://127.0.0.1@evil.invalid/",
        "ldap://127.0.0.1.evil.invalid/",
        "http://evil.invalid\\@127.0.0.1/",
        "http://127.0.0.1\\@evil.invalid/",
        "http://evil.invalid#@127.0.0.1/",
    ],
)
def test_any_other_address_is_refused_without_a_connection(url):
    with pytest.raises(FetchRefused):
        fetch(url, timeout=1, max_bytes=10, hosts=LOOPBACK)


@pytest.mark.parametrize(
    "url", ["ldap://127.0.0.1:99999/x", "ldap://127.0.0.1:abc/x", "ldap://127.0.0.1/\ud800"]
)
def test_an_address_that_cannot_be_asked_is_a_failed_fetch(url):
    with pytest.raises((FetchFailed, FetchRefused)):
        fetch(url, timeout=1, max_bytes=10, hosts=LOOPBACK)


def test_host_names_do_not_depend_on_case():
    with web({"/a.crl": (200, {}, LIST)}) as port:
        assert fetch(f"HTTP://LOCALHOST:{port}/a.crl", timeout=5, max_bytes=9999, hosts={"LocalHost"}) == LIST
