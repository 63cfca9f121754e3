"""Running the command line inside a test."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dojang.cli.main import run

PASSPHRASE = "Cli-Test!2026 한글"
NUMBER = "1234567891"


@dataclass
class Shell:
    """A folder in which commands are run, one after the other."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    out: str = ""
    err: str = ""

    def run(self, *arguments: str | Path) -> int:
        self.monkeypatch.chdir(self.folder)
        self.capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        self.out, self.err = self.capsys.readouterr()
        return status

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def certificate(self, folder: str = "ids", number: str = NUMBER, *options: str) -> Path:
        """The .pfx of a new certificate of the test CA."""
        self.write("pw", PASSPHRASE + "\n")
        named = ("--business-number", number, "--name", "(주)도장상사", "--passphrase-file", "pw")
        assert self.run("testca", folder, *named, *options) == 0
        return self.folder / self.lines[-1]

    def signed(self, pfx: Path, **changes: Any) -> Path:
        """A signed sample invoice with these fields instead of its own."""
        assert self.run("new") == 0
        self.write("invoice.json", json.dumps(self.json | changes))
        assert (
            self.run("sign", "invoice.json", "--cert", pfx, "--passphrase-file", "pw", "--out", "signed") == 0
        )
        return self.folder / self.lines[-1]
