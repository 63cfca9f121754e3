"""`dojang form`: the legal form as HTML."""

import json

import pytest


@pytest.fixture
def sample(shell):
    assert shell.run("new", "--out", "invoice.json") == 0
    return json.loads(shell.path("invoice.json").read_text())


def test_both_copies_of_a_draft_are_printed(shell, sample):
    assert shell.run("form", "invoice.json") == 0
    assert shell.out.startswith("<!doctype html>")
    assert "공급자 보관용" in shell.out
    assert "공급받는자 보관용" in shell.out
    assert "발행 전 미리보기" in shell.out


@pytest.mark.parametrize(
    ("copy", "here", "gone"),
    [
        ("supplier", "공급자 보관용", "공급받는자 보관용"),
        ("buyer", "공급받는자 보관용", "(공급자 보관용"),
    ],
)
def test_one_copy_goes_into_a_file(shell, sample, copy, here, gone):
    assert shell.run("form", "invoice.json", "--copy", copy, "--out", "form.html") == 0
    html = shell.path("form.html").read_text(encoding="utf-8")
    assert here in html
    assert gone not in html


def test_a_form_that_is_there_is_not_overwritten(shell, sample):
    shell.write("form.html", "mine")
    assert shell.run("form", "invoice.json", "--out", "form.html") == 1
    assert shell.path("form.html").read_text() == "mine"


def test_a_signed_document_of_the_sandbox_is_marked(shell):
    path = shell.signed(shell.certificate())
    assert shell.run("form", path) == 0
    assert "모의 문서입니다" in shell.out
    assert "발급일시" in shell.out


def test_a_document_of_another_operator_is_marked_only_when_asked(shell, sample):
    day = sample["written_on"].replace("-", "")
    shell.write("real.json", json.dumps(sample | {"issue_id": f"{day}-41999999-00000001"}))
    assert shell.run("form", "real.json") == 0
    assert "모의 문서입니다" not in shell.out
    assert shell.run("form", "real.json", "--sandbox") == 0
    assert "모의 문서입니다" in shell.out


def test_a_resident_number_is_shown_only_when_asked(shell, sample):
    buyer = {"kind": "individual", "number": "9002301234563", "name": "홍길순", "representative": "홍길순"}
    shell.write("person.json", json.dumps(sample | {"buyer": buyer}))
    assert shell.run("form", "person.json") == 0
    assert "1234563" not in shell.out
    assert shell.run("form", "person.json", "--reveal") == 0
    assert "900230-1234563" in shell.out


def test_several_documents_go_onto_one_page(shell, sample):
    shell.write("all.jsonl", "\n".join([json.dumps(sample)] * 3))
    assert shell.run("form", "all.jsonl", "--copy", "buyer") == 0
    assert shell.out.count("<article") == 3


def test_nothing_to_show_is_wrong_use(shell):
    shell.path("empty").mkdir()
    assert shell.run("form", "empty") == 2
    assert "보여 줄 문서가 없습니다" in shell.err


def test_english_readers_get_english(shell, sample, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert shell.run("form", "invoice.json") == 0
    assert "supply amount" in shell.out
