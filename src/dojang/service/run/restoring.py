"""`dojang restore`: verify everything, then files, then the database in one transaction, then migrate.

Nothing that is there is overwritten. A restore that was killed can be run again: files that were restored already are
recognised by their content, and the database is either untouched or whole.
"""

import base64
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dojang.service.environment import MIGRATE, Environment
from dojang.service.postgres.locks import FileLock
from dojang.service.run import archive, tools
from dojang.service.run.backup import NOT_BACKED_UP, RESTORING
from dojang.service.run.children import role
from dojang.service.run.database import embedded, names_database, with_addresses, with_secrets
from dojang.service.run.errors import (
    AlreadyRunning,
    BackupDamaged,
    BackupNewer,
    DidNotStart,
    TargetNotEmpty,
)
from dojang.service.run.folders import make_data_folder
from dojang.service.run.serve import SUPERVISOR_LOCK
from dojang.service.server_addresses import DatabaseAddress

_IN_USE = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    files: int
    made_at: str


def command(environ: Mapping[str, str], file: Path) -> Restored:
    """Restore a backup and bring its database up to this version.

    Raises:
        BadEnvironment, ServiceError, PostgresError.
    """
    environment = Environment.read(environ, needs=frozenset())
    manifest = archive.verified(file)
    refuse_newer_backup(manifest, _known_migrations())
    with _alone(environment.data):
        if names_database(environ):
            owner = Environment.read(environ, needs=MIGRATE).owner_url
            restored = restore(file, manifest, environment.data, owner)
            _migrate(with_secrets(environ))
            return restored
        server = embedded(environment.data)
        addresses = server.start()
        try:
            restored = restore(file, manifest, environment.data, addresses.owner_url)
            _migrate(with_addresses(with_secrets(environ), addresses))
        finally:
            server.stop()
    return restored


def restore(file: Path, manifest: archive.Manifest, data: Path, owner_url: str) -> Restored:
    """Restore a verified backup.

    Args:
        file: the backup.
        manifest: what `archive.verified` said of it.
        data: the folder for its files.
        owner_url: an empty database, as its owner.

    Raises:
        TargetNotEmpty: nothing was changed.
        BackupDamaged: the file changed since it was verified; the database is untouched.
        ToolFailed, ToolMissing: the database is untouched.
    """
    if _is_in_use(owner_url):
        raise TargetNotEmpty(what=DatabaseAddress.parse(owner_url).name)
    _refuse_other_files(manifest, data)
    make_data_folder(data)
    for abandoned in data.glob(f"{RESTORING}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=RESTORING, dir=data) as work:
        _extract(file, manifest, data, Path(work))
        _restore_database(Path(work) / archive.DATABASE, DatabaseAddress.parse(owner_url))
    return Restored(files=len(manifest.members) - 1, made_at=manifest.made_at)


def refuse_newer_backup(manifest: archive.Manifest, known: Collection[tuple[str, str]]) -> None:
    """Refuse a backup with migrations that this version does not know.

    Raises:
        BackupNewer.
    """
    if set(manifest.schema) - set(known):
        raise BackupNewer(version=manifest.dojang)


def _is_in_use(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(_IN_USE).fetchone()
    return row is not None and int(row[0]) > 0


def _refuse_other_files(manifest: archive.Manifest, data: Path) -> None:
    """Only what this very backup would write may be there."""
    for path in sorted(data.rglob("*")):
        top = path.relative_to(data).parts[0]
        if top in NOT_BACKED_UP or top.startswith(RESTORING) or (path.is_dir() and not path.is_symlink()):
            continue
        member = manifest.members.get(archive.FILES + path.relative_to(data).as_posix())
        if member is None or not path.is_file() or archive.sha256_of(path) != member.sha256:
            raise TargetNotEmpty(what=path)


def _extract(file: Path, manifest: archive.Manifest, data: Path, work: Path) -> None:
    with archive.reading(file) as tar:
        for entry in tar:
            if entry.name == archive.MANIFEST:
                continue
            draft = work / secrets.token_hex(8)
            with draft.open("xb") as out:
                for piece in archive.chunks(tar, entry):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            draft.chmod(0o600)
            if manifest.members[entry.name].sha256 != archive.sha256_of(draft):
                raise BackupDamaged(file=file, what=entry.name)
            _place(draft, _target(entry.name, data, work), entry.mtime)


def _target(name: str, data: Path, work: Path) -> Path:
    return work / archive.DATABASE if name == archive.DATABASE else data / name.removeprefix(archive.FILES)


def _place(draft: Path, target: Path, modified: float) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.utime(draft, (modified, modified))
    draft.replace(target)


def _restore_database(dump: Path, database: DatabaseAddress) -> None:
    # Extensions are the superuser's, and there already.
    listed = tools.run("pg_restore", ["--list", str(dump)]).splitlines()
    wanted = dump.with_name("wanted")
    wanted.write_text(
        "\n".join([line for line in listed if " EXTENSION " not in line] + [""]), encoding="utf-8"
    )
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    tools.run(
        "pg_restore",
        [*options, f"--use-list={wanted}", f"--dbname={database.name}", str(dump)],
        database,
    )


@contextmanager
def _alone(data: Path) -> Generator[None]:
    """Neither the service nor another restore works on the folder meanwhile."""
    make_data_folder(data)
    lock = FileLock(data / SUPERVISOR_LOCK)
    if not lock.acquire(seconds=0):
        raise AlreadyRunning(data=data)
    try:
        yield
    finally:
        lock.release()


def _known_migrations() -> set[tuple[str, str]]:
    """Those of this version, asked of a process with passing secrets: the real ones may be in the backup."""
    placeholders = {
        "DOJANG_DEMO": "1",
        "DOJANG_SECRET_KEY": secrets.token_urlsafe(48),
        "DOJANG_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": "postgresql://nobody@localhost/none",
    }
    plain = {n: v for n, v in os.environ.items() if not n.startswith(("DOJANG_", "DATABASE_"))}
    done = subprocess.run(  # noqa: S603 (our own program)
        role("known-migrations"), env=plain | placeholders, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DidNotStart(name="known-migrations", status=done.returncode)
    return {(app, name) for app, name in json.loads(done.stdout)}


def _migrate(environ: dict[str, str]) -> None:
    """In a process of its own, with the secrets that were restored."""
    status = subprocess.run(role("migrate"), env=environ, check=False).returncode  # noqa: S603 (our own program)
    if status != 0:
        raise DidNotStart(name="migrate", status=status)
