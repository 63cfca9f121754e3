"""Backup and restore of real databases and folders: whole or not at all, and only into what is empty."""

import base64
import io
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dojang.service.environment import MIGRATE, Environment
from dojang.service.postgres import running
from dojang.service.postgres.locks import FileLock
from dojang.service.run import archive, backup, restoring, tools
from dojang.service.run.backup import back_up
from dojang.service.run.errors import (
    AlreadyRunning,
    BackupDamaged,
    BackupInside,
    BackupNewer,
    BackupNotWritten,
    BackupThere,
    TargetNotEmpty,
    ToolFailed,
    ToolMissing,
)
from dojang.service.run.restoring import refuse_newer_backup, restore
from dojang.service.server_addresses import DatabaseAddress
from service.installations import dojang, installation
from service.postgres_for_tests import test_server


def named(url, name):
    return url.replace("/dojang?", f"/{name}?") if "/dojang?" in url else url.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def new_database():
    """Makes empty databases such as a start makes them, and drops them."""
    owner_url = test_server().owner_url
    made = []

    def make():
        name = f"backup_{secrets.token_hex(6)}"
        with psycopg.connect(owner_url, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        url = named(owner_url, name)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
        return url

    yield make
    with psycopg.connect(owner_url, autocommit=True) as server:
        for name in made:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def source(tmp_path, new_database):
    """An installation with something of everything."""
    url = new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE invoice (id bigint PRIMARY KEY, name text, xml bytea)")
        connection.execute("CREATE INDEX ON invoice USING gin (name gin_trgm_ops)")
        connection.execute("ALTER TABLE invoice ENABLE ROW LEVEL SECURITY")
        connection.execute(
            "CREATE POLICY tenant ON invoice USING (id = current_setting('dojang.workspace')::bigint)"
        )
        connection.execute("COMMENT ON TABLE invoice IS '세금계산서'")
        connection.execute(
            "INSERT INTO invoice SELECT i, '도장상사 ' || i, sha256(i::text::bytea) FROM generate_series(1, 500) i"
        )
        connection.execute("CREATE TABLE django_migrations (app text, name text)")
        connection.execute("INSERT INTO django_migrations VALUES ('invoices', '0001_initial')")
    data = tmp_path / "data"
    for folder in ("uploads/로고", "postgres/server", "static", "sandbox-nts"):
        (data / folder).mkdir(parents=True)
    (data / "uploads" / "로고" / "도장.png").write_bytes(os.urandom(200_000))
    (data / "uploads" / "empty").write_bytes(b"")
    (data / "secrets.env").write_text("DOJANG_SECRET_KEY=x\n")
    (data / "transmitter.pem").write_text("-----\n")
    (data / "postgres" / "passwords.json").write_text("{}")
    (data / "static" / "page.css").write_text("")
    (data / "uploads" / "link").symlink_to("/etc/hostname")
    return environment(data, url)


def environment(data, owner_url):
    app_url = owner_url.replace("dojang_owner", "dojang_app", 1)
    if app_url == owner_url:  # a server of the tester's own, with other names
        app_url = named(test_server().app_url, DatabaseAddress.parse(owner_url).name)
    return Environment.read(
        {
            "DOJANG_DEMO": "1",
            "DOJANG_DATA": str(data),
            "DATABASE_URL": app_url,
            "DATABASE_OWNER_URL": owner_url,
            "DOJANG_SECRET_KEY": "only-for-tests-" * 4,
            "DOJANG_DATA_KEY": base64.b64encode(bytes(32)).decode(),
        },
        needs=MIGRATE,
    )


def rows(url, query="SELECT id, name, xml FROM invoice ORDER BY id"):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def contents(data):
    """Every file by its path, what is never restored left out."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(data).parts[0] not in {"postgres", "static"}
    }


def rewritten(file, change):
    """The same backup with its members changed by hand; the manifest stays as it was."""
    out = file.with_name("changed.tar")
    with tarfile.open(file) as old, tarfile.open(out, "w:", format=tarfile.PAX_FORMAT) as new:
        for entry in old:
            content = old.extractfile(entry).read()
            for changed, data in change(entry, content):
                changed.size = len(data)
                new.addfile(changed, io.BytesIO(data))
    return out


def with_manifest(file, change):
    def changed(entry, content):
        if entry.name != archive.MANIFEST:
            return [(entry, content)]
        told = json.loads(content)
        change(told)
        return [(entry, json.dumps(told).encode())]

    return rewritten(file, changed)


def test_what_was_backed_up_is_restored_whole(source, tmp_path, new_database):
    file = tmp_path / "backup.tar"
    done = back_up(source, file)
    target, url = tmp_path / "restored", new_database()
    restored = restore(file, archive.verified(file), target, url)
    assert rows(url) == rows(source.owner_url)
    assert contents(target) == contents(source.data)
    assert restored.files == done.files == 4
    assert rows(url, "SELECT polname FROM pg_policy") == [("tenant",)]
    assert rows(url, "SELECT obj_description('invoice'::regclass)") == [("세금계산서",)]
    assert all(path.stat().st_mode & 0o077 == 0 for path in target.rglob("*"))


def test_the_manifest_says_versions_schema_and_the_hash_of_each_member(source, tmp_path):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    manifest = archive.verified(file)
    assert manifest.schema == (("invoices", "0001_initial"),)
    assert manifest.dojang
    assert int(manifest.postgresql) >= 150000
    assert manifest.seals == ()
    assert set(manifest.members) == {"database.dump"} | {f"files/{name}" for name in contents(source.data)}


def test_a_backup_is_private_and_names_the_secrets_in_it(source, tmp_path):
    done = back_up(source, tmp_path / "with.tar")
    assert done.secrets == ("secrets.env", "transmitter.pem")
    assert (tmp_path / "with.tar").stat().st_mode & 0o077 == 0
    without = back_up(source, tmp_path / "without.tar", with_secrets=False)
    assert without.secrets == ()
    assert b"DOJANG_SECRET_KEY" in (tmp_path / "with.tar").read_bytes()
    assert b"DOJANG_SECRET_KEY" not in (tmp_path / "without.tar").read_bytes()


def test_a_backup_is_never_written_over_a_file_nor_into_what_it_backs_up(source, tmp_path):
    there = tmp_path / "there.tar"
    there.write_text("mine")
    with pytest.raises(BackupThere):
        back_up(source, there)
    assert there.read_text() == "mine"
    with pytest.raises(BackupInside):
        back_up(source, source.data / "backups" / "new.tar")
    assert not (source.data / "backups").exists()


def test_a_backup_that_fails_leaves_no_file(source, tmp_path, monkeypatch):
    before = sorted(tmp_path.iterdir())
    broken = replace(source, owner_url=source.owner_url.replace("dojang_owner:", "dojang_owner:wrong", 1))
    with pytest.raises(ToolFailed) as refused:
        back_up(broken, tmp_path / "new.tar")
    password = DatabaseAddress.parse(source.owner_url).password
    assert password not in refused.value.text("ko")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "finish", full)
    with pytest.raises(BackupNotWritten, match="No space left"):
        back_up(source, tmp_path / "new.tar")
    assert sorted(tmp_path.iterdir()) == before


def test_the_file_of_a_running_sandbox_is_copied_as_of_one_moment(source, tmp_path, new_database):
    book = source.data / "sandbox-nts" / "sandbox.sqlite3"
    with closing(sqlite3.connect(book)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE filed (id)")
        writer.execute("INSERT INTO filed VALUES (1)")
        writer.commit()
        writer.execute("INSERT INTO filed VALUES (2)")  # not yet committed
        back_up(source, tmp_path / "backup.tar")
        writer.rollback()
    target = tmp_path / "restored"
    restore(tmp_path / "backup.tar", archive.verified(tmp_path / "backup.tar"), target, new_database())
    with closing(sqlite3.connect(target / "sandbox-nts" / "sandbox.sqlite3")) as restored:
        assert restored.execute("SELECT id FROM filed").fetchall() == [(1,)]


def test_a_file_that_vanishes_meanwhile_is_left_out(source, tmp_path, monkeypatch):
    listed = backup._files

    def vanishing(*arguments):
        for path in listed(*arguments):
            if path.name == "empty":
                path.unlink()
            yield path

    monkeypatch.setattr(backup, "_files", vanishing)
    back_up(source, tmp_path / "backup.tar")
    assert "files/uploads/empty" not in archive.verified(tmp_path / "backup.tar").members


@pytest.mark.parametrize("keep", [0, 100, 0.3, 0.9, 0.999])
def test_a_backup_cut_short_is_refused(source, tmp_path, keep):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    size = file.stat().st_size
    entries_end = size - 10240 if keep == 0.999 else size
    os.truncate(file, int(keep * entries_end) if isinstance(keep, float) else keep)
    with pytest.raises(BackupDamaged):
        archive.verified(file)


def changed_content(entry, content):
    return [(entry, content[:-1] + bytes([content[-1] ^ 1]) if entry.name.endswith(".png") else content)]


def left_out(entry, content):
    return [] if entry.name.endswith(".png") else [(entry, content)]


def slipped_in(entry, content):
    extra = tarfile.TarInfo("files/slipped-in")
    return [(extra, b"x"), (entry, content)] if entry.name == archive.DATABASE else [(entry, content)]


def twice(entry, content):
    again = tarfile.TarInfo(entry.name)
    return [(entry, content), (again, content)] if entry.name.endswith("empty") else [(entry, content)]


def after_the_manifest(entry, content):
    extra = tarfile.TarInfo("files/late")
    return [(entry, content), (extra, b"x")] if entry.name == archive.MANIFEST else [(entry, content)]


def link_instead(entry, content):
    if not entry.name.endswith(".png"):
        return [(entry, content)]
    link = tarfile.TarInfo(entry.name)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return [(link, b"")]


def test_the_manifest_remembers_the_newest_seal_of_each_history(source, tmp_path):
    with psycopg.connect(source.owner_url) as connection:
        connection.execute("CREATE TABLE audit_seal (workspace_id bigint, sequence int, hash text)")
        connection.execute("CREATE TABLE workspaces_workspace (id bigint, guest boolean)")
        connection.execute("CREATE TABLE invoices_invoice (workspace_id bigint, issue_id text)")
        connection.execute(
            "INSERT INTO audit_seal VALUES (1, 1, 'a'), (1, 2, 'b'), (7, 1, 'c'), (8, 1, 'd'), (9, 1, 'e')"
        )
        # Of guests only who issued something: the others are removed one day.
        connection.execute(
            "INSERT INTO workspaces_workspace VALUES (1, false), (7, false), (8, true), (9, true)"
        )
        connection.execute("INSERT INTO invoices_invoice VALUES (8, NULL), (9, '202611024100000000000001')")
    file = tmp_path / "b.tar"
    back_up(source, file)
    manifest = archive.manifest_of(file)
    assert manifest.seals == ((1, 2, "b"), (7, 1, "c"), (9, 1, "e"))
    alone = tmp_path / "manifest.json"
    alone.write_bytes(manifest.to_json())
    assert archive.manifest_of(alone) == manifest
    for damaged in (b"{}", b"", b"\xff", b"[" * 100_000):
        alone.write_bytes(damaged)
        with pytest.raises(BackupDamaged):
            archive.manifest_of(alone)


@pytest.mark.parametrize(
    "change", [changed_content, left_out, slipped_in, twice, after_the_manifest, link_instead]
)
def test_a_backup_that_differs_from_its_manifest_is_refused(source, tmp_path, change):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    with pytest.raises(BackupDamaged):
        archive.verified(rewritten(file, change))


@pytest.mark.parametrize(
    "name", ["files/../outside", "files//etc/passwd", "/etc/passwd", "files/a/./b", "files/"]
)
def test_a_member_that_would_leave_the_folder_is_refused(source, tmp_path, name):
    file = tmp_path / "backup.tar"
    back_up(source, file)

    def renamed(entry, content):
        if entry.name.endswith("empty"):
            entry = tarfile.TarInfo(name)
        elif entry.name == archive.MANIFEST:
            told = json.loads(content)
            told["members"][name] = told["members"].pop("files/uploads/empty")
            content = json.dumps(told).encode()
        return [(entry, content)]

    with pytest.raises(BackupDamaged):
        archive.verified(rewritten(file, renamed))


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(format=2),
        lambda told: told.pop("members"),
        lambda told: told.update(members=[]),
        lambda told: told.update(schema=[1]),
        lambda told: told["members"].pop("database.dump"),
    ],
)
def test_a_manifest_of_another_shape_is_refused(source, tmp_path, change):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    with pytest.raises(BackupDamaged):
        archive.verified(with_manifest(file, change))


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    for content in (b"", b"hello", os.urandom(20_000)):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(BackupDamaged):
            archive.verified(tmp_path / "file")


def test_a_database_with_anything_in_it_is_refused_before_a_file_is_written(source, tmp_path, new_database):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    url = new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SEQUENCE mine")
    with pytest.raises(TargetNotEmpty):
        restore(file, archive.verified(file), tmp_path / "restored", url)
    assert not (tmp_path / "restored").exists()


@pytest.mark.parametrize("name", ["note.txt", "uploads/empty", "uploads/deep/note.txt"])
def test_a_folder_with_other_files_is_refused_and_left_alone(source, tmp_path, new_database, name):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    mine = tmp_path / "restored" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    url = new_database()
    with pytest.raises(TargetNotEmpty):
        restore(file, archive.verified(file), tmp_path / "restored", url)
    assert mine.read_text() == "mine"
    assert contents(tmp_path / "restored") == {name: b"mine"}
    assert rows(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_restore_that_was_killed_can_be_run_again(source, tmp_path, new_database, monkeypatch):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    target, url = tmp_path / "restored", new_database()
    manifest = archive.verified(file)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_restore_database", killed)
        with pytest.raises(Killed):
            restore(file, manifest, target, url)
    (target / ".restore-left-behind").mkdir()
    (target / "uploads" / "empty").unlink()
    restore(file, manifest, target, url)
    assert rows(url) == rows(source.owner_url)
    assert contents(target) == contents(source.data)
    with pytest.raises(TargetNotEmpty):
        restore(file, manifest, target, url)


def test_a_dump_that_fails_half_way_leaves_the_database_empty(source, tmp_path, new_database):
    with psycopg.connect(source.owner_url) as connection:
        # Cannot be laid again: the row breaks the rule that the dump states after the rows.
        connection.execute("CREATE TABLE late (id int)")
        connection.execute("INSERT INTO late VALUES (1)")
        connection.execute("CREATE FUNCTION fails() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'")
        connection.execute("CREATE INDEX ON late ((1 / (fails() + id - 1)))")
        connection.execute(
            "CREATE OR REPLACE FUNCTION fails() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 0'"
        )
    file = tmp_path / "backup.tar"
    back_up(source, file)
    url = new_database()
    with pytest.raises(ToolFailed):
        restore(file, archive.verified(file), tmp_path / "restored", url)
    assert rows(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_backup_of_a_newer_version_is_refused(source, tmp_path):
    file = tmp_path / "backup.tar"
    back_up(source, file)
    manifest = archive.verified(file)
    with pytest.raises(BackupNewer):
        refuse_newer_backup(manifest, {("invoices", "0000_other")})
    refuse_newer_backup(manifest, {("invoices", "0001_initial"), ("invoices", "0002_later")})


def test_nothing_is_restored_under_a_running_service(source, tmp_path):
    file = tmp_path / "backup.tar"
    with psycopg.connect(source.owner_url) as connection:
        connection.execute("TRUNCATE django_migrations")
    back_up(source, file)
    target = tmp_path / "restored"
    target.mkdir()
    lock = FileLock(target / "supervisor.lock")
    assert lock.acquire(seconds=0)
    with pytest.raises(AlreadyRunning):
        restoring.command({"DOJANG_DEMO": "1", "DOJANG_DATA": str(target)}, file)
    lock.release()


def test_without_postgresqls_programs_the_refusal_names_them(monkeypatch):
    monkeypatch.setattr("dojang.service.postgres.binaries.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing, match="pg_dump"):
        tools.run("pg_dump", ["--version"])


def test_a_backup_that_was_killed_leaves_no_file_by_its_name(source, tmp_path):
    file = tmp_path / "backup.tar"
    code = f"""
import sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from dojang.service.run import archive, backup
class Environment:
    data = Path({str(source.data)!r})
    owner_url = {source.owner_url!r}
from dojang.service.server_addresses import DatabaseAddress
Environment.owner_database = DatabaseAddress.parse(Environment.owner_url)
def wait(*_):
    print("all but the manifest", flush=True)
    time.sleep(60)
archive.Writer.finish = wait
backup.back_up(Environment, Path({str(file)!r}))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not file.exists()
    back_up(source, file)
    archive.verified(file)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.tar"]


def test_passwords_reach_postgresqls_programs_by_their_environment_alone(source, monkeypatch):
    seen = {}

    def noted(command, **options):
        seen.update(command=command, env=options["env"])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(tools.subprocess, "run", noted)
    tools.run("pg_dump", ["--format=custom"], source.owner_database)
    password = source.owner_database.password
    assert password not in " ".join(map(str, seen["command"]))
    assert seen["env"]["PGPASSWORD"] == password


def test_the_commands_carry_an_installation_to_an_empty_folder(tmp_path):
    file = tmp_path / "backup.tar"
    with installation() as environ:
        ask = partial(subprocess.run, capture_output=True, text=True, check=False)
        assert ask(dojang("migrate"), env=environ).returncode == 0
        uploads = Path(environ["DOJANG_DATA"]) / "uploads"
        uploads.mkdir()
        (uploads / "seal.png").write_bytes(b"seal")
        done = ask(dojang("backup", file), env=environ)
        assert done.returncode == 0, done.stderr
        assert "비밀 값은 들어 있지 않습니다" in done.stderr
        refused = ask(dojang("restore", file), env=environ)
        assert refused.returncode == 1
        assert "빈 곳에만 되살립니다" in refused.stderr

        elsewhere = environ | {"DOJANG_DATA": f"{environ['DOJANG_DATA']}-restored"}
        restored = ask(dojang("restore", file), env=elsewhere)
        assert restored.returncode == 0, restored.stderr
        target = Path(elsewhere["DOJANG_DATA"])
        assert (target / "uploads" / "seal.png").read_bytes() == b"seal"
        with running(target / "postgres") as addresses:
            assert rows(addresses.app_url, "SELECT count(*) > 0 FROM django_migrations") == [(True,)]
