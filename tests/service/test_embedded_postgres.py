"""The embedded PostgreSQL with real servers and real kills."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from dojang.service.postgres import EmbeddedPostgres, running
from dojang.service.postgres import layout as layouts
from dojang.service.postgres.account import account_for
from dojang.service.postgres.binaries import Binaries
from dojang.service.postgres.errors import (
    AccountNameless,
    AccountShutOut,
    BinariesMissing,
    DidNotStart,
    FolderNotUsable,
    OtherMajorVersion,
    SocketFolderTaken,
)
from dojang.service.postgres.layout import Layout, lay_out
from dojang.service.postgres.locks import FileLock
from service.postgres_for_tests import open_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


@pytest.fixture
def home():
    folder = open_folder(Path(tempfile.mkdtemp(prefix="dojang-pg-")))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(home):
    server = embedded(home / "postgres")
    yield server
    server.stop()


def embedded(folder, **options):
    """Without waiting for the disk: nobody cuts the power here."""
    settings = {"fsync": "off", **options.pop("settings", {})}
    return EmbeddedPostgres(folder, settings=settings, **options)


@contextmanager
def served(folder, **options):
    server = embedded(folder, **options)
    try:
        yield server.start()
    finally:
        server.stop()


def ask(url, query, *values):
    with psycopg.connect(url) as connection:
        return connection.execute(query, values).fetchall()


def do(url, *statements):
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def postmaster(home):
    """The process id, as PostgreSQL wrote it."""
    return int((lay_out(home / "postgres").data / "postmaster.pid").read_text().splitlines()[0])


def await_that(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def is_alive(process):
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return told.returncode == 0 and not told.stdout.startswith("Z")


def guardian_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def user_process(home, *, then="time.sleep(60)"):
    """Another process that uses the server; it prints a line when it does."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom dojang.service.postgres import EmbeddedPostgres\n"
        "addresses = EmbeddedPostgres(Path(sys.argv[1]), settings={'fsync': 'off'}).start()\n"
        f"print(addresses.app_url, flush=True)\n{then}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, home / "postgres"], stdout=subprocess.PIPE, text=True
    )


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def test_neither_role_has_rights_beyond_its_own(server):
    addresses = server.start()
    roles = ask(
        addresses.app_url,
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles "
        "WHERE starts_with(rolname, 'dojang_') AND NOT rolsuper ORDER BY 1",
    )
    assert roles == [("dojang_app", False), ("dojang_owner", False)]
    [(owner,)] = ask(
        addresses.app_url, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'dojang'"
    )
    assert owner == "dojang_owner"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        do(addresses.app_url, "CREATE TABLE mine (id int)")
    do(addresses.owner_url, "CREATE TABLE ours (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        do(addresses.app_url, "SELECT * FROM ours")


def test_korean_text_has_trigrams_and_sorts_by_code_point(server):
    app_url = server.start().app_url
    [(trigrams, encoding, checksums)] = ask(
        app_url,
        "SELECT show_trgm('도장상사'), current_setting('server_encoding'), current_setting('data_checksums')",
    )
    assert len(trigrams) == 5
    assert (encoding, checksums) == ("UTF8", "on")
    assert ask(app_url, "SELECT x FROM unnest(ARRAY['하','가','a']) x ORDER BY x") == [
        ("a",),
        ("가",),
        ("하",),
    ]


def test_nobody_logs_in_without_the_password_nor_as_superuser(server, home):
    app_url = server.start().app_url
    host = quote(str(lay_out(home / "postgres").socket), safe="")
    for login in ("dojang_app:wrong", "dojang_app", "dojang_superuser", "postgres"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{login}@/dojang?host={host}", connect_timeout=5)
    assert ask(app_url, "SELECT 1") == [(1,)]


def test_it_listens_on_no_network_unless_asked(server, home):
    assert ask(server.start().app_url, "SELECT current_setting('listen_addresses')") == [("",)]
    server.stop()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served(home / "postgres", tcp_port=port) as addresses:
        password = addresses.app_url.split(":")[2].split("@")[0]
        over_tcp = f"postgresql://dojang_app:{password}@127.0.0.1:{port}/dojang"
        assert ask(over_tcp, "SELECT 1") == [(1,)]
        assert ask(addresses.app_url, "SELECT 1") == [(1,)]
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://dojang_app@127.0.0.1:{port}/dojang", connect_timeout=5)


def test_others_can_read_neither_passwords_nor_data(server, home):
    server.start()
    layout = lay_out(home / "postgres")
    for private in (layout.passwords, layout.data, layout.socket, layout.server, layout.log):
        assert private.stat().st_mode & 0o077 == 0, private


def test_passwords_are_in_no_repr_and_reach_neither_postgres_nor_its_guardian(server, home, monkeypatch):
    monkeypatch.setenv("DOJANG_SECRET_KEY", "never-to-be-passed-on")
    addresses = server.start()
    password = addresses.app_url.split(":")[2].split("@")[0]
    assert password not in repr(addresses) + repr(server)
    if Path("/proc").is_dir():
        process = postmaster(home)
        for number in (process, guardian_of(process)):
            told = b"".join(Path(f"/proc/{number}/{name}").read_bytes() for name in ("environ", "cmdline"))
            assert b"never-to-be-passed-on" not in told
            assert password.encode() not in told


def test_what_failing_statements_say_stays_out_of_the_log(server, home):
    url = server.start().owner_url
    do(url, "CREATE TABLE unique_people (name text PRIMARY KEY)")
    for statement in (
        "INSERT INTO unique_people VALUES ('홍길동'), ('홍길동')",
        "SELECT '홍길동' FROM nowhere",
    ):
        with pytest.raises(psycopg.Error):
            do(url, statement)
    server.stop()
    logged = "".join(file.read_text() for file in lay_out(home / "postgres").log.iterdir())
    assert "unique_people_pkey" in logged
    assert "홍길동" not in logged


def test_a_second_start_finds_the_same_data_and_passwords(server):
    first = server.start()
    do(first.owner_url, "CREATE TABLE kept AS SELECT 1 AS id")
    assert server.stop()
    assert not server.is_running()
    second = server.start()
    assert second == first
    assert ask(second.owner_url, "SELECT id FROM kept") == [(1,)]


def test_starting_and_stopping_twice_change_nothing(server):
    assert server.start() == server.start()
    assert server.stop()
    assert not server.stop()


def test_the_server_stops_with_its_last_user_only(server, home):
    url = server.start().app_url
    other = embedded(home / "postgres")
    assert other.start().app_url == url
    assert not server.stop()
    assert ask(url, "SELECT 1") == [(1,)]
    assert other.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_starters_at_once_share_one_server(home):
    processes = [user_process(home) for _ in range(3)]
    try:
        urls = {process.stdout.readline() for process in processes}
        assert len(urls) == 1
        assert ask(urls.pop().strip(), "SELECT 1") == [(1,)]
    finally:
        for process in processes:
            end(process)
    await_that(FileLock(home / "postgres" / "guardian.lock").is_free)


def test_the_server_stops_when_its_user_was_killed(home):
    process = user_process(home)
    url = process.stdout.readline().strip()
    number = postmaster(home)
    end(process)
    await_that(FileLock(home / "postgres" / "guardian.lock").is_free)
    await_that(lambda: not is_alive(number))
    with served(home / "postgres") as addresses:
        assert addresses.app_url == url


def test_a_killed_server_recovers_what_was_committed(server, home):
    url = server.start().owner_url
    do(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")
    os.kill(postmaster(home), signal.SIGKILL)
    await_that(lambda: not server.is_running())
    assert server.start().owner_url == url
    assert ask(url, "SELECT count(*) FROM kept") == [(1000,)]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the guardian in /proc")
def test_a_server_that_lost_its_guardian_is_started_anew_under_one(server, home):
    url = server.start().owner_url
    do(url, "CREATE TABLE kept AS SELECT 1 AS id")
    orphan = postmaster(home)
    os.kill(guardian_of(orphan), signal.SIGKILL)
    await_that(lambda: not server.is_running())
    assert server.start().owner_url == url
    assert postmaster(home) != orphan
    assert ask(url, "SELECT id FROM kept") == [(1,)]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the guardian in /proc")
def test_a_server_that_lost_its_guardian_stops_with_its_user(server, home):
    server.start()
    orphan = postmaster(home)
    os.kill(guardian_of(orphan), signal.SIGKILL)
    await_that(lambda: not server.is_running())
    assert server.stop()
    await_that(lambda: not is_alive(orphan))


def test_a_pid_file_that_names_another_program_is_not_believed(server, home):
    url = server.start().app_url
    layout = lay_out(home / "postgres")
    server.stop()
    innocent = subprocess.Popen(
        ["/bin/sleep", "60"], **({} if layout.account.is_self else {"user": layout.account.uid})
    )
    try:
        pid_file = layout.data / "postmaster.pid"
        pid_file.write_text(f"{innocent.pid}\n{layout.data}\n1\n5432\n{layout.socket}\n\n0 0\nready\n")
        layout.account.give(pid_file)
        assert server.start().app_url == url
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_first_start_that_was_killed_half_way_is_made_anew(server, home):
    layout = lay_out(home / "postgres")
    layout.make_folders()
    half = layout.server / f"{layout.unfinished}0"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert ask(server.start().app_url, "SELECT 1") == [(1,)]
    assert not half.exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_text('{"dojang_app": ')])
def test_lost_passwords_are_made_anew_for_the_same_data(server, home, damage):
    first = server.start()
    do(first.owner_url, "CREATE TABLE kept AS SELECT 1 AS id")
    server.stop()
    damage(home / "postgres" / "passwords.json")
    second = server.start()
    assert second != first
    assert ask(second.owner_url, "SELECT id FROM kept") == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.owner_url)


