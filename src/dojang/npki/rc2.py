"""RC2 with an effective key length (RFC 2268), the cipher of the certificate bags in old Windows `.pfx` exports.

Forty bits protect nothing; the bags hold only public certificates. `cryptography` takes no RC2 key under 128 bits.
"""

from collections.abc import Iterator
from typing import Final

BLOCK: Final = 8

_WORD: Final = 0xFFFF
_SHIFTS: Final = (1, 2, 3, 5)
_EXPANDED: Final = 128

# The permutation of RFC 2268 2, "based on the digits of PI".
_PI: Final = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)


class Rc2:
    """RC2 under one key, of which only `effective_bits` count."""

    __slots__ = ("_keys",)
    block_length = BLOCK

    def __init__(self, key: bytes, *, effective_bits: int) -> None:
        self._keys = tuple(_expand(key, effective_bits))

    def encrypt_block(self, block: bytes) -> bytes:
        words = [int.from_bytes(block[at : at + 2], "little") for at in range(0, BLOCK, 2)]
        for round_number in range(16):
            self._mix(words, round_number)
            if round_number in {4, 10}:
                self._mash(words)
        return b"".join(word.to_bytes(2, "little") for word in words)

    def decrypt_block(self, block: bytes) -> bytes:
        words = [int.from_bytes(block[at : at + 2], "little") for at in range(0, BLOCK, 2)]
        for round_number in reversed(range(16)):
            if round_number in {4, 10}:
                self._unmash(words)
            self._unmix(words, round_number)
        return b"".join(word.to_bytes(2, "little") for word in words)

    def _mix(self, words: list[int], round_number: int) -> None:
        for at, shift in enumerate(_SHIFTS):
            mixed = words[at] + _choose(words, at) + self._keys[4 * round_number + at] & _WORD
            words[at] = (mixed << shift | mixed >> 16 - shift) & _WORD

    def _unmix(self, words: list[int], round_number: int) -> None:
        for at, shift in reversed([*enumerate(_SHIFTS)]):
            mixed = (words[at] >> shift | words[at] << 16 - shift) & _WORD
            words[at] = mixed - _choose(words, at) - self._keys[4 * round_number + at] & _WORD

    def _mash(self, words: list[int]) -> None:
        for at in range(4):
            words[at] = words[at] + self._keys[words[at - 1] & 63] & _WORD

    def _unmash(self, words: list[int]) -> None:
        for at in reversed(range(4)):
            words[at] = words[at] - self._keys[words[at - 1] & 63] & _WORD


def _choose(words: list[int], at: int) -> int:
    """Where the previous word has a bit set take the one before it, elsewhere the next."""
    return (words[at - 1] & words[at - 2]) + (~words[at - 1] & words[at - 3])


def _expand(key: bytes, effective_bits: int) -> Iterator[int]:
    """The 64 words of RFC 2268 2."""
    length = len(key)
    expanded = bytearray(key.ljust(_EXPANDED, b"\0"))
    for at in range(length, _EXPANDED):
        expanded[at] = _PI[expanded[at - 1] + expanded[at - length] & 0xFF]
    octets, mask = (effective_bits + 7) // 8, 0xFF >> -effective_bits % 8
    expanded[-octets] = _PI[expanded[-octets] & mask]
    for at in reversed(range(_EXPANDED - octets)):
        expanded[at] = _PI[expanded[at + 1] ^ expanded[at + octets]]
    return (int.from_bytes(expanded[at : at + 2], "little") for at in range(0, _EXPANDED, 2))
