"""Revocation lists: fetched every hour from the authorities, and every registered certificate judged by them again."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from django.conf import settings

from dojang.errors import DojangError
from dojang.npki.certificates import Certificate as Parsed
from dojang.npki.crl import MAX_SIZE, Crl, CrlStore, Good, Revoked
from dojang.npki.errors import NpkiError
from dojang.npki.fetch import directory_hosts, fetch
from dojang.npki.files import read_file
from dojang.service.certificates import judging
from dojang.service.certificates.errors import ListNotBelieved
from dojang.service.certificates.files import authority_folder
from dojang.service.certificates.models import Certificate, RevocationList
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace

_SECONDS: Final = 20.0
_MOST_LISTS: Final = 500
_COLUMNS: Final = ("revocation", "revoked_at", "revocation_checked_at")

Fetch = Callable[[str], bytes]


def fetch_list(url: str) -> bytes:
    """A list from the server that a certificate names, if it is an authority's.

    Raises:
        NpkiError.
    """
    return fetch(url, timeout=_SECONDS, max_bytes=MAX_SIZE, hosts=directory_hosts())


def refresh(*, now: datetime, fetch: Fetch = fetch_list) -> list[DojangError]:
    """Fetch the lists that registered certificates name, and judge them all anew; what could not be fetched.

    A list that cannot be had, or is not signed by an authority, leaves the one before it in place. In front of the
    sandbox nobody is asked: the lists are files beside the test authority.
    """
    if settings.ENVIRONMENT.revocation == "off":
        return []
    workspaces = crossing.workspaces()
    if settings.ENVIRONMENT.nts == "sandbox":
        troubles = _read_all(now)
    else:
        troubles = _fetch_all(_addresses(workspaces), now, fetch)
    source = judging.revocation_source()
    for workspace_id in workspaces:
        with in_workspace(workspace_id):
            _judge_here(source, now)
    return troubles


def _addresses(workspaces: Collection[int]) -> list[str]:
    found: dict[str, None] = {}
    for workspace_id in workspaces:
        with in_workspace(workspace_id):
            for row in Certificate.objects.filter(removed_at=None):
                found.update(dict.fromkeys(judging.parsed(row).crl_urls[:4]))
    for authority in judging.trust_store().certificates:
        found.update(dict.fromkeys(authority.crl_urls[:4]))
    return list(found)[:_MOST_LISTS]


def _fetch_all(urls: Collection[str], now: datetime, fetch: Fetch) -> list[DojangError]:
    troubles: list[DojangError] = []
    for url in urls:
        try:
            _keep(url, fetch(url), now)
        except (NpkiError, ListNotBelieved) as error:
            troubles.append(error)
    return troubles


def _read_all(now: datetime) -> list[DojangError]:
    """The lists that lie beside the test authority."""
    troubles: list[DojangError] = []
    for file in sorted(authority_folder().glob("*.crl")):
        try:
            _keep(f"file:{file.name}", read_file(file, limit=MAX_SIZE), now)
        except (NpkiError, ListNotBelieved) as error:
            troubles.append(error)
    return troubles


def _keep(url: str, data: bytes, now: datetime) -> None:
    """Store a list that an authority signed and that is no older than the one at hand.

    Raises:
        NpkiError: it cannot be read.
        ListNotBelieved.
    """
    found = Crl.load(data)
    if not any(found.signed_by(authority) for authority in judging.trust_store().certificates):
        raise ListNotBelieved(issuer=found.issuer)
    before = RevocationList.objects.filter(url=url[:500]).first()
    if before is not None and before.this_update > found.this_update:
        raise ListNotBelieved(issuer=found.issuer)
    RevocationList.objects.update_or_create(
        url=url[:500],
        defaults={
            "der": data,
            "this_update": found.this_update,
            "next_update": found.next_update,
            "fetched_at": now,
        },
    )


def _judge_here(source: CrlStore, now: datetime) -> None:
    """Record of each certificate of the open workspace whether it is revoked."""
    rows = list(Certificate.objects.filter(removed_at=None))
    for row in rows:
        judge_one(row, judging.parsed(row), source, now)
    Certificate.objects.bulk_update(rows, _COLUMNS, batch_size=200)


def judge_one(row: Certificate, certificate: Parsed, source: CrlStore, now: datetime) -> None:
    """Put what is known into a row that is saved afterwards. Once revoked it stays so, unless a hold was lifted."""
    status = source.status(certificate, now)
    row.revocation_checked_at = now
    if isinstance(status, Revoked):
        row.revocation, row.revoked_at = "revoked", status.when
    elif isinstance(status, Good):
        row.revocation, row.revoked_at = "good", None
    elif row.revocation != "revoked":
        row.revocation = "unknown"
