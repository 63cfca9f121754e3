"""`dojang cert` and `dojang testca`."""

import json
from pathlib import Path

import pytest
from cli_tools import NUMBER

from dojang.npki.pbe import SCHEMES

DATA = Path(__file__).parent.parent / "data" / "npki"
MANIFEST = json.loads((DATA / "manifest.json").read_text())
HOME = DATA / MANIFEST["identities"]["biz_etax"]["dir"]


@pytest.fixture
def fixture_passphrase(shell):
    return shell.write("fixture-pw", MANIFEST["password"] + "\n")


def test_testca_writes_a_folder_and_a_pfx_and_reuses_its_ca(shell):
    first = shell.certificate()
    folder = shell.path(shell.lines[0])
    assert sorted(path.name for path in folder.iterdir()) == ["signCert.der", "signPri.key"]
    assert folder.parent.parent.parent.name == "NPKI"
    assert first.suffix == ".pfx"
    root = shell.path("ids/testca")
    before = {path.name: path.read_bytes() for path in root.glob("*.der")}
    shell.certificate(number="9998100015")
    assert {path.name: path.read_bytes() for path in root.glob("*.der")} == before


@pytest.mark.parametrize(
    "scheme", ["pbes1-seedCBCWithSHA1", "pbes2-aria256-hmacSHA256", "pbes1-seedCBC-fixedIV-pbkdf2"]
)
def test_testca_encrypts_the_key_as_told(shell, scheme):
    assert scheme in SCHEMES
    shell.certificate("ids", NUMBER, "--scheme", scheme)
    folder = shell.lines[0]
    assert shell.run("cert", "show", folder, "--passphrase-file", "pw", "--json") == 0
    shown = shell.json
    assert shown["key_matches"] is True
    assert shown["has_r"] is True
    assert shown["owner"] == "(주)도장상사"


def test_testca_refuses_what_is_no_number(shell):
    shell.write("pw", "x")
    assert shell.run(
        "testca", "ids", "--business-number", "abc", "--name", "x", "--passphrase-file", "pw"
    ) in {1, 2}
    assert "Traceback" not in shell.err


def test_testca_says_when_the_folder_cannot_be_written(shell):
    shell.write("pw", "x")
    shell.write("ids", "a file")
    options = ("--business-number", NUMBER, "--name", "x", "--passphrase-file", "pw")
    assert shell.run("testca", "ids", *options) in {1, 2}


def test_list_finds_certificates_and_says_when_there_are_none(shell):
    shell.certificate()
    assert shell.run("cert", "list", "ids") == 0
    assert "(주)도장상사 · TESTCA" in shell.out
    assert shell.run("cert", "list", "ids", "--json") == 0
    assert [one["owner"] for one in shell.json] == ["(주)도장상사"]
    shell.path("empty").mkdir()
    assert shell.run("cert", "list", "empty") == 0
    assert "찾은 인증서가 없습니다" in shell.out


def test_show_reads_the_fixture_folder(shell, fixture_passphrase):
    assert shell.run("cert", "show", HOME, "--passphrase-file", fixture_passphrase, "--json") == 0
    shown = shell.json
    assert shown["policy"] == "1.2.410.200005.1.1.6.8"
    assert shown["serial"] == "2a01f4"
    assert (shown["has_r"], shown["key_matches"]) == (True, True)
    assert shell.run("cert", "show", HOME, "--passphrase-file", fixture_passphrase) == 0
    assert "전자세금" in shell.out


def test_show_of_a_lone_certificate_needs_no_passphrase(shell):
    assert shell.run("cert", "show", HOME / "signCert.der", "--json") == 0
    assert shell.json["key_matches"] is None
    assert shell.run("cert", "show", HOME / "signCert.der") == 0


def test_show_says_when_key_and_certificate_are_no_pair(shell, fixture_passphrase):
    key = DATA / "negative" / "mismatched.key"
    command = (
        "cert",
        "show",
        DATA / "keys" / "signCert.der",
        "--key",
        key,
        "--passphrase-file",
        fixture_passphrase,
    )
    assert shell.run(*command, "--json") == 1
    assert shell.json["key_matches"] is False
    assert shell.run(*command) == 1
    assert shell.err
    folder = shell.path("mixed")
    shell.write("mixed/signCert.der", (DATA / "keys" / "signCert.der").read_bytes())
    shell.write("mixed/signPri.key", key.read_bytes())
    assert shell.run("cert", "show", folder, "--passphrase-file", fixture_passphrase, "--json") == 1


def test_show_refuses_a_wrong_passphrase(shell):
    shell.write("pw", "wrong")
    assert shell.run("cert", "show", HOME, "--passphrase-file", "pw") == 1
    assert "wrong" not in shell.err + shell.out


def test_check_judges_issuer_validity_and_owner(shell):
    shell.certificate()
    folder = shell.lines[0]
    assert shell.run("cert", "check", folder, "--anchors", "ids") == 0
    assert "쓸 수 있습니다" in shell.out
    options = ("--passphrase-file", "pw", "--anchors", "ids", "--json")
    assert shell.run("cert", "check", folder, "--business-number", "123-45-67891", *options) == 0
    assert shell.json["ok"] is True
    assert shell.run("cert", "check", folder, "--business-number", "9998100015", *options) == 1
    assert [finding["code"] for finding in shell.json["findings"]] == ["not_this_business_number"]
    assert shell.run("cert", "check", folder) == 1
    assert "신뢰할 수 있는" in shell.out
    assert shell.run("cert", "check", folder, "--anchors", "ids", "--at", "2099-01-01") == 1


def test_check_knows_the_revoked_by_its_list(shell):
    ca = DATA / "ca"
    for name in ("root.der", "intermediate.der"):
        shell.write(f"anchors/{name}", (ca / name).read_bytes())
    revoked = DATA / MANIFEST["identities"]["revoked"]["dir"]
    options = ("--anchors", "anchors", "--crl", ca / "intermediate.crl", "--json")
    shell.run("cert", "check", revoked / "signCert.der", *options)
    assert "revoked" in [finding["code"] for finding in shell.json["findings"]]
