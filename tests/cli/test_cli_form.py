"""`dojang form`: the legal form as HTML or PDF."""

import json
import sys

import pytest

from dojang.render.pdf import attached_xml


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


# On paper


def test_a_signed_document_becomes_a_pdf_with_its_xml_inside(shell):
    path = shell.signed(shell.certificate())
    assert shell.run("form", path, "--pdf", "form.pdf") == 0
    assert shell.out.strip() == "form.pdf"
    data = shell.path("form.pdf").read_bytes()
    assert attached_xml(data) == [shell.path(path).read_bytes()]
    assert shell.run("form", path, "--pdf", "again.pdf") == 0
    assert shell.path("again.pdf").read_bytes() == data


def test_a_document_that_comes_twice_is_inside_once(shell):
    path = shell.signed(shell.certificate())
    assert shell.run("form", path, path, "--pdf", "form.pdf") == 0
    assert len(attached_xml(shell.path("form.pdf").read_bytes())) == 1


def test_a_draft_becomes_a_pdf_with_nothing_inside(shell, sample):
    assert shell.run("form", "invoice.json", "--pdf", "form.pdf", "--copy", "buyer") == 0
    assert attached_xml(shell.path("form.pdf").read_bytes()) == []


def test_a_pdf_that_is_there_is_not_overwritten(shell, sample):
    shell.write("form.pdf", "mine")
    assert shell.run("form", "invoice.json", "--pdf", "form.pdf") == 1
    assert shell.path("form.pdf").read_text() == "mine"


def test_a_pdf_and_a_page_at_once_are_misuse(shell, sample):
    assert shell.run("form", "invoice.json", "--pdf", "a.pdf", "--out", "a.html") == 2
    assert not shell.path("a.pdf").exists()


def test_without_the_extra_one_sentence_says_what_to_install(shell, sample, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    assert shell.run("form", "invoice.json", "--pdf", "form.pdf") == 1
    assert "dojang[pdf]" in shell.err
    assert not shell.path("form.pdf").exists()
    assert shell.run("form", "invoice.json") == 0
