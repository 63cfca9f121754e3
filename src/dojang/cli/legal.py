"""Options and answers that the commands about the law share: days, facts, the law's own additions, and sentences."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dojang.cli import options
from dojang.cli.errors import Exit
from dojang.cli.files import read
from dojang.cli.language import language, say
from dojang.cli.output import print_json
from dojang.etax.amendments.errors import InvalidChain, InvalidRequest
from dojang.etax.errors import EtaxError
from dojang.etax.facts import Facts, InvalidFacts
from dojang.etax.notices import Notice
from dojang.etax.parameters import Law

Command = TypeVar("Command", bound=Callable[..., Any])

_WEEKDAYS = "월화수목금토일"
_BOM = b"\xef\xbb\xbf"


class Day(click.ParamType[date]):
    """A day of the calendar."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(say("2026-11-20처럼 적으세요.", "Write it like 2026-11-20."), param, ctx)


class Won(click.ParamType[int]):
    """An amount, no larger than a document can hold."""

    name = "won"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if re.fullmatch(r"-?[0-9]{1,18}", str(value)) is None:
            self.fail(
                say(
                    "18자리까지의 원 단위 정수를 쉼표 없이 적으세요.",
                    "Write whole won without commas, 18 digits at most.",
                ),
                param,
                ctx,
            )
        return int(str(value))


_FILE = click.Path(dir_okay=False, path_type=Path)

on = click.option(
    "--on",
    type=Day(),
    metavar=say("날짜", "DATE"),
    help=say("발행하는 날(기본: 오늘)", "the day of issue (default: today)"),
)

facts_file = click.option(
    "--facts",
    "facts_file",
    type=_FILE,
    metavar=say("파일", "FILE"),
    help=say(
        "사실관계 JSON(과세유형, 신고 내역, 폐업일 등)", "facts as JSON: tax types, returns filed, closings"
    ),
)

law_file = click.option(
    "--law",
    "law_file",
    type=_FILE,
    metavar=say("파일", "FILE"),
    help=say("추가 공휴일·기한연장 TOML", "further holidays and extensions, as TOML"),
)


def refusing(answer: Mapping[str, Any]) -> Callable[[Callable[..., Exit]], Callable[..., Exit]]:
    """For a command with `--json`: what it cannot read is told field by field, to programs in `errors`.

    Args:
        answer: what it prints for programs, with nothing in it.
    """

    def decorate(command: Callable[..., Exit]) -> Callable[..., Exit]:
        @wraps(command)
        def run(*, as_json: bool, **given: object) -> Exit:
            try:
                return command(as_json=as_json, **given)
            except EtaxError as error:
                refused = _refused(error)
                if as_json:
                    print_json({**answer, "errors": [notice_data(each) for each in refused]})
                else:
                    click.echo(error.text(language()), err=True)
                    tell_notices(refused[1:], bad=True)
                return Exit.REFUSED

        return run

    return decorate


def _refused(error: EtaxError) -> tuple[Notice, ...]:
    if not isinstance(error, InvalidChain | InvalidRequest | InvalidFacts):
        return (Notice(error.code, error.text("ko"), error.text("en"), ""),)
    return tuple(
        Notice(error.code, each.located("ko"), each.located("en"), each.citation) for each in error.findings
    )


def today_or(day: date | None) -> date:
    """The day named, or today in Korea."""
    return day or options.day_of(options.now())


def load_facts(file: Path | None) -> Facts:
    """The facts in a file; the usual ones without.

    Raises:
        InvalidFacts: they cannot be read.
    """
    return Facts() if file is None else Facts.from_json(content(file))


def load_law(file: Path | None) -> Law:
    """The law, with an operator's own additions.

    Raises:
        UnreadableAdditions: they cannot be read.
    """
    return Law.load(None if file is None else content(file))


def content(file: Path) -> bytes:
    """A file's content, without the mark that some editors put in front."""
    return read(file).removeprefix(_BOM)


def shown(day: date) -> str:
    """A day with its weekday."""
    return say(f"{day}({_WEEKDAYS[day.weekday()]})", f"{day} ({day:%a})")


def won(amount: int) -> str:
    """An amount for people."""
    return say(f"{amount:,}원", f"{amount:,} won")


def lines(rows: Iterable[tuple[str, str]], indent: str = "") -> Iterable[str]:
    """Names and what belongs to them, one below the other; Korean letters are twice as wide."""
    found = tuple(rows)
    widest = max((_width(name) for name, _ in found), default=0)
    for name, said in found:
        yield f"{indent}{name}{' ' * (widest - _width(name))}  {said}".rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def tell_notices(notices: Iterable[Notice], *, bad: bool = False) -> None:
    """Warnings for people; refusals on standard error."""
    mark = (
        click.style(say("오류", "error"), fg="red") if bad else click.style(say("주의", "note"), fg="yellow")
    )
    for notice in notices:
        source = f"  [{notice.citation}]" if notice.citation else ""
        click.echo(f"{mark} {notice.text(language())}{source}", err=bad)


def notice_data(notice: Notice) -> dict[str, str]:
    """A notice for machines."""
    return {"code": notice.code, "ko": notice.ko, "en": notice.en, "citation": notice.citation}
