"""`dojang sign` and `verify`."""

import getpass
import json

import pytest
from cli_tools import NUMBER

from dojang.etax import verify


@pytest.fixture
def pfx(shell):
    return shell.certificate()


def sign(shell, pfx, *files, out="signed", **options):
    named = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return shell.run("sign", *files, "--cert", pfx, "--passphrase-file", "pw", "--out", out, *named)


def test_signed_xml_verifies_against_the_test_ca(shell, pfx):
    path = shell.signed(pfx)
    assert path.name == "invoice.xml"
    assert verify(path.read_bytes()).invoice.supplier.business_number == NUMBER
    assert shell.run("verify", path, "--anchors", "ids") == 0
    assert "✓" in shell.out


def test_without_anchors_trust_is_told_but_decides_nothing(shell, pfx):
    path = shell.signed(pfx)
    assert shell.run("verify", path, "--json") == 0
    [entry] = shell.json
    assert entry["signature"] is True
    assert entry["trusted"] is False
    assert [finding["code"] for finding in entry["certificate_findings"]] == ["untrusted_issuer"]
    assert entry["uncovered"] == ["ExchangedDocument", "TaxInvoice/@xsi:schemaLocation"]


def test_another_ca_is_not_believed(shell, pfx):
    path = shell.signed(pfx)
    shell.certificate("others")
    assert shell.run("verify", path, "--anchors", "others") == 1
    assert shell.run("verify", path, "--anchors", shell.path("others") / "NPKI") == 1
    assert shell.err


def test_a_changed_amount_is_found(shell, pfx):
    path = shell.signed(pfx)
    changed = shell.write("changed.xml", path.read_bytes().replace(b">11000<", b">91000<"))
    assert shell.run("verify", path, changed) == 1
    assert "✗" in shell.out
    assert "서명한 뒤에 내용이 바뀌었습니다" in shell.out


def test_sign_takes_unsigned_xml_and_keeps_its_issue_id(shell, pfx):
    shell.run("new", "--out", "invoice.json")
    assert shell.run("xml", "invoice.json", "--out", "xml") == 0
    assert sign(shell, pfx, "xml/invoice.xml") == 0
    signed = shell.path("signed/invoice.xml").read_bytes()
    unsigned = shell.path("xml/invoice.xml").read_bytes()
    assert verify(signed).invoice.issue_id is not None
    assert verify(signed).invoice.issue_id.encode() in unsigned


def test_sign_refuses_what_is_signed_already(shell, pfx):
    path = shell.signed(pfx)
    assert sign(shell, pfx, path, out="twice") == 1
    assert "이미 서명되어" in shell.err


def test_sign_never_overwrites(shell, pfx):
    path = shell.signed(pfx)
    before = path.read_bytes()
    assert sign(shell, pfx, "invoice.json") == 1
    assert path.read_bytes() == before


def test_sign_uses_the_time_and_registration_given(shell, pfx):
    shell.run("new")
    shell.write("invoice.json", json.dumps(shell.json | {"written_on": "2026-11-20"}))
    assert sign(shell, pfx, "invoice.json", at="2099-01-02T03:04:05", registration="42000238") == 1
    assert "유효기간" in shell.err or "만료" in shell.err
    certificate_start = verify(shell.signed(pfx).read_bytes()).valid_from.isoformat()
    shell.write(
        "invoice.json",
        json.dumps(
            json.loads(shell.path("invoice.json").read_text()) | {"written_on": certificate_start[:10]}
        ),
    )
    assert sign(shell, pfx, "invoice.json", out="at", at=certificate_start, registration="42000238") == 0
    invoice = verify(shell.path("at/invoice.xml").read_bytes()).invoice
    assert invoice.issue_id[8:16] == "42000238"
    assert (
        invoice.issued_at.isoformat()
        == verify(shell.path("signed/invoice.xml").read_bytes())
        .valid_from.astimezone(invoice.issued_at.tzinfo)
        .isoformat()
    )


def test_an_invoice_with_errors_is_not_signed(shell, pfx):
    shell.run("new")
    shell.write("bad.json", json.dumps(shell.json | {"items": []}))
    shell.write("good.json", json.dumps(shell.json))
    assert sign(shell, pfx, "bad.json", "good.json") == 1
    assert [path.name for path in shell.path("signed").iterdir()] == ["good.xml"]


