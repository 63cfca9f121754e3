"""CMS EnvelopedData: the package, encrypted to the receiver's km certificate.

One recipient by issuer and serial number, RSA PKCS#1 v1.5, and DES-EDE3-CBC, which 국세청 still asks for: the
content cipher is one table, `CIPHERS`, and one name, `CIPHER`, to be changed the day the standard changes.

Source: KEC 표준전자세금계산서 v3.0, 암호화; RFC 5652; RFC 3218 (why a wrong key must not be told apart).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from dojang.npki import der
from dojang.npki.certificates import Certificate, rsa_key
from dojang.npki.errors import NpkiError
from dojang.nts import ber
from dojang.nts.errors import (
    DecryptionFailed,
    EnvelopeRefused,
    Malformed,
    NotForThisCertificate,
    RecipientRefused,
    UnsupportedCipher,
)

ENVELOPED_DATA = "1.2.840.113549.1.7.3"
DATA = "1.2.840.113549.1.7.1"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
DES_EDE3_CBC = "1.2.840.113549.3.7"

_EXPLICIT_0, _IMPLICIT_0, _ORIGINATOR = 0xA0, 0x80, 0xA0
_MAX_RECIPIENTS = 16
_BLOCK_BITS = 64


@dataclass(frozen=True, slots=True)
class ContentCipher:
    """A cipher for the content: (key, iv, content) → content."""

    key_bytes: int
    iv_bytes: int
    encrypt: Callable[[bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes], bytes]


def _triple_des_encrypt(key: bytes, iv: bytes, content: bytes) -> bytes:
    padder = PKCS7(_BLOCK_BITS).padder()
    encryptor = Cipher(TripleDES(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()


def _triple_des_decrypt(key: bytes, iv: bytes, content: bytes) -> bytes:
    decryptor = Cipher(TripleDES(key), CBC(iv)).decryptor()
    unpadder = PKCS7(_BLOCK_BITS).unpadder()
    padded = decryptor.update(content) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


CIPHERS = {DES_EDE3_CBC: ContentCipher(24, 8, _triple_des_encrypt, _triple_des_decrypt)}
CIPHER = DES_EDE3_CBC


def envelope(
    content: bytes, recipient_certificate: bytes, *, random: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Encrypt to a certificate: ContentInfo with EnvelopedData version 0, in DER.

    Args:
        content: the package.
        recipient_certificate: the receiver's certificate for encryption (km).
        random: gives so many random bytes, for the content key and the IV.

    Raises:
        RecipientRefused: no readable RSA certificate, one that is not for encryption, or a key that is none.
    """
    cipher = CIPHERS[CIPHER]
    key, iv = random(cipher.key_bytes), random(cipher.iv_bytes)
    certificate = _load(recipient_certificate)
    recipient = der.sequence(
        der.integer(0),
        _issuer_and_serial(certificate),
        der.sequence(der.oid(RSA_ENCRYPTION), der.null()),
        der.octet_string(_encrypt_key(certificate, key)),
    )
    encrypted_content = der.sequence(
        der.oid(DATA),
        der.sequence(der.oid(CIPHER), der.octet_string(iv)),
        der.encode(_IMPLICIT_0, cipher.encrypt(key, iv, content)),
    )
    enveloped = der.sequence(der.integer(0), der.set_of(recipient), encrypted_content)
    return der.sequence(der.oid(ENVELOPED_DATA), der.encode(_EXPLICIT_0, enveloped))


def _load(certificate: bytes) -> Certificate:
    try:
        return Certificate.load(certificate)
    except NpkiError:
        raise RecipientRefused(why_ko="읽을 수 없습니다", why_en="it cannot be read") from None


def _encrypt_key(certificate: Certificate, key: bytes) -> bytes:
    recipient_key = rsa_key(certificate.public_key_info)
    if recipient_key is None:
        raise RecipientRefused(why_ko="RSA 인증서가 아닙니다", why_en="it has no RSA key")
    if certificate.key_usage and "keyEncipherment" not in certificate.key_usage:
        raise RecipientRefused(why_ko="서명용입니다", why_en="it is for signing")
    try:
        return recipient_key.encrypt(key, PKCS1v15())
    except ValueError:  # the modulus is even, or the like
        raise RecipientRefused(why_ko="공개키가 잘못되었습니다", why_en="its public key is wrong") from None


