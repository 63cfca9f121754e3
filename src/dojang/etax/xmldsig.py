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
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.etax.canonical import Element, Span, canonical, in_context, only, root_tag
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
_SIGNATURE_TAG = f"{{{DS}}}Signature"
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
    """A signature that holds.

    Attributes:
        certificate: whose it is, parsed; `certificate_der` is the same as bytes.
        certificate_der: DER.
        is_archive: made with SHA-1.
        digest: of the octets it covers.
        covered: the octets it covers.
    """

    certificate: x509.Certificate = field(repr=False)
    certificate_der: bytes = field(repr=False)
    is_archive: bool
    digest: bytes = field(repr=False)
    covered: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Algorithms:
    signature: str
    digest: str
    hash: hashes.HashAlgorithm


_TODAY = _Algorithms(RSA_SHA256, SHA256, hashes.SHA256())
# Until the key change of 2011/2012 documents were signed with SHA-1: only for reading archives.
_ARCHIVE = _Algorithms(RSA_SHA1, SHA1, hashes.SHA1())


# In canonical form a signature of the profile has this one shape: the pattern is the allow-list.
# Blanks between elements differ between producers, as do those in the XPath's text, which is itself signed.
_SHAPE = re.compile(
    rb"""
    <ds:Signature [^>]* > \s*
    (?P<signed_info> <ds:SignedInfo> \s*
        <ds:CanonicalizationMethod[ ]Algorithm="%(c14n)b"></ds:CanonicalizationMethod> \s*
        <ds:SignatureMethod[ ]Algorithm="(?P<signature_method>[^"]*)"></ds:SignatureMethod> \s*
        <ds:Reference[ ]URI=""> \s*
            <ds:Transforms> \s*
                <ds:Transform[ ]Algorithm="%(c14n)b"></ds:Transform> \s*
                <ds:Transform[ ]Algorithm="%(xpath)b"> \s*
                    <ds:XPath> (?P<xpath>[^<]*) </ds:XPath> \s*
                </ds:Transform> \s*
            </ds:Transforms> \s*
            <ds:DigestMethod[ ]Algorithm="(?P<digest_method>[^"]*)"></ds:DigestMethod> \s*
            <ds:DigestValue> (?P<digest>[^<]*) </ds:DigestValue> \s*
        </ds:Reference> \s*
    </ds:SignedInfo> ) \s*
    <ds:SignatureValue> (?P<value>[^<]*) </ds:SignatureValue> \s*
    <ds:KeyInfo> (?P<key_info>.*) </ds:KeyInfo> \s*
    </ds:Signature>
    """
    % {b"c14n": re.escape(C14N).encode(), b"xpath": re.escape(XPATH).encode()},
    re.VERBOSE | re.DOTALL,
)

_KEY_VALUE = rb"""
    (?: <ds:KeyValue> \s* <ds:RSAKeyValue> \s* <ds:Modulus> [^<]* </ds:Modulus> \s*
        <ds:Exponent> [^<]* </ds:Exponent> \s* </ds:RSAKeyValue> \s* </ds:KeyValue> \s* )?
    """
# 국세청 repeats the key beside its certificate; only the certificate is used. Nothing else may hide in here.
_KEY_INFO = re.compile(
    rb"""\s* %(key_value)b <ds:X509Data> \s*
    <ds:X509Certificate> (?P<certificate> [^<]* ) </ds:X509Certificate> \s*
    </ds:X509Data> \s* %(key_value)b"""
    % {b"key_value": _KEY_VALUE},
    re.VERBOSE,
)


def signed_octets(octets: bytes, profile: Profile) -> bytes:
    """The octets that a signature of this profile digests, from the canonical form of the whole document.

    Raises:
        XmlRefused: when the root is another one, or an element that the XPath names stands twice.
    """
    # The XPath takes the tags off every element of the root's name, however deep: there may be no other.
    if only(octets, profile.root.encode()) != Span(0, len(octets)):
        raise XmlRefused(
            why_ko=f"루트 요소가 {profile.root}이(가) 아닙니다", why_en=f"its root is not {profile.root}"
        )
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
    signed_info = _signed_info_template(profile) % base64.b64encode(hashlib.sha256(octets).digest())
    value = sign(in_context(signed_info, _with_ds(namespaces)))
    return b"%b%b<ds:SignatureValue>%b</ds:SignatureValue>%b</ds:Signature>" % (
        b"<ds:Signature%b>" % _DS_DECLARATION,
        signed_info,
        base64.b64encode(value),
        _key_info(certificate),
    )


@cache
def _signed_info_template(profile: Profile) -> bytes:
    return (
        f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"></ds:SignatureMethod>'
        f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{C14N}"></ds:Transform>'
        f'<ds:Transform Algorithm="{XPATH}"><ds:XPath>{profile.xpath}</ds:XPath></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod><ds:DigestValue>%b</ds:DigestValue></ds:Reference>'
        "</ds:SignedInfo>"
    ).encode()


