"""Finds 공동인증서 in the places where banks and tax offices have put them since 1999.

The layout is `<root>/NPKI/<CA>/USER/<DN>/signCert.der` with `signPri.key` beside it. Folder names are not relied on: a
folder with both files is a certificate, and what it says is read from the certificate. Only the search of the given
places opens files; key files are never opened here.
"""

import glob
import os
import platform
import string
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dojang.npki import certificates, files
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.npki.identity import ENCRYPTION_FILES, SIGNING_FILES, has_pair

MAX_DEPTH: Final = 5
MAX_ENTRIES: Final = 50_000

# By `platform.system()`. `~` is the home folder, `*` any name. Sources: the public readers PyPinkSign and LibNPKI, and
# the folders the authorities' own programs make beside NPKI.
USUAL_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "Windows": (
        "~/AppData/LocalLow/NPKI",
        "~/AppData/LocalLow/CrossCert",
        "~/AppData/LocalLow/SKCert",
        "~/AppData/LocalLow/certstorage",
        "~/AppData/LocalLow/VestCert",
        "~/AppData/Local/VirtualStore/Program Files/NPKI",
        "~/AppData/Local/VirtualStore/Program Files (x86)/NPKI",
        "C:/Program Files/NPKI",
        "C:/Program Files (x86)/NPKI",
        *(f"{drive}:/NPKI" for drive in string.ascii_uppercase[2:]),
    ),
    "Darwin": (
        "~/Library/Preferences/NPKI",
        "~/Documents/NPKI",
        "~/NPKI",
        "/Volumes/*/NPKI",
    ),
    "Linux": (
        "~/NPKI",
        "/media/*/NPKI",
        "/media/*/*/NPKI",
        "/run/media/*/*/NPKI",
        "/mnt/*/NPKI",
    ),
}


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    """A certificate folder; `has_km` says whether it also holds the 암호화용 pair."""

    folder: Path
    certificate: Certificate
    has_km: bool


def find_certificates(roots: Iterable[Path] | None = None) -> list[FoundCertificate]:
    """The certificates under `roots`, or in the usual places of this operating system.

    Folders that cannot be read, links to folders, broken certificates, whatever lies deeper than `MAX_DEPTH` and what
    comes after `MAX_ENTRIES` directory entries of one root is passed over without an error.
    """
    if roots is None:
        roots = usual_places(platform.system(), _home())
    found: dict[Path, FoundCertificate] = {}
    for root in roots:
        for one in _search(files.locate(root)):
            with suppress(OSError):
                found.setdefault(one.folder.resolve(), one)
    return list(found.values())


def usual_places(system: str, home: Path) -> list[Path]:
    """The folders of `USUAL_PLACES` for an operating system as `platform.system()` names it, `*` expanded."""
    places: list[Path] = []
    for pattern in USUAL_PLACES.get(system, ()):
        place = pattern.replace("~", glob.escape(str(home)))
        places.extend(map(Path, sorted(glob.glob(place))))  # noqa: PTH207 - Path.glob fails on unreadable disks
    return places


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # an account without a home folder, as in containers
        return Path(os.devnull)


def _search(root: Path) -> Iterator[FoundCertificate]:
    budget = MAX_ENTRIES
    waiting = [(root, 0)]
    while waiting and budget > 0:
        folder, depth = waiting.pop()
        names, folders = _list(folder, budget)
        budget -= len(names) + len(folders)
        found = _read(folder, names)
        if found is not None:
            yield found
        if depth < MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in sorted(folders, reverse=True))


def _list(folder: Path, budget: int) -> tuple[dict[str, Path], list[Path]]:
    """Files by lower-case name, and folders that are no links; at most `budget` entries together."""
    names: dict[str, Path] = {}
    folders: list[Path] = []
    with suppress(OSError, ValueError), os.scandir(folder) as listed:
        for _, entry in zip(range(budget), listed, strict=False):
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            else:
                names.setdefault(entry.name.lower(), Path(entry.path))
    return names, folders


def _read(folder: Path, names: Mapping[str, Path]) -> FoundCertificate | None:
    if not has_pair(names, SIGNING_FILES):
        return None
    try:
        certificate = Certificate.load(files.read_file(names[SIGNING_FILES[0]], certificates.MAX_SIZE))
    except NpkiError:
        return None
    return FoundCertificate(folder, certificate, has_pair(names, ENCRYPTION_FILES))
