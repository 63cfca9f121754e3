"""Whether a certificate can sign now: chain, time, purpose, revocation, and whose it is."""

from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Q

from dojang.npki.certificates import Certificate as Parsed
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.findings import CertificateFinding
from dojang.npki.trust import TrustStore, check_certificate
from dojang.service.certificates.files import authority_folder
from dojang.service.certificates.models import Certificate, RevocationList

_URL = 500  # characters of an address that are kept


@cache
def trust_store() -> TrustStore:
    """The Korean roots; in front of the sandbox, also its test authority."""
    korea = TrustStore.korea()
    folder = authority_folder()
    if settings.ENVIRONMENT.nts != "sandbox" or not folder.is_dir():
        return korea
    test = TrustStore.from_folder(folder)
    return TrustStore((*korea.anchors, *test.anchors), (*korea.intermediates, *test.intermediates))


def judge(certificate: Parsed, *, at: datetime) -> tuple[CertificateFinding, ...]:
    """Everything wrong with a certificate at an instant, worst first.

    Revocation is asked as the operator set it: `off` not at all; `soft`, an unknown status is let pass; `hard`,
    an unknown status is an error.
    """
    policy = settings.ENVIRONMENT.revocation
    source = None if policy == "off" else revocation_source(certificate)
    findings = check_certificate(certificate, trust_store(), at=at, revocation=source)
    if policy == "soft":
        return tuple(finding for finding in findings if finding.code != "revocation_unknown")
    return findings


def errors(certificate: Parsed, *, at: datetime) -> tuple[CertificateFinding, ...]:
    """Those that forbid signing."""
    return tuple(finding for finding in judge(certificate, at=at) if finding.severity == "error")


def revocation_source(certificate: Parsed | None = None) -> CrlStore:
    """The lists that the worker fetched; for one certificate, those that it and the authorities name.

    An authority has hundreds of lists: reading all of them for each signing would take longer than the signing.
    """
    rows = RevocationList.objects.all()
    if certificate is not None:
        named = {url for one in (certificate, *trust_store().certificates) for url in one.crl_urls}
        # In front of the sandbox lists are files, a handful, whatever address the certificate names.
        rows = rows.filter(Q(url__in=[url[:_URL] for url in named]) | Q(url__startswith="file:"))
    return CrlStore(
        [Crl.load(bytes(der)) for der in rows.values_list("der", flat=True)], trust_store().certificates
    )


def parsed(row: Certificate) -> Parsed:
    """A registered certificate, read."""
    return Parsed.load(bytes(row.der))
