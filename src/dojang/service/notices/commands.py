"""`dojang mail-bounce`: what a mail server pipes a delivery status notification into."""

import sys

import click

from dojang.cli.language import say
from dojang.service.commandline import service

#: sysexits.h, as mail servers understand it: keep the message and pipe it in again later.
TRY_AGAIN = 75


@click.command(
    "mail-bounce",
    help=say(
        "되돌아온 메일 한 통(RFC 3464)을 표준 입력으로 읽어, 우리가 보낸 메일이면 반송으로 표시합니다.",
        "Read one mail that came back (RFC 3464) from standard input and mark the mail of ours that it speaks of.",
    ),
)
@click.option(
    "--recipient",
    default="",
    metavar=say("주소", "ADDRESS"),
    help=say(
        "그 메일이 온 주소 (메일 서버가 알려 줄 때)", "the address it came to, where the mail server tells it"
    ),
)
def mail_bounce(recipient: str) -> int:
    with service():
        from django.db import OperationalError  # noqa: PLC0415 - needs Django
        from django.utils import timezone  # noqa: PLC0415

        from dojang.service.notices import bounces  # noqa: PLC0415

        data = sys.stdin.buffer.read(bounces.MOST_BYTES)
        try:
            place = bounces.take(data, recipient=recipient[:500], now=timezone.now())
        except OperationalError:
            click.echo(
                say("데이터베이스에 연결하지 못했습니다.", "The database is not to be reached."), err=True
            )
            return TRY_AGAIN
    # A message that is no bounce of ours is not the mail server's fault: it need not come again.
    click.echo(
        say("반송으로 표시했습니다.", "Marked as bounced.")
        if place
        else say("우리 메일의 반송이 아닙니다.", "No mail of ours came back with it."),
        err=True,
    )
    return 0
