"""The release of the signing page's modules: what a browser may run there, and how anyone can tell which it was.

The modules are served byte for byte as they stand in the repository. A response names the hash of each (in the import
map, which its policy allows by the map's own hash), so that a file changed on the way, by a cache or on the disk of
a content server, is not run. The version is made from the same hashes; docs/howto/signing-page.md says how to compute
it from a clone with two commands.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

MODULES: Final = Path(__file__).parent / "modules"
ROOT: Final = "/sign"

#: What is served; nothing else may lie in the folder, since the version is made of everything in it.
SUFFIXES: Final = frozenset({".js", ".css"})

_VERSION_LENGTH: Final = 16
# The entries name modules as `dojang/…`: without the map, and the hashes in it, they resolve to nothing and don't run.
_PREFIX: Final = "dojang/"

#: Beside the policy: no other site's window or resource comes near the page, and its address goes nowhere else.
HEADERS: Final[Mapping[str, str]] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as a page names it: its address, and the hash it must have."""

    url: str
    integrity: str


@dataclass(frozen=True)
class Release:
    """The files of one version, by name."""

    files: Mapping[str, bytes]

    @cached_property
    def listing(self) -> str:
        """SHA-384 and name of each file, sorted by name: what `sha384sum *` prints in the folder."""
        return "".join(
            f"{hashlib.sha384(self.files[name]).hexdigest()}  {name}\n" for name in sorted(self.files)
        )

    @cached_property
    def version(self) -> str:
        """The first sixteen digits of the SHA-256 of `listing`."""
        return hashlib.sha256(self.listing.encode()).hexdigest()[:_VERSION_LENGTH]

    def asset(self, name: str) -> Asset:
        """The file of this name.

        Raises:
            KeyError: there is none.
        """
        return Asset(f"{ROOT}/{self.version}/{name}", _integrity(self.files[name]))

    @cached_property
    def import_map(self) -> str:
        """The import map, JSON, to stand in the page exactly so."""
        assets = [self.asset(name) for name in sorted(self.files) if name.endswith(".js")]
        content = {
            "imports": {_PREFIX: f"{ROOT}/{self.version}/"},
            "integrity": {asset.url: asset.integrity for asset in assets},
        }
        return json.dumps(content, separators=(",", ":"))

    @cached_property
    def content_security_policy(self) -> str:
        """The policy of a page that signs: nothing but this version's modules, and calls to its own server.

        Two policies, both of which have to allow something: `'self'` cannot be narrowed to a path, and a path can
        be given only with a host, which here is any; together they mean this host and this path.
        """
        import_map = f"'{_hash('sha256', self.import_map.encode())}'"
        place = f"*:*{ROOT}/{self.version}/"
        first = {
            "default-src": "'none'",
            "script-src": f"'self' {import_map}",
            "style-src": "'self'",
            "connect-src": "'self'",
            "worker-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        second = {"script-src": f"{place} {import_map}", "style-src": place}
        return ", ".join(_policy(directives) for directives in (first, second))

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers of a page that signs, the policy among them."""
        return {**HEADERS, "Content-Security-Policy": self.content_security_policy}


@cache
def current() -> Release:
    """The release in this installation; read once, so that a running server never mixes two."""
    return read(MODULES)


def read(folder: Path) -> Release:
    """The release in a folder.

    Raises:
        ValueError: something else lies in the folder, which would be part of what people hash.
    """
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    surplus = [path.name for path in entries if path.suffix not in SUFFIXES or not path.is_file()]
    if surplus:
        raise ValueError(f"not a module: {', '.join(surplus)}")
    return Release({path.name: path.read_bytes() for path in entries})


def main() -> None:
    """Print the version and the hashes it is made of: `python -m dojang.service.signing.release`."""
    release = current()
    sys.stdout.write(f"{release.listing}version {release.version}\n")


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _integrity(data: bytes) -> str:
    return _hash("sha384", data)


def _hash(name: str, data: bytes) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


if __name__ == "__main__":
    main()