def test_data_of_another_major_version_are_refused_and_left_alone(server, home):
    server.start()
    server.stop()
    version = lay_out(home / "postgres").data / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(OtherMajorVersion) as refused:
        server.start()
    assert "docs/howto/upgrade-postgresql.md" in refused.value.text("ko")
    assert "17" in refused.value.text("ko")
    assert not server.is_running()
    version.write_text("18\n")
    server.start()


def test_settings_that_postgresql_refuses_are_told_with_its_own_words(home):
    server = embedded(home / "postgres", settings={"shared_buffers": "a lot"})
    with pytest.raises(DidNotStart, match="shared_buffers"):
        server.start()
    assert not server.stop()
    with served(home / "postgres") as addresses:
        assert ask(addresses.app_url, "SELECT 1") == [(1,)]


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(home):
    deep = open_folder(home / ("가" * 40))
    server = embedded(deep / "postgres")
    try:
        url = server.start().app_url
        socket_folder = lay_out(deep / "postgres").socket
        assert socket_folder.parent == Path(tempfile.gettempdir())
        assert socket_folder.stat().st_mode & 0o077 == 0
        assert ask(url, "SELECT 1") == [(1,)]
    finally:
        server.stop()
        shutil.rmtree(socket_folder)


def test_a_short_socket_folder_that_is_open_to_others_is_refused(home):
    deep = open_folder(home / ("나" * 40))
    squatted = lay_out(deep / "postgres").socket
    squatted.mkdir(mode=0o777)
    squatted.chmod(0o777)
    try:
        with pytest.raises(SocketFolderTaken, match=squatted.name):
            embedded(deep / "postgres").start()
    finally:
        squatted.rmdir()


