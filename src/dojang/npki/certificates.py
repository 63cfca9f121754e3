"""X.509 certificates of NPKI: signCert.der, kmCert.der and those of the authorities (KCAC.TS.CERTPROF, RFC 5280).

A certificate is read once and completely: what does not parse is refused by `Certificate.load`, and a loaded
certificate is plain values that never fail later. That it was read says nothing about trust: see `trust`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.npki import der, policies
from dojang.npki.armor import to_der
from dojang.npki.errors import FileTooLarge, MalformedFile
from dojang.npki.extensions import Extensions, Vid
from dojang.npki.instants import korean_date, read_instant
from dojang.npki.names import Name

MAX_SIZE: Final = 64 * 1024

RSA_SIGNATURES: Final = {
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_HASHES: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_RSA_ENCRYPTION: Final = der.oid("1.2.840.113549.1.1.1")
_ALGORITHM_ENDS_BY: Final = 24
# The common name is `이름(영문)` and then bank code, date and serial number in digits.
_COMMON_NAME_TAIL: Final = re.compile(r"\([^()]*\)[0-9]*$")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Certificate:
    """One certificate, read. Equal when the bytes are equal.

    `key_usage` holds the names of RFC 5280, 4.2.1.3 and is empty when the extension is absent.
    `valid_from` and `valid_to` are aware UTC; the certificate is valid at both ends.
    `signed_part` is the DER of the TBSCertificate, which `signature` covers.
    """

    der: bytes
    signed_part: bytes
    signature_algorithm: str
    signature: bytes
    serial: int
    subject_name: Name
    issuer_name: Name
    valid_from: datetime
    valid_to: datetime
    public_key_info: bytes
    critical_extensions: frozenset[str]
    key_usage: frozenset[str]
    policy_oids: tuple[str, ...]
    real_name: str | None
    vid: Vid | None
    crl_urls: tuple[str, ...]
    authority_key_id: bytes | None
    subject_key_id: bytes | None
    is_ca: bool
    path_length: int | None
    needs_policy: bool

    @classmethod
    def load(cls, data: bytes) -> "Certificate":
        """Read a certificate from DER, PEM or base64.

        Raises:
            FileTooLarge: more than 64 KiB; a real one has about 1.5 KiB.
            MalformedFile: anything that is not one complete X.509 certificate.
        """
        if len(data) > MAX_SIZE:
            raise FileTooLarge(limit=MAX_SIZE)
        return _read(to_der(data))

    @property
    def subject(self) -> str:
        """The owner's name as NPKI folders write it: `cn=…,ou=…,o=…,c=kr`."""
        return str(self.subject_name)

    @property
    def issuer(self) -> str:
        """The authority's name in the same form as `subject`."""
        return str(self.issuer_name)

    @property
    def common_name(self) -> str:
        return self.subject_name.last("cn")

    @property
    def owner(self) -> str:
        """Whose certificate it is, for people: the real name, else the common name without its serial tail."""
        return self.real_name or _COMMON_NAME_TAIL.sub("", self.common_name)

    @property
    def ca(self) -> str:
        """The organisation of the issuing authority: yessign, KICA, SignKorea, CrossCert, TradeSign, …"""
        return self.issuer_name.last("o")

    @property
    def serial_hex(self) -> str:
        """The serial number in lower-case hexadecimal without leading zeros."""
        return f"{self.serial:x}"

    @property
    def policy(self) -> "policies.Policy | None":
        """What the certificate was issued for, if its policy OID is a known one."""
        return self.policy_on(korean_date(self.valid_from))

    def policy_on(self, on: date) -> "policies.Policy | None":
        """The first policy that is known on this date."""
        found = (policies.lookup(oid, on=on) for oid in self.policy_oids)
        return next((policy for policy in found if policy), None)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER in hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def self_issued(self) -> bool:
        return self.subject_name.same_as(self.issuer_name)

    def verify(self, signature: bytes, data: bytes, *, sha1: bool = False) -> bool:
        """Whether `signature` over `data` was made with this certificate's key.

        RSASSA-PKCS1-v1_5 with SHA-256, the only kind of NPKI today; `sha1` is for archives from before 2012.
        """
        return rsa_verifies(self.public_key_info, signature, data, "sha1" if sha1 else "sha256")

    def issued(self, other: "Certificate") -> bool:
        """Whether the signature on `other` was made with this certificate's key, whatever the names say."""
        return self.signed(other.signed_part, other.signature, other.signature_algorithm)

    def signed(self, signed_part: bytes, signature: bytes, algorithm: str) -> bool:
        """The same for any structure signed the way certificates and CRLs are; `algorithm` is an OID."""
        hash_name = RSA_SIGNATURES.get(algorithm)
        return hash_name is not None and rsa_verifies(self.public_key_info, signature, signed_part, hash_name)

    def rsa_bits(self) -> int:
        """The length of the RSA modulus, 0 when the key is of another kind."""
        key = rsa_key(self.public_key_info)
        return key.key_size if key else 0

    def __eq__(self, other: object) -> bool:
        return self.der == other.der if isinstance(other, Certificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"<Certificate {self.serial_hex} {self.subject}>"


def rsa_verifies(public_key_info: bytes, signature: bytes, data: bytes, hash_name: str) -> bool:
    """RSASSA-PKCS1-v1_5 (RFC 8017, 8.2); False also when the key is not an RSA key."""
    key = rsa_key(public_key_info)
    if key is None:
        return False
    try:
        key.verify(signature, data, padding.PKCS1v15(), _HASHES[hash_name]())
    except InvalidSignature:
        return False
    return True


def rsa_key(public_key_info: bytes) -> rsa.RSAPublicKey | None:
    """The key in a SubjectPublicKeyInfo, None when it is of another kind or unusable."""
    if _RSA_ENCRYPTION not in public_key_info[:_ALGORITHM_ENDS_BY]:
        return None  # before the library looks: it warns of some kinds
    try:
        key = serialization.load_der_public_key(public_key_info)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def _read(data: bytes) -> Certificate:
    outer = der.parse(data).fields()
    signed_part = outer.next()
    algorithm = outer.next()
    signature = outer.next().bits()
    outer.end()
    # Only one encoding of the frame: else one certificate would have many fingerprints.
    if der.sequence(signed_part.encoded, algorithm.encoded, der.bit_string(signature)) != data:
        raise MalformedFile

    fields = signed_part.fields()
    fields.optional(der.context(0))  # the version: what it allows is seen from what is there
    serial = fields.next().integer()
    inner_algorithm = fields.next()
    issuer_name = Name.read(fields.next())
    validity = fields.next().fields()
    subject_name = Name.read(fields.next())
    public_key_info = fields.next()
    public_key_info.require(der.SEQUENCE)
    extensions = _read_extensions(fields.optional(der.context(3)))
    fields.end()
    valid_from, valid_to = read_instant(validity.next()), read_instant(validity.next())
    validity.end()
    # RFC 5280, 4.1.1.2: both algorithm fields say the same; 4.1.2.2: serial numbers are positive.
    if inner_algorithm != algorithm or serial <= 0:
        raise MalformedFile
    return Certificate(
        der=data,
        signed_part=signed_part.encoded,
        signature_algorithm=algorithm.fields().next().oid(),
        signature=signature,
        serial=serial,
        subject_name=subject_name,
        issuer_name=issuer_name,
        valid_from=valid_from,
        valid_to=valid_to,
        public_key_info=public_key_info.encoded,
        critical_extensions=extensions.critical,
        key_usage=extensions.key_usage,
        policy_oids=extensions.policy_oids,
        real_name=extensions.real_name,
        vid=extensions.vid,
        crl_urls=extensions.crl_urls,
        authority_key_id=extensions.authority_key_id,
        subject_key_id=extensions.subject_key_id,
        is_ca=extensions.is_ca,
        path_length=extensions.path_length,
        needs_policy=extensions.needs_policy,
    )


def _read_extensions(element: der.Element | None) -> Extensions:
    """The `[3]` of a TBSCertificate."""
    if element is None:
        return Extensions()
    wrapped = element.fields(der.context(3))
    extensions = Extensions.read(wrapped.next())
    wrapped.end()
    return extensions
