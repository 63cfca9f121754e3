"""WS-Security: the signature over a whole SOAP envelope and its attachments.

One reference covers the envelope without that signature, one more each attachment. Since everything but
the signature itself is covered and the signature may hold nothing but its three parts, moving elements
about (wrapping) cannot leave anything unsigned; the checks on Header, Security, token and Body say so again.

Source: KEC 표준전자세금계산서 v3.0, 메시지 보안; OASIS WSS SOAP Message Security, X.509 Token Profile 1.0,
SwA Profile 1.1; W3C XML-Signature.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import unquote

from lxml import etree

from dojang.errors import DojangError
from dojang.etax.canonical import Element, Span, canonical, local_name, only, parse, root_tag
from dojang.etax.xmldsig import C14N, DS, RSA_SHA256, SHA256, XPATH, SignBytes
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.nts.errors import MessageRefused, MessageSignatureRefused, UnknownSigner
from dojang.nts.xmltext import attribute, element

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_1_2 = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
ATTACHMENT = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"
BASE64_BINARY = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
)
X509_V3 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"

NOT_THE_SIGNATURE = "not(ancestor-or-self::ds:Signature)"
"""WSS4J at 국세청 writes this XPath behind the enveloped transform; with one signature it drops the same."""

_TOKEN_ID = "X509Token"  # noqa: S105 - an XML id, no secret
_MIN_KEY_BITS, _MAX_KEY_BITS = 2048, 8192
_MAX_REFERENCES = 9
_CLOSE = b"</wsse:Security>"
_ID_NAMES = {f"{{{WSU}}}Id", "Id", "ID", "id"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Whoever signs: a certificate (DER), and a callable that signs bytes with its key.

    RSASSA-PKCS1-v1_5 with SHA-256. Messages are signed by the transmitting system, not by a supplier.
    """

    certificate: bytes = field(repr=False)
    sign: SignBytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds: the envelope and attachments it covers, and whose certificate made it."""

    root: Element
    attachments: Mapping[str, bytes] = field(repr=False)
    certificate: bytes = field(repr=False)


def security(certificate: bytes) -> bytes:
    """The `wsse:Security` header with the signer's certificate, in canonical form, for `sign` to fill."""
    return (
        b'<wsse:Security><wsse:BinarySecurityToken EncodingType="%b" ValueType="%b" wsu:Id="%b">%b'
        b"</wsse:BinarySecurityToken></wsse:Security>"
    ) % (BASE64_BINARY.encode(), X509_V3.encode(), _TOKEN_ID.encode(), base64.b64encode(certificate))


def sign(envelope: bytes, attachments: Mapping[str, bytes], signer: Signer) -> bytes:
    """The envelope with its signature.

    Args:
        envelope: canonical, with the header that `security` makes, and declaring ds, wsse and wsu on its root.
        attachments: by Content-ID without brackets.
        signer: whose certificate is in the header.
    """
    namespaces, _ = root_tag(envelope)
    references = [_reference("", (ENVELOPED, C14N), envelope)]
    references += [_reference(f"cid:{name}", (ATTACHMENT,), content) for name, content in attachments.items()]
    info = (
        _empty("CanonicalizationMethod", C14N)
        + _empty("SignatureMethod", RSA_SHA256)
        + b"".join(references)
        + b"</ds:SignedInfo>"
    )
    value = base64.b64encode(signer.sign(b"<ds:SignedInfo%b>%b" % (namespaces, info)))
    signature = (
        b"<ds:Signature><ds:SignedInfo>%b%b<ds:KeyInfo><wsse:SecurityTokenReference>"
        b'<wsse:Reference URI="#%b"></wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>'
    ) % (info, element("ds:SignatureValue", value), _TOKEN_ID.encode())
    before, _, after = envelope.partition(_CLOSE)
    return b"".join((before, signature, _CLOSE, after))


def _empty(name: str, algorithm: str) -> bytes:
    return b'<ds:%b Algorithm="%b"></ds:%b>' % (name.encode(), algorithm.encode(), name.encode())


def _reference(uri: str, transforms: Iterable[str], octets: bytes) -> bytes:
    return b'<ds:Reference URI="%b">%b%b%b</ds:Reference>' % (
        attribute(uri),
        element("ds:Transforms", *(_empty("Transform", algorithm) for algorithm in transforms)),
        _empty("DigestMethod", SHA256),
        element("ds:DigestValue", base64.b64encode(hashlib.sha256(octets).digest())),
    )


def require_pinned(certificate: bytes, pinned: Iterable[bytes]) -> None:
    """Raise UnknownSigner unless the certificate is, octet for octet, one of the pinned ones."""
    if certificate not in set(pinned):
        raise UnknownSigner


