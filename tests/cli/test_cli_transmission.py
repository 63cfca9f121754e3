"""`dojang package`, `submit` and `results` against a running sandbox: nothing is ever filed twice."""

import json
import shutil
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from cli_tools import NUMBER

from dojang.cli import options
from dojang.cli.book import Book
from dojang.etax import verify
from dojang.sandbox.server import running


@pytest.fixture
def world(shell):
    """A test certificate and a sandbox that trusts its CA."""
    pfx = shell.certificate()
    with running(shell.path("nts"), anchors=[shell.path("ids/testca")]) as server:
        yield shell, pfx, server


def control(server, method, path, data=None):
    body = None if data is None else json.dumps(data).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.address}/control/{path}", body, headers, method=method)
    with urllib.request.urlopen(request):
        pass


def submit(shell, pfx, *files, wait=30, **options):
    named = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    credentials = ("--cert", pfx, "--passphrase-file", "pw")
    return shell.run("submit", *files, *credentials, "--nts", "nts", "--wait", str(wait), *named)


def test_a_signed_invoice_is_accepted(world):
    shell, pfx, _ = world
    path = shell.signed(pfx)
    assert submit(shell, pfx, path) == 0
    assert "SUC001" in shell.out


def test_results_can_be_asked_for_later_and_often(world):
    shell, pfx, _ = world
    assert submit(shell, pfx, shell.signed(pfx), wait=0) == 0
    submit_id = shell.lines[0].split()[1]
    assert "접수되었습니다" in shell.out
    for _ in range(2):
        assert shell.run("results", submit_id, "--nts", "nts", "--wait", "30", "--json") == 0
        [result] = shell.json["results"]
        assert result["codes"] == ["SUC001"]


def test_the_same_invoice_is_not_submitted_twice(world):
    shell, pfx, _ = world
    path = shell.signed(pfx)
    assert submit(shell, pfx, path) == 0
    assert submit(shell, pfx, path) == 1
    assert "이미 제출했습니다" in shell.err


def test_a_refused_invoice_may_be_mended_and_sent(world):
    shell, pfx, server = world
    control(server, "PUT", "businesses/9998100015", {"state": "unknown"})
    path = shell.signed(pfx)
    assert submit(shell, pfx, path) == 1
    assert "ERR002" in shell.out
    control(server, "DELETE", "businesses/9998100015")
    assert submit(shell, pfx, path) == 0


def test_a_lost_answer_is_unknown_and_asking_settles_it(world):
    shell, pfx, server = world
    path = shell.signed(pfx)
    control(server, "POST", "faults", {"kind": "lost_after", "action": "submit"})
    assert submit(shell, pfx, path, wait=0) == 3
    assert "다시 보내지 말고" in shell.err
    submit_id = shell.lines[0].split()[1]
    assert shell.run("submit", "--again", submit_id, "--nts", "nts") == 3
    assert "아직 다시 보낼 수 없습니다" in shell.err
    assert shell.run("results", submit_id, "--nts", "nts", "--wait", "30") == 0
    assert submit(shell, pfx, path) == 1


def test_what_never_arrived_goes_again_after_two_questions(world, monkeypatch):
    shell, pfx, server = world
    path = shell.signed(pfx)
    control(server, "POST", "faults", {"kind": "lost_before", "action": "submit"})
    assert submit(shell, pfx, path, wait=0) == 3
    submit_id = shell.lines[0].split()[1]
    assert shell.run("results", submit_id, "--nts", "nts") == 3
    assert "SYS003" in shell.err
    assert shell.run("submit", "--again", submit_id, "--nts", "nts") == 3
    monkeypatch.setattr(options, "now", lambda: datetime.now(UTC) + timedelta(minutes=11))
    assert shell.run("results", submit_id, "--nts", "nts") == 3
    assert shell.run("submit", "--again", submit_id, "--nts", "nts", "--wait", "30") == 0
    assert "SUC001" in shell.out


def test_what_certainly_was_not_sent_may_go_again_at_once(world):
    shell, pfx, server = world
    path = shell.signed(pfx)
    settings = json.loads(server.client_settings.read_text())
    dead = settings | {"submit_address": "http://127.0.0.1:9/nobody"}
    server.client_settings.write_text(json.dumps(dead))
    assert submit(shell, pfx, path, wait=0) == 1
    assert "보내지 못한 것이 확실합니다" in shell.err
    submit_id = shell.lines[0].split()[1]
    server.client_settings.write_text(json.dumps(settings))
    assert submit(shell, pfx, path) == 1
    # The kept bytes name the address in their signed header; the sandbox does not mind, 국세청 may not either.
    assert shell.run("submit", "--again", submit_id, "--nts", "nts", "--wait", "30") == 0


