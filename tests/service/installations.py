"""An installation of the service with everything of its own, for tests that start it as an operator does."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

from dojang.service.run import new_secrets
from service.postgres_for_tests import open_folder


@contextmanager
def installation():
    """The environment variables of a new one, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="dojang-installation-") as name:
        home = open_folder(Path(name))
        kept = new_secrets.load_or_make(home / "secrets")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        ours = ("DOJANG_", "DATABASE_")
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            **kept,
            "LC_ALL": "C",  # Korean, whatever the tester speaks
            "DOJANG_DATA": str(home / "data"),
            "DOJANG_PORT": str(port),
            "DOJANG_ORIGIN": f"http://localhost:{port}",
            "DOJANG_SMTP_URL": "smtp://localhost:9",
            "DOJANG_MAIL_FROM": "no-reply@example.com",
        }


def dojang(*arguments):
    """The command line as a list."""
    return [sys.executable, "-W", "ignore", "-c", "from dojang.cli import main; main()", *map(str, arguments)]


@contextmanager
def serving(environ):
    """`dojang serve`, from the moment it says that it is ready; the process and that line."""
    process = subprocess.Popen(
        dojang("serve"), env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        told = ""
        while not told.startswith("dojang: "):
            told = process.stdout.readline()
            assert told, "it ended before it was ready"
        yield process, told.strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def status_of(port, path):
    """What the web process answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
