"""The commands of the service, which join the `dojang` command line by entry points. Django is loaded when one runs."""

import functools
import os
from collections.abc import Callable, Collection
from importlib.util import find_spec
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from dojang.cli.errors import Exit
from dojang.cli.language import say
from dojang.service.environment import MIGRATE, WEB, WORKER, Environment
from dojang.service.run.errors import NotInstalled

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_PARTS = ("django", "granian", "procrastinate", "psycopg")

_host = click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=say("들을 주소(컨테이너 안에서는 0.0.0.0)", "address to listen on (0.0.0.0 in a container)"),
)


def _of_the_service(command: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Says what to install where only the library is."""

    @functools.wraps(command)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        if any(find_spec(part) is None for part in _PARTS):
            raise NotInstalled
        return command(*args, **kwargs)

    return checked


def _say(ko: str, en: str) -> None:
    click.echo(say(ko, en))


@click.command(
    help=say(
        "서비스를 모두 실행합니다: 데이터베이스, 모의 국세청, 작업자, 웹. 멈추려면 Ctrl-C.",
        "Run the whole service: database, sandbox 국세청, worker, web. Ctrl-C stops it.",
    )
)
@click.option(
    "--demo",
    is_flag=True,
    help=say(
        "시험용 회사와 자료로, 이 컴퓨터 안에서만 (./demo)",
        "with made-up companies, on this machine alone (./demo)",
    ),
)
@_host
@_of_the_service
def serve(demo: bool, host: str) -> Exit:
    from dojang.service.run.serve import serve as run  # noqa: PLC0415 - needs the service

    environ = dict(os.environ)
    if demo:
        environ["DOJANG_DEMO"] = "1"
    run(environ, host=host, tell=_say)
    return Exit.GOOD


@click.command(help=say("웹 프로세스만 실행합니다.", "Run the web process alone."))
@_host
@_of_the_service
def web(host: str) -> Exit:
    from dojang.service.run import roles  # noqa: PLC0415

    return _run(lambda: roles.web(host), WEB)


@click.command(
    help=say("작업자 프로세스만 실행합니다: 전송, 메일.", "Run the worker alone: transmission, mail.")
)
@_of_the_service
def worker() -> Exit:
    from dojang.service.run import roles  # noqa: PLC0415

    return _run(roles.worker, WORKER)


@click.command(help=say("데이터베이스를 이 버전에 맞게 바꿉니다.", "Bring the database up to this version."))
@_of_the_service
def migrate() -> Exit:
    from dojang.service.run import roles  # noqa: PLC0415

    return _run(roles.migrate, MIGRATE)


def _run(process: Callable[[], None], needs: Collection[str]) -> Exit:
    from dojang.service.run.database import complete  # noqa: PLC0415

    with complete(os.environ, needs) as environ:
        os.environ.update(environ)
        process()
    return Exit.GOOD


@click.command(
    help=say(
        "서비스의 비밀 값을 한 폴더에 만듭니다. 있는 것은 덮어쓰지 않습니다.",
        "Make the secrets of the service in one folder. None that is there is overwritten.",
    )
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar=say("폴더", "FOLDER"))
@_of_the_service
def secrets(folder: Path) -> Exit:
    from dojang.service.run import new_secrets  # noqa: PLC0415

    file = new_secrets.make(folder)
    _say(f"만들었습니다: {file}", f"Made: {file}")
    _say(
        f"쓰는 법: set -a; . {file}; set +a. 백업해 두세요. 잃으면 암호화된 데이터를 읽을 수 없습니다.",
        f"To use it: set -a; . {file}; set +a. Back it up: without it encrypted data can't be read.",
    )
    return Exit.GOOD


@click.command(
    help=say(
        "데이터베이스와 데이터 폴더를 파일 하나로 백업합니다. 실행 중에도 됩니다.",
        "Back up the database and the data folder into one file, also while it runs.",
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar=say("파일", "FILE"))
@click.option("--without-secrets", is_flag=True, help=say("비밀 값 파일은 빼고", "leave the secrets out"))
@_of_the_service
def backup(file: Path, without_secrets: bool) -> Exit:
    from dojang.service.run.backup import back_up  # noqa: PLC0415
    from dojang.service.run.database import complete  # noqa: PLC0415

    with complete(os.environ, MIGRATE) as environ:
        done = back_up(Environment.read(environ, needs=MIGRATE), file, with_secrets=not without_secrets)
    _say(
        f"백업했습니다: {file} (파일 {done.files:,}개, {done.size:,}바이트)",
        f"Backed up: {file} ({done.files:,} files, {done.size:,} bytes)",
    )
    if done.secrets:
        names = ", ".join(done.secrets)
        click.secho(
            say(
                f"주의: 비밀 값도 들어 있습니다({names}). 이 파일을 가진 사람은 모든 자료를 읽을 수 있습니다.",
                f"Take care: it holds secrets ({names}). Whoever has this file can read everything.",
            ),
            err=True,
            fg="yellow",
        )
    else:
        click.echo(
            say(
                "비밀 값은 들어 있지 않습니다. 따로 보관하지 않으면 되살린 자료를 읽을 수 없습니다.",
                "It holds no secrets. Keep them elsewhere, or what is restored can't be read.",
            ),
            err=True,
        )
    return Exit.GOOD


@click.command(
    help=say(
        "백업 파일을 빈 데이터베이스와 빈 데이터 폴더에 되살립니다.",
        "Restore a backup into an empty database and an empty data folder.",
    )
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=say("파일", "FILE")
)
@_of_the_service
def restore(file: Path) -> Exit:
    from dojang.service.run import restoring  # noqa: PLC0415

    restored = restoring.command(os.environ, file)
    _say(
        f"되살렸습니다: 파일 {restored.files:,}개, 백업한 때 {restored.made_at}",
        f"Restored: {restored.files:,} files, backed up at {restored.made_at}",
    )
    return Exit.GOOD
