"""How the command line shows findings, documents and progress."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import click

from dojang.cli.language import language, say
from dojang.etax import Finding, Severity

Item = TypeVar("Item")

_BAR_FROM = 5
_MARKS = {Severity.ERROR: ("오류", "error", "red"), Severity.WARNING: ("주의", "warning", "yellow")}


def print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def tell_findings(name: str, findings: Iterable[Finding]) -> None:
    """Findings for people, on standard error."""
    for finding in findings:
        ko, en, colour = _MARKS[finding.severity]
        mark = click.style(say(ko, en), fg=colour)
        source = f"  [{finding.citation}]" if finding.citation else ""
        click.echo(f"{name}: {mark} {finding.located(language())}{source}", err=True)


def progress(items: Sequence[Item] | Iterable[Item], label: str) -> Iterator[Item]:
    """The items, with a bar where a person watches a longer run."""
    many = not isinstance(items, Sequence) or len(items) >= _BAR_FROM
    if not many or not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar
