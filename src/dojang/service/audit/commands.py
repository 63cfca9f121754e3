"""`dojang verify-history`: whether the history of any document was changed, cut or taken out."""

import click

from dojang.cli.errors import Exit
from dojang.cli.language import say
from dojang.service.commandline import service


@click.command(
    "verify-history",
    help=say(
        "모든 작업공간의 문서 이력과 봉인이 그대로인지 확인합니다. 끊긴 곳이 있으면 1로 끝납니다.",
        "Check the history and the seals of every workspace. Ends with 1 where one is broken.",
    ),
)
def verify_history() -> Exit:
    with service():
        from dojang.service.audit.verifying import verify_all  # noqa: PLC0415 - needs Django

        broken = 0
        for found in verify_all():
            broken += bool(found.breaks)
            click.echo(found.text(), err=bool(found.breaks))
    return Exit.REFUSED if broken else Exit.GOOD
