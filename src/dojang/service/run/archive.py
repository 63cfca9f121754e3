"""The file of a backup: a tar of the database, the data folder and, last, a manifest with the SHA-256 of each member.

Without the manifest at its end a backup was never finished. Reading believes nothing that the manifest does not say.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from dojang.service.run.errors import BackupDamaged

FORMAT = 1
DATABASE = "database.dump"
FILES = "files/"
MANIFEST = "manifest.json"
_MAX_MANIFEST = 256 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    dojang: str
    """The version that made it."""
    made_at: str
    """ISO 8601, UTC."""
    postgresql: str
    schema: tuple[tuple[str, str], ...]
    """The migrations that its database has had."""
    seals: tuple[tuple[int, int, str], ...]
    """Of each workspace with a history: its number, its newest seal's sequence and hash, just before the dump."""
    members: dict[str, Member]

    def to_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """Raises ValueError, KeyError or TypeError where it is no manifest of ours."""
        told: dict[str, Any] = json.loads(data)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        members = {str(name): Member(int(m["size"]), str(m["sha256"])) for name, m in told["members"].items()}
        return cls(
            dojang=str(told["dojang"]),
            made_at=str(told["made_at"]),
            postgresql=str(told["postgresql"]),
            schema=tuple((str(app), str(name)) for app, name in told["schema"]),
            seals=tuple((int(place), int(sequence), str(seal)) for place, sequence, seal in told["seals"]),
            members=members,
        )


class Writer:
    """Adds members and remembers what they were."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, Member] = {}

    def add(self, name: str, file: IO[bytes], size: int, modified: float) -> None:
        """Add exactly `size` bytes of an open file.

        Raises:
            OSError: it has become shorter meanwhile, or cannot be written.
        """
        reader = _Hashing(file)
        self._tar.addfile(_entry(name, size, modified), reader)
        self.members[name] = Member(size, reader.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        data = manifest.to_json()
        self._tar.addfile(_entry(MANIFEST, len(data), 0), io.BytesIO(data))


def _entry(name: str, size: int, modified: float) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(modified), 0o600
    return entry


class _Hashing(io.RawIOBase):
    """Reads a file and hashes what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


@contextmanager
def reading(file: Path) -> Generator[tarfile.TarFile]:
    """A backup to read from.

    Raises:
        BackupDamaged: it is no tar, or ends too early.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(file=file, what=type(error).__name__) from None


def verified(file: Path) -> Manifest:
    """Read a backup whole and compare every member with its manifest, which is given back.

    Raises:
        BackupDamaged: something is missing, too much or different.
    """
    with reading(file) as tar:
        found: dict[str, Member] = {}
        manifest: Manifest | None = None
        for entry in tar:
            if manifest is not None or not entry.isreg() or entry.name in found:
                raise BackupDamaged(file=file, what=entry.name)
            if entry.name == MANIFEST:
                manifest = _manifest(file, tar, entry)
            else:
                found[entry.name] = Member(entry.size, _sha256(chunks(tar, entry)))
    if manifest is None:
        raise BackupDamaged(file=file, what=MANIFEST)
    if wrong := _different(manifest.members, found):
        raise BackupDamaged(file=file, what=wrong)
    return manifest


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself, or its manifest alone, which is small enough to be kept anywhere.

    Raises:
        BackupDamaged: it is neither; a backup is verified whole.
    """
    if tarfile.is_tarfile(file):
        return verified(file)
    try:
        if file.stat().st_size > _MAX_MANIFEST:
            raise BackupDamaged(file=file, what=MANIFEST)
        return Manifest.from_json(file.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BackupDamaged(file=file, what=MANIFEST) from None


def _manifest(file: Path, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Manifest:
    if entry.size > _MAX_MANIFEST:
        raise BackupDamaged(file=file, what=MANIFEST)
    try:
        return Manifest.from_json(b"".join(chunks(tar, entry)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupDamaged(file=file, what=MANIFEST) from None


def _different(told: dict[str, Member], found: dict[str, Member]) -> str | None:
    """The first member that is not as it should be."""
    if DATABASE not in told:
        return DATABASE
    names = sorted(told.keys() | found.keys())
    return next((name for name in names if told.get(name) != found.get(name) or not _is_ours(name)), None)


def _is_ours(name: str) -> bool:
    """Whether a name stays inside the folder it is restored to."""
    if name == DATABASE:
        return True
    path = PurePosixPath(name.removeprefix(FILES))
    parts = name.removeprefix(FILES).split("/")
    return name.startswith(FILES) and not path.is_absolute() and not {"", ".", ".."} & set(parts)


def chunks(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterable[bytes]:
    """The content of a member, piece by piece."""
    content = tar.extractfile(entry)
    if content is None:
        return
    while piece := content.read(_CHUNK):
        yield piece


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def sha256_of(file: Path) -> str:
    """Of a file on disk."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
