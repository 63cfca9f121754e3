"""The XML signature of the KEC standard: one closed profile, and the octets it really digests.

The transforms name an XPath that filters the root *element* out but leaves its namespace nodes in. A strict
reading of the W3C text would repeat them on every child; every signature accepted by 국세청 follows Apache
Santuario (and the JDK), which writes them once, in front, and never repeats them. So the octets are:

1. the root's namespace declarations as text, sorted by prefix (no tag, no other attribute);
2. everything between the root's tags in canonical form, white space included,
3. without the subtrees that the XPath drops (ExchangedDocument, ds:Signature).

What is therefore *not* covered: ExchangedDocument, the root's attributes, everything outside the root.

Source: KEC 표준전자세금계산서 v3.0, 전자서명; W3C XML-Signature; checked against JSR 105.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.etax.canonical import Element, canonical, in_context, local_name, only, root_tag
from dojang.etax.errors import SignatureRefused, XmlRefused

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"

SignBytes = Callable[[bytes], bytes]
"""Signs bytes: RSASSA-PKCS1-v1_5 with SHA-256. A key in memory, a page, a vault, an HSM."""

_SIGNATURE = b"ds:Signature"
_DS_DECLARATION = b' xmlns:ds="%b"' % DS.encode()


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of document's signature covers: everything in the root but these elements."""

    root: str
    dropped: tuple[str, ...]
    xpath: str


