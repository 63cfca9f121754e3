"""Test certificates of the demo's businesses: issued once by the authority that the sandbox believes, and kept.

They lie in the demo's folder as their owners would keep them, for a business that somebody signed up with as well.
"""

from datetime import datetime, timedelta
from pathlib import Path

from dojang.npki.testca import TestCA
from dojang.service.certificates.files import authority_folder
from dojang.service.demo.accounts import CERTIFICATE_PASSPHRASE, certificate_folder

#: Old enough for what the demo issued in the past.
_BEFORE = timedelta(days=154)
_AFTER = timedelta(days=300)


def supplier_folder() -> Path:
    """Where the certificates of businesses lie that nobody plays: out of sight of whoever tries the demo."""
    return authority_folder().parent / "suppliers"


def archive_of(number: str, name: str, *, now: datetime, folder: Path | None = None) -> Path:
    """The `.pfx` of a business number; made with its NPKI folder if there is none yet."""
    home = (folder or certificate_folder()) / number
    archive = next(home.glob("*.pfx"), None)
    if archive is None:
        authority = TestCA.load_or_create(authority_folder().parent, now=now)
        issued = authority.issue(
            number, name, passphrase=CERTIFICATE_PASSPHRASE, valid_from=now - _BEFORE, valid_to=now + _AFTER
        )
        _, archive = authority.write(issued, home)
    return archive
