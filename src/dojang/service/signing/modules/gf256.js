/**
 * Substitution boxes as the cipher designers define them: a power in GF(2⁸) followed by an affine map.
 *
 * SEED, ARIA and AES publish their boxes both as tables and as this formula; the formula is easier to check.
 */

/**
 * The 256 values `rows · x^exponent ⊕ constant`.
 *
 * @param {number[]} rows  bit masks that make output bits 7 down to 0
 * @param {number} exponent
 * @param {number} constant
 * @param {number} polynomial  reduces the field
 */
export function affineBox(rows, exponent, constant, polynomial) {
  return Uint8Array.from({ length: 256 }, (_, x) => {
    const value = power(x, exponent, polynomial);
    return rows.reduce((result, row) => (result << 1) | parity(row & value), 0) ^ constant;
  });
}

/**
 * The box that undoes `box`.
 *
 * @param {Uint8Array} box
 */
export function inverseBox(box) {
  return Uint8Array.from(box, (_, value) => box.indexOf(value));
}

/**
 * @param {number} left
 * @param {number} right
 * @param {number} polynomial
 */
export function multiply(left, right, polynomial) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product <<= 1;
    if (product > 0xff) product ^= polynomial;
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}

/**
 * @param {number} base
 * @param {number} exponent
 * @param {number} polynomial
 */
function power(base, exponent, polynomial) {
  let result = 1;
  for (let i = 0; i < exponent; i += 1) result = multiply(result, base, polynomial);
  return result;
}

/** @param {number} value */
function parity(value) {
  let odd = 0;
  for (let rest = value; rest > 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}
