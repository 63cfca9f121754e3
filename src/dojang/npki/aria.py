"""ARIA, the Korean standard block cipher (RFC 5794, KS X 1213), with 128, 192 or 256-bit keys, in plain Python.

`cryptography` does not offer ARIA. Substitution and diffusion of a round are one table per octet position, so a
round is sixteen look-ups; a key file takes some 10 ms.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from dojang.npki.gf256 import affine_box, inverse_box

BLOCK: Final = 16

_FIELD: Final = 0x11B
_WIDTH: Final = 128
_MASK: Final = (1 << _WIDTH) - 1

# RFC 5794 2.4.2: S1 is the box of AES, S2 = D·x^247 ⊕ 0xE2, S3 and S4 undo them.
_AES: Final = (0xF8, 0x7C, 0x3E, 0x1F, 0x8F, 0xC7, 0xE3, 0xF1)
_D: Final = (0xCB, 0xBA, 0x81, 0x34, 0xB9, 0xEB, 0xBC, 0x7A)

# RFC 5794 2.4.3: row i lists the octets that make octet i of the diffusion layer A, a symmetric involution.
_A: Final = (
    (3, 4, 6, 8, 9, 13, 14),
    (2, 5, 7, 8, 9, 12, 15),
    (1, 4, 6, 10, 11, 12, 15),
    (0, 5, 7, 10, 11, 13, 14),
    (0, 2, 5, 8, 11, 14, 15),
    (1, 3, 4, 9, 10, 14, 15),
    (0, 2, 7, 9, 10, 12, 13),
    (1, 3, 6, 8, 11, 12, 13),
    (0, 1, 4, 7, 10, 13, 15),
    (0, 1, 5, 6, 11, 12, 14),
    (2, 3, 5, 6, 8, 13, 15),
    (2, 3, 4, 7, 9, 12, 14),
    (1, 2, 6, 7, 9, 11, 12),
    (0, 3, 6, 7, 8, 10, 13),
    (0, 3, 4, 5, 9, 11, 14),
    (1, 2, 4, 5, 8, 10, 15),
)

# RFC 5794 2.2: the key schedule's constants, digits of 1/π.
_CONSTANTS: Final = (
    0x517CC1B727220A94FE13ABE8FA9A6EE0,
    0x6DB14ACC9E21C820FF28B1D5EF5DE2B0,
    0xDB92371D2126E9700324977504E8C90E,
)
_ROUNDS: Final = {16: 12, 24: 14, 32: 16}
_FIRST_CONSTANT: Final = {16: 0, 24: 1, 32: 2}
_ROTATIONS_LEFT: Final = (_WIDTH - 19, _WIDTH - 31, 61, 31, 19)

_Layer = tuple[tuple[int, ...], ...]


class Aria:
    """ARIA under one key of 16, 24 or 32 octets."""

    __slots__ = ("_decrypting", "_encrypting")
    block_length = BLOCK

    def __init__(self, key: bytes) -> None:
        first, *middle, last = _round_keys(key)
        self._encrypting = (first, *middle, last)
        self._decrypting = (last, *map(_diffuse, reversed(middle)), first)

    def encrypt_block(self, block: bytes) -> bytes:
        return _crypt(block, self._encrypting)

    def decrypt_block(self, block: bytes) -> bytes:
        return _crypt(block, self._decrypting)


def _crypt(block: bytes, round_keys: Sequence[int]) -> bytes:
    """All rounds; decryption is the same with the round keys of RFC 5794 2.2 (end)."""
    *keys, before_last, last = round_keys
    odd, even = _round_layers()
    state = int.from_bytes(block)
    for index, key in enumerate(keys):
        state = _apply(even if index % 2 else odd, state ^ key)
    return (_apply(_last_layer(), state ^ before_last) ^ last).to_bytes(BLOCK)


def _apply(layer: _Layer, state: int) -> int:
    result = 0
    for table, octet in zip(layer, state.to_bytes(BLOCK), strict=True):
        result ^= table[octet]
    return result


@cache
def _boxes() -> tuple[bytes, bytes, bytes, bytes]:
    s1 = affine_box(_AES, 254, 0x63, _FIELD)
    s2 = affine_box(_D, 247, 0xE2, _FIELD)
    return s1, s2, inverse_box(s1), inverse_box(s2)


@cache
def _round_layers() -> tuple[_Layer, _Layer]:
    """A∘SL1 for odd rounds and A∘SL2 for even ones."""
    s1, s2, s3, s4 = _boxes()
    spread = tuple(sum(_octet(1, row) for row in rows) for rows in _A)
    return _layer((s1, s2, s3, s4), spread), _layer((s3, s4, s1, s2), spread)


@cache
def _last_layer() -> _Layer:
    """SL2 without diffusion."""
    s1, s2, s3, s4 = _boxes()
    return _layer((s3, s4, s1, s2), [_octet(1, position) for position in range(BLOCK)])


def _layer(boxes: Sequence[bytes], spread: Sequence[int]) -> _Layer:
    """Per octet position, what each value adds to the next state."""
    return tuple(tuple(value * places for value in boxes[at % 4]) for at, places in enumerate(spread))


def _diffuse(value: int) -> int:
    octets = value.to_bytes(BLOCK)
    result = 0
    for position, row in enumerate(_A):
        for source in row:
            result ^= _octet(octets[source], position)
    return result


def _octet(value: int, position: int) -> int:
    """`value` at octet `position` of a block, counted from the left."""
    return value << 8 * (BLOCK - 1 - position)


def _round_keys(key: bytes) -> Iterator[int]:
    """The rounds' keys and the final one (RFC 5794 2.2)."""
    w = _key_words(key)
    pairs = [*pairwise(w), (w[3], w[0])]
    for index in range(_ROUNDS[len(key)] + 1):
        rotation, pair = divmod(index, 4)
        kept, rotated = pairs[pair]
        yield kept ^ _rotate(rotated, _ROTATIONS_LEFT[rotation])


def _key_words(key: bytes) -> tuple[int, int, int, int]:
    odd, even = _round_layers()
    first = _FIRST_CONSTANT[len(key)]
    ck1, ck2, ck3 = _CONSTANTS[first:] + _CONSTANTS[:first]
    left, right = int.from_bytes(key[:BLOCK]), int.from_bytes(key[BLOCK:].ljust(BLOCK, b"\0"))
    w0 = left
    w1 = _apply(odd, w0 ^ ck1) ^ right
    w2 = _apply(even, w1 ^ ck2) ^ w0
    w3 = _apply(odd, w2 ^ ck3) ^ w1
    return w0, w1, w2, w3


def _rotate(value: int, left: int) -> int:
    return (value << left | value >> _WIDTH - left) & _MASK
