"""Substitution boxes as the cipher designers define them: a power in GF(2⁸) followed by an affine map.

SEED and ARIA publish their boxes both as tables and as this formula; four lines of formula are easier to check.
"""

from collections.abc import Sequence


def affine_box(rows: Sequence[int], exponent: int, constant: int, polynomial: int) -> bytes:
    """The 256 values `rows · x^exponent ⊕ constant`.

    `rows` are the bit masks that make output bits 7 down to 0; `polynomial` reduces the field.
    """
    return bytes(_affine(rows, _power(x, exponent, polynomial)) ^ constant for x in range(256))


def inverse_box(box: bytes) -> bytes:
    """The box that undoes `box`."""
    return bytes(box.index(value) for value in range(256))


def _affine(rows: Sequence[int], value: int) -> int:
    result = 0
    for row in rows:
        result = result << 1 | (row & value).bit_count() & 1
    return result


def _power(base: int, exponent: int, polynomial: int) -> int:
    result = 1
    while exponent:
        if exponent & 1:
            result = _multiply(result, base, polynomial)
        base = _multiply(base, base, polynomial)
        exponent >>= 1
    return result


def _multiply(left: int, right: int, polynomial: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left > 0xFF:  # noqa: PLR2004 - the field has 256 elements
            left ^= polynomial
        right >>= 1
    return product
