"""One PostgreSQL for a run of the tests, shared by its processes: `test_server()`.

The embedded one, started by whichever process needs it first and stopped with the last. A real server is used instead where
DOJANG_TEST_DATABASE_URL and DOJANG_TEST_DATABASE_OWNER_URL name one (the owner must be allowed to create databases).
"""

import atexit
import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

from dojang.service.postgres import Addresses, EmbeddedPostgres
from dojang.service.postgres.locks import FileLock

APP_VARIABLE = "DOJANG_TEST_DATABASE_URL"
OWNER_VARIABLE = "DOJANG_TEST_DATABASE_OWNER_URL"
RUN_VARIABLE = "PYTEST_XDIST_TESTRUNUID"

# Tests lose nothing when the machine loses power.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}
_PREFIX = f"dojang-tests-{os.getuid()}-"
_DAY_SECONDS = 24 * 60 * 60


@cache
def test_server() -> Addresses:
    """The addresses of the server of this run; the owner may create databases."""
    app_url, owner_url = os.environ.get(APP_VARIABLE), os.environ.get(OWNER_VARIABLE)
    if app_url and owner_url:
        return Addresses(app_url=app_url, owner_url=owner_url)
    _sweep()
    run = os.environ.get(RUN_VARIABLE, str(os.getpid()))
    folder = open_folder(Path(tempfile.gettempdir()) / f"{_PREFIX}{run}")
    server = EmbeddedPostgres(folder / "postgres", settings=_FAST, owner_may_create_databases=True)
    addresses = server.start()
    atexit.register(_leave, server, folder)
    return addresses


test_server.__test__ = False  # pytest: not a test, wherever it is imported


def open_folder(folder: Path) -> Path:
    """A folder that the account of root's PostgreSQL can get into, as pytest's tmp_path is not."""
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    return folder


def _leave(server: EmbeddedPostgres, folder: Path) -> None:
    if server.stop():
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = folder / "postgres" / "guardian.lock"
        try:
            old = time.time() - folder.stat().st_mtime > _DAY_SECONDS
            if old and (not lock.exists() or FileLock(lock).is_free()):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another process was faster
