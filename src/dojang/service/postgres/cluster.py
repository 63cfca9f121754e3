"""Making a database cluster: initdb, two roles, the database and its extension; whole or not at all.

Nobody can log in as the superuser, not even with a password: what needs it is done by PostgreSQL's single-user mode while
no server runs. SQL is the same on PostgreSQL 15 and later.
"""

import secrets
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from dojang.service.postgres.errors import DidNotStart, OtherMajorVersion
from dojang.service.postgres.layout import Layout
from dojang.service.postgres.passwords import Passwords, scram_verifier

APP = "dojang_app"
OWNER = "dojang_owner"
DATABASE = "dojang"
_SUPERUSER = "dojang_superuser"

# Collation is the built-in C.UTF-8, the same on every machine; the C library's only tells letters for pg_trgm.
_LETTERS = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
"""All that PostgreSQL gets of an environment. macOS needs LC_ALL, or the server turns multithreaded and gives up."""

_ROLES = f"""\
CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS {{create}} NOCREATEROLE NOREPLICATION
CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
CREATE DATABASE {DATABASE} OWNER {OWNER}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}
"""
_IN_DATABASE = f"""\
CREATE EXTENSION pg_trgm
REVOKE ALL ON SCHEMA public FROM PUBLIC
GRANT USAGE ON SCHEMA public TO {APP}
"""


def ensure(layout: Layout, *, owner_may_create_databases: bool, durable: bool) -> Passwords:
    """Make the cluster if there is none; the passwords of its roles. No server may be running.

    Args:
        layout: its folders.
        owner_may_create_databases: for test runs.
        durable: whether it has to outlive a loss of power; test runs save the time.

    Raises:
        OtherMajorVersion: the data were made by another PostgreSQL.
        DidNotStart: one of its programs failed.
    """
    made = layout.data.is_dir()
    if made:
        check_major(layout)
    passwords = Passwords.load(layout.passwords)
    if made and passwords:
        return passwords
    passwords = passwords or Passwords.make(layout.passwords)
    if made:
        # Their file was lost: whoever holds the data folder holds the data, so it is no secret that is given away.
        _single_user(layout, layout.data, "postgres", _set_passwords(passwords))
        return passwords
    create = "CREATEDB" if owner_may_create_databases else "NOCREATEDB"
    _make(layout, passwords, create=create, durable=durable)
    return passwords


def check_major(layout: Layout) -> None:
    """Refuse data of another major version."""
    found = (layout.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != layout.binaries.major:
        raise OtherMajorVersion(folder=layout.data, found=found, ours=layout.binaries.major)


def write_hba(layout: Layout, *, tcp: bool) -> None:
    """Say who may log in: two roles, by password, from this machine."""
    roles = f"{OWNER},{APP}"
    lines = [f"local all {roles} scram-sha-256"]
    if tcp:
        lines += [f"host all {roles} {address} scram-sha-256" for address in ("127.0.0.1/32", "::1/128")]
    layout.hba.write_text("\n".join([*lines, ""]), encoding="ascii")
    layout.hba.chmod(0o644)  # holds no secret, and the account has to read it


def _make(layout: Layout, passwords: Passwords, *, create: str, durable: bool) -> None:
    for abandoned in layout.server.glob(f"{layout.unfinished}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    draft = layout.server / f"{layout.unfinished}{secrets.token_hex(4)}"
    _run(
        layout,
        "initdb",
        f"--pgdata={draft}",
        f"--username={_SUPERUSER}",
        "--auth=reject",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--lc-ctype={_LETTERS}",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    )
    _single_user(layout, draft, "postgres", _ROLES.format(create=create) + _set_passwords(passwords), durable)
    _single_user(layout, draft, DATABASE, _IN_DATABASE, durable)
    draft.rename(layout.data)


def _set_passwords(passwords: Passwords) -> str:
    return "".join(
        f"ALTER ROLE {role} PASSWORD '{scram_verifier(password)}'\n"
        for role, password in ((OWNER, passwords.owner), (APP, passwords.app))
    )


def _single_user(layout: Layout, data: Path, database: str, statements: str, durable: bool = True) -> None:
    """Run statements, one a line, without a server."""
    told = _run(
        layout,
        "postgres",
        "--single",
        "-D",
        str(data),
        "-c",
        "log_min_error_statement=panic",
        "-c",
        "exit_on_error=on",
        "-c",
        f"fsync={'on' if durable else 'off'}",
        database,
        text_in=statements,
    )
    if "ERROR:" in told or "FATAL:" in told:
        raise DidNotStart(log=layout.guardian_log, last=told[-2000:])


def _run(layout: Layout, program: str, *arguments: str, text_in: str | None = None) -> str:
    command: Sequence[str] = [str(layout.binaries.program(program)), *arguments]
    done = layout.account.run(command, text_in=text_in, environment=ENVIRONMENT)
    if done.returncode != 0:
        raise DidNotStart(log=layout.guardian_log, last=done.stdout[-2000:])
    return done.stdout
