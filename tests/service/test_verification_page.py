"""The public page: any file in, a verdict out, and nothing left behind."""

import logging
import tempfile

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from link_world import PERSON, make_company

from dojang.service.verification import uploads, views

pytestmark = pytest.mark.django_db

ADDRESS = "/verify/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def anybody():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def data(monkeypatch, tmp_path):
    company = make_company(monkeypatch, tmp_path)
    return company.bytes_of(company.issued(buyer=PERSON))


def ask(client, *files, status=200, **headers):
    given = [SimpleUploadedFile(name, data) for name, data in files]
    answer = client.post(ADDRESS, {"file": given}, **headers)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_the_page_is_there_for_everybody_and_linked_from_the_first_page(anybody):
    assert "검증할 파일" in anybody.get(ADDRESS).content.decode()
    assert f'href="{ADDRESS}"' in anybody.get("/").content.decode()


def test_each_file_gets_its_verdict_without_script_session_or_cookie(anybody, data):
    text = ask(anybody, ("good.xml", data), ("bad.xml", data.replace(b">100000<", b">900000<")))
    assert text.count("<article") == 2
    assert "전자서명이 맞습니다" in text
    assert "서명한 뒤에 내용이 바뀌었습니다" in text


def test_a_persons_number_in_a_file_is_not_written_on_the_page(anybody, data):
    assert b"9001011234567" in data
    text = ask(anybody, ("person.xml", data))
    assert "900101-*******" in text
    assert "1234567" not in text


def test_nothing_is_stored_or_logged(anybody, data, monkeypatch, caplog):
    def refuse(*_, **__):
        raise AssertionError("a file was written")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", refuse)
    large = data + b" " * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        ask(anybody, ("한빛 비밀.xml", data), ("large.xml", large))
    written = [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE"))]
    # The limit on requests counts in the table of the cache; nothing else is written.
    assert [one for one in written if '"cache"' not in one] == []
    told = "".join(record.getMessage() for record in caplog.records if record.name.startswith("dojang"))
    assert "한빛" not in told


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("empty.xml", b"", "빈 파일입니다"),
        ("a.zip", b"PK\x03\x04", "압축 파일"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTD"),
        ("mail.html", b"<!DOCTYPE html>", "보안메일"),
        ("a.pdf", b"%PDF-1.4 broken", "PDF를 읽을 수 없습니다"),
        ("large.xml", b"<a/>" + b" " * (1 << 20), "너무 큽니다"),
        ("large.pdf", b"%PDF-" + b" " * (20 << 20), "너무 큽니다"),
    ],
)
def test_what_is_no_document_is_told_in_one_sentence(anybody, name, data, expected):
    text = ask(anybody, (name, data))
    assert expected in text
    assert text.count('data-standing="bad"') == 1


def test_without_a_file_the_page_asks_for_one(anybody):
    answer = anybody.post(ADDRESS, {})
    assert "먼저 파일을 선택해 주세요" in answer.content.decode()


def test_a_name_of_a_file_is_only_text(anybody):
    assert "<script>alert" not in ask(anybody, ("<script>alert(1).xml", b"<a/>"))


def test_no_more_than_twenty_files_at_a_time(anybody):
    files = [(f"{number}.xml", b"<a/>") for number in range(uploads.MOST_FILES + 1)]
    assert ask(anybody, *files[:-1]).count("<article") == uploads.MOST_FILES
    assert "한 번에 20개" in ask(anybody, *files, status=413)


def test_no_more_than_memory_has_room_for(anybody, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_TOGETHER", 3_000_000)
    refused = ask(
        anybody, ("a.pdf", b"%PDF-" + b" " * 2_000_000), ("b.pdf", b"%PDF-" + b" " * 2_000_000), status=413
    )
    assert "40MB" in refused
    answer = anybody.generic("POST", ADDRESS, b"x", CONTENT_LENGTH="99999999999")
    assert answer.status_code == 413


def test_whoever_asks_without_end_is_stopped(anybody, monkeypatch):
    monkeypatch.setattr(views, "_RATES", "2/m/ip")
    for status in (200, 200, 429):
        ask(anybody, ("a.xml", b"<a/>"), status=status)
    ask(anybody, ("a.xml", b"<a/>"), REMOTE_ADDR="192.0.2.9")
    assert anybody.get(ADDRESS).status_code == 200


def test_english_needs_no_account(anybody, data):
    anybody.cookies["dojang_language"] = "en"
    assert "The signature holds" in ask(anybody, ("a.xml", data))


def test_what_one_request_has_looked_at_is_bounded(anybody, data, monkeypatch):
    monkeypatch.setattr(views, "MOST_DOCUMENTS", 2)
    text = ask(anybody, *[(f"{place}.xml", data) for place in range(4)])
    assert text.count("<article") == 4
    assert text.count("전자서명이 맞습니다") == 2
    assert text.count("나누어 올려 주세요") == 2
