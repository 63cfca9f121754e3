"""Writing certificates and revocation lists the way Korean authorities do (KCAC.TS.CERTPROF, CRLPROF, SIVID).

Only the test CA issues anything; what it writes differs from a real certificate in names, notice and keys alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.npki import der, extensions
from dojang.npki.crl import CRL_NUMBER, ISSUING_DISTRIBUTION_POINT
from dojang.npki.extensions import PRIMITIVE_CONTEXT, URI, Vid
from dojang.npki.instants import write_instant
from dojang.npki.names import BMP_STRING, IA5_STRING, UTF8_STRING
from dojang.npki.policies import ANY_POLICY

_SHA256_WITH_RSA: Final = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null())
_CPS: Final = "1.3.6.1.5.5.7.2.1"
_USER_NOTICE: Final = "1.3.6.1.5.5.7.2.2"
_OCSP: Final = "1.3.6.1.5.5.7.48.1"
_TRUE: Final = der.encode(extensions.BOOLEAN, b"\xff")
_VERSION_3: Final = der.encode(der.context(0), der.integer(2))
_VERSION_2: Final = der.integer(1)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: name and key, and the certificate's own issuer and serial, which authorityKeyIdentifier repeats."""

    name: bytes
    key: rsa.RSAPrivateKey
    key_id: bytes
    authority_name: bytes
    authority_serial: int


def write_certificate(
    issuer: Issuer,
    *,
    serial: int,
    subject: bytes,
    valid_from: datetime,
    valid_to: datetime,
    public_key: rsa.RSAPublicKey,
    extension_values: Iterable[bytes],
) -> bytes:
    """A signed v3 certificate; names and extensions come in DER."""
    return _signed(
        issuer.key,
        der.sequence(
            _VERSION_3,
            der.integer(serial),
            _SHA256_WITH_RSA,
            issuer.name,
            der.sequence(write_instant(valid_from), write_instant(valid_to)),
            subject,
            public_key_info(public_key),
            der.encode(der.context(3), der.sequence(*extension_values)),
        ),
    )


def write_crl(
    issuer: Issuer,
    *,
    this_update: datetime,
    next_update: datetime,
    number: int,
    revoked: Mapping[int, datetime],
    point: str,
    authorities_only: bool = False,
) -> bytes:
    """A signed v2 CRL for one distribution point; the revoked serial numbers are given with their instants."""
    entries = (
        der.sequence(der.integer(serial), write_instant(when)) for serial, when in sorted(revoked.items())
    )
    scope = [der.encode(der.context(0), _full_name(point))]
    if authorities_only:
        scope.append(der.encode(PRIMITIVE_CONTEXT | 2, b"\xff"))
    return _signed(
        issuer.key,
        der.sequence(
            _VERSION_2,
            _SHA256_WITH_RSA,
            issuer.name,
            write_instant(this_update),
            write_instant(next_update),
            *((der.sequence(*entries),) if revoked else ()),
            der.encode(
                der.context(0),
                der.sequence(
                    authority_key_id(issuer),
                    _extension(CRL_NUMBER, der.integer(number)),
                    _extension(ISSUING_DISTRIBUTION_POINT, der.sequence(*scope), critical=True),
                ),
            ),
        ),
    )