def test_a_folder_that_cannot_be_made_is_told_plainly(home):
    (home / "file").write_text("")
    with pytest.raises(FolderNotUsable, match="cannot be used"):
        embedded(home / "file" / "postgres").start()


def test_without_the_wheel_the_refusal_says_what_to_install(home, monkeypatch):
    monkeypatch.setattr("dojang.service.postgres.binaries.find_spec", lambda name: None)
    with pytest.raises(BinariesMissing, match=r"dojang\[service\]"):
        embedded(home / "postgres").start()


@as_root
def test_root_hands_the_server_to_an_account_and_changes_nothing_else(home):
    before = (home.stat().st_uid, home.stat().st_mode)
    with served(home / "postgres"):
        layout = lay_out(home / "postgres")
        assert layout.account.name in {"postgres", "nobody"}
        assert layout.data.stat().st_uid == layout.account.uid != 0
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid == layout.account.uid
    assert (home.stat().st_uid, home.stat().st_mode) == before
    assert (home / "postgres").stat().st_uid == 0


@as_root
def test_root_drops_to_the_owner_of_the_folder(home):
    owned = home / "postgres"
    owned.mkdir(mode=0o700)
    owner = pwd.getpwnam("nobody").pw_uid
    os.chown(owned, owner, -1)
    with served(owned) as addresses:
        assert account_for(owned).uid == owner
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid == owner
        assert ask(addresses.app_url, "SELECT 1") == [(1,)]