def _issuer_and_serial(certificate: Certificate) -> bytes:
    """IssuerAndSerialNumber with the issuer's own octets, so that its string types stay."""
    return der.sequence(certificate.issuer_name.encoded, der.integer(certificate.serial))


@dataclass(frozen=True, slots=True)
class _Envelope:
    encrypted_key: bytes
    cipher: ContentCipher
    iv: bytes
    content: bytes


def open_envelope(data: bytes, certificate: bytes, decrypt: Callable[[bytes], bytes]) -> bytes:
    """Decrypt what was encrypted to a certificate.

    Reads definite DER and indefinite BER with the content in chunks, parameters absent or NULL.

    Args:
        data: the ContentInfo.
        certificate: the receiver's certificate (km); it says which recipient is ours.
        decrypt: RSA PKCS#1 v1.5 decryption with its key; a ValueError from it counts as a wrong key.

    Raises:
        RecipientRefused: the certificate is none.
        EnvelopeRefused: another shape.
        UnsupportedCipher: other algorithms than the standard's.
        NotForThisCertificate: encrypted to somebody else.
        DecryptionFailed: the key or the content did not come out right. A wrong key is replaced by a random
            one and goes the same way as the right one: no answer may tell the two apart (Bleichenbacher).
    """
    recipient = der.parse(_issuer_and_serial(_load(certificate)))
    try:
        opened = _read(data, recipient)
    except Malformed as error:
        raise EnvelopeRefused(**error.facts) from None
    key = secrets.token_bytes(opened.cipher.key_bytes)
    try:
        decrypted = decrypt(opened.encrypted_key)
    except ValueError:
        decrypted = b""
    if len(decrypted) == opened.cipher.key_bytes:
        key = decrypted
    try:
        return opened.cipher.decrypt(key, opened.iv, opened.content)
    except ValueError:
        raise DecryptionFailed from None


def _read(data: bytes, recipient: der.Element) -> _Envelope:
    content_type, wrapped = ber.members(ber.parse(data), der.SEQUENCE, 2, 2)
    _require(content_type, ENVELOPED_DATA)
    (enveloped,) = ber.members(wrapped, _EXPLICIT_0, 1, 1)
    _, *rest = ber.members(enveloped, der.SEQUENCE, 3, 5)
    if rest[0].tag == _ORIGINATOR:
        rest = rest[1:]
    if len(rest) < 2:  # noqa: PLR2004 - recipients and content
        raise EnvelopeRefused(why_ko="내용이 없습니다", why_en="it has no content")
    inner_type, algorithm, content = ber.members(rest[1], der.SEQUENCE, 3, 3)
    _require(inner_type, DATA)
    cipher, iv = _cipher(algorithm)
    return _Envelope(
        encrypted_key=_encrypted_key(rest[0], recipient),
        cipher=cipher,
        iv=iv,
        content=ber.octets(content, _IMPLICIT_0),
    )


def _require(element: der.Element, oid: str) -> None:
    if ber.dotted(element) != oid:
        raise EnvelopeRefused(why_ko=f"내용 형식이 {oid}가 아닙니다", why_en=f"its content type is not {oid}")


def _cipher(algorithm: der.Element) -> tuple[ContentCipher, bytes]:
    name, *parameters = ber.members(algorithm, der.SEQUENCE, 1, 2)
    oid = ber.dotted(name)
    cipher = CIPHERS.get(oid)
    if cipher is None:
        raise UnsupportedCipher(oid=oid)
    iv = ber.octets(parameters[0]) if parameters else b""
    if len(iv) != cipher.iv_bytes:
        raise EnvelopeRefused(
            why_ko="초기값(IV)이 없거나 잘못되었습니다", why_en="its IV is missing or wrong"
        )
    return cipher, iv


def _encrypted_key(recipients: der.Element, recipient: der.Element) -> bytes:
    for info in ber.members(recipients, der.SET, 1, _MAX_RECIPIENTS):
        # Other kinds of recipient carry a context tag, other ways of naming the certificate too.
        if info.tag != der.SEQUENCE:
            continue
        _, name, algorithm, key = ber.members(info, der.SEQUENCE, 4, 4)
        if not ber.same(name, recipient):
            continue
        scheme, *parameters = ber.members(algorithm, der.SEQUENCE, 1, 2)
        oid = ber.dotted(scheme)
        if oid != RSA_ENCRYPTION or any(p.tag != der.NULL for p in parameters):
            raise UnsupportedCipher(oid=oid)
        return ber.octets(key)
    raise NotForThisCertificate
