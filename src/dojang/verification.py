"""Everything that a signed document says for or against itself, from its bytes alone.

`etax` knows whether the signature holds, `npki` whether its certificate is to be believed; here both are asked, and
the document is checked as it would have been before it was signed. Nothing is decided: who asks knows what for.

Source: KEC 표준전자세금계산서 v3.0, 전자서명; RFC 5280.
"""

from dataclasses import dataclass, field
from datetime import datetime

from dojang.etax.checks import check
from dojang.etax.findings import Finding
from dojang.etax.invoice import KST, Invoice
from dojang.etax.signature import SignedInvoice, verify
from dojang.npki.certificates import Certificate
from dojang.npki.crl import RevocationSource
from dojang.npki.findings import CertificateFinding
from dojang.npki.trust import TrustStore, check_certificate


@dataclass(frozen=True, slots=True)
class Examined:
    """A document whose signature holds, and what was found about its certificate and its content.

    Attributes:
        signed: the document, its certificate and what the signature covers.
        invoice: the document, read from the octets that were verified.
        unknown: paths of elements that the standard does not know.
        certificate: the signer's.
        at: the instant at which the certificate was judged, aware. Where it is the document's own 발급일시, the
            signature does not cover it: it is what the document says.
        certificate_findings: worst first; empty where the certificate is to be believed.
        document_findings: of the XML's form and of every rule, as of the day it was issued.
    """

    signed: SignedInvoice
    invoice: Invoice
    unknown: tuple[str, ...]
    certificate: Certificate = field(repr=False)
    at: datetime
    certificate_findings: tuple[CertificateFinding, ...]
    document_findings: tuple[Finding, ...]

    @property
    def is_trusted(self) -> bool:
        """Whether nothing forbids believing the certificate."""
        return all(finding.severity != "error" for finding in self.certificate_findings)


def examine(
    data: bytes,
    store: TrustStore,
    *,
    now: datetime,
    at: datetime | None = None,
    archive: bool = False,
    revocation: RevocationSource | None = None,
) -> Examined:
    """Verify a document's signature and look at all the rest.

    Args:
        data: the XML, as it came.
        store: which authorities to believe.
        now: aware; stands in where the document does not say when it was issued.
        at: the instant to judge the certificate at; left out, the document's 발급일시.
        archive: also accept SHA-1, from before 2012.
        revocation: where to ask for revocations; without it nothing is said about them.

    Raises:
        XmlRefused: no XML we read.
        SignatureRefused: no signature, or one that does not hold.
        InvalidInvoice: it is signed, but its elements are not as the standard says.
        NpkiError: the certificate in it is no certificate of NPKI.
    """
    signed = verify(data, archive=archive)
    reading = signed.reading
    certificate = Certificate.load(signed.certificate)
    moment = at or reading.invoice.issued_at or now
    return Examined(
        signed=signed,
        invoice=reading.invoice,
        unknown=reading.unknown,
        certificate=certificate,
        at=moment,
        certificate_findings=check_certificate(certificate, store, at=moment, revocation=revocation),
        document_findings=(
            *reading.findings,
            *check(reading.invoice, on=(reading.invoice.issued_at or now).astimezone(KST).date()),
        ),
    )
