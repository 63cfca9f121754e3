"""What a document that came from outside proves: its signature, whose certificate made it, whether it is 모의.

The number of the supplier cannot be proven from the document: that takes R, which only the tax office is sent. What is
proven is that somebody with this certificate signed exactly this; whose certificate it is, is shown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax.identifiers import IssueId
from dojang.etax.signature import verify
from dojang.npki.certificates import Certificate
from dojang.npki.findings import CertificateFinding
from dojang.npki.trust import TrustStore, check_certificate
from dojang.service.certificates import judging
from dojang.service.records.errors import FileTooLarge, NoIssueId, SignatureBad

MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Examined:
    """A document whose signature holds.

    Attributes:
        document: what it says, read from the very bytes that were verified.
        is_sandbox: signed with a certificate that only the sandbox believes.
        verdict: for the row: who signed, and what there is to say of the certificate.
    """

    document: Document = field(repr=False)
    is_sandbox: bool
    verdict: dict[str, Any] = field(repr=False)


def examine(data: bytes, *, now: datetime, was_issued_here: bool = False) -> Examined:
    """Verify a document from the bytes that came.

    Args:
        data: the XML.
        now: aware; the certificate of a document that does not say when it was issued is judged by it.
        was_issued_here: this server itself verified the certificate when it was issued, so that what became of it
            since is told, but is no reason to refuse.

    Raises:
        FileTooLarge, NoIssueId.
        SignatureBad: no signature, one that does not hold, a document that cannot be read, or a certificate that
            nobody vouches for.
    """
    if len(data) > MOST_BYTES:
        raise FileTooLarge
    try:
        signed = verify(data, archive=True, max_bytes=MOST_BYTES)
        document = signed.invoice
        certificate = Certificate.load(signed.certificate)
    except DojangError as error:
        raise SignatureBad(why_ko=error.text("ko"), why_en=error.text("en")) from None
    if IssueId.parse(document.issue_id or "") is None:
        raise NoIssueId
    at = document.issued_at or now
    findings = judging.judge(certificate, at=at)
    bad = [one for one in findings if one.severity == "error" and not _is_unknown(one)]
    if bad and not was_issued_here:
        raise SignatureBad(why_ko=bad[0].ko, why_en=bad[0].en)
    told = [] if was_issued_here else [one for one in findings if not _is_noise(one)]
    verdict = {
        "signed_by": certificate.owner,
        "authority": certificate.ca,
        "fingerprint": certificate.fingerprint,
        "archive": signed.is_archive,
        "checked_at": now.isoformat(),
        "told": [{"code": one.code, "ko": one.ko, "en": one.en} for one in told],
    }
    return Examined(document, _is_sandbox(certificate, at), verdict)


def _is_unknown(finding: CertificateFinding) -> bool:
    """Whether somebody revoked it is not always known, above all of old ones: that proves nothing."""
    return finding.code == "revocation_unknown"


def _is_noise(finding: CertificateFinding) -> bool:
    return finding.code == "issuer_revocation_unknown"


def _is_sandbox(certificate: Certificate, at: datetime) -> bool:
    """Whether none of the Korean authorities stands behind it."""
    found = check_certificate(certificate, TrustStore.korea(), at=at, use="any")
    return any(one.severity == "error" for one in found)
