"""EncryptedPrivateKeyInfo (PKCS#8, RFC 5208): the password-based encryption of `signPri.key` and of PFX bags.

Three generations are in use: PBES1 with KISA's seedCBCWithSHA1 (most files), PBES1 under the bare seedCBC OID with a
fixed IV (old ones, whose key derivation the public implementations disagree on), and PBES2 (RFC 8018) with PBKDF2 and
SEED, ARIA or AES. `SCHEMES` lists them all. PFX bags add the schemes of PKCS#12 (RFC 7292).

None of them protects integrity. A decryption counts as good when its padding is right and the plaintext is one ASN.1
SEQUENCE by its own length; anything else is a wrong passphrase or a damaged file.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

from dojang.npki import armor, ciphers, der, pkcs12_kdf
from dojang.npki.ciphers import Cipher
from dojang.npki.errors import (
    FileTooLarge,
    IterationsRefused,
    MalformedFile,
    PassphraseUnusable,
    UnsupportedScheme,
    WrongPassphraseOrDamaged,
)

MAX_SIZE: Final = 64 * 1024
MAX_ITERATIONS: Final = 2_000_000
ISSUED_ITERATIONS: Final = 2_048
STORED_ITERATIONS: Final = 600_000
DEFAULT_SCHEME: Final = "pbes1-seedCBCWithSHA1"

_PBES2: Final = "1.2.840.113549.1.5.13"
_PBKDF2: Final = "1.2.840.113549.1.5.12"
_SALT_LENGTH: Final = 8
_FIXED_IV: Final = b"0123456789012345"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an AlgorithmIdentifier gives besides the scheme; `iv` only in PBES2."""

    salt: bytes
    iterations: int
    iv: bytes = b""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to turn a passphrase into key and IV, and the cipher they are for."""

    name: str
    oid: str
    cipher: Cipher
    derive: Callable[[bytes, Parameters], tuple[bytes, bytes]] = field(repr=False)
    forms: Callable[[str], Iterator[bytes]] = field(repr=False)
    default_iterations: int = ISSUED_ITERATIONS
    pbes2: "Pbes2 | None" = None


@dataclass(frozen=True, slots=True)
class Pbes2:
    """The two OIDs inside PBES2 parameters."""

    prf_oid: str
    cipher_oid: str


# Passphrases


def text_forms(passphrase: str) -> Iterator[bytes]:
    """The octets a passphrase may stand for: UTF-8, then CP949 as old Korean programs wrote it.

    Hangul typed or pasted in decomposed form is also tried as the keyboard of the other program composed it.
    """
    composed = unicodedata.normalize("NFC", passphrase)
    with suppress(UnicodeEncodeError):
        yield passphrase.encode()
        if composed != passphrase:
            yield composed.encode()
    if not passphrase.isascii():
        with suppress(UnicodeEncodeError):
            yield composed.encode("cp949")


def pkcs12_forms(passphrase: str) -> Iterator[bytes]:
    """As `text_forms` for PKCS#12: BMPString with terminator, then octets widened one by one as old OpenSSL did.

    An empty passphrase is also tried as none at all, which is how Windows writes it.
    """
    with suppress(UnicodeEncodeError):
        yield passphrase.encode("utf-16-be") + b"\0\0"
    if not passphrase.isascii():
        for octets in text_forms(passphrase):
            yield octets.decode("latin-1").encode("utf-16-be") + b"\0\0"
    if not passphrase:
        yield b""


def written_form(forms: Iterator[bytes]) -> bytes:
    """The form to encrypt with: the first.

    Raises:
        PassphraseUnusable: there is none, because the passphrase has no encoding.
    """
    form = next(forms, None)
    if form is None:
        raise PassphraseUnusable
    return form


# Key derivation


def _pbkdf1(passphrase: bytes, parameters: Parameters) -> bytes:
    derived = passphrase + parameters.salt
    for _ in range(parameters.iterations):
        derived = hashlib.sha1(derived).digest()
    return derived


def _pbkdf1_derived_iv(passphrase: bytes, parameters: Parameters) -> tuple[bytes, bytes]:
    derived = _pbkdf1(passphrase, parameters)
    return derived[:16], hashlib.sha1(derived[16:]).digest()[:16]


def _pbkdf1_fixed_iv(passphrase: bytes, parameters: Parameters) -> tuple[bytes, bytes]:
    return _pbkdf1(passphrase, parameters)[:16], _FIXED_IV


def _pbkdf2_fixed_iv(passphrase: bytes, parameters: Parameters) -> tuple[bytes, bytes]:
    return _pbkdf2("sha1", 16, passphrase, parameters), _FIXED_IV


def _pbkdf2_given_iv(
    digest: str, length: int, passphrase: bytes, parameters: Parameters
) -> tuple[bytes, bytes]:
    return _pbkdf2(digest, length, passphrase, parameters), parameters.iv


def _pbkdf2(digest: str, length: int, passphrase: bytes, parameters: Parameters) -> bytes:
    return hashlib.pbkdf2_hmac(digest, passphrase, parameters.salt, parameters.iterations, length)


def _pkcs12(cipher: Cipher, passphrase: bytes, parameters: Parameters) -> tuple[bytes, bytes]:
    derive = partial(pkcs12_kdf.derive, "sha1", passphrase, parameters.salt, parameters.iterations)
    key = derive(purpose=pkcs12_kdf.KEY, length=cipher.key_length)
    return key, derive(purpose=pkcs12_kdf.IV, length=cipher.block_length)


# The table of schemes

_PRFS: Final[Mapping[str, tuple[str, str]]] = {
    "hmacSHA1": ("1.2.840.113549.2.7", "sha1"),
    "hmacSHA224": ("1.2.840.113549.2.8", "sha224"),
    "hmacSHA256": ("1.2.840.113549.2.9", "sha256"),
    "hmacSHA384": ("1.2.840.113549.2.10", "sha384"),
    "hmacSHA512": ("1.2.840.113549.2.11", "sha512"),
}
_DEFAULT_PRF: Final = _PRFS["hmacSHA1"][0]

_PBES2_CIPHERS: Final[Mapping[str, Cipher]] = {
    "1.2.410.200004.1.4": ciphers.SEED,
    "1.2.410.200046.1.1.2": ciphers.ARIA_128,
    "1.2.410.200046.1.1.7": ciphers.ARIA_192,
    "1.2.410.200046.1.1.12": ciphers.ARIA_256,
    "2.16.840.1.101.3.4.1.2": ciphers.AES_128,
    "2.16.840.1.101.3.4.1.22": ciphers.AES_192,
    "2.16.840.1.101.3.4.1.42": ciphers.AES_256,
    "1.2.840.113549.3.7": ciphers.TRIPLE_DES,
}

_PBES1_SCHEMES: Final = tuple(
    Scheme(name, oid, ciphers.SEED, derive, text_forms)
    for name, oid, derive in (
        (DEFAULT_SCHEME, "1.2.410.200004.1.15", _pbkdf1_derived_iv),
        ("pbes1-seedCBC-fixedIV-pbkdf1", "1.2.410.200004.1.4", _pbkdf1_fixed_iv),
        ("pbes1-seedCBC-fixedIV-pbkdf2", "1.2.410.200004.1.4", _pbkdf2_fixed_iv),
        ("pbes1-seedCBC-derivedIV-pbkdf1", "1.2.410.200004.1.4", _pbkdf1_derived_iv),
    )
)

_PBES2_SCHEMES: Final = tuple(
    Scheme(
        f"pbes2-{cipher.name}-{prf}",
        _PBES2,
        cipher,
        partial(_pbkdf2_given_iv, digest, cipher.key_length),
        text_forms,
        STORED_ITERATIONS,
        Pbes2(prf_oid, cipher_oid),
    )
    for cipher_oid, cipher in _PBES2_CIPHERS.items()
    for prf, (prf_oid, digest) in _PRFS.items()
)

_PKCS12_SCHEMES: Final = tuple(
    Scheme(f"pkcs12-{cipher.name}", oid, cipher, partial(_pkcs12, cipher), pkcs12_forms)
    for oid, cipher in (
        ("1.2.840.113549.1.12.1.3", ciphers.TRIPLE_DES),
        ("1.2.840.113549.1.12.1.4", ciphers.TRIPLE_DES_TWO_KEYS),
        ("1.2.840.113549.1.12.1.5", ciphers.RC2_128),
        ("1.2.840.113549.1.12.1.6", ciphers.RC2_40),
    )
)

SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {scheme.name: scheme for scheme in (*_PBES1_SCHEMES, *_PBES2_SCHEMES, *_PKCS12_SCHEMES)}
)


# Reading


def decrypt(data: bytes, passphrase: str) -> tuple[bytes, str]:
    """Open an EncryptedPrivateKeyInfo (DER, PEM or base64): the PrivateKeyInfo in DER, and the scheme's name.

    Raises:
        FileTooLarge: more than 64 KiB; a real one has about 1.3 KiB.
        MalformedFile: not an EncryptedPrivateKeyInfo.
        UnsupportedScheme: its algorithm is not in `SCHEMES`.
        IterationsRefused: its iteration count is not within 1 to `MAX_ITERATIONS`; nothing was computed.
        WrongPassphraseOrDamaged: no scheme and no form of the passphrase gives a well-formed plaintext.
    """
    if len(data) > MAX_SIZE:
        raise FileTooLarge(limit=MAX_SIZE)
    fields = der.parse(armor.to_der(data)).fields()
    algorithm, ciphertext = fields.next(), fields.next().octets()
    fields.end()
    return decrypt_content(algorithm, ciphertext, passphrase)


def decrypt_content(algorithm: der.Element, ciphertext: bytes, passphrase: str) -> tuple[bytes, str]:
    """As `decrypt`, for an AlgorithmIdentifier and a ciphertext that stand apart, as in a PFX."""
    schemes, parameters = read_algorithm(algorithm)
    for scheme in schemes:
        if not ciphertext or len(ciphertext) % scheme.cipher.block_length:
            raise MalformedFile
        for form in scheme.forms(passphrase):
            key, iv = scheme.derive(form, parameters)
            plaintext = ciphers.decrypt(scheme.cipher, key, iv, ciphertext)
            if plaintext is not None and der.frames_sequence(plaintext):
                return plaintext, scheme.name
    raise WrongPassphraseOrDamaged


def read_algorithm(algorithm: der.Element) -> tuple[tuple[Scheme, ...], Parameters]:
    """The schemes an AlgorithmIdentifier may mean, in the order to try them, and its parameters."""
    fields = algorithm.fields()
    oid = fields.next().oid()
    if oid == _PBES2:
        return _read_pbes2(fields.next().fields())
    schemes = tuple(scheme for scheme in SCHEMES.values() if scheme.oid == oid)
    if not schemes:
        raise UnsupportedScheme(scheme=oid)
    salt, iterations = _read_salt_and_iterations(fields.next().fields())
    return schemes, Parameters(salt, iterations)


def _read_salt_and_iterations(fields: der.Fields) -> tuple[bytes, int]:
    salt, iterations = fields.next(), fields.next().integer()
    return salt.octets(), checked_iterations(iterations)


def checked_iterations(iterations: int) -> int:
    """`iterations`, if an honest file can have it.

    Raises:
        IterationsRefused: it is not within 1 to `MAX_ITERATIONS`.
    """
    if not 1 <= iterations <= MAX_ITERATIONS:
        raise IterationsRefused(limit=MAX_ITERATIONS)
    return iterations


def _read_pbes2(fields: der.Fields) -> tuple[tuple[Scheme, ...], Parameters]:
    kdf, encryption = fields.next().fields(), fields.next().fields()
    kdf_oid, cipher_oid = kdf.next().oid(), encryption.next().oid()
    if kdf_oid != _PBKDF2:
        raise UnsupportedScheme(scheme=kdf_oid)
    salt, iterations, key_length, prf_oid = _read_pbkdf2(kdf.next().fields())
    scheme = _pbes2_scheme(Pbes2(prf_oid, cipher_oid))
    iv = encryption.next().octets()
    if len(iv) != scheme.cipher.block_length or key_length not in {None, scheme.cipher.key_length}:
        raise MalformedFile
    return (scheme,), Parameters(salt, iterations, iv)


def _read_pbkdf2(fields: der.Fields) -> tuple[bytes, int, int | None, str]:
    salt, iterations = _read_salt_and_iterations(fields)
    key_length = fields.optional(der.INTEGER)
    prf = fields.optional(der.SEQUENCE)
    fields.end()
    return (
        salt,
        iterations,
        key_length.integer() if key_length else None,
        prf.fields().next().oid() if prf else _DEFAULT_PRF,
    )


def _pbes2_scheme(named: Pbes2) -> Scheme:
    for scheme in _PBES2_SCHEMES:
        if scheme.pbes2 == named:
            return scheme
    raise UnsupportedScheme(scheme=f"PBES2 {named.cipher_oid} {named.prf_oid}")


# Writing


def encrypt(
    private_key_info: bytes, passphrase: str, *, scheme: str = DEFAULT_SCHEME, iterations: int | None = None
) -> bytes:
    """An EncryptedPrivateKeyInfo in DER around `private_key_info`, with fresh salt and IV.

    Without `iterations` a PBES1 or PKCS#12 scheme gets what certificate authorities issue (2,048), PBES2 what a copy
    kept at rest deserves (600,000).

    Raises:
        UnsupportedScheme: `scheme` is not in `SCHEMES`.
        IterationsRefused: `iterations` is not within 1 to `MAX_ITERATIONS`.
        PassphraseUnusable: the passphrase has no encoding.
    """
    chosen = SCHEMES.get(scheme)
    if chosen is None:
        raise UnsupportedScheme(scheme=scheme)
    parameters = Parameters(
        secrets.token_bytes(_SALT_LENGTH),
        checked_iterations(chosen.default_iterations if iterations is None else iterations),
        secrets.token_bytes(chosen.cipher.block_length),
    )
    key, iv = chosen.derive(written_form(chosen.forms(passphrase)), parameters)
    ciphertext = ciphers.encrypt(chosen.cipher, key, iv, private_key_info)
    return der.sequence(_algorithm(chosen, parameters), der.octet_string(ciphertext))


def _algorithm(scheme: Scheme, parameters: Parameters) -> bytes:
    """The AlgorithmIdentifier that `read_algorithm` reads."""
    salt_and_iterations = der.octet_string(parameters.salt), der.integer(parameters.iterations)
    if scheme.pbes2 is None:
        return der.sequence(der.oid(scheme.oid), der.sequence(*salt_and_iterations))
    prf = [] if scheme.pbes2.prf_oid == _DEFAULT_PRF else [_with_null(scheme.pbes2.prf_oid)]
    kdf = der.sequence(der.oid(_PBKDF2), der.sequence(*salt_and_iterations, *prf))
    encryption = der.sequence(der.oid(scheme.pbes2.cipher_oid), der.octet_string(parameters.iv))
    return der.sequence(der.oid(_PBES2), der.sequence(kdf, encryption))


def _with_null(oid: str) -> bytes:
    return der.sequence(der.oid(oid), der.null())
