"""`dojang verify-history`: whether the history of any document was changed, cut or taken out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dojang.cli.errors import Exit
from dojang.cli.language import say
from dojang.service.commandline import service

if TYPE_CHECKING:
    from dojang.service.run import archive


@click.command(
    "verify-history",
    help=say(
        "모든 작업공간의 문서 이력과 봉인이 그대로인지 확인합니다. 끊긴 곳이 있으면 1로 끝납니다.",
        "Check the history and the seals of every workspace. Ends with 1 where one is broken.",
    ),
)
@click.option(
    "--against",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("백업", "BACKUP"),
    help=say(
        "백업(이나 그 manifest.json)에 적힌 마지막 봉인이 아직 있는지도 확인합니다. 여러 번 쓸 수 있습니다.",
        "Also check that the newest seals named in a backup (or its manifest.json) are still there. May be repeated.",
    ),
)
def verify_history(files: tuple[Path, ...]) -> Exit:
    from dojang.service.run.archive import manifest_of  # noqa: PLC0415 - needs the service's packages

    # A backup that can't be read is told before minutes are spent.
    manifests = [(file, manifest_of(file)) for file in files]
    with service():
        from dojang.service.audit.verifying import missing_seals, verify_all  # noqa: PLC0415 - needs Django

        broken = 0
        for found in verify_all():
            broken += bool(found.breaks)
            click.echo(found.text(), err=bool(found.breaks))
        for file, manifest in manifests:
            missing = list(missing_seals(manifest.seals))
            broken += bool(missing)
            click.echo(_told(file, manifest, missing), err=bool(missing))
    return Exit.REFUSED if broken else Exit.GOOD


def _told(file: Path, manifest: "archive.Manifest", missing: list[tuple[int, int]]) -> str:
    """What came of comparing with one backup."""
    head = say(
        f"{file.name} ({manifest.made_at}): 봉인 {len(manifest.seals):,}개",
        f"{file.name} ({manifest.made_at}): {len(manifest.seals):,} seals",
    )
    if not missing:
        return f"{head}, {say('모두 있음', 'all there')}"
    lines = [
        say(
            f"  작업공간 {place}의 봉인 {sequence}이(가) 없습니다. 그 뒤의 이력이 잘려 나갔습니다.",
            f"  seal {sequence} of workspace {place} is gone: its history was cut off.",
        )
        for place, sequence in missing
    ]
    return "\n".join([f"{head}, {say('없어진 것', 'gone')} {len(missing):,}", *lines])