def test_a_refused_submission_lets_its_invoices_go(world):
    shell, pfx, server = world
    path = shell.signed(pfx)
    settings = json.loads(server.client_settings.read_text())
    server.client_settings.write_text(json.dumps(settings | {"registration": "42999999"}))
    assert submit(shell, pfx, path) == 1
    assert "SYS001" in shell.err
    server.client_settings.write_text(json.dumps(settings))
    assert submit(shell, pfx, path) == 0


@pytest.mark.parametrize("kind", ["http_500", "garbage", "wrongly_signed"])
def test_no_other_answer_is_believed(world, kind):
    shell, pfx, server = world
    path = shell.signed(pfx)
    control(server, "POST", "faults", {"kind": kind, "action": "submit"})
    assert shell.run("submit", path, "--cert", pfx, "--passphrase-file", "pw", "--nts", "nts", "--json") == 3
    assert shell.json["outcome"] == "unknown"
    assert len(shell.json["submit_id"]) == 50


def test_a_document_of_another_certificate_is_not_sent(world):
    shell, pfx, _ = world
    path = shell.signed(pfx)
    other = shell.certificate(number="9998600010")
    assert submit(shell, other, path) == 1
    assert "다른 인증서로 서명" in shell.err


def test_a_changed_document_is_not_sent(world):
    shell, pfx, _ = world
    path = shell.signed(pfx)
    path.write_bytes(path.read_bytes().replace(b">11000<", b">91000<"))
    assert submit(shell, pfx, path) == 1
    assert not shell.path("nts/client/submissions").exists()


def test_a_package_holds_a_hundred(world):
    shell, pfx, _ = world
    shell.run("new")
    shell.write("many.jsonl", f"{json.dumps(shell.json)}\n" * 101)
    assert shell.run("sign", "many.jsonl", "--cert", pfx, "--passphrase-file", "pw", "--out", "signed") == 0
    assert submit(shell, pfx, "signed") == 2
    assert "100건까지" in shell.err
    next(shell.path("signed").iterdir()).unlink()
    assert submit(shell, pfx, "signed") == 0
    assert shell.out.count("SUC001") == 100


def test_submit_needs_files_or_again(world):
    shell, _, _ = world
    assert shell.run("submit", "--nts", "nts") == 2
    assert shell.run("submit", "--again", "unheard-of", "--nts", "nts") == 2
    assert shell.run("results", "unheard-of", "--nts", "nts") == 3


def test_settings_that_cannot_be_used_are_named(shell):
    shell.write("client.json", '{"registration": 41}')
    assert shell.run("results", "x", "--nts", "client.json") == 2
    assert "registration" in shell.err
    assert shell.run("results", "x", "--nts", "nowhere") == 2


def test_two_at_once_cannot_both_claim_an_invoice(tmp_path, world):
    shell, pfx, _ = world
    path = shell.signed(pfx)
    book = Book(shell.path("nts/client/submissions"))
    issue_id = verify(path.read_bytes()).invoice.issue_id
    book.folder.joinpath("issued").mkdir(parents=True)
    book.folder.joinpath("issued", issue_id).write_text("somebody else's")
    assert submit(shell, pfx, path) == 1
    assert "somebody else's" in shell.err
    assert book.invoices_of("somebody else's") == [issue_id]


@pytest.mark.interop
def test_openssl_opens_what_package_makes(world):
    openssl = shutil.which("openssl")
    assert openssl is not None, "openssl is on every machine that builds this"
    shell, pfx, _ = world
    path = shell.signed(pfx)
    keys = shell.path("nts/keys")
    command = ("package", path, "--cert", pfx, "--passphrase-file", "pw", "--to", keys / "nts-encryption.der")
    assert shell.run(*command, "--out", "package.cms") == 0
    done = subprocess.run(
        [
            openssl,
            "cms",
            "-decrypt",
            "-inform",
            "DER",
            "-in",
            "package.cms",
            "-inkey",
            str(keys / "nts-encryption.key"),
        ],
        cwd=shell.folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() in done.stdout


def test_a_key_without_r_cannot_transmit(world, monkeypatch):
    from dojang.cli import transmission

    shell, pfx, _ = world
    path = shell.signed(pfx)
    opened = transmission.open_identity

    def without_r(*arguments, **named):
        identity = opened(*arguments, **named)
        return type(identity)(identity.certificate, identity.key.with_random_number(None), None)

    monkeypatch.setattr(transmission, "open_identity", without_r)
    assert submit(shell, pfx, path) == 1
    assert "본인확인 값이 없어" in shell.err
    assert NUMBER not in shell.err