INVOICE = Profile(
    "TaxInvoice",
    ("ExchangedDocument",),
    "not(self::*[name() = 'TaxInvoice'] | ancestor-or-self::*[name() = 'ExchangedDocument']"
    " | ancestor-or-self::ds:Signature)",
)
RESPONSE = Profile(
    "TaxInvoiceResponse",
    (),
    "not(self::*[name() = 'TaxInvoiceResponse'] | ancestor-or-self::ds:Signature)",
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds: whose certificate made it, with what, over which octets."""

    certificate: bytes
    algorithm: str
    covered: bytes


@dataclass(frozen=True, slots=True)
class _Algorithms:
    signature: str
    digest: str
    hash_name: str
    hash: hashes.HashAlgorithm


_TODAY = _Algorithms(RSA_SHA256, SHA256, "sha256", hashes.SHA256())
# Until the key change of 2011/2012 documents were signed with SHA-1: only for reading archives.
_ARCHIVE = _Algorithms(RSA_SHA1, SHA1, "sha1", hashes.SHA1())


def signed_octets(octets: bytes, profile: Profile) -> bytes:
    """The octets that a signature of this profile digests, from the canonical form of the whole document.

    Raises:
        XmlRefused: when an element to be dropped stands twice.
    """
    namespaces, begin = root_tag(octets)
    end = len(octets) - len(f"</{profile.root}>")
    parts = [namespaces]
    names = (*(name.encode() for name in profile.dropped), _SIGNATURE)
    for span in sorted(span for name in names if (span := only(octets, name)) is not None):
        parts.append(octets[begin : span.start])
        begin = span.end
    parts.append(octets[begin:end])
    return b"".join(parts)


def signature_element(
    octets: bytes, namespaces: bytes, profile: Profile, certificate: bytes, sign: SignBytes
) -> bytes:
    """The `ds:Signature` over these octets, in canonical form.

    Args:
        octets: what is digested, as `signed_octets` gives it.
        namespaces: the declarations of the document's root, as they stand in the canonical form.
        profile: which kind of document it is.
        certificate: the signer's certificate, DER; it alone goes into KeyInfo.
        sign: signs the canonical SignedInfo.
    """
    digest = base64.b64encode(hashlib.sha256(octets).digest())
    signed_info = (
        b'<ds:CanonicalizationMethod Algorithm="%b"></ds:CanonicalizationMethod>'
        b'<ds:SignatureMethod Algorithm="%b"></ds:SignatureMethod>'
        b'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="%b"></ds:Transform>'
        b'<ds:Transform Algorithm="%b"><ds:XPath>%b</ds:XPath></ds:Transform></ds:Transforms>'
        b'<ds:DigestMethod Algorithm="%b"></ds:DigestMethod><ds:DigestValue>%b</ds:DigestValue></ds:Reference>'
        b"</ds:SignedInfo>"
    ) % tuple(
        part if isinstance(part, bytes) else part.encode()
        for part in (C14N, RSA_SHA256, C14N, XPATH, profile.xpath, SHA256, digest)
    )
    in_scope = _with_ds(namespaces)
    value = base64.b64encode(sign(b"<ds:SignedInfo%b>%b" % (in_scope, signed_info)))
    return (
        b"<ds:Signature%b><ds:SignedInfo>%b<ds:SignatureValue>%b</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"
        b"<ds:X509Certificate>%b</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    ) % (_DS_DECLARATION, signed_info, value, base64.b64encode(certificate))


def _with_ds(namespaces: bytes) -> bytes:
    """The namespaces in scope inside ds:Signature: the root's and ds, sorted by prefix."""
    if _DS_DECLARATION in namespaces:
        return namespaces
    if b" xmlns:ds=" in namespaces:
        raise SignatureRefused(
            why_ko="ds 접두어가 다른 이름공간입니다", why_en="the prefix ds means another namespace"
        )
    declarations = [b" xmlns" + part for part in namespaces.split(b" xmlns")[1:]]
    return b"".join(sorted((*declarations, _DS_DECLARATION), key=_prefix))


def _prefix(declaration: bytes) -> bytes:
    return declaration.partition(b"=")[0]


def verify(root: Element, profile: Profile, *, archive: bool = False) -> Verified:
    """Check the one signature of a document against the certificate inside it.

    Says only that the holder of that certificate's key signed these octets: whether the certificate is
    trusted, in force and the right company's is the caller's to ask.

    Args:
        root: the document, from `canonical.parse`.
        profile: which kind of document it has to be.
        archive: also accept SHA-1, as documents from before 2012 have it.

    Raises:
        SignatureRefused: no signature, more than one, another shape or algorithm, or it does not hold.
    """
    octets = canonical(root)
    try:
        covered = signed_octets(octets, profile)
        span = only(octets, _SIGNATURE)
    except XmlRefused as error:
        raise SignatureRefused(why_ko=error.facts["why_ko"], why_en=error.facts["why_en"]) from None
    if span is None:
        raise SignatureRefused(why_ko="전자서명이 없습니다", why_en="there is no signature")
    signature = _signature_of(root)
    algorithms = _algorithms(signature, profile, archive=archive)
    namespaces, _ = root_tag(octets)
    signed_info = _signed_info(octets[span.start : span.end], namespaces)

    digest = _base64(signature, "ds:SignedInfo/ds:Reference/ds:DigestValue")
    if hashlib.new(algorithms.hash_name, covered).digest() != digest:
        raise SignatureRefused(
            why_ko="서명한 뒤에 내용이 바뀌었습니다", why_en="its content was changed after signing"
        )
    certificate = _base64(signature, "ds:KeyInfo/ds:X509Data/ds:X509Certificate")
    value = _base64(signature, "ds:SignatureValue")
    try:
        _public_key(certificate).verify(value, signed_info, padding.PKCS1v15(), algorithms.hash)
    except InvalidSignature:
        raise SignatureRefused(
            why_ko="서명값이 인증서와 맞지 않습니다",
            why_en="the signature value does not match the certificate",
        ) from None
    return Verified(certificate, algorithms.signature, covered)


_PATHS = {"ds": DS}


def _signature_of(root: Element) -> Element:
    """The signature as a direct child of the root: anywhere else it would be a wrapping attack."""
    found = [child for child in root if child.tag == f"{{{DS}}}Signature"]
    everywhere = sum(1 for _ in root.iter(f"{{{DS}}}Signature"))
    if len(found) != 1 or everywhere != 1 or found[0].prefix != "ds":
        raise SignatureRefused(
            why_ko="전자서명의 위치가 표준과 다릅니다", why_en="the signature is not where it belongs"
        )
    return found[0]


def _signed_info(signature: bytes, namespaces: bytes) -> bytes:
    """Canonical SignedInfo in document context, from the canonical signature."""
    declared, _ = root_tag(signature)
    if declared not in (b"", _DS_DECLARATION):
        raise SignatureRefused(
            why_ko="전자서명에 모르는 이름공간이 있습니다", why_en="the signature declares another namespace"
        )
    span = only(signature, b"ds:SignedInfo")
    if span is None:
        raise SignatureRefused(why_ko="SignedInfo가 없습니다", why_en="there is no SignedInfo")
    return in_context(signature[span.start : span.end], _with_ds(namespaces))


def _algorithms(signature: Element, profile: Profile, *, archive: bool) -> _Algorithms:
    """Allow-list: exactly these algorithms, one Reference to the whole document, these two transforms."""
    shape = [
        (local_name(node), node.get("Algorithm") or node.get("URI"))
        for node in signature.iterfind("ds:SignedInfo//*", _PATHS)
    ]
    for algorithms in (_TODAY, _ARCHIVE) if archive else (_TODAY,):
        if shape == [
            ("CanonicalizationMethod", C14N),
            ("SignatureMethod", algorithms.signature),
            ("Reference", ""),
            ("Transforms", None),
            ("Transform", C14N),
            ("Transform", XPATH),
            ("XPath", None),
            ("DigestMethod", algorithms.digest),
            ("DigestValue", None),
        ]:
            break
    else:
        raise SignatureRefused(
            why_ko="서명 방식이 표준과 다릅니다", why_en="it was not made with the standard's algorithms"
        )
    xpath = signature.findtext("ds:SignedInfo/ds:Reference/ds:Transforms/ds:Transform/ds:XPath", "", _PATHS)
    # The text is itself signed, so blanks may differ between producers (KICA writes name()='…').
    if "".join(xpath.split()) != "".join(profile.xpath.split()):
        raise SignatureRefused(
            why_ko="서명 범위가 표준과 다릅니다", why_en="it covers another part of the document"
        )
    return algorithms


def _base64(signature: Element, path: str) -> bytes:
    found = signature.findall(path, _PATHS)
    if len(found) != 1 or len(found[0]):
        raise SignatureRefused(why_ko=f"{path}가 하나가 아닙니다", why_en=f"there is not exactly one {path}")
    try:
        return base64.b64decode("".join((found[0].text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureRefused(why_ko=f"{path}를 읽을 수 없습니다", why_en=f"{path} is not base64") from None


def _public_key(certificate: bytes) -> rsa.RSAPublicKey:
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except ValueError:
        raise SignatureRefused(
            why_ko="서명에 든 인증서를 읽을 수 없습니다", why_en="the certificate in it cannot be read"
        ) from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise SignatureRefused(why_ko="RSA 인증서가 아닙니다", why_en="its certificate has no RSA key")
    return key