def read_envelope(envelope: bytes) -> Element:
    """Parse a SOAP envelope, version 1.1 or 1.2, without any look at its signature.

    Raises:
        MessageRefused: not XML we read, or no envelope.
    """
    try:
        root = parse(envelope.strip())
    except DojangError as error:
        raise MessageRefused(**error.facts) from None
    if root.tag not in {f"{{{SOAP}}}Envelope", f"{{{SOAP_1_2}}}Envelope"}:
        raise MessageRefused(why_ko="SOAP 봉투가 아닙니다", why_en="it is no SOAP envelope")
    return root


def only_child(parent: Element, namespace: str, name: str) -> Element:
    """The one child of that name.

    Raises:
        MessageRefused: none or more than one.
    """
    found = [child for child in parent if child.tag == f"{{{namespace}}}{name}"]
    if len(found) != 1:
        raise MessageRefused(
            why_ko=f"{name} 요소가 하나가 아닙니다", why_en=f"there is not exactly one {name}"
        )
    return found[0]


def verify(envelope: bytes, attachments: Mapping[str, bytes]) -> Verified:
    """Check the signature of a message against the certificate inside it.

    Says only that the holder of that certificate's key signed this envelope and all of these attachments.
    Whether that is who it should be is the caller's to ask (`require_pinned`, or a register).

    Args:
        envelope: the root part.
        attachments: every other part, by Content-ID without brackets; each has to be covered.

    Raises:
        MessageRefused: no SOAP envelope.
        MessageSignatureRefused: no signature, another shape or algorithm, something not covered, or it does
            not hold.
    """
    root = read_envelope(envelope)
    try:
        octets = canonical(root)
        header = _header(root)
        signature = only_child(header, DS, "Signature")
        span = _span(octets, signature)
        info = only_child(signature, DS, "SignedInfo")
        signed_info = _in_scope(octets, info)
    except DojangError as error:
        raise MessageSignatureRefused(**error.facts) from None
    if [child.tag for child in signature] != [
        f"{{{DS}}}{n}" for n in ("SignedInfo", "SignatureValue", "KeyInfo")
    ]:
        _refuse("서명 요소의 모양이 표준과 다릅니다", "the signature element is not of the standard's shape")
    references = _references(info)
    certificate = _certificate(root, header, signature)
    _check_value(certificate, _base64(signature[1]), signed_info)
    covered = octets[: span.start] + octets[span.end :]
    if hashlib.sha256(covered).digest() != references.pop("", None):
        _refuse("서명한 뒤에 메시지가 바뀌었습니다", "the message was changed after signing")
    return Verified(root, _covered_attachments(attachments, references), certificate)


def _header(root: Element) -> Element:
    """The one Security header, in an envelope with one Header, one Body and one Signature in all."""
    namespace = etree.QName(root).namespace or ""
    only_child(root, namespace, "Body")
    header = only_child(only_child(root, namespace, "Header"), WSSE, "Security")
    if (
        sum(1 for _ in root.iter(f"{{{DS}}}Signature")) != 1
        or sum(1 for _ in root.iter(f"{{{WSSE}}}Security")) != 1
    ):
        _refuse(
            "보안 머리글이나 전자서명이 하나가 아닙니다",
            "there is not exactly one Security header and signature",
        )
    return header


def _qualified(node: Element) -> bytes:
    local = local_name(node)
    return (f"{node.prefix}:{local}" if node.prefix else local).encode()


def _span(octets: bytes, node: Element) -> Span:
    """Where the element stands in the canonical form; its qualified name must occur nowhere else."""
    span = only(octets, _qualified(node))
    if span is None:  # pragma: no cover: the element was found in the very same document
        _refuse("전자서명이 없습니다", "there is no signature")
    return span


def _in_scope(octets: bytes, node: Element) -> bytes:
    """The element as inclusive C14N of the element alone gives it: with every namespace it inherits."""
    span = _span(octets, node)
    part = octets[span.start : span.end]
    name = _qualified(node)
    declared, end = root_tag(part)
    attributes = part[1 + len(name) + len(declared) : end - 1]
    return b"".join((b"<", name, _declarations(node), attributes, part[end - 1 :]))


def _declarations(node: Element) -> bytes:
    scope = sorted((prefix or "", uri) for prefix, uri in node.nsmap.items() if uri and prefix != "xml")
    return b"".join(
        b' %b="%b"' % (f"xmlns:{prefix}".encode() if prefix else b"xmlns", attribute(uri))
        for prefix, uri in scope
    )


_Shape = list[tuple[str, str | None]]


def _shape(nodes: Iterable[Element]) -> _Shape:
    return [(str(node.tag).removeprefix(f"{{{DS}}}"), node.get("Algorithm")) for node in nodes]


_METHODS: _Shape = [("CanonicalizationMethod", C14N), ("SignatureMethod", RSA_SHA256)]
_PARTS: _Shape = [("Transforms", None), ("DigestMethod", SHA256), ("DigestValue", None)]
_ENVELOPE_TRANSFORMS: tuple[_Shape, ...] = (
    [("Transform", ENVELOPED), ("Transform", C14N)],
    [("Transform", ENVELOPED), ("Transform", XPATH), ("Transform", C14N)],
)
_ATTACHMENT_TRANSFORMS: tuple[_Shape, ...] = ([("Transform", ATTACHMENT)],)