def public_key_info(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(key: rsa.RSAPublicKey) -> bytes:
    """SHA-1 over the key's BIT STRING (RFC 5280, 4.2.1.2): a name for it, not a protection."""
    bits = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    digest = hashes.Hash(hashes.SHA1())
    digest.update(bits)
    return digest.finalize()


# Extensions, each in DER


def authority_key_id(issuer: Issuer) -> bytes:
    """With key id, issuer and serial: NPKI names the authority's certificate three ways."""
    directory_name = der.encode(der.context(extensions.DIRECTORY_NAME), issuer.authority_name)
    serial = der.integer(issuer.authority_serial)
    return _extension(
        extensions.AUTHORITY_KEY_ID,
        der.sequence(
            der.encode(PRIMITIVE_CONTEXT, issuer.key_id),
            der.encode(der.context(1), directory_name),
            der.encode(PRIMITIVE_CONTEXT | 2, serial[2:]),
        ),
    )


def subject_key_id(key: rsa.RSAPublicKey) -> bytes:
    return _extension(extensions.SUBJECT_KEY_ID, der.octet_string(key_id(key)))


def key_usage(*names: str) -> bytes:
    """Critical, by the names of RFC 5280, 4.2.1.3; unused bits at the end are cut off as DER demands."""
    bits = sum(0x80 >> extensions.KEY_USAGE_BITS.index(name) for name in names)
    unused = (bits & -bits).bit_length() - 1
    return _extension(extensions.KEY_USAGE, der.encode(der.BIT_STRING, bytes((unused, bits))), critical=True)


def policies(oid: str, notice: str, cps: str) -> bytes:
    """Critical: one policy with the notice people are shown, in BMPString, and the address of the rules."""
    text = der.encode(BMP_STRING, notice.encode("utf-16-be"))
    qualifiers = der.sequence(
        der.sequence(der.oid(_USER_NOTICE), der.sequence(text)),
        der.sequence(der.oid(_CPS), der.encode(IA5_STRING, cps.encode("ascii"))),
    )
    value = der.sequence(der.sequence(der.oid(oid), qualifiers))
    return _extension(extensions.CERTIFICATE_POLICIES, value, critical=True)


def identify_data(real_name: str, vid: Vid | None) -> bytes:
    """The subjectAltName of NPKI: real name and, for who has a number, the VID."""
    name = der.encode(UTF8_STRING, real_name.encode())
    attribute = (_vid(vid),) if vid else ()
    value = der.sequence(name, *(der.sequence(part) for part in attribute))
    other_name = der.encode(
        der.context(0), der.oid(extensions.IDENTIFY_DATA), der.encode(der.context(0), value)
    )
    return _extension(extensions.SUBJECT_ALT_NAME, der.sequence(other_name))


def _vid(vid: Vid) -> bytes:
    algorithm = der.sequence(der.oid(extensions.HASH_OIDS[vid.hash_name]))
    digest = der.encode(der.context(0), der.octet_string(vid.digest))
    return der.sequence(der.oid(extensions.VIRTUAL_ID), der.sequence(algorithm, digest))


def distribution_point(url: str) -> bytes:
    point = der.sequence(der.encode(der.context(0), _full_name(url)))
    return _extension(extensions.CRL_DISTRIBUTION_POINTS, der.sequence(point))


def ocsp(url: str) -> bytes:
    access = der.sequence(der.oid(_OCSP), der.encode(URI, url.encode("ascii")))
    return _extension(extensions.AUTHORITY_INFORMATION, der.sequence(access))


def authority(path_length: int | None) -> tuple[bytes, ...]:
    """Critical basicConstraints and keyUsage; below the root also what Korean CA certificates demand of policies."""
    length = (der.integer(path_length),) if path_length is not None else ()
    constraints = _extension(extensions.BASIC_CONSTRAINTS, der.sequence(_TRUE, *length), critical=True)
    own = (constraints, key_usage("keyCertSign", "cRLSign"))
    if path_length is None:
        return own
    any_policy = der.sequence(der.sequence(der.oid(ANY_POLICY)))
    explicit = der.sequence(der.encode(PRIMITIVE_CONTEXT, b"\x00"))
    return (
        *own,
        _extension(extensions.CERTIFICATE_POLICIES, any_policy, critical=True),
        _extension(extensions.POLICY_CONSTRAINTS, explicit, critical=True),
    )


def _extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.oid(oid), *((_TRUE,) if critical else ()), der.octet_string(value))


def _full_name(url: str) -> bytes:
    return der.encode(der.context(0), der.encode(URI, url.encode("ascii")))


def _signed(key: rsa.RSAPrivateKey, content: bytes) -> bytes:
    signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return der.sequence(content, _SHA256_WITH_RSA, der.bit_string(signature))
