"""No secret of the whole way shows anywhere: not in what is printed or logged, not in a file but the key's own."""

import base64
import logging

from cli_tools import NUMBER, PASSPHRASE

from dojang.npki.identity import open_identity


def shapes(secret: bytes) -> list[bytes]:
    """How bytes could show: as they are, in hex, in base64."""
    return [
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
    ]


def test_the_demo_leaves_no_secret_behind(shell, caplog):
    caplog.set_level(logging.DEBUG)
    assert shell.run("demo") == 0
    home = shell.path("dojang-demo/certificate")
    passphrase_file = home / "passphrase.txt"
    passphrase = passphrase_file.read_text().strip()
    identity = open_identity(next(home.glob("*.pfx")), passphrase)
    secrets = [*shapes(identity.key.random_number.reveal()), passphrase.encode()]
    shown = (shell.out + shell.err + caplog.text).encode()
    assert not [secret for secret in secrets if secret in shown]
    leaking = [
        path
        for path in shell.path("dojang-demo").rglob("*")
        if path.is_file()
        and path != passphrase_file
        and any(secret in path.read_bytes() for secret in secrets)
    ]
    assert leaking == []


def test_refusals_repeat_no_secret_and_no_resident_number(shell, caplog):
    caplog.set_level(logging.DEBUG)
    pfx = shell.certificate()
    resident = "9002301234560"
    shell.run("new")
    shell.write(
        "invoice.json",
        shell.out.replace('"9998100015"', f'"{resident}x"').replace('"business",', '"individual",'),
    )
    shell.write("other", PASSPHRASE + "?")
    for command in (
        ("check", "invoice.json"),
        ("sign", "invoice.json", "--cert", pfx, "--passphrase-file", "pw", "--out", "signed"),
        ("sign", "invoice.json", "--cert", pfx, "--passphrase-file", "other", "--out", "signed"),
        ("cert", "check", pfx, "--passphrase-file", "pw", "--business-number", "9998100015"),
        ("cert", "show", pfx, "--passphrase-file", "other"),
    ):
        assert shell.run(*command) == 1
        shown = shell.out + shell.err + caplog.text
        assert PASSPHRASE not in shown
        assert resident not in shown
    assert NUMBER in shell.path("invoice.json").read_text()
