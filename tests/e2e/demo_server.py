"""`dojang serve --demo` as a person starts it: all its processes, in a folder of its own, stopped at the end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from dojang.etax import KST
from dojang.npki.testca import TestCA, TestIdentity
from dojang.service.run.serve import SANDBOX_FOLDER
from service.postgres_for_tests import open_folder

PASSPHRASE = "Dojang-시험!2026"
_LINE = re.compile(r"^dojang: (http://localhost:\d+)$", re.MULTILINE)
_START_SECONDS = 240
_STOP_SECONDS = 60
# Away from what people run by hand; the next free port is taken.
_FIRST_PORT = 8700


@dataclass(frozen=True)
class Demo:
    """A running demo.

    Attributes:
        url: where its pages are.
        data: its folder.
        said: what it has printed.
    """

    url: str
    data: Path
    said: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a process that joins it needs to be told."""
        client = self.data / SANDBOX_FOLDER / "client" / "client.json"
        sandbox = urlsplit(json.loads(client.read_text("utf-8"))["submit_address"])
        return _environ(self.data) | {
            "DOJANG_NTS_SETTINGS": str(client),
            "DOJANG_SANDBOX_URL": f"{sandbox.scheme}://{sandbox.netloc}",
        }

    @property
    def authority(self) -> TestCA:
        """The authority whose certificates its sandbox believes."""
        return TestCA.load_or_create(self.data / SANDBOX_FOLDER, now=datetime.now(KST))

    @property
    def authority_folder(self) -> Path:
        """Where that authority lies, and its revocation lists."""
        return self.data / SANDBOX_FOLDER / "testca"

    def certificate(self, number: str, folder: Path, name: str = "(주)도장상사", **values: object) -> "Kept":
        """A certificate of that authority on somebody's disk."""
        authority = self.authority
        identity = authority.issue(number, name, passphrase=PASSPHRASE, **{"iterations": 2048} | values)
        home, archive = authority.write(identity, folder)
        return Kept(identity, folder / "NPKI", home, archive)


@dataclass(frozen=True)
class Kept:
    """Where a certificate lies: the folder that people choose, the one with its two files, the .pfx."""

    identity: TestIdentity
    folder: Path
    home: Path
    archive: Path


@contextmanager
def running() -> Generator[Demo]:
    """Start it in an empty folder; nothing of it is left afterwards."""
    home = open_folder(Path(tempfile.mkdtemp(prefix="dojang-e2e-")))
    data, said = home / "demo", home / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("dojang")), "serve", "--demo"],
            env=_environ(data) | {"DOJANG_PORT": str(_FIRST_PORT)},
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Demo(_address(process, said), data, said)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Its processes end when it is gone.
            process.kill()
            process.wait()
        if process.returncode == 0:
            shutil.rmtree(home)
    assert process.returncode == 0, said.read_text()


def _environ(data: Path) -> dict[str, str]:
    """Nothing of what the tests themselves run with."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {
        "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "DOJANG_LANGUAGE": "ko",
        "DOJANG_DEMO": "1", "DOJANG_DATA": str(data),
    }  # fmt: skip


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    until = time.monotonic() + _START_SECONDS
    while not (found := _LINE.search(said.read_text())):
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < until, said.read_text()
        time.sleep(0.1)
    return found[1]
