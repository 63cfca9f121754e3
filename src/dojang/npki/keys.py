"""The opened private key of a 공동인증서: RSA, with R where the file carries it.

NPKI signs with RSASSA-PKCS1-v1_5 and SHA-256, and transports keys to 암호화용 (km) certificates with RSAES-PKCS1-v1_5.
A key file has no integrity of its own, so a key is used only after three checks: its ASN.1 shape, the arithmetic of
its RSA numbers, and a random challenge signed and verified (a damaged CRT value would betray the primes otherwise).
"""

import secrets
from dataclasses import dataclass
from typing import Final, NoReturn

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.npki import der, pbe, pkcs8
from dojang.npki.certificates import rsa_verifies
from dojang.npki.errors import (
    Damaged,
    DecryptionFailed,
    KeyDoesNotMatchCertificate,
    MalformedFile,
    UnsupportedScheme,
)
from dojang.npki.random_number import RandomNumber

MIN_RSA_BITS: Final = 1_024
MAX_RSA_BITS: Final = 4_096

_TWO_PRIMES: Final = 0
_RSA_NUMBERS: Final = 8
_CHALLENGE_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PrivateKey:
    """A checked RSA key; shows nothing secret, is not picklable.

    `scheme` names how the file it came from was encrypted (see `pbe.SCHEMES`); `random_number` is R or None.
    """

    _rsa: rsa.RSAPrivateKey
    random_number: RandomNumber | None
    scheme: str

    def sign(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over `data`; deterministic, releases the GIL."""
        return self._rsa.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def decrypt(self, data: bytes) -> bytes:
        """What was encrypted to this key with RSAES-PKCS1-v1_5.

        A ciphertext of the right length made for another key may give random octets instead of an error: that is
        OpenSSL's answer to padding oracles.

        Raises:
            DecryptionFailed: `data` cannot be a ciphertext for this key.
        """
        try:
            return self._rsa.decrypt(data, padding.PKCS1v15())
        except ValueError:
            raise DecryptionFailed from None

    @property
    def public_key_info(self) -> bytes:
        """The SubjectPublicKeyInfo in DER."""
        return self._rsa.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def with_random_number(self, number: RandomNumber | None) -> "PrivateKey":
        """The same key with R from elsewhere, as from a PFX bag attribute."""
        return PrivateKey(self._rsa, number, self.scheme)

    def __repr__(self) -> str:
        has_r = "with R" if self.random_number else "without R"
        return f"<PrivateKey RSA-{self._rsa.key_size} {has_r}, {self.scheme}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a private key must not be pickled")


def open_private_key(data: bytes, passphrase: str) -> PrivateKey:
    """Open the content of a `signPri.key` or `kmPri.key`: DER, PEM or base64, any scheme of `pbe.SCHEMES`.

    Raises:
        MalformedFile, UnsupportedScheme, IterationsRefused, WrongPassphraseOrDamaged: see
            `pbe.decrypt`.
        Damaged: it decrypted well, but not to a sound RSA key.
    """
    private_key_info, scheme = pbe.decrypt(data, passphrase)
    return from_private_key_info(private_key_info, scheme=scheme)


def from_private_key_info(data: bytes, *, scheme: str) -> PrivateKey:
    """The checked key in a decrypted PrivateKeyInfo.

    Raises:
        UnsupportedScheme: it is not an RSA key.
        Damaged: it is not a sound one.
    """
    try:
        info = pkcs8.read(data)
    except MalformedFile:
        raise Damaged from None
    if info.algorithm != pkcs8.RSA_ENCRYPTION:
        raise UnsupportedScheme(scheme=info.algorithm)
    key = PrivateKey(_load_rsa(info.key), info.random_number, scheme)
    try:
        require_pair(key, key.public_key_info)
    except KeyDoesNotMatchCertificate:
        raise Damaged from None
    return key


def private_key_info(rsa_key: rsa.RSAPrivateKey, random_number: RandomNumber | None) -> bytes:
    """PrivateKeyInfo in DER, unencrypted, with the randomNum attribute when R is given."""
    rsa_private_key = rsa_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return pkcs8.write(rsa_private_key, random_number)


def require_pair(key: PrivateKey, public_key_info: bytes) -> None:
    """Sign a random challenge and verify it with a certificate's public key.

    Raises:
        KeyDoesNotMatchCertificate: the signature does not verify, or that is no RSA public key.
    """
    challenge = secrets.token_bytes(_CHALLENGE_LENGTH)
    if not rsa_verifies(public_key_info, key.sign(challenge), challenge, "sha256"):
        raise KeyDoesNotMatchCertificate


def _load_rsa(rsa_private_key: bytes) -> rsa.RSAPrivateKey:
    """The key of a PKCS#1 RSAPrivateKey, its numbers checked against each other by OpenSSL.

    Sizes are bounded first: OpenSSL would test the primes of a hostile key of 60,000 bits for minutes.
    """
    try:
        n, *others = _rsa_numbers(der.parse(rsa_private_key).fields())
        if not MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS or not all(0 < other < n for other in others):
            raise Damaged
        e, d, p, q, dmp1, dmq1, iqmp = others
        return rsa.RSAPrivateNumbers(p, q, d, dmp1, dmq1, iqmp, rsa.RSAPublicNumbers(e, n)).private_key()
    except (MalformedFile, ValueError):
        raise Damaged from None


def _rsa_numbers(fields: der.Fields) -> list[int]:
    if fields.next().integer() != _TWO_PRIMES:
        raise MalformedFile
    numbers = [fields.next().integer() for _ in range(_RSA_NUMBERS)]
    fields.end()
    return numbers