def test_someone_elses_certificate_is_refused(shell):
    pfx = shell.certificate(number="9998100015")
    shell.run("new", "--out", "invoice.json")
    assert sign(shell, pfx, "invoice.json") == 1
    assert "이 사업자등록번호로 발급된 인증서가 아닙니다" in shell.err


def test_the_broker_signs_consigned_invoices(shell):
    pfx = shell.certificate(number="9998600010")
    shell.run("new")
    broker = shell.json["supplier"] | {"business_number": "9998600010"}
    shell.write("invoice.json", json.dumps(shell.json | {"document_type": "0103", "broker": broker}))
    assert sign(shell, pfx, "invoice.json") == 0


def test_an_expired_certificate_is_refused(shell):
    pfx = shell.certificate("ids", NUMBER, "--expired")
    shell.run("new", "--out", "invoice.json")
    assert sign(shell, pfx, "invoice.json") == 1
    assert not shell.path("signed").exists()


def test_a_bank_certificate_is_refused(shell):
    pfx = shell.certificate("ids", NUMBER, "--policy", "1.2.410.200005.1.1.4")
    shell.run("new", "--out", "invoice.json")
    assert sign(shell, pfx, "invoice.json") == 1


def test_json_lines_are_signed_one_file_each(shell, pfx):
    shell.run("new")
    shell.write("many.jsonl", f"{json.dumps(shell.json)}\n" * 4)
    assert sign(shell, pfx, "many.jsonl") == 0
    names = [path.stem for path in shell.path("signed").iterdir()]
    assert len(names) == 4
    assert {verify(path.read_bytes()).invoice.issue_id for path in shell.path("signed").iterdir()} == set(
        names
    )


def test_the_same_issue_id_twice_in_one_run_is_refused(shell, pfx):
    shell.run("new")
    data = shell.json
    issue_id = data["written_on"].replace("-", "") + "4100000000000007"
    shell.write("many.jsonl", f"{json.dumps(data | {'issue_id': issue_id})}\n" * 2)
    assert sign(shell, pfx, "many.jsonl") == 1
    assert "승인번호" in shell.err
    assert len(list(shell.path("signed").iterdir())) == 1


def test_sign_for_machines(shell, pfx):
    shell.run("new", "--out", "invoice.json")
    assert (
        shell.run("sign", "invoice.json", "--cert", pfx, "--passphrase-file", "pw", "--out", "s", "--json")
        == 0
    )
    [entry] = shell.json
    assert entry["ok"] is True
    assert len(entry["issue_id"]) == 24
    assert entry["output"] == "s/invoice.xml"


def test_the_passphrase_comes_from_file_environment_or_prompt(shell, pfx, monkeypatch):
    shell.run("new", "--out", "invoice.json")
    command = ("sign", "invoice.json", "--cert", pfx, "--out", "signed")
    # As where there is no terminal: what is typed could not be hidden.
    monkeypatch.setattr(getpass, "getpass", getpass.fallback_getpass)
    assert shell.run(*command) == 2
    assert "비밀번호를 받지 못했습니다" in shell.err
    monkeypatch.setenv("DOJANG_PASSPHRASE", "wrong")
    assert shell.run(*command) == 1
    assert "비밀번호가 맞지 않거나" in shell.err
    monkeypatch.setenv("DOJANG_PASSPHRASE", shell.path("pw").read_text().rstrip("\n"))
    assert shell.run(*command) == 0
    assert shell.run(*command[:-1], "two", "--passphrase-file", "nowhere") == 2
    monkeypatch.delenv("DOJANG_PASSPHRASE")
    monkeypatch.setattr(getpass, "getpass", lambda *_: shell.path("pw").read_text().rstrip("\n"))
    assert shell.run(*command[:-1], "three") == 0


def test_a_windows_line_end_is_not_part_of_the_passphrase(shell, pfx):
    shell.run("new", "--out", "invoice.json")
    shell.write("pw", shell.path("pw").read_text().rstrip("\n") + "\r\nsecond line\r\n")
    assert sign(shell, pfx, "invoice.json") == 0


def test_a_key_without_r_signs_with_a_warning(shell, pfx, monkeypatch):
    from dojang.cli import signing

    opened = signing.open_identity

    def without_r(*arguments, **named):
        identity = opened(*arguments, **named)
        return type(identity)(identity.certificate, identity.key.with_random_number(None), None)

    monkeypatch.setattr(signing, "open_identity", without_r)
    shell.run("new", "--out", "invoice.json")
    assert sign(shell, pfx, "invoice.json") == 0
    assert "확인하지 못했습니다" in shell.err
