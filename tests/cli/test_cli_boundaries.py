"""The command line at its boundaries: interrupted, a closed pipe, a full disk, an empty book."""

import errno
import os
import pickle
from pathlib import Path

import click
import pytest

from dojang.cli import demo, files, invoices, output
from dojang.cli.book import Book
from dojang.cli.errors import AlreadyThere, CannotWriteFile, SameIssueId
from dojang.etax import Finding, InvalidInvoice, Severity
from dojang.npki.errors import NpkiError
from dojang.nts.outcomes import Finding as Found
from dojang.nts.outcomes import Reconciled
from dojang.nts.reconciliation import Answer


def raising(error):
    def fail(*_arguments, **_named):
        raise error

    return fail


def test_ctrl_c_ends_quietly(shell, monkeypatch):
    monkeypatch.setattr(invoices, "sample", raising(KeyboardInterrupt))
    assert shell.run("new") == 130
    assert "중단했습니다" in shell.err


def test_a_closed_pipe_is_no_crash(shell, monkeypatch):
    monkeypatch.setattr(click, "echo", raising(BrokenPipeError))
    monkeypatch.setattr("sys.stderr", open(os.devnull, "w"))  # noqa: PTH123, SIM115 (run closes it)
    from dojang.cli.main import run

    assert run(["new"]) == 1


def test_a_full_disk_leaves_nothing_half_written(shell, monkeypatch):
    monkeypatch.setattr(os, "fsync", raising(OSError(errno.ENOSPC, "full")))
    with pytest.raises(CannotWriteFile):
        files.write_new(shell.path("a/b.xml"), b"x")
    assert list(shell.path("a").iterdir()) == []


def test_files_appear_whole_and_only_once(shell):
    path = shell.path("deep/er/a.xml")
    files.write_new(path, b"first")
    with pytest.raises(AlreadyThere):
        files.write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.xml"]


def test_file_systems_without_links_are_written_too(shell, monkeypatch):
    monkeypatch.setattr(os, "link", raising(OSError(errno.EPERM, "FAT")))
    path = shell.path("usb/a.xml")
    files.write_new(path, b"first")
    with pytest.raises(AlreadyThere):
        files.write_new(path, b"second")
    assert path.read_bytes() == b"first"
    monkeypatch.setattr(os, "link", raising(OSError(errno.EIO, "broken")))
    with pytest.raises(CannotWriteFile):
        files.write_new(shell.path("usb/b.xml"), b"x")


def test_a_file_of_lines_that_is_not_there_is_wrong_use(shell):
    assert shell.run("check", "nowhere.jsonl") == 2


def test_progress_is_shown_only_where_a_person_watches(monkeypatch, capsys):
    assert list(output.progress([1, 2, 3], "x")) == [1, 2, 3]
    assert capsys.readouterr().err == ""

    class Terminal:
        def __init__(self):
            self.written = ""

        def isatty(self):
            return True

        def write(self, text):
            self.written += text

        def flush(self):
            pass

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert list(output.progress(list(range(9)), "서명")) == list(range(9))
    assert "서명" in terminal.written


def test_an_empty_book_knows_nothing(tmp_path):
    book = Book(tmp_path)
    assert book.invoices_of("x") == []
    assert book.knows("x") is False


def test_a_book_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "issued").write_text("a file where a folder belongs")
    with pytest.raises(CannotWriteFile):
        Book(tmp_path)._claim("id", "submission")
    with pytest.raises(CannotWriteFile):
        Book(tmp_path).heard(
            "no such folder",
            Answer(Found.UNKNOWN, demo.options.now()),
        )


def test_names_in_a_book_cannot_leave_its_folder(tmp_path):
    book = Book(tmp_path / "book")
    assert book._claim_path("../../etc/x").parent == tmp_path / "book" / "issued"
    assert book._of("../x") == tmp_path / "book" / "x"


def test_refusals_survive_pickling():
    for error in (SameIssueId(issue_id="1"), InvalidInvoice([Finding("c", Severity.ERROR, "p", "ko", "en")])):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert again.text("ko") == error.text("ko")
    assert str(NpkiError())


def test_the_demo_says_when_there_are_no_results(tmp_path, capsys):
    found = Reconciled("id", Found.UNKNOWN, demo.options.now(), outcome=object())
    assert demo._tell_results(found, Path(tmp_path), demo._Timeline()) == 3
    assert demo._tell_failure(object()) == 1
    assert "처리결과를 받지 못했습니다" in capsys.readouterr().err
