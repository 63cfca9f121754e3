"""The transmitter's key: pages seal R to its public half; only the transmitter process has the private one.

RSA-OAEP with SHA-256; the label ties a sealed R to the certificate it belongs to, so that it is of no use with
another's.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

from dojang.npki.random_number import RandomNumber
from dojang.service.errors import ServiceError

_LABEL = b"dojang-random:"


class NotOpened(ServiceError):
    """The sealed R is damaged, sealed to another key, or belongs to another certificate."""

    code = "sealed_random_unreadable"
    ko = "봉인된 본인확인 값을 열 수 없습니다. 다시 서명해 주세요."
    en = "The sealed proof of identity cannot be opened. Please sign again."


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a page is given."""

    key_id: str
    spki: bytes

    @property
    def base64(self) -> str:
        return base64.b64encode(self.spki).decode()


@cache
def public_key() -> PublicKey:
    """The public half. The web process has no more than this."""
    file = settings.ENVIRONMENT.transmitter_public_key_file
    if file is None:
        raise RuntimeError("DOJANG_TRANSMITTER_PUBLIC_KEY_FILE is not set")
    return _public(serialization.load_pem_public_key(file.read_bytes()))


@cache
def _private_key() -> rsa.RSAPrivateKey:
    file = settings.ENVIRONMENT.transmitter_key_file
    if file is None:
        raise RuntimeError("DOJANG_TRANSMITTER_KEY_FILE is not set: this process is not the transmitter")
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the transmitter's key has to be an RSA key")
    return key


def open_random(sealed: bytes, fingerprint: str) -> RandomNumber:
    """R of the certificate with this fingerprint. Only in the transmitter process.

    Raises:
        NotOpened.
    """
    try:
        return RandomNumber(_private_key().decrypt(sealed, _oaep(fingerprint)))
    except ValueError:
        raise NotOpened from None


def seal_random(random_number: RandomNumber, fingerprint: str) -> bytes:
    """What a page does, for demo data and tests."""
    key = serialization.load_der_public_key(public_key().spki)
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 (our own key)
    return key.encrypt(random_number.reveal(), _oaep(fingerprint))


def _oaep(fingerprint: str) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), _LABEL + fingerprint.encode())


def _public(key: object) -> PublicKey:
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("the transmitter's key has to be an RSA key")
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(hashlib.sha256(spki).hexdigest(), spki)
