"""The extensions of NPKI certificates and CRLs (RFC 5280, 4.2 and 5.2; KCAC.TS.CERTPROF, KCAC.TS.SIVID).

The subjectAltName holds no address but identifyData: the owner's real name and the VID.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from dojang.npki import der
from dojang.npki.errors import MalformedFile
from dojang.npki.names import read_text

SUBJECT_KEY_ID: Final = "2.5.29.14"
KEY_USAGE: Final = "2.5.29.15"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
CRL_DISTRIBUTION_POINTS: Final = "2.5.29.31"
CERTIFICATE_POLICIES: Final = "2.5.29.32"
AUTHORITY_KEY_ID: Final = "2.5.29.35"
POLICY_CONSTRAINTS: Final = "2.5.29.36"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
AUTHORITY_INFORMATION: Final = "1.3.6.1.5.5.7.1.1"

IDENTIFY_DATA: Final = "1.2.410.200004.10.1.1"
VIRTUAL_ID: Final = "1.2.410.200004.10.1.1.1"

HASH_OIDS: Final = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
KEY_USAGE_BITS: Final = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)

BOOLEAN: Final = 0x01
FALSE: Final = b"\x00"
PRIMITIVE_CONTEXT: Final = 0x80
URI: Final = PRIMITIVE_CONTEXT | 6
DIRECTORY_NAME: Final = 4

_HASH_NAMES: Final = {oid: name for name, oid in HASH_OIDS.items()}


@dataclass(frozen=True, slots=True)
class Vid:
    """The virtual id in a certificate: h(h(number, R)), from which the number cannot be read without R."""

    hash_name: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension of a certificate, a CRL or a CRL entry, its value still in DER."""

    oid: str
    critical: bool
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the extensions of one certificate say; absent ones leave the default.

    `needs_policy` is policyConstraints' requireExplicitPolicy = 0, which every Korean CA certificate carries.
    """

    critical: frozenset[str] = frozenset()
    key_usage: frozenset[str] = frozenset()
    policy_oids: tuple[str, ...] = ()
    real_name: str | None = None
    vid: Vid | None = None
    crl_urls: tuple[str, ...] = ()
    authority_key_id: bytes | None = None
    subject_key_id: bytes | None = None
    is_ca: bool = False
    path_length: int | None = None
    needs_policy: bool = False

    @classmethod
    def read(cls, element: der.Element) -> "Extensions":
        """Raises `MalformedFile` when an extension that matters here is not what its standard says."""
        by_oid = read_extensions(element)
        said = cls(critical=frozenset(oid for oid, extension in by_oid.items() if extension.critical))
        for oid, reader in _READERS.items():
            if oid in by_oid:
                said = reader(said, der.parse(by_oid[oid].value))
        return said


def read_extensions(element: der.Element) -> dict[str, Extension]:
    """`Extensions` by OID; one that comes twice is refused (RFC 5280, 4.2)."""
    found = [_read_extension(part) for part in element.items()]
    by_oid = {extension.oid: extension for extension in found}
    if len(by_oid) != len(found):
        raise MalformedFile
    return by_oid


def _read_extension(element: der.Element) -> Extension:
    fields = element.fields()
    oid = fields.next().oid()
    flag = fields.optional(BOOLEAN)
    value = fields.next().octets()
    fields.end()
    return Extension(oid, flag is not None and flag.content != FALSE, value)


def read_bit_names(element: der.Element, names: tuple[str, ...]) -> frozenset[str]:
    """The names of the bits that are set in a named BIT STRING; bits beyond the names are passed over."""
    element.require(der.BIT_STRING)
    bits = "".join(f"{octet:08b}" for octet in element.content[1:])
    return frozenset(name for name, bit in zip(names, bits, strict=False) if bit == "1")


def _key_usage(said: Extensions, element: der.Element) -> Extensions:
    usage = read_bit_names(element, KEY_USAGE_BITS)
    if not usage:  # RFC 5280, 4.2.1.3: at least one bit is set
        raise MalformedFile
    return replace(said, key_usage=usage)


def _policies(said: Extensions, element: der.Element) -> Extensions:
    # The qualifiers (notices in BMPString, some of them broken) are for people and not read.
    return replace(said, policy_oids=tuple(part.fields().next().oid() for part in element.items()))


def _basic_constraints(said: Extensions, element: der.Element) -> Extensions:
    fields = element.fields()
    flag = fields.optional(BOOLEAN)
    length = fields.optional(der.INTEGER)
    fields.end()
    path_length = length.integer() if length else None
    if path_length is not None and path_length < 0:
        raise MalformedFile
    return replace(said, is_ca=flag is not None and flag.content != FALSE, path_length=path_length)


def _policy_constraints(said: Extensions, element: der.Element) -> Extensions:
    require_explicit = element.fields().optional(PRIMITIVE_CONTEXT)
    return replace(said, needs_policy=require_explicit is not None and not any(require_explicit.content))


def _subject_key_id(said: Extensions, element: der.Element) -> Extensions:
    return replace(said, subject_key_id=element.octets())


def _authority_key_id(said: Extensions, element: der.Element) -> Extensions:
    key_id = element.fields().optional(PRIMITIVE_CONTEXT)
    return replace(said, authority_key_id=key_id.content if key_id else None)


def _crl_urls(said: Extensions, element: der.Element) -> Extensions:
    urls = tuple(
        read_uri(general_name)
        for point in element.items()
        for general_name in full_name(point.fields().optional(der.context(0)))
        if general_name.tag == URI
    )
    return replace(said, crl_urls=urls)


def full_name(distribution_point: der.Element | None) -> tuple[der.Element, ...]:
    """The GeneralNames of a `[0] DistributionPointName`, none when it is absent or relative to the issuer."""
    names = distribution_point.fields(distribution_point.tag).next() if distribution_point else None
    return names.parts if names and names.tag == der.context(0) else ()


def read_uri(element: der.Element) -> str:
    try:
        return element.content.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedFile from None


def _subject_alt_name(said: Extensions, element: der.Element) -> Extensions:
    for other_name in (part for part in element.items() if part.tag == der.context(0)):
        fields = other_name.fields(der.context(0))
        if fields.next().oid() == IDENTIFY_DATA:
            return _identify_data(said, _explicit(fields.next()))
    return said


def _explicit(element: der.Element) -> der.Element:
    """What an explicit `[0]` wraps."""
    fields = element.fields(der.context(0))
    inner = fields.next()
    fields.end()
    return inner


def _identify_data(said: Extensions, element: der.Element) -> Extensions:
    """IdentifyData ::= SEQUENCE { realName UTF8String, userInfo SEQUENCE OF AttributeTypeAndValue OPTIONAL }"""
    fields = element.fields()
    real_name = read_text(fields.next())
    user_info = fields.optional(der.SEQUENCE)
    fields.end()
    found = _vids(user_info) if user_info else iter(())
    return replace(said, real_name=real_name, vid=next(found, None))


def _vids(user_info: der.Element) -> Iterator[Vid]:
    """VID ::= SEQUENCE { hashAlg AlgorithmIdentifier, virtualID [0] OCTET STRING }, each under its OID."""
    for attribute in user_info.items():
        fields = attribute.fields()
        if fields.next().oid() != VIRTUAL_ID:
            continue
        value = fields.next().fields()
        hash_name = _HASH_NAMES.get(value.next().fields().next().oid())
        digest = _explicit(value.next()).octets()
        if hash_name:
            yield Vid(hash_name, digest)


_READERS: Final[dict[str, Callable[[Extensions, der.Element], Extensions]]] = {
    KEY_USAGE: _key_usage,
    CERTIFICATE_POLICIES: _policies,
    BASIC_CONSTRAINTS: _basic_constraints,
    POLICY_CONSTRAINTS: _policy_constraints,
    SUBJECT_KEY_ID: _subject_key_id,
    AUTHORITY_KEY_ID: _authority_key_id,
    CRL_DISTRIBUTION_POINTS: _crl_urls,
    SUBJECT_ALT_NAME: _subject_alt_name,
}
