"""`tell`: the verdict on a document in words an accountant understands, from its bytes alone.

Nothing is stored, logged or looked up but the authorities and revocation lists of this server.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from django.conf import settings

from dojang.errors import DojangError
from dojang.etax.canonical import local_name, parse
from dojang.etax.errors import InvalidInvoice
from dojang.etax.findings import Severity
from dojang.etax.invoice import KST
from dojang.npki import testca
from dojang.npki.certificates import Certificate
from dojang.npki.crl import CrlStore, RevocationStatus
from dojang.npki.errors import NpkiError, UntrustedIssuer
from dojang.npki.findings import CertificateFinding, IssuerRevocationUnknown
from dojang.npki.trust import TrustStore, check_certificate
from dojang.render.attached import attached_xml
from dojang.render.values import visible
from dojang.service.certificates import judging
from dojang.service.verification import display, sentences
from dojang.service.verification.sniffing import NotToBeVerified, kind_of
from dojang.service.verification.verdict import ORDER, Outcome, Standing, Told, Verdict
from dojang.verification import Examined, examine

#: SHA-1 was given up in 2012, and what was signed with it later was not signed by the standard.
_SHA1_UNTIL: Final = datetime(2014, 1, 1, tzinfo=KST)
#: Some seconds of work: whoever has more sends more files.
MOST_IN_A_PDF: Final = 100
#: Rules for who issues a document, not for who received one: the customs office's own are lawful.
_NOT_ASKED: Final = frozenset({"import_document"})

_HEADLINES: Final = {
    Outcome.OK: (
        "전자서명이 맞고, 서명한 뒤에 바뀌지 않은 문서입니다.",
        "The signature holds and the document is as it was signed.",
    ),
    Outcome.CAUTION: (
        "전자서명은 맞지만 살펴볼 것이 있습니다.",
        "The signature holds, but there is something to look at.",
    ),
    Outcome.BAD: (
        "검증에 실패했습니다. 이 파일을 증빙으로 쓰지 마세요.",
        "It did not pass. Do not rely on this file.",
    ),
}
_SANDBOX_HEADLINE: Final = (
    "전자서명은 맞지만 모의 문서입니다. 세금계산서의 효력이 없습니다.",
    "The signature holds, but it is a sandbox document and no tax invoice.",
)
_NO_VERDICT: Final = ("검증할 수 있는 파일이 아닙니다.", "This is no file that can be verified.")


def tell(data: bytes, *, now: datetime) -> Verdict:
    """The verdict on one document: a KEC tax invoice's XML, or a PDF that holds one.

    Args:
        data: as it came: anything.
        now: aware.
    """
    told = tell_file(data, now=now)
    if len(told) == 1:
        return told[0]
    return _none(
        sentences.bad(
            "several_documents",
            f"PDF 하나에 문서가 {len(told)}건 들어 있습니다. 검증 페이지에서 한 건씩 확인하세요.",
            f"This PDF holds {len(told)} documents. See each of them on the verification page.",
        )
    )


def tell_file(data: bytes, *, now: datetime) -> tuple[Verdict, ...]:
    """The verdicts on every document in a file: one of an XML, one for each XML inside a PDF. Never empty."""
    try:
        kind = kind_of(data)
    except NotToBeVerified as error:
        return (_refused(error),)
    return (_of_xml(data, now=now),) if kind == "xml" else _of_pdf(data, now=now)


def too_many_documents() -> Verdict:
    """Of a file that was not looked into, since there is too much in it or in those before it."""
    return _none(
        sentences.bad(
            "file_with_too_many_documents",
            f"PDF 하나에서 {MOST_IN_A_PDF}건까지, 한 번에 그 두 배까지 검증합니다. 나누어 올려 주세요.",
            f"Up to {MOST_IN_A_PDF} documents in a PDF are verified, and twice as many at a time. Choose fewer.",
        )
    )


def _of_xml(data: bytes, *, now: datetime) -> Verdict:
    revocation = _Lists() if _uses_revocation() else None
    try:
        _require_tax_invoice(data)
        found = examine(data, judging.trust_store(), now=now, archive=True, revocation=revocation)
    except InvalidInvoice:
        return _none(sentences.CONTENT_UNREADABLE)
    except NpkiError:
        return _none(sentences.CERTIFICATE_UNREADABLE)
    except DojangError as error:
        return _refused(error)
    reasons = sorted(_reasons(found, now), key=lambda told: ORDER.index(told.standing))
    return _verdict(found, tuple(reasons), data)


def _require_tax_invoice(data: bytes) -> None:
    """Say that it is something else before anything is said about its signature.

    Raises:
        XmlRefused: no XML we read.
        NotATaxInvoice.
    """
    root = parse(data)
    if local_name(root) != "TaxInvoice":
        raise NotATaxInvoice(name=local_name(root)[:40])


class NotATaxInvoice(NotToBeVerified):
    """XML of something else."""

    code = "not_a_tax_invoice"
    ko = "XML이지만 전자세금계산서가 아닙니다(‘{name}’). 발급한 곳에서 받은 세금계산서 XML을 올려 주세요."
    en = "This is XML, but no tax invoice (“{name}”). Choose the invoice's XML as its issuer gave it."


def _verdict(found: Examined, reasons: tuple[Told, ...], data: bytes) -> Verdict:
    is_sandbox = sentences.SANDBOX in reasons
    worst = Verdict("", "", reasons).outcome
    ko, en = _SANDBOX_HEADLINE if is_sandbox and worst is not Outcome.BAD else _HEADLINES[worst]
    return Verdict(
        ko,
        en,
        reasons,
        facts=tuple(display.facts(found.invoice)),
        details=tuple(display.details(found, hashlib.sha256(data).hexdigest())),
        is_sandbox=is_sandbox,
    )


def _refused(error: DojangError) -> Verdict:
    return _none(sentences.bad(error.code, error.text("ko"), error.text("en")))


def _none(told: Told) -> Verdict:
    """No document to speak of: no facts of it are shown, since nothing vouches for them."""
    head = _NO_VERDICT if told.code.startswith(("file_", "not_a_", "xml_")) else _HEADLINES[Outcome.BAD]
    return Verdict(*head, (told,))


def _reasons(found: Examined, now: datetime) -> Iterator[Told]:
    yield sentences.SIGNATURE_HOLDS
    yield from _signature(found)
    certificate = tuple(_certificate(found))
    yield from certificate
    yield from _owner(found)
    yield from _content(found, now)
    yield sentences.FILED_SANDBOX if sentences.SANDBOX in certificate else sentences.FILED
    if found.invoice.issued_at is not None:
        yield sentences.TIME_UNSIGNED


def _signature(found: Examined) -> Iterator[Told]:
    if found.signed.is_archive:
        # 작성일자 is signed; 발급일시 is not.
        is_late = found.invoice.written_on >= _SHA1_UNTIL.date()
        yield sentences.OLD_SIGNATURE_LATE if is_late else sentences.OLD_SIGNATURE


def _certificate(found: Examined) -> Iterator[Told]:
    store = judging.trust_store()
    if not store.anchors:
        yield sentences.NO_ANCHORS
    for finding in found.certificate_findings:
        # Where nobody is believed, that is said once; of whom the authority's own list is missing, is for the details.
        is_said = isinstance(finding.error, UntrustedIssuer) and not store.anchors
        if not is_said and not isinstance(finding.error, IssuerRevocationUnknown):
            yield _certificate_told(found.certificate, finding)
    if store.anchors and _is_trusted_by(store, found):
        yield sentences.SANDBOX if not _is_trusted_by(TrustStore.korea(), found) else _in_force(found)
    if _uses_revocation() and not _said_of_revocation(found):
        yield sentences.NOT_REVOKED


def _in_force(found: Examined) -> Told:
    owner, authority = visible(found.certificate.owner), visible(found.certificate.ca)
    return sentences.good(
        "certificate_good",
        f"국내 인증기관({authority})이 ‘{owner}’에게 발급한 공동인증서로 서명했습니다.",
        f"Signed with a joint certificate that {authority} issued to {owner}.",
    )


def _certificate_told(certificate: Certificate, finding: CertificateFinding) -> Told:
    if isinstance(finding.error, UntrustedIssuer) and certificate.ca == testca.CA_NAME:
        return sentences.TEST_AUTHORITY
    known = next(
        (told for kind, told in sentences.CERTIFICATE.items() if isinstance(finding.error, kind)), None
    )
    by_severity = Standing.BAD if finding.severity == "error" else Standing.CAUTION
    if known is None:
        return Told(finding.code, by_severity, finding.ko, finding.en)
    facts = finding.error.facts
    standing = Standing.NOTE if known.standing is Standing.NOTE else by_severity
    return Told(known.code, standing, known.ko.format_map(facts), known.en.format_map(facts))


def _is_trusted_by(store: TrustStore, found: Examined) -> bool:
    """Whether an authority of `store` stands behind the certificate, whatever else is wrong with it."""
    findings = check_certificate(found.certificate, store, at=found.at, use="any")
    return not any(isinstance(finding.error, UntrustedIssuer) for finding in findings)


def _said_of_revocation(found: Examined) -> bool:
    kinds = {"certificate_revoked", "revoked_later", "revocation_unknown"}
    unknown = found.at > found.certificate.valid_to or not _is_trusted_by(judging.trust_store(), found)
    return unknown or any(finding.code in kinds for finding in found.certificate_findings)


def _owner(found: Examined) -> Iterator[Told]:
    signer = found.invoice.signer
    owner, name = visible(found.certificate.owner), visible(signer.name)
    if not display.is_same_name(owner, signer.name, signer.representative):
        yield sentences.caution(
            "owner_differs",
            f"인증서의 소유자(‘{owner}’)와 문서에 적힌 이름(‘{name}’)이 다릅니다. 공급자에게 확인하세요.",
            f"The certificate is {owner}'s, while the document names {name}. Ask the supplier.",
        )
    yield sentences.WHOSE_NUMBER


def _content(found: Examined, now: datetime) -> Iterator[Told]:
    if found.invoice.issued_at is not None and found.invoice.issued_at > now.astimezone(UTC):
        yield sentences.FROM_THE_FUTURE
    if found.unknown:
        yield sentences.UNKNOWN_PARTS
    wrong = [
        finding
        for finding in found.document_findings
        if finding.severity is Severity.ERROR and finding.code not in _NOT_ASKED
    ]
    if not wrong:
        yield sentences.CONTENT_GOOD
        return
    first = wrong[0]
    yield sentences.caution(
        "content_findings",
        f"작성 규칙에 맞지 않는 곳이 {len(wrong)}군데 있습니다: {first.text('ko')}",
        f"{len(wrong)} thing(s) on it do not follow the rules: {first.text('en')}",
    )


def _of_pdf(data: bytes, *, now: datetime) -> tuple[Verdict, ...]:
    """Of every XML inside: what the pages show, anybody could have drawn."""
    try:
        found = attached_xml(data)
    except DojangError as error:
        return (_refused(error),)
    if not found:
        return (
            _none(
                sentences.bad(
                    "not_a_pdf_with_xml",
                    "이 PDF에는 서명된 XML이 들어 있지 않아 검증할 수 없습니다. 발급한 곳에 XML 파일을 요청하세요.",
                    "This PDF holds no signed XML, so there is nothing to verify. Ask its issuer for the XML.",
                )
            ),
        )
    if len(found) > MOST_IN_A_PDF:
        return (too_many_documents(),)
    return tuple(_with_note(_of_xml(xml, now=now)) for xml in found)


def _with_note(verdict: Verdict) -> Verdict:
    if not verdict.facts:
        return verdict
    return replace(verdict, reasons=(*verdict.reasons, sentences.INSIDE_THE_PDF))


def _uses_revocation() -> bool:
    return settings.ENVIRONMENT.revocation != "off"


class _Lists:
    """The revocation lists of this server, read for the certificate that is asked about."""

    def __init__(self) -> None:
        self._store: CrlStore | None = None

    def status(self, certificate: Certificate, at: datetime) -> RevocationStatus:
        """What the lists say. The first asked about is the signer's certificate, then its authorities."""
        if self._store is None:
            self._store = judging.revocation_source(certificate)
        return self._store.status(certificate, at)
