"""`.pfx` and `.p12` files (PKCS#12, RFC 7292): how a 공동인증서 is exported and carried to another machine.

General readers open these files but drop R, which sits in the attributes of the shrouded key's PKCS#8 (what the
authorities' programs write) or of its bag (some others). This reader keeps it. It checks the MAC before it decrypts
anything, takes DER and BER, and bounds the work a file may ask for as a whole.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dojang.npki import armor, der, keys, pbe, pkcs8, pkcs12_kdf
from dojang.npki.certificates import Certificate
from dojang.npki.errors import (
    FileTooLarge,
    KeyDoesNotMatchCertificate,
    MalformedFile,
    NoPrivateKey,
    UnsupportedScheme,
    WrongPassphraseOrDamaged,
)
from dojang.npki.keys import PrivateKey

MAX_SIZE: Final = 1024 * 1024
MAX_KEYS: Final = 16

_VERSION: Final = 3
_DATA: Final = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA: Final = "1.2.840.113549.1.7.6"
_KEY_BAG: Final = "1.2.840.113549.1.12.10.1.1"
_SHROUDED_KEY_BAG: Final = "1.2.840.113549.1.12.10.1.2"
_CERTIFICATE_BAG: Final = "1.2.840.113549.1.12.10.1.3"
_X509_CERTIFICATE: Final = "1.2.840.113549.1.9.22.1"
_LOCAL_KEY_ID: Final = "1.2.840.113549.1.9.21"
_SHA1: Final = "1.3.14.3.2.26"
_MAC_DIGESTS: Final[Mapping[str, str]] = {
    _SHA1: "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_EXPLICIT: Final = der.context(0)
_IMPLICIT_OCTETS: Final = 0x80

# What the Korean export programs write.
_SCHEME: Final = "pkcs12-3des"
_ITERATIONS: Final = 1_024
_SALT_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class PfxEntry:
    """A private key and the certificate (DER) it belongs to; `chain` are the file's other certificates."""

    certificate: bytes = field(repr=False)
    key: PrivateKey
    chain: tuple[bytes, ...] = field(repr=False)


def read(data: bytes, passphrase: str) -> list[PfxEntry]:
    """Every private key of a PFX (DER, PEM or base64) with its certificate, in the file's order.

    Raises:
        FileTooLarge: more than 1 MiB.
        MalformedFile: not a PFX.
        UnsupportedScheme: no MAC, or an algorithm not known here.
        IterationsRefused: an iteration count, or their sum, above `pbe.MAX_ITERATIONS`.
        WrongPassphraseOrDamaged: the MAC does not verify, or a bag does not open.
        Damaged: a key is not sound.
        NoPrivateKey: the file holds certificates only.
        KeyDoesNotMatchCertificate: a key's certificate is not in the file.
    """
    if len(data) > MAX_SIZE:
        raise FileTooLarge(limit=MAX_SIZE)
    reader = _Reader(passphrase)
    reader.read(der.parse(armor.to_der(data)))
    return _paired(reader.keys, reader.certificates)


def _paired(found: Sequence[PrivateKey], certificates: Sequence[bytes]) -> list[PfxEntry]:
    if not found:
        raise NoPrivateKey
    public_keys = [_public_key_info(certificate) for certificate in certificates]
    wanted = {key.public_key_info for key in found}
    pairs = zip(certificates, public_keys, strict=True)
    chain = tuple(certificate for certificate, public_key in pairs if public_key not in wanted)
    return [PfxEntry(_certificate_of(key, certificates, public_keys), key, chain) for key in found]


def _certificate_of(
    key: PrivateKey, certificates: Sequence[bytes], public_keys: Sequence[bytes | None]
) -> bytes:
    try:
        return certificates[public_keys.index(key.public_key_info)]
    except ValueError:
        raise KeyDoesNotMatchCertificate from None


def _public_key_info(certificate: bytes) -> bytes | None:
    """None for a chain certificate too strange to read: no key of ours belongs to it."""
    try:
        return Certificate.load(certificate).public_key_info
    except (MalformedFile, FileTooLarge):
        return None