@as_root
def test_a_folder_of_a_user_without_a_name_is_refused_plainly(home):
    owned = home / "postgres"
    owned.mkdir(mode=0o700)
    os.chown(owned, 54321, 54321)
    with pytest.raises(AccountNameless, match="54321"):
        embedded(owned).start()


@as_root
def test_where_the_account_cannot_get_in_the_server_goes_elsewhere_and_stays_there(home, monkeypatch):
    monkeypatch.setattr(layouts, "_ELSEWHERE", home / "var")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with served(closed / "postgres") as addresses:
        layout = lay_out(closed / "postgres")
        assert layout.base.parent == home / "var"
        assert layout.passwords.parent == closed / "postgres"
        assert ask(addresses.app_url, "SELECT 1") == [(1,)]
    closed.chmod(0o755)
    assert lay_out(closed / "postgres").base == layout.base
    assert closed.stat().st_uid == 0


@as_root
def test_where_the_account_can_get_in_nowhere_the_refusal_names_folder_and_account(home, monkeypatch):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(layouts, "_ELSEWHERE", closed / "var")
    with pytest.raises(AccountShutOut) as refused:
        embedded(closed / "postgres").start()
    assert str(closed) in refused.value.text("ko")
    assert "DOJANG_DATA" in refused.value.text("ko")


@as_root
def test_programs_in_a_closed_folder_are_copied_once_and_run(home, monkeypatch):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    (closed / "pginstall").symlink_to(Binaries.installed().folder)
    monkeypatch.setattr(Binaries, "installed", classmethod(lambda cls: cls(closed / "pginstall")))
    umask = os.umask(0o077)
    try:
        copied = lay_out(home / "postgres").binaries
    finally:
        os.umask(umask)
    assert copied.folder.is_relative_to(home / "postgres")
    assert copied.version == Binaries(closed / "pginstall").version
    when = copied.folder.stat().st_ctime_ns
    layout = lay_out(home / "postgres")
    assert layout.binaries.folder.stat().st_ctime_ns == when
    assert all(
        layout.account.run([str(copied.program(name)), "--version"]).returncode == 0
        for name in ("postgres", "initdb", "pg_dump", "psql")
    )


@as_root
def test_a_copy_without_its_libraries_is_made_anew(home, monkeypatch):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    (closed / "pginstall").symlink_to(Binaries.installed().folder)
    monkeypatch.setattr(Binaries, "installed", classmethod(lambda cls: cls(closed / "pginstall")))
    (home / "postgres").mkdir()
    (home / "postgres" / f"postgresql-{Binaries.installed().version}" / "bin").mkdir(parents=True)
    layout = lay_out(home / "postgres")
    assert layout.account.run([str(layout.binaries.program("pg_dump")), "--version"]).returncode == 0


def test_a_durable_server_can_be_used_for_a_while_by_a_context(home):
    with running(home / "postgres") as addresses:
        assert ask(addresses.app_url, "SELECT current_setting('fsync')") == [("on",)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses.app_url)


def test_a_lock_ends_with_its_process(tmp_path):
    path = tmp_path / secrets.token_hex(4)
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom dojang.service.postgres.locks import FileLock\n"
        "FileLock(Path(sys.argv[1])).acquire() and print('held', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True)
    with suppress(subprocess.TimeoutExpired):
        process.stdout.readline()
    lock = FileLock(path)
    assert not lock.acquire(seconds=0)
    end(process)
    assert lock.acquire(seconds=5)
    lock.release()
    lock.release()


def test_the_layout_needs_no_server_to_say_where_things_are(home):
    layout = lay_out(home / "postgres")
    assert isinstance(layout, Layout)
    assert layout.port == layouts.DEFAULT_PORT
