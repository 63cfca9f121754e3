import base64
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nts_office import data

from dojang.nts import mime
from dojang.nts.errors import MimeRefused, NtsError

ROOT = mime.Part("root", mime.XML_TYPE, b"<a/>")
TYPE = 'multipart/related; type="text/xml"; start="<root>"; boundary="b"'
NASTY = b"\r\n--b\r--bx\n--b-\r\n\r\n --b--\r\n\0\xff\r\n"


def contents(content_type, body):
    return [part.content for part in mime.read(content_type, body)]


def test_the_fixture_is_read():
    content_type = data("soap/submit.http-headers.txt").decode().splitlines()[0].partition(": ")[2]
    root, attachment = mime.read(content_type, data("soap/submit.mime"))
    assert root.content == data("soap/submit.xml")
    assert root.content_id == "root"
    assert attachment.content_id == "11111111-2222-3333-4444-555555555555"
    assert attachment.content == data("package/package.py.cms.der")


def test_the_form_written_is_the_standards():
    content_type, body = mime.write([ROOT, mime.Part("x", mime.BINARY_TYPE, b"\0\r\n")], "b")
    assert content_type == TYPE
    assert body == (
        b"--b\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <root>\r\n\r\n<a/>\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-ID: <x>\r\n\r\n\0\r\n\r\n--b--\r\n"
    )


@given(st.lists(st.binary(), max_size=4))
@example([NASTY, b"", b"\n", b"\r"])
def test_what_is_written_is_read_back(attachments):
    parts = (ROOT, *(mime.Part(str(n), mime.BINARY_TYPE, content) for n, content in enumerate(attachments)))
    assert mime.read(*mime.write(parts)) == parts


def test_equal_messages_are_equal_bytes_and_the_boundary_depends_on_the_content():
    assert mime.write([ROOT]) == mime.write([ROOT])
    assert mime.write([ROOT])[0] != mime.write([mime.Part("root", mime.XML_TYPE, b"<b/>")])[0]


def test_a_boundary_that_occurs_in_a_part_is_refused():
    with pytest.raises(MimeRefused):
        mime.write([ROOT, mime.Part("x", mime.BINARY_TYPE, NASTY)], "b")


def test_binary_content_with_line_ends_and_near_boundaries_comes_through_whole():
    body = b"--b\r\n\r\n<a/>\r\n--b\r\nContent-ID: <x>\r\n\r\n" + NASTY + b"\r\n--b--\r\n"
    # "\r\n--b\r" is no delimiter line, nor is "--bx", "--b-" or one that does not begin its line.
    assert contents(TYPE, body) == [b"<a/>", NASTY]


def test_in_a_message_of_bare_line_feeds_a_final_cr_is_content():
    body = b"--b\nContent-ID: <x>\n\nend\r\n--b\n\n\n\n--b--\n"
    assert contents(TYPE, body) == [b"end\r", b"\n"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/xml",
        "text/plain",
        "multipart/related",
        'Multipart/Related; BOUNDARY=b; charset="utf8"; type=text/xml',
        'multipart/related;boundary="b";charset=EUC-KR;start=root',
        r'multipart/related; boundary="\b"; start="<nobody>"',
    ],
)
def test_a_missing_or_odd_content_type_does_no_harm(content_type):
    body = b"\r\n\n  --b\r\n\r\n<a/>\r\n--b--".replace(b"  --b\r", b"--b\r")
    assert contents(content_type, body) == [b"<a/>"]


def test_text_before_the_first_and_after_the_last_boundary_is_passed_over():
    assert contents(TYPE, b"This is MIME.\r\n--b\r\n\r\n<a/>\r\n--b-- \t\r\nthe end\r\n--b\r\n") == [b"<a/>"]


def test_the_part_that_start_names_is_the_root_wherever_it_stands():
    body = b"--b\r\nContent-ID: x\r\n\r\nX\r\n--b\r\ncontent-id : <root> \r\n\r\n<a/>\r\n--b--"
    assert [part.content_id for part in mime.read(TYPE, body)] == ["root", "x"]
    assert [part.content_id for part in mime.read("multipart/related; boundary=b", body)] == ["x", "root"]


@pytest.mark.parametrize("body", [b"<a/>", b"", b"garbage", b"--", b"--\n--\n"])
def test_what_is_no_multipart_is_one_part(body):
    assert mime.read("text/xml; charset=utf-8", body) == (mime.Part("", "text/xml; charset=utf-8", body),)
    assert mime.read(None, body)[0].content_type == mime.XML_TYPE


def test_folded_headers_and_base64_are_understood():
    coded = base64.encodebytes(bytes(range(100)))
    body = b"--b\r\nContent-ID:\r\n <x>\r\nContent-Transfer-Encoding: BASE64\r\n\r\n%b\r\n--b--" % coded
    (part,) = mime.read(TYPE, body)
    assert part.content_id == "x"
    assert part.content == bytes(range(100))


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\n\r\n<a/>",
        b"--b\r\n\r\n<a/>\r\n--b",
        b"--b\r\n\r\n<a/>\r\n--b\r\n",
        b"--b--\r\n",
        b"--b\r\nContent-ID: <x>\r\n--b--",
        b"--b\r\n" + b"X: y\r\n" * 5000 + b"\r\nz\r\n--b--",
        b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--",
        b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n!\r\n--b--",
        b"--b\r\n\r\nx\r\n" * 20 + b"--b--",
        b"nothing of the kind",
    ],
)
def test_what_is_cut_short_endless_or_unreadable_is_refused(body):
    with pytest.raises(MimeRefused):
        mime.read(TYPE, body)


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(mime, "MAX_BYTES", 10)
    with pytest.raises(MimeRefused):
        mime.read(None, bytes(11))


@given(st.text(max_size=60), st.binary(max_size=200))
@example('multipart/related; boundary="' + "\\" * 5000, b"--b\n" * 50)
@example("multipart/related; boundary=b", b"--b" + b" " * 5000)
def test_random_headers_and_bodies_are_read_or_refused(content_type, body):
    with suppress(NtsError):
        mime.read(content_type, body)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=6))
def test_a_damaged_message_is_read_or_refused(at, noise):
    body = data("soap/submit.mime")
    with suppress(NtsError):
        mime.read(None, body[:at] + noise + body[at:])


def test_content_does_not_show_in_a_repr():
    assert "<a/>" not in repr(ROOT)
