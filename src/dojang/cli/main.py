"""The `dojang` command: one group of commands, one way to fail."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import click

from dojang import __version__
from dojang.cli.errors import CliError, Exit
from dojang.cli.language import language, say
from dojang.errors import DojangError

# Where each command stands, in the order in which they are told. A module is loaded when its command is called:
# signing a file need not wait for the law's tables.
_COMMANDS = {
    "demo": "demo:demo",
    "new": "invoices:new",
    "check": "invoices:check",
    "form": "form:form",
    "xml": "invoices:xml",
    "sign": "signing:sign",
    "verify": "signing:verify_command",
    "due": "due:due",
    "options": "law:options",
    "amend": "law:amend",
    "why": "law:why",
    "package": "transmission:package",
    "submit": "transmission:submit",
    "results": "transmission:results",
    "cert": "certificates:cert",
    "testca": "certificates:testca",
    "sandbox": "sandbox:sandbox",
    "schema": "invoices:schema",
}


_JOINING = "dojang.commands"
"""The group of entry points by which other packages add commands, such as the service's `dojang serve`."""


class _Commands(click.Group):
    """The commands of the table, those added by decorator, and those of installed packages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = [*_COMMANDS, *super().list_commands(ctx)]
        return [*own, *(name for name in _joined() if name not in own)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module, _, name = _COMMANDS.get(cmd_name, "").partition(":")
        if module:
            return getattr(import_module(f"dojang.cli.{module}"), name)
        own = super().get_command(ctx, cmd_name)
        joined = _joined().get(cmd_name)
        return joined.load() if own is None and joined else own


def _joined() -> dict[str, EntryPoint]:
    """The commands of installed packages, by name; none is loaded by being listed."""
    return {found.name: found for found in entry_points(group=_JOINING)}


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=say(
        "도장: 전자세금계산서를 쓰고, 검사하고, 서명하고, 전송합니다.",
        "Dojang: write, check, sign and transmit Korean electronic tax invoices.",
    ),
)
def dojang() -> None: ...


@dojang.command(help=say("버전을 보여 줍니다.", "Print the version."))
def version() -> None:
    click.echo(f"dojang {__version__}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status; a refusal is one or two plain sentences."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit status of a command line."""
    try:
        status = dojang.main(arguments, prog_name="dojang", standalone_mode=False)
    except click.UsageError as error:
        _tell(_usage(error))
        if error.ctx is not None:
            _tell(f"{error.ctx.command_path} --help")
        return Exit.WRONG_USE
    except click.Abort:
        _tell(say("중단했습니다.", "Interrupted."))
        return Exit.INTERRUPTED
    except CliError as error:
        _tell(error.text(language()))
        return error.exit_status
    except DojangError as error:
        _tell(error.text(language()))
        return Exit.REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.REFUSED
    return status if isinstance(status, int) else Exit.GOOD


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)


def _usage(error: click.UsageError) -> str:
    """Wrong use in the user's language; click speaks English only."""
    if language() == "en":
        return error.format_message()
    match error:
        case click.NoSuchOption():
            return f"{error.option_name}: 없는 옵션입니다."
        case click.MissingParameter(param=click.Parameter() as parameter):
            return f"{_shown(parameter)} 값이 필요합니다."
        case click.BadParameter(param=click.Parameter(type=click.Choice() as choice) as parameter):
            return f"{_shown(parameter)} 값이 올바르지 않습니다. 가능한 값: {', '.join(map(str, choice.choices))}."
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{_shown(parameter)} 값이 올바르지 않습니다. {error.message}"
        case _:
            return f"쓰는 법이 맞지 않습니다. {error.format_message()}"


def _shown(parameter: click.Parameter) -> str:
    is_option = isinstance(parameter, click.Option)
    return (
        parameter.opts[0]
        if is_option
        else parameter.make_metavar(click.get_current_context(silent=True) or click.Context(dojang))
    )
