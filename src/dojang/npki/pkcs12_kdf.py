"""The key derivation of PKCS#12 (RFC 7292 appendix B), for its old encryption schemes and for its MAC."""

import hashlib
from typing import Final

KEY: Final = 1
IV: Final = 2
MAC: Final = 3


def derive(
    digest: str, passphrase: bytes, salt: bytes, iterations: int, *, purpose: int, length: int
) -> bytes:
    """`length` octets for `purpose` (KEY, IV or MAC); `passphrase` is a BMPString with its terminator."""
    block = hashlib.new(digest).block_size
    diversifier = bytes((purpose,)) * block
    mixed = _fill(salt, block) + _fill(passphrase, block)
    derived = b""
    while True:
        chunk = _iterated(digest, diversifier + mixed, iterations)
        derived += chunk
        if len(derived) >= length:
            return derived[:length]
        mixed = _stir(mixed, _fill(chunk, block)[:block])


def _iterated(digest: str, data: bytes, iterations: int) -> bytes:
    function = getattr(hashlib, digest)
    for _ in range(iterations):
        data = function(data).digest()
    return data


def _fill(data: bytes, block: int) -> bytes:
    """`data` repeated to the next whole number of blocks; nothing stays nothing."""
    length = -(-len(data) // block) * block
    return (data * (length // len(data) + 1))[:length] if data else b""


def _stir(mixed: bytes, chunk: bytes) -> bytes:
    """Add chunk + 1 to every block of `mixed`, modulo the block's size."""
    block, addend = len(chunk), int.from_bytes(chunk) + 1
    return b"".join(
        (int.from_bytes(mixed[at : at + block]) + addend & (1 << 8 * block) - 1).to_bytes(block)
        for at in range(0, len(mixed), block)
    )