class _Reader:
    """Collects keys and certificates while it walks one file, and counts the work asked for."""

    def __init__(self, passphrase: str) -> None:
        self.keys: list[PrivateKey] = []
        self.certificates: list[bytes] = []
        self._passphrase = passphrase
        self._iterations = 0
        self._bags: Mapping[str, Callable[[der.Element, Sequence[der.Element]], None]] = {
            _KEY_BAG: self._key_bag,
            _SHROUDED_KEY_BAG: self._shrouded_key_bag,
            _CERTIFICATE_BAG: self._certificate_bag,
        }

    def read(self, pfx: der.Element) -> None:
        fields = pfx.fields()
        if fields.next().integer() != _VERSION:
            raise MalformedFile
        kind, content = _content_info(fields.next())
        mac = fields.optional(der.SEQUENCE)
        fields.end()
        if kind != _DATA or mac is None:
            raise UnsupportedScheme(scheme="PKCS#12 without a passphrase MAC")
        authenticated_safe = content.octets()
        self._verify_mac(mac.fields(), authenticated_safe)
        for info in der.parse(authenticated_safe).items():
            self._safe_contents(self._opened(*_content_info(info)))

    def _verify_mac(self, fields: der.Fields, content: bytes) -> None:
        digest_info, salt = fields.next().fields(), fields.next().octets()
        count = fields.optional(der.INTEGER)
        fields.end()
        oid, expected = digest_info.next().fields().next().oid(), digest_info.next().octets()
        if oid not in _MAC_DIGESTS:
            raise UnsupportedScheme(scheme=oid)
        iterations = self._spend(count.integer() if count else 1)
        for form in pbe.pkcs12_forms(self._passphrase):
            if hmac.compare_digest(expected, _mac(_MAC_DIGESTS[oid], form, salt, iterations, content)):
                return
        raise WrongPassphraseOrDamaged

    def _spend(self, iterations: int) -> int:
        self._iterations += pbe.checked_iterations(iterations)
        pbe.checked_iterations(self._iterations)
        return iterations

    def _opened(self, kind: str, content: der.Element) -> bytes:
        """The SafeContents of one ContentInfo."""
        if kind == _DATA:
            return content.octets()
        if kind != _ENCRYPTED_DATA:
            raise UnsupportedScheme(scheme=kind)
        fields = content.fields()
        fields.next().integer()
        encrypted = fields.next().fields()
        encrypted.next().oid()
        return self._decrypted(encrypted.next(), encrypted.next().octets_tagged(_IMPLICIT_OCTETS))[0]

    def _decrypted(self, algorithm: der.Element, ciphertext: bytes) -> tuple[bytes, str]:
        _, parameters = pbe.read_algorithm(algorithm)
        self._spend(parameters.iterations)
        return pbe.decrypt_content(algorithm, ciphertext, self._passphrase)

    def _safe_contents(self, data: bytes) -> None:
        for bag in der.parse(data).items():
            fields = bag.fields()
            read_bag = self._bags.get(fields.next().oid())
            value = _explicit(fields.next())
            attributes = fields.optional(der.SET)
            if read_bag is not None:
                read_bag(value, attributes.parts if attributes else ())

    def _key_bag(self, value: der.Element, attributes: Sequence[der.Element]) -> None:
        self._add_key(value.encoded, "none", attributes)

    def _shrouded_key_bag(self, value: der.Element, attributes: Sequence[der.Element]) -> None:
        fields = value.fields()
        private_key_info, scheme = self._decrypted(fields.next(), fields.next().octets())
        self._add_key(private_key_info, scheme, attributes)

    def _add_key(self, private_key_info: bytes, scheme: str, attributes: Sequence[der.Element]) -> None:
        if len(self.keys) == MAX_KEYS:
            raise MalformedFile
        key = keys.from_private_key_info(private_key_info, scheme=scheme)
        if key.random_number is None:
            key = key.with_random_number(pkcs8.random_number(attributes))
        self.keys.append(key)

    def _certificate_bag(self, value: der.Element, _attributes: Sequence[der.Element]) -> None:
        fields = value.fields()
        if fields.next().oid() == _X509_CERTIFICATE:
            self.certificates.append(_explicit(fields.next()).octets())


def _content_info(info: der.Element) -> tuple[str, der.Element]:
    fields = info.fields()
    kind, content = fields.next().oid(), _explicit(fields.next())
    fields.end()
    return kind, content


def _explicit(element: der.Element) -> der.Element:
    """The one value inside an explicit `[0]`."""
    fields = element.fields(_EXPLICIT)
    value = fields.next()
    fields.end()
    return value


def _mac(digest: str, passphrase: bytes, salt: bytes, iterations: int, content: bytes) -> bytes:
    length = hashlib.new(digest).digest_size
    key = pkcs12_kdf.derive(digest, passphrase, salt, iterations, purpose=pkcs12_kdf.MAC, length=length)
    return hmac.digest(key, content, digest)


# Writing


def write(
    private_key_info: bytes, certificate: bytes, passphrase: str, *, chain: Sequence[bytes] = ()
) -> bytes:
    """A PFX as the Korean export programs write it.

    Certificates in clear, the key (with its attributes, so with R) under pbeWithSHA1And3-KeyTripleDES-CBC, both with
    the same localKeyID, an HMAC-SHA1 over all.

    Raises:
        PassphraseUnusable: the passphrase has no encoding.
    """
    local_key_id = _attribute(_LOCAL_KEY_ID, der.octet_string(hashlib.sha1(certificate).digest()))
    shrouded = pbe.encrypt(private_key_info, passphrase, scheme=_SCHEME, iterations=_ITERATIONS)
    certificates = [
        _certificate_safe_bag(certificate, local_key_id),
        *(_certificate_safe_bag(issuer) for issuer in chain),
    ]
    key = _safe_bag(_SHROUDED_KEY_BAG, shrouded, local_key_id)
    safe = der.sequence(_data(der.sequence(*certificates)), _data(der.sequence(key)))
    return der.sequence(der.integer(_VERSION), _data(safe), _mac_data(safe, passphrase))


def _mac_data(content: bytes, passphrase: str) -> bytes:
    form = pbe.written_form(pbe.pkcs12_forms(passphrase))
    salt = secrets.token_bytes(_SALT_LENGTH)
    mac = _mac("sha1", form, salt, _ITERATIONS, content)
    digest_info = der.sequence(der.sequence(der.oid(_SHA1), der.null()), der.octet_string(mac))
    return der.sequence(digest_info, der.octet_string(salt), der.integer(_ITERATIONS))


def _data(content: bytes) -> bytes:
    return der.sequence(der.oid(_DATA), der.encode(_EXPLICIT, der.octet_string(content)))


def _certificate_safe_bag(certificate: bytes, *attributes: bytes) -> bytes:
    value = der.encode(_EXPLICIT, der.octet_string(certificate))
    return _safe_bag(_CERTIFICATE_BAG, der.sequence(der.oid(_X509_CERTIFICATE), value), *attributes)


def _safe_bag(kind: str, value: bytes, *attributes: bytes) -> bytes:
    attribute_set = [der.set_of(*attributes)] if attributes else []
    return der.sequence(der.oid(kind), der.encode(_EXPLICIT, value), *attribute_set)


def _attribute(oid: str, value: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.set_of(value))
