"""`dojang new`, `check`, `xml`, `schema`, `version`, wrong use, and the user's language."""

import io
import json
import sys

import pytest

from dojang.cli import main
from dojang.cli.language import language
from dojang.etax import read


@pytest.fixture
def sample(shell):
    assert shell.run("new", "--out", "invoice.json") == 0
    return json.loads(shell.path("invoice.json").read_text())


def test_new_writes_an_invoice_that_may_be_issued(shell, sample):
    assert shell.run("check", "invoice.json") == 0
    assert "발행할 수 있습니다" in shell.out
    assert sample["supplier"]["business_number"] == "1234567891"


def test_new_never_overwrites(shell, sample):
    assert shell.run("new", "--out", "invoice.json") == 1
    assert "덮어쓰지 않습니다" in shell.err


def test_new_prints_json_without_a_file(shell):
    assert shell.run("new") == 0
    assert shell.json["document_type"] == "0101"


def test_check_tells_findings_and_their_source(shell, sample):
    shell.write("bad.json", json.dumps(sample | {"purpose": None, "total_amount": 1}))
    assert shell.run("check", "bad.json") == 1
    assert "purpose: 영수와 청구" in shell.err
    assert "[KEC" in shell.err


def test_check_of_several_files_tells_each_and_fails_if_one_does(shell, sample):
    shell.write("bad.json", json.dumps(sample | {"items": []}))
    assert shell.run("check", "invoice.json", "bad.json", "--json") == 1
    first, second = shell.json
    assert first == {"file": "invoice.json", "ok": True, "findings": []}
    assert second["ok"] is False
    assert "items_missing" in [finding["code"] for finding in second["findings"]]


def test_check_names_fields_that_cannot_be_read_at_all(shell, sample):
    shell.write("bad.json", json.dumps(sample | {"items": [{"quantity": 1.5}], "unheard": 1}))
    assert shell.run("check", "bad.json") == 1
    assert "items[0].quantity: 소수는" in shell.err
    assert "unheard: 모르는 항목" in shell.err


def test_check_takes_the_day_into_account(shell, sample):
    assert shell.run("check", "invoice.json", "--at", "2020-01-01T00:00:00") == 1
    assert "작성일자가 오늘(2020-01-01)보다 뒤" in shell.err
    assert shell.run("check", "invoice.json", "--at", "yesterday") == 2


def test_documents_come_from_stdin_folders_and_json_lines(shell, sample, monkeypatch):
    line = json.dumps(sample)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    assert shell.run("check", "-") == 0
    shell.write("folder/a.json", line)
    shell.write("folder/b.json", line)
    shell.write("folder/readme.txt", "no invoice")
    assert shell.run("check", "folder", "--json") == 0
    assert len(shell.json) == 2
    shell.write("many.jsonl", f"{line}\n\n{line}\n")
    assert shell.run("check", "many.jsonl", "--json") == 0
    assert [entry["file"] for entry in shell.json] == ["many.jsonl:1", "many.jsonl:3"]


def test_xml_fills_in_issue_id_and_time(shell, sample):
    assert shell.run("xml", "invoice.json", "--out", "xml", "--registration", "42000001") == 0
    invoice = read(shell.path("xml/invoice.xml").read_bytes()).invoice
    assert invoice.issue_id is not None
    assert invoice.issue_id[8:16] == "42000001"
    assert invoice.issued_at is not None


def test_xml_to_the_screen_can_be_checked_again(shell, sample):
    assert shell.run("xml", "invoice.json") == 0
    shell.write("printed.xml", shell.out)
    assert shell.run("check", "printed.xml") == 0


def test_xml_of_json_lines_is_named_by_issue_id(shell, sample):
    shell.write("many.jsonl", f"{json.dumps(sample)}\n" * 3)
    assert shell.run("xml", "many.jsonl", "--out", "xml") == 0
    assert len({read(path.read_bytes()).invoice.issue_id for path in shell.path("xml").iterdir()}) == 3


def test_xml_of_an_unfit_invoice_is_not_written(shell, sample):
    shell.write("bad.json", json.dumps(sample | {"items": []}))
    assert shell.run("xml", "bad.json", "--out", "xml") == 1
    assert not shell.path("xml").exists()


def test_the_schema_is_published(shell):
    assert shell.run("schema") == 0
    assert shell.json["properties"]["written_on"]["title"] == "작성일자"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["zzz"], "zzz"),
        (["sign"], "값이 필요합니다"),
        (["xml", "a", "--registration", "41"], "--registration 값이 올바르지 않습니다"),
        (["check", "--zzz"], "--zzz: 없는 옵션입니다"),
        (["check", "nowhere.json"], "파일을 읽을 수 없습니다"),
    ],
)
def test_wrong_use_is_two_and_plain_words(shell, arguments, sentence):
    assert shell.run(*arguments) == 2
    assert sentence in shell.err
    assert "Traceback" not in shell.err


def test_a_file_beyond_the_bound_is_refused(shell):
    shell.write("huge.json", b" " * ((4 << 20) + 1))
    assert shell.run("check", "huge.json") == 1
    assert "너무 큽니다" in shell.err


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"<a/>", b"<TaxInvoice>", b"[]", b"null", b"\x00" * 100]
)
def test_any_other_file_is_refused_in_plain_words(shell, content):
    shell.write("file", content)
    assert shell.run("check", "file") == 1
    assert "Traceback" not in shell.err
    assert shell.err


def test_the_language_is_the_environments(shell, monkeypatch, sample):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert language() == "en"
    assert shell.run("check", "invoice.json") == 0
    assert "may be issued" in shell.out
    assert shell.run("nonsense") == 2
    assert "No such command" in shell.err
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert language() == "ko"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert language() == "ko"


def test_version_and_help(shell):
    assert shell.run("version") == 0
    assert shell.out.startswith("dojang 0.")
    assert shell.run("--help") == 0
    assert "sign" in shell.out


def test_main_leaves_with_the_exit_status(monkeypatch, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["zzz"])
    assert leaving.value.code == 2
