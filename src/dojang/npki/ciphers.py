"""CBC encryption and decryption with PKCS#7 padding by every cipher an NPKI key or PFX file may name.

What `cryptography` has, it does; SEED, ARIA and RC2 fall back to the plain Python of this package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers import algorithms as decrepit
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, algorithms, modes
from cryptography.hazmat.primitives.ciphers import Cipher as LibraryCipher

from dojang.npki.aria import Aria
from dojang.npki.rc2 import Rc2
from dojang.npki.seed import Seed


class BlockCipher(Protocol):
    """One block in, one block out."""

    def encrypt_block(self, block: bytes) -> bytes: ...
    def decrypt_block(self, block: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Cipher:
    """A block cipher in CBC mode: lengths in octets, and who computes it."""

    name: str
    key_length: int
    block_length: int
    library: Callable[[bytes], BlockCipherAlgorithm] | None = None
    portable: Callable[[bytes], BlockCipher] | None = None


def _seed_of_the_library() -> Callable[[bytes], BlockCipherAlgorithm] | None:
    """SEED where `cryptography` still has it; it announced its removal."""
    return getattr(decrepit, "SEED", None)


def _two_key_triple_des(key: bytes) -> BlockCipherAlgorithm:
    return decrepit.TripleDES(key + key[:8])


SEED: Final = Cipher("seed", 16, 16, library=_seed_of_the_library(), portable=Seed)
ARIA_128: Final = Cipher("aria128", 16, 16, portable=Aria)
ARIA_192: Final = Cipher("aria192", 24, 16, portable=Aria)
ARIA_256: Final = Cipher("aria256", 32, 16, portable=Aria)
AES_128: Final = Cipher("aes128", 16, 16, library=algorithms.AES)
AES_192: Final = Cipher("aes192", 24, 16, library=algorithms.AES)
AES_256: Final = Cipher("aes256", 32, 16, library=algorithms.AES)
TRIPLE_DES: Final = Cipher("3des", 24, 8, library=decrepit.TripleDES)
TRIPLE_DES_TWO_KEYS: Final = Cipher("3des-2key", 16, 8, library=_two_key_triple_des)
RC2_40: Final = Cipher("rc2-40", 5, 8, portable=partial(Rc2, effective_bits=40))
RC2_128: Final = Cipher("rc2-128", 16, 8, portable=partial(Rc2, effective_bits=128))


def encrypt(cipher: Cipher, key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """CBC ciphertext of `plaintext` padded by PKCS#7."""
    padding = cipher.block_length - len(plaintext) % cipher.block_length
    padded = plaintext + bytes((padding,)) * padding
    library = _library_cipher(cipher, key, iv)
    if library is not None:
        encryptor = library.encryptor()
        return encryptor.update(padded) + encryptor.finalize()
    return _portable_encrypt(_portable(cipher, key), cipher.block_length, iv, padded)


def decrypt(cipher: Cipher, key: bytes, iv: bytes, ciphertext: bytes) -> bytes | None:
    """The plaintext without its padding, or None when the padding is bad (wrong key or damaged).

    `ciphertext` must be a whole, positive number of blocks.
    """
    library = _library_cipher(cipher, key, iv)
    if library is not None:
        decryptor = library.decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
    else:
        padded = _portable_decrypt(_portable(cipher, key), cipher.block_length, iv, ciphertext)
    return _unpad(padded, cipher.block_length)


def _library_cipher(cipher: Cipher, key: bytes, iv: bytes) -> LibraryCipher[modes.CBC] | None:
    if cipher.library is None:
        return None
    context = LibraryCipher(cipher.library(key), modes.CBC(iv))
    try:
        context.encryptor()
    except UnsupportedAlgorithm:  # OpenSSL without its legacy provider has no SEED
        return None
    return context


def _portable(cipher: Cipher, key: bytes) -> BlockCipher:
    if cipher.portable is None:
        raise UnsupportedAlgorithm(cipher.name)
    return cipher.portable(key)


def _portable_encrypt(block_cipher: BlockCipher, length: int, iv: bytes, padded: bytes) -> bytes:
    ciphertext, previous = bytearray(), iv
    for at in range(0, len(padded), length):
        previous = block_cipher.encrypt_block(_xor(padded[at : at + length], previous))
        ciphertext += previous
    return bytes(ciphertext)


def _portable_decrypt(block_cipher: BlockCipher, length: int, iv: bytes, ciphertext: bytes) -> bytes:
    plaintext, previous = bytearray(), iv
    for at in range(0, len(ciphertext), length):
        block = ciphertext[at : at + length]
        plaintext += _xor(block_cipher.decrypt_block(block), previous)
        previous = block
    return bytes(plaintext)


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))


def _unpad(padded: bytes, block_length: int) -> bytes | None:
    padding = padded[-1]
    if not 1 <= padding <= block_length or not padded.endswith(bytes((padding,)) * padding):
        return None
    return padded[:-padding]