@lru_cache(maxsize=64)
def _key_info(certificate: bytes) -> bytes:
    return (
        b"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>%b</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        % base64.b64encode(certificate)
    )


@lru_cache(maxsize=64)
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
    try:
        octets = canonical(root)
        covered = signed_octets(octets, profile)
        span = only(octets, _SIGNATURE)
    except XmlRefused as error:
        raise SignatureRefused(why_ko=error.facts["why_ko"], why_en=error.facts["why_en"]) from None
    _require_place(root)
    if span is None:
        raise SignatureRefused(why_ko="전자서명이 없습니다", why_en="there is no signature")
    namespaces, _ = root_tag(octets)
    signature = _parts(octets[span.start : span.end])
    algorithms = _algorithms(signature, profile, archive=archive)
    certificate_der = _certificate(signature["key_info"])

    digest = hashlib.new(algorithms.hash.name, covered).digest()
    if digest != _base64(signature["digest"]):
        raise SignatureRefused(
            why_ko="서명한 뒤에 내용이 바뀌었습니다", why_en="its content was changed after signing"
        )
    certificate, key = _rsa_key(certificate_der)
    signed_info = in_context(signature["signed_info"], _with_ds(namespaces))
    try:
        key.verify(_base64(signature["value"]), signed_info, padding.PKCS1v15(), algorithms.hash)
    except InvalidSignature:
        raise SignatureRefused(
            why_ko="서명값이 인증서와 맞지 않습니다",
            why_en="the signature value does not match the certificate",
        ) from None
    return Verified(certificate, certificate_der, algorithms is _ARCHIVE, digest, covered)


def _require_place(root: Element) -> None:
    """The signature is a direct child of the root, by whatever prefix: elsewhere it would be a wrapping attack."""
    everywhere = sum(1 for _ in root.iter(_SIGNATURE_TAG))
    if everywhere and (everywhere > 1 or root.find(_SIGNATURE_TAG) is None):
        raise SignatureRefused(
            why_ko="전자서명의 위치가 표준과 다릅니다", why_en="the signature is not where it belongs"
        )


def _parts(signature: bytes) -> dict[str, bytes]:
    declared, _ = root_tag(signature)
    match = _SHAPE.fullmatch(signature)
    if match is None or declared not in (b"", _DS_DECLARATION):
        raise SignatureRefused(
            why_ko="전자서명의 구성이 표준과 다릅니다", why_en="the signature is not of the standard's shape"
        )
    return match.groupdict()


def _algorithms(signature: dict[str, bytes], profile: Profile, *, archive: bool) -> _Algorithms:
    named = (signature["signature_method"].decode(), signature["digest_method"].decode())
    for algorithms in (_TODAY, _ARCHIVE) if archive else (_TODAY,):
        if named == (algorithms.signature, algorithms.digest):
            break
    else:
        raise SignatureRefused(
            why_ko="서명 방식이 표준(RSA, SHA-256)과 다릅니다",
            why_en="it was not made with the standard's algorithms (RSA, SHA-256)",
        )
    if _xpath_pattern(profile).fullmatch(signature["xpath"]) is None:
        raise SignatureRefused(
            why_ko="서명 범위가 표준과 다릅니다", why_en="it covers another part of the document"
        )
    return algorithms


_XPATH_TOKEN = re.compile(r"'[^']*'|[\w-]+(?::[\w-]+)?|::|\S")


@cache
def _xpath_pattern(profile: Profile) -> re.Pattern[bytes]:
    """The XPath with any blanks between its tokens: inside one they would make it another XPath."""
    tokens: list[str] = _XPATH_TOKEN.findall(profile.xpath)
    return re.compile(rb"\s*%b\s*" % rb"\s*".join(re.escape(token).encode() for token in tokens))


def _certificate(key_info: bytes) -> bytes:
    match = _KEY_INFO.fullmatch(key_info)
    if match is None:
        raise SignatureRefused(
            why_ko="서명에 인증서가 하나가 아닙니다", why_en="there is not exactly one certificate in it"
        )
    return _base64(match["certificate"])


def _base64(text: bytes) -> bytes:
    # Java breaks lines with CR LF, which the canonical form keeps as "&#xD;".
    try:
        return binascii.a2b_base64(b"".join(text.replace(b"&#xD;", b"").split()), strict_mode=True)
    except binascii.Error:
        raise SignatureRefused(
            why_ko="서명값을 읽을 수 없습니다", why_en="its values are not base64"
        ) from None


def _rsa_key(certificate: bytes) -> tuple[x509.Certificate, rsa.RSAPublicKey]:
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        key = parsed.public_key()
        _ = parsed.subject  # parsed when asked for, as callers do; a BIT STRING in it is a TypeError
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise SignatureRefused(
            why_ko="서명에 든 인증서를 읽을 수 없습니다", why_en="the certificate in it cannot be read"
        ) from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise SignatureRefused(why_ko="RSA 인증서가 아닙니다", why_en="its certificate has no RSA key")
    return parsed, key
