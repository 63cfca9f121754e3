"""Which certificates the sandbox believes: its own test CA, and the authorities in folders it was given.

A folder may be one that `dojang testca` filled, or any folder with CA certificates; revocation lists (*.crl) in it
count as well. Where no list speaks of a certificate nothing is held against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dojang.npki.certificates import Certificate
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.errors import RevocationUnknown
from dojang.npki.findings import AnchorsUnusable
from dojang.npki.trust import TrustStore, check_certificate

_TESTCA = "testca"


@dataclass(frozen=True, slots=True)
class Trust:
    """Authorities and revocation lists, as they were read."""

    authorities: TrustStore
    revocations: CrlStore

    def believes(self, certificate: Certificate, at: datetime) -> bool:
        """Whether the certificate could sign a tax invoice at this instant."""
        findings = check_certificate(certificate, self.authorities, at=at, revocation=self.revocations)
        return not any(
            finding.severity == "error" and not isinstance(finding.error, RevocationUnknown)
            for finding in findings
        )


def read_trust(own: TrustStore, folders: Iterable[Path]) -> Trust:
    """The sandbox's own CA and those of the folders.

    Raises:
        AnchorsUnusable: a folder has no root certificate, or a file in it is damaged.
    """
    homes = [folder / _TESTCA if (folder / _TESTCA).is_dir() else folder for folder in folders]
    stores = [own, *map(TrustStore.from_folder, homes)]
    authorities = TrustStore(
        tuple(anchor for store in stores for anchor in store.anchors),
        tuple(intermediate for store in stores for intermediate in store.intermediates),
    )
    lists = [_revocations(file) for home in homes for file in sorted(home.glob("*.crl"))]
    return Trust(authorities, CrlStore(lists, authorities.certificates))


def _revocations(file: Path) -> Crl:
    try:
        return Crl.load(file.read_bytes())
    except OSError:
        raise AnchorsUnusable(name=file.name) from None
