"""Options that several commands share: the certificate, its passphrase, machine-readable output."""

import getpass
import os
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from dojang.cli.errors import CannotReadFile, NoPassphrase
from dojang.cli.language import say
from dojang.etax import KST

Command = TypeVar("Command", bound=Callable[..., Any])

PASSPHRASE_VARIABLE = "DOJANG_PASSPHRASE"  # noqa: S105 (the name of a variable)
_MAX_PASSPHRASE = 4096

files = click.argument("files", nargs=-1, required=True, metavar=say("파일…", "FILE…"))

as_json = click.option("--json", "as_json", is_flag=True, help=say("기계가 읽는 JSON으로 출력", "print JSON"))

passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("비밀번호 한 줄이 든 파일", "file that holds the passphrase in one line"),
)


def certificate(command: Command) -> Command:
    """--cert, --key and --passphrase-file."""
    command = passphrase_file(command)
    command = click.option(
        "--key",
        type=click.Path(dir_okay=False, path_type=Path),
        help=say("--cert가 인증서 파일일 때 그 개인키", "private key, where --cert is a lone certificate"),
    )(command)
    return click.option(
        "--cert",
        required=True,
        type=click.Path(path_type=Path),
        help=say("인증서 폴더 또는 .pfx 파일", "certificate folder or .pfx file"),
    )(command)


def passphrase(file: Path | None) -> str:
    """From the file, the environment, or the person; never from an argument, which others can see.

    Raises:
        NoPassphrase: none of the three.
    """
    if file is not None:
        return _first_line(file)
    if (value := os.environ.get(PASSPHRASE_VARIABLE)) is not None:
        return value
    with warnings.catch_warnings():
        # Where the terminal cannot hide what is typed, nothing is asked.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return click.prompt(say("인증서 비밀번호", "Passphrase"), hide_input=True, err=True)
        except (click.Abort, getpass.GetPassWarning):
            raise NoPassphrase from None


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_MAX_PASSPHRASE).split(b"\n", 1)[0].removesuffix(b"\r").decode()
    except (OSError, UnicodeDecodeError):
        raise CannotReadFile(name=file) from None


class Moment(click.ParamType[datetime]):
    """A time; without a zone it is meant in Korea."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                say("2026-11-20T09:00:00처럼 적으세요.", "Write it like 2026-11-20T09:00:00."), param, ctx
            )
        return moment if moment.tzinfo else moment.replace(tzinfo=KST)


at = click.option(
    "--at",
    type=Moment(),
    help=say("기준 시각(기본: 지금)", "the time to go by (default: now)"),
)


def now() -> datetime:
    """The clock: the one place where the command line asks for the time."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day in Korea."""
    return moment.astimezone(KST).date()
