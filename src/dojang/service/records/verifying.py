"""What a document that came from outside proves: its signature, whose certificate made it, whether it is 모의.

The number of the supplier cannot be proven from the document: that takes R, which only the tax office is sent. What is
proven is that somebody with this certificate signed exactly this; whose certificate it is, is shown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from dojang import verification
from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax.identifiers import IssueId
from dojang.npki.certificates import Certificate
from dojang.npki.trust import TrustStore, check_certificate
from dojang.service.certificates import judging
from dojang.service.records.errors import FileTooLarge, NoIssueId, SignatureBad

MOST_BYTES = 1 << 20
#: Whether somebody revoked it is not always known, above all of old ones: that proves nothing.
_UNKNOWN = frozenset({"revocation_unknown", "issuer_revocation_unknown"})


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
    # What nobody knows is no reason to refuse; with revocation switched off nothing is asked at all.
    asks = settings.ENVIRONMENT.revocation != "off"
    try:
        found = verification.examine(
            data,
            judging.trust_store(),
            now=now,
            archive=True,
            revocation=judging.revocation_source() if asks else None,
        )
    except DojangError as error:
        raise SignatureBad(why_ko=error.text("ko"), why_en=error.text("en")) from None
    if IssueId.parse(found.invoice.issue_id or "") is None:
        raise NoIssueId
    findings = [one for one in found.certificate_findings if one.code not in _UNKNOWN]
    bad = [one for one in findings if one.severity == "error"]
    if bad and not was_issued_here:
        raise SignatureBad(why_ko=bad[0].ko, why_en=bad[0].en)
    certificate = found.certificate
    verdict = {
        "signed_by": certificate.owner,
        "authority": certificate.ca,
        "fingerprint": certificate.fingerprint,
        "archive": found.signed.is_archive,
        "checked_at": now.isoformat(),
        "told": [{"code": one.code, "ko": one.ko, "en": one.en} for one in findings],
    }
    return Examined(found.invoice, _is_sandbox(certificate, found.at), verdict)


def _is_sandbox(certificate: Certificate, at: datetime) -> bool:
    """Whether none of the Korean authorities stands behind it."""
    found = check_certificate(certificate, TrustStore.korea(), at=at, use="any")
    return any(one.severity == "error" for one in found)
