"""SEED, the 128-bit block cipher of Korea (RFC 4269, TTAS.KO-12.0004), in plain Python.

`cryptography` has SEED among the ciphers it means to drop, and not at all where OpenSSL comes without its legacy
provider; almost every 공동인증서 key is encrypted with it, so this one is always there. About 3 ms for a key file.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from dojang.npki.gf256 import affine_box

BLOCK: Final = 16

_WORD: Final = 0xFFFFFFFF
_ROUNDS: Final = 16
_GOLDEN_RATIO: Final = 0x9E3779B9
_FIELD: Final = 0x163

# S-boxes of RFC 4269 2.2, as the formula behind the printed tables: S1 = A·x^247 ⊕ 169, S2 = B·x^251 ⊕ 56.
_A: Final = (0x8A, 0xFE, 0x85, 0x42, 0x45, 0x21, 0x88, 0x14)
_B: Final = (0x45, 0x85, 0xFE, 0x21, 0x8A, 0x88, 0x42, 0x14)

# The masks m0..m3 of function G, laid over the four bytes a box output is spread to.
_SPREAD: Final = (0x3FCFF3FC, 0xFC3FCFF3, 0xF3FC3FCF, 0xCFF3FC3F)


class Seed:
    """SEED under one 16-octet key."""

    __slots__ = ("_decrypting", "_encrypting")
    block_length = BLOCK

    def __init__(self, key: bytes) -> None:
        self._encrypting = tuple(_round_keys(key))
        self._decrypting = self._encrypting[::-1]

    def encrypt_block(self, block: bytes) -> bytes:
        return _crypt(block, self._encrypting)

    def decrypt_block(self, block: bytes) -> bytes:
        return _crypt(block, self._decrypting)


def _crypt(block: bytes, round_keys: Sequence[tuple[int, int]]) -> bytes:
    """The Feistel network; decryption is the same with the round keys reversed."""
    l0, l1, r0, r1 = _words(block)
    for k0, k1 in round_keys:
        f0, f1 = _f(r0 ^ k0, r1 ^ k1)
        l0, l1, r0, r1 = r0, r1, l0 ^ f0, l1 ^ f1
    return b"".join(word.to_bytes(4) for word in (r0, r1, l0, l1))


def _f(c: int, d: int) -> tuple[int, int]:
    d = _g(c ^ d)
    c = _g(c + d & _WORD)
    d = _g(c + d & _WORD)
    return c + d & _WORD, d


def _g(x: int) -> int:
    g0, g1, g2, g3 = _tables()
    return g0[x & 0xFF] ^ g1[x >> 8 & 0xFF] ^ g2[x >> 16 & 0xFF] ^ g3[x >> 24]


@cache
def _tables() -> tuple[tuple[int, ...], ...]:
    boxes = affine_box(_A, 247, 169, _FIELD), affine_box(_B, 251, 56, _FIELD)
    return tuple(
        tuple(value * 0x01010101 & spread for value in boxes[index % 2])
        for index, spread in enumerate(_SPREAD)
    )


def _round_keys(key: bytes) -> Iterator[tuple[int, int]]:
    a, b, c, d = _words(key)
    for index in range(_ROUNDS):
        constant = _rotate(_GOLDEN_RATIO, index, 32)
        yield _g(a + c - constant & _WORD), _g(b - d + constant & _WORD)
        if index % 2 == 0:
            a, b = divmod(_rotate(a << 32 | b, 64 - 8, 64), 1 << 32)
        else:
            c, d = divmod(_rotate(c << 32 | d, 8, 64), 1 << 32)


def _words(block: bytes) -> Iterator[int]:
    return (int.from_bytes(block[at : at + 4]) for at in range(0, BLOCK, 4))


def _rotate(value: int, left: int, width: int) -> int:
    return (value << left | value >> width - left) & (1 << width) - 1
