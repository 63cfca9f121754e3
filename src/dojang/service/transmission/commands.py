"""`dojang operator`: who may see the operator's page."""

import click

from dojang.cli.errors import Exit
from dojang.cli.language import say
from dojang.service.commandline import service


@click.command(
    "operator",
    help=say(
        "계정에 운영 화면(/operator/)을 볼 권한을 줍니다.",
        "Let an account see the operator's page (/operator/).",
    ),
)
@click.argument("email", metavar=say("이메일", "EMAIL"))
@click.option("--remove", is_flag=True, help=say("권한을 거둡니다", "take it away"))
def operator(email: str, remove: bool) -> Exit:
    with service():
        from dojang.service.accounts.models import User  # noqa: PLC0415 - needs Django

        found = User.objects.filter(email=email.lower()).update(is_staff=not remove)
    if not found:
        click.echo(
            say(
                f"가입한 계정이 없습니다: {email}. 먼저 가입하세요.",
                f"No such account: {email}. Sign up first.",
            ),
            err=True,
        )
        return Exit.REFUSED
    click.echo(
        say(f"운영 권한을 거두었습니다: {email}", f"No operator any more: {email}")
        if remove
        else say(f"이제 운영 화면을 볼 수 있습니다: {email}", f"May see the operator's page now: {email}")
    )
    return Exit.GOOD