def _references(info: Element) -> dict[str, bytes]:
    """Digest by URI, when every algorithm and transform is on the allow-list."""
    methods, references = info[:2], info[2:]
    if _shape(methods) != _METHODS or any(map(len, methods)) or not 1 <= len(references) <= _MAX_REFERENCES:
        _refuse_algorithms()
    digests: dict[str, bytes] = {}
    for reference in references:
        uri = reference.get("URI")
        if reference.tag != f"{{{DS}}}Reference" or _shape(reference) != _PARTS or uri is None:
            _refuse_algorithms()
        transforms, method, value = reference
        allowed = _ATTACHMENT_TRANSFORMS if uri.startswith("cid:") else _ENVELOPE_TRANSFORMS
        if len(method) or _shape(transforms) not in allowed or not all(map(_plain_transform, transforms)):
            _refuse_algorithms()
        if uri in digests:
            _refuse("같은 부분을 두 번 서명했습니다", "one part is signed twice")
        digests[uri] = _base64(value)
    return digests


def _plain_transform(transform: Element) -> bool:
    """Without parameters, but for the one XPath, whose prefix has to mean what it seems to mean."""
    if transform.get("Algorithm") != XPATH:
        return len(transform) == 0
    (xpath,) = transform if len(transform) == 1 else (None,)
    return (
        xpath is not None
        and xpath.tag == f"{{{DS}}}XPath"
        and len(xpath) == 0
        and xpath.nsmap.get("ds") == DS
        and "".join((xpath.text or "").split()) == NOT_THE_SIGNATURE
    )


def _covered_attachments(attachments: Mapping[str, bytes], digests: Mapping[str, bytes]) -> dict[str, bytes]:
    by_name = {unquote(uri.removeprefix("cid:")): digest for uri, digest in digests.items()}
    if by_name.keys() != attachments.keys() or len(by_name) != len(digests):
        _refuse("첨부와 서명 범위가 맞지 않습니다", "the attachments are not those that are signed")
    return {name: _covered(content, by_name[name]) for name, content in attachments.items()}


def _covered(content: bytes, digest: bytes) -> bytes:
    """The octets that the digest is of: those received, or XML whose line ends became CRLF on the way."""
    forms = (content, content.replace(b"\r\n", b"\n")) if content.lstrip()[:1] == b"<" else (content,)
    whole = next((form for form in forms if hashlib.sha256(form).digest() == digest), None)
    if whole is None:
        _refuse("서명한 뒤에 첨부가 바뀌었습니다", "an attachment was changed after signing")
    return whole


def _certificate(root: Element, header: Element, signature: Element) -> bytes:
    """The certificate in the token that KeyInfo names."""
    try:
        key_info = only_child(signature, DS, "KeyInfo")
        reference = only_child(only_child(key_info, WSSE, "SecurityTokenReference"), WSSE, "Reference")
    except MessageRefused as error:
        raise MessageSignatureRefused(**error.facts) from None
    name = (reference.get("URI") or "").removeprefix("#")
    named = [node for node in root.iter() if any(node.get(key) == name for key in _ID_NAMES)]
    if not name or len(named) != 1 or named[0].getparent() is not header:
        _refuse("서명한 인증서를 찾을 수 없습니다", "the token that signed cannot be found")
    token = named[0]
    if token.tag != f"{{{WSSE}}}BinarySecurityToken" or not (token.get("ValueType") or "").endswith(
        "#X509v3"
    ):
        _refuse("서명한 인증서가 X.509가 아닙니다", "the token that signed is no X.509 certificate")
    return _base64(token)


def _check_value(certificate: bytes, value: bytes, signed_info: bytes) -> None:
    try:
        signer = Certificate.load(certificate)
    except NpkiError:
        _refuse("인증서를 읽을 수 없습니다", "the certificate in it cannot be read")
    if signer.der != certificate:
        _refuse("인증서가 DER 형식이 아닙니다", "the certificate in it is not DER")
    if not _MIN_KEY_BITS <= signer.rsa_bits() <= _MAX_KEY_BITS:
        _refuse(
            "RSA 2048비트 이상의 인증서가 아닙니다", "its certificate has no RSA key of 2048 bits or more"
        )
    if not signer.verify(value, signed_info):
        _refuse("서명값이 인증서와 맞지 않습니다", "the signature value does not match the certificate")


def _base64(node: Element) -> bytes:
    try:
        return base64.b64decode("".join((node.text or "").split()).encode(), validate=len(node) == 0)
    except (binascii.Error, ValueError):
        _refuse("base64를 읽을 수 없습니다", "a value in it is not base64")


def _refuse_algorithms() -> NoReturn:
    _refuse("서명 방식이 표준과 다릅니다", "it was not made with the standard's algorithms")


def _refuse(why_ko: str, why_en: str) -> NoReturn:
    raise MessageSignatureRefused(why_ko=why_ko, why_en=why_en)
