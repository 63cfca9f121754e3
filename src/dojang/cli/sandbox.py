"""`dojang sandbox`: a 국세청 to try things on."""

from pathlib import Path

import click

from dojang.cli import options
from dojang.cli.errors import Exit
from dojang.cli.language import say
from dojang.cli.signing import anchor_folder
from dojang.sandbox.server import Sandbox, serve

HOST = "127.0.0.1"


@click.command(
    help=say(
        "모의 국세청을 엽니다. 서명, 인증서, 암호화, 규칙을 실제와 같이 검증하고 접수합니다. 멈추려면 Ctrl-C.",
        "Run a sandbox 국세청 that verifies signatures, certificates, encryption and rules for real. Ctrl-C stops it.",
    )
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help=say("포트", "port")
)
@click.option("--host", default=HOST, show_default=True, help=say("들을 주소", "address to listen on"))
@click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=say("데이터 폴더", "folder for its data"),
)
@click.option(
    "--anchors",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=say(
        "믿을 인증기관 폴더(dojang testca의 폴더 등)", "folder of CAs to trust, such as that of dojang testca"
    ),
)
def sandbox(port: int, host: str, data: Path, anchors: tuple[Path, ...]) -> Exit:
    server = Sandbox.open(
        data,
        base_address=f"http://{host}:{port}",
        anchors=[anchor_folder(folder) for folder in anchors],
        clock=options.now,
    )

    def ready(address: str) -> None:
        click.echo(say(f"모의 국세청: {address}", f"sandbox 국세청: {address}"))
        click.echo(say(f"연결 설정: {server.client_settings}", f"client settings: {server.client_settings}"))

    serve(server, host, port, ready=ready)
    return Exit.GOOD
