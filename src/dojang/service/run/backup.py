"""`dojang backup`: the database as of one moment, then the files of the data folder, into one file that is whole or absent."""

import glob
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from dojang import __version__
from dojang.service.environment import Environment
from dojang.service.postgres.locks import FileLock
from dojang.service.run import archive, tools
from dojang.service.run.errors import BackupInside, BackupNotWritten, BackupThere
from dojang.service.run.new_secrets import SECRET_FILES

NOT_BACKED_UP = frozenset({"postgres", "static", "supervisor.lock", "children.lock"})
"""At the top of the data folder: what the dump holds already, and what is made anew."""
RESTORING = ".restore-"
"""How what a restore is still writing begins."""
_LOCK = "lock"
_SQLITE = b"SQLite format 3\0"
_SQLITE_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Done:
    """What was backed up."""

    files: int
    size: int
    """Bytes of the backup."""
    secrets: tuple[str, ...]
    """The files of secrets in it."""


def back_up(environment: Environment, file: Path, *, with_secrets: bool = True) -> Done:
    """Back up the database and the data folder; the service may go on meanwhile.

    The database is dumped first: a file that a row names is there already when the files are read.

    Raises:
        BackupThere, BackupInside, BackupNotWritten, ToolFailed, ToolMissing: no file is left behind.
    """
    file = file.absolute()
    if file.exists():
        raise BackupThere(file=file)
    if file.resolve().is_relative_to(environment.data.resolve()):
        raise BackupInside(file=file, data=environment.data)
    skipped = NOT_BACKED_UP if with_secrets else NOT_BACKED_UP | set(SECRET_FILES)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _workplace(file) as work:
            draft = work / file.name
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                with tarfile.open(fileobj=out, mode="w:", format=tarfile.PAX_FORMAT) as tar:
                    manifest = _write(archive.Writer(tar), environment, work, skipped)
                out.flush()
                os.fsync(out.fileno())
            size = draft.stat().st_size
            os.link(draft, file)  # fails where the name was taken meanwhile
    except FileExistsError:
        raise BackupThere(file=file) from None
    except (OSError, psycopg.Error, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise BackupNotWritten(why=why) from None
    secrets = tuple(name for name in SECRET_FILES if archive.FILES + name in manifest.members)
    return Done(files=len(manifest.members) - 1, size=size, secrets=secrets)


@contextmanager
def _workplace(file: Path) -> Generator[Path]:
    """A private folder beside the file to be; those of backups that were killed are removed."""
    prefix = f".{file.name}."
    for abandoned in file.parent.glob(f"{glob.escape(prefix)}*/{_LOCK}"):
        if FileLock(abandoned).is_free():
            shutil.rmtree(abandoned.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=file.parent) as name:
        lock = FileLock(Path(name) / _LOCK)
        lock.acquire()
        try:
            yield Path(name)
        finally:
            lock.release()


def _write(
    writer: archive.Writer, environment: Environment, work: Path, skipped: Iterable[str]
) -> archive.Manifest:
    # Before the dump: it has every seal that is named, whatever is sealed meanwhile.
    seals = _seals(environment.owner_url)
    dump = work / archive.DATABASE
    tools.run(
        "pg_dump",
        ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"],
        environment.owner_database,
    )
    _add(writer, archive.DATABASE, dump)
    dump.unlink()
    for path in _files(environment.data, frozenset(skipped)):
        name = archive.FILES + path.relative_to(environment.data).as_posix()
        _add_living(writer, name, path, work / "snapshot")
    version, schema = _about(environment.owner_url)
    manifest = archive.Manifest(
        dojang=__version__,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        postgresql=version,
        schema=schema,
        seals=seals,
        members=writer.members,
    )
    writer.finish(manifest)
    return manifest


def _files(data: Path, skipped: frozenset[str]) -> Iterator[Path]:
    """Every regular file, links left alone."""
    for folder, folders, names in os.walk(data):
        at_top = Path(folder) == data
        if at_top:
            folders[:] = [name for name in folders if name not in skipped and not name.startswith(RESTORING)]
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            unwanted = (at_top and name in skipped) or name.startswith(RESTORING)
            if not unwanted and path.is_file() and not path.is_symlink():
                yield path


def _add_living(writer: archive.Writer, name: str, path: Path, snapshot: Path) -> None:
    """Add a file that may be written to, or removed, just now."""
    try:
        with path.open("rb") as opened:
            is_sqlite = opened.read(len(_SQLITE)) == _SQLITE
    except FileNotFoundError:
        return
    if any(_is_companion(path, ending) for ending in _SQLITE_COMPANIONS):
        return  # the snapshot of its database has what it holds
    if not is_sqlite:
        _add(writer, name, path)
        return
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(snapshot)) as copy,
    ):
        source.execute("SELECT count(*) FROM sqlite_master")  # `backup` would wait for a lock without end
        source.backup(copy)
    _add(writer, name, snapshot)
    snapshot.unlink()


def _is_companion(path: Path, ending: str) -> bool:
    return path.name.endswith(ending) and path.with_name(path.name.removesuffix(ending)).is_file()


def _add(writer: archive.Writer, name: str, path: Path) -> None:
    try:
        with path.open("rb") as opened:
            found = os.fstat(opened.fileno())
            writer.add(name, opened, found.st_size, found.st_mtime)
    except FileNotFoundError:
        return


def _about(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The server's version, and the migrations that the database has had."""
    with psycopg.connect(url) as connection:
        version = connection.info.server_version
        there = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
        if there is None or there[0] is None:
            return str(version), ()
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return str(version), tuple((str(app), str(name)) for app, name in rows)


def _seals(url: str) -> tuple[tuple[int, int, str], ...]:
    """The newest seal of each workspace's history: who cuts the newest ones off later contradicts this.

    A guest's workspace in which nothing was issued is removed one day with its history, so it is not remembered; from
    the first document on it is.
    """
    try:
        with psycopg.connect(url) as connection:
            there = connection.execute("SELECT to_regclass('public.audit_seal')").fetchone()
            if there is None or there[0] is None:
                return ()
            rows = connection.execute(
                "SELECT DISTINCT ON (workspace_id) workspace_id, sequence, hash FROM audit_seal s "
                "WHERE NOT EXISTS (SELECT FROM workspaces_workspace w WHERE w.id = s.workspace_id AND w.guest) "
                "OR EXISTS (SELECT FROM invoices_invoice i"
                " WHERE i.workspace_id = s.workspace_id AND i.issue_id IS NOT NULL) "
                "ORDER BY workspace_id, sequence DESC"
            ).fetchall()
    except psycopg.OperationalError:
        return ()  # pg_dump, which comes next, says what is wrong with the server
    return tuple((int(place), int(sequence), str(seal)) for place, sequence, seal in rows)
