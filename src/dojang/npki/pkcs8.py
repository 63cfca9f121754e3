"""PrivateKeyInfo (PKCS#8, RFC 5208) with the randomNum attribute that carries R.

    PrivateKeyInfo ::= SEQUENCE { version, algorithm, privateKey OCTET STRING, attributes [0] IMPLICIT SET OF … }

The attribute is `1.2.410.200004.10.1.1.3` with one BIT STRING of 160 bits. R itself may begin with zeros.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from dojang.npki import der
from dojang.npki.errors import MalformedFile
from dojang.npki.random_number import LENGTH, RandomNumber

RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RANDOM_NUMBER: Final = "1.2.410.200004.10.1.1.3"

_ATTRIBUTES: Final = der.context(0)
_PUBLIC_KEY: Final = 0x81
_VERSIONS: Final = (0, 1)


@dataclass(frozen=True, slots=True)
class PrivateKeyInfo:
    """What a PrivateKeyInfo says: key type, the key in that type's own form, and R if it is there."""

    algorithm: str
    key: bytes = field(repr=False)
    random_number: RandomNumber | None


def read(data: bytes) -> PrivateKeyInfo:
    """Read a PrivateKeyInfo in DER.

    Raises:
        MalformedFile: it is none.
    """
    fields = der.parse(data).fields()
    if fields.next().integer() not in _VERSIONS:
        raise MalformedFile
    algorithm = fields.next().fields().next().oid()
    key = fields.next().octets()
    attributes = fields.optional(_ATTRIBUTES)
    fields.optional(_PUBLIC_KEY)
    fields.end()
    found = random_number(attributes.parts) if attributes else None
    return PrivateKeyInfo(algorithm, key, found)


def random_number(attributes: Iterable[der.Element]) -> RandomNumber | None:
    """R among PKCS#8 or PKCS#12 attributes; only the octet that counts unused bits is skipped.

    Raises:
        MalformedFile: the attribute is there but does not hold 160 bits.
    """
    for attribute in attributes:
        fields = attribute.fields()
        if fields.next().oid() == RANDOM_NUMBER:
            octets = fields.next().fields(der.SET).next().bits()
            if len(octets) != LENGTH:
                raise MalformedFile
            return RandomNumber(octets)
    return None


def write(rsa_private_key: bytes, number: RandomNumber | None) -> bytes:
    """PrivateKeyInfo around a PKCS#1 RSAPrivateKey, with R when given."""
    algorithm = der.sequence(der.oid(RSA_ENCRYPTION), der.null())
    attributes = [] if number is None else [der.encode(_ATTRIBUTES, random_number_attribute(number))]
    return der.sequence(der.integer(0), algorithm, der.octet_string(rsa_private_key), *attributes)


def random_number_attribute(number: RandomNumber) -> bytes:
    """The randomNum attribute, as PKCS#8 and PKCS#12 bags carry it."""
    return der.sequence(der.oid(RANDOM_NUMBER), der.set_of(der.bit_string(number.reveal())))
