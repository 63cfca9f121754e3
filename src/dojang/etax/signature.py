"""Signing a tax invoice, and verifying one from the bytes that were received.

`sign` takes whatever signs bytes: a key in memory, a vault, an HSM. `verify` says whose certificate signed
which part of the document; whether that certificate is trusted, in force and belongs to the supplier is a
question to `dojang.npki`.

Source: KEC 표준전자세금계산서 v3.0, 전자서명. `xmldsig` describes the octets.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from dojang.etax import schema
from dojang.etax.canonical import MAX_BYTES, Element, canonical, only, parse, root_tag
from dojang.etax.errors import SignatureRefused
from dojang.etax.invoice import Invoice
from dojang.etax.xml_reader import ReadInvoice, read_root
from dojang.etax.xml_writer import DECLARATION, NAMESPACES, write_unsigned
from dojang.etax.xmldsig import DS, INVOICE, SignBytes, Verified, signature_element, signed_octets
from dojang.etax.xmldsig import verify as verify_root


def _tag(name: str) -> str:
    return f"{{{schema.NAMESPACE}}}{name}"


_SIGNATURE_TAG = f"{{{DS}}}Signature"
_UNSIGNED = [
    _tag(schema.EXCHANGED_DOCUMENT.name),
    _tag(schema.DOCUMENT.name),
    _tag(schema.SETTLEMENT.name),
]
_SIGNED = [_UNSIGNED[0], _SIGNATURE_TAG, *_UNSIGNED[1:]]
_EXCHANGED_END = f"</{schema.EXCHANGED_DOCUMENT.name}>".encode()
_SIGNATURE_END = b"</ds:Signature>"
_LINE = _tag(schema.LINE_ITEM.name)


def sign(document: Invoice | bytes, certificate: bytes, sign_bytes: SignBytes) -> bytes:
    """The signed XML: the exact bytes to store, send and show, never to be written anew.

    Args:
        document: an invoice, or somebody's unsigned TaxInvoice XML, which is brought into canonical form.
        certificate: the signer's certificate, DER.
        sign_bytes: RSASSA-PKCS1-v1_5 with SHA-256 by that certificate's key.

    Raises:
        CannotWrite: the invoice has no issue id or time of issue, or text that XML cannot hold.
        XmlRefused, InvalidInvoice: the XML is not a TaxInvoice.
        SignatureRefused: it is signed already, or has parts that the standard does not know.
    """
    if isinstance(document, bytes):
        return _sign_xml(document, certificate, sign_bytes)
    unsigned = write_unsigned(document)
    return unsigned.with_signature(
        signature_element(unsigned.octets, NAMESPACES, INVOICE, certificate, sign_bytes)
    )


def _sign_xml(data: bytes, certificate: bytes, sign_bytes: SignBytes) -> bytes:
    root = parse(data)
    octets = canonical(root)
    # By its namespace, and by the name that would be taken for it.
    if any(True for _ in root.iter(_SIGNATURE_TAG)) or only(octets, b"ds:Signature") is not None:
        raise SignatureRefused(why_ko="이미 서명되어 있습니다", why_en="it is signed already")
    read_root(root)
    _refuse_other_shapes(root, _UNSIGNED)
    namespaces, _ = root_tag(octets)
    element = signature_element(signed_octets(octets, INVOICE), namespaces, INVOICE, certificate, sign_bytes)
    place = octets.index(_EXCHANGED_END) + len(_EXCHANGED_END)
    return DECLARATION + octets[:place] + element + octets[place:]


def without_signature(signed: bytes) -> bytes:
    """What stands around the signature of a document that `verify` accepts: the bytes that were given to be signed.

    Only for canonical documents, where "<" begins a tag and nothing else, signed with the prefix `ds` as here and
    in the page; of others the bytes come back as they are, and are nobody's unsigned document.
    """
    start, end = signed.find(b"<ds:Signature "), signed.rfind(_SIGNATURE_END)
    return signed if start < 0 or end < start else signed[:start] + signed[end + len(_SIGNATURE_END) :]


@dataclass(frozen=True)
class SignedInvoice:
    """A tax invoice whose signature holds.

    Attributes:
        certificate: the signer's certificate, DER.
        signer: its subject.
        valid_from, valid_until: when it is valid.
        is_archive: signed with SHA-1, as documents from before 2012 are.
        digest: of the octets that the signature covers, as it stands in the signature, in hexadecimal.
        covered: the parts that the signature covers.
        uncovered: the parts that it does not: anyone could have changed them.
    """

    certificate: bytes = field(repr=False)
    signer: str = field(repr=False)
    valid_from: datetime
    valid_until: datetime
    is_archive: bool
    digest: str = field(repr=False)
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    _root: Element = field(repr=False)

    @cached_property
    def reading(self) -> ReadInvoice:
        """What was read from the tree whose octets were verified: the document, and what else stands in it.

        Raises:
            InvalidInvoice: it is signed, but its elements are not as the standard says.
        """
        return read_root(self._root)

    @property
    def invoice(self) -> Invoice:
        """The document. Raises like `reading`."""
        return self.reading.invoice


def verify(data: bytes, *, archive: bool = False, max_bytes: int = MAX_BYTES) -> SignedInvoice:
    """Verify the signature of a tax invoice from the bytes that were received.

    Args:
        data: the XML, as it came.
        archive: also accept SHA-1; the answer's `is_archive` says when it was needed.
        max_bytes: refuse more than this.

    Raises:
        XmlRefused: no XML we read.
        SignatureRefused: no signature, or one that does not hold, or a document of another shape.
    """
    root = parse(data, max_bytes=max_bytes)
    if root.find(_SIGNATURE_TAG) is None:
        raise SignatureRefused(why_ko="전자서명이 없습니다", why_en="there is no signature")
    _refuse_other_shapes(root, _SIGNED)
    verified = verify_root(root, INVOICE, archive=archive)
    return _signed_invoice(root, verified)


def _refuse_other_shapes(root: Element, expected: list[str]) -> None:
    """Exactly the standard's children of the root, in order, so that what is read is what is covered."""
    tags = [child.tag for child in root]
    first, lines = tags[: len(expected)], tags[len(expected) :]
    if (
        root.tag != _tag(schema.ROOT)
        or first != expected
        or any(tag != _LINE for tag in lines)
        # The XPath tests names with their prefix: a prefixed element is not what it seems.
        or {root.prefix, *(child.prefix for child in root if child.tag != _SIGNATURE_TAG)} != {None}
    ):
        raise SignatureRefused(
            why_ko="문서의 구성이 표준과 다릅니다", why_en="its parts are not those of the standard"
        )


def _signed_invoice(root: Element, verified: Verified) -> SignedInvoice:
    return SignedInvoice(
        certificate=verified.certificate_der,
        signer=verified.certificate.subject.rfc4514_string(),
        valid_from=verified.certificate.not_valid_before_utc,
        valid_until=verified.certificate.not_valid_after_utc,
        is_archive=verified.is_archive,
        digest=verified.digest.hex(),
        covered=(schema.DOCUMENT.name, schema.SETTLEMENT.name, schema.LINE_ITEM.name),
        uncovered=(schema.EXCHANGED_DOCUMENT.name, f"{schema.ROOT}/@xsi:schemaLocation"),
        _root=root,
    )
