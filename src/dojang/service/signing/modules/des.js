/** Triple DES (FIPS 46-3, SP 800-67), which the Korean export programs shroud the key of a `.pfx` with; decryption only. */

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */
/** @typedef {[number, number]} Halves  a block: its left and its right word */
/** @typedef {Uint8Array[]} RoundKeys  sixteen of eight six-bit groups */

const BLOCK = 8;

// The tables of FIPS 46-3; bits are counted from one, the most significant first.
const INITIAL = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40,
  32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5,
  63, 55, 47, 39, 31, 23, 15, 7,
];
const FINAL = INITIAL.map((_, at) => INITIAL.indexOf(at + 1) + 1);
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22,
  11, 4, 25,
];
const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
  55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
// S1 to S8, each its four rows of sixteen hexadecimal digits.
const BOXES = [
  "e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d",
  "f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9",
  "a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c",
  "7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e",
  "2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453",
  "c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d",
  "4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c",
  "d2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b",
].map((rows) => rows.split(" ").map((row) => Array.from(row, (digit) => Number.parseInt(digit, 16))));

/** Each box with the permutation P behind it: what six bits add to the other half. */
const SPREAD = BOXES.map((rows, box) =>
  Int32Array.from({ length: 64 }, (_, six) => {
    const value = rows[((six >> 4) & 2) | (six & 1)][(six >> 1) & 15];
    return word(permuted(bits(value << (28 - 4 * box)), P));
  }),
);

/**
 * @param {Bytes} key  24 octets, or 16 for two-key triple DES
 * @returns {BlockCipher}
 */
export function tripleDes(key) {
  const [first, second, third = first] = [0, 8, 16]
    .slice(0, key.length / BLOCK)
    .map((at) => schedule(key.subarray(at, at + BLOCK)));
  const passes = [third.toReversed(), second, first.toReversed()];
  return { blockLength: BLOCK, decryptBlock: (block) => decrypt(block, passes) };
}

/**
 * @param {Bytes} block
 * @param {RoundKeys[]} passes
 * @returns {Bytes}
 */
function decrypt(block, passes) {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK);
  const mixed = permuted([...bits(view.getInt32(0)), ...bits(view.getInt32(4))], INITIAL);
  /** @type {Halves} */
  let halves = [word(mixed.slice(0, 32)), word(mixed.slice(32))];
  for (const roundKeys of passes) halves = rounds(halves, roundKeys);
  const unmixed = permuted([...bits(halves[0]), ...bits(halves[1])], FINAL);
  const result = new Uint8Array(BLOCK);
  const written = new DataView(result.buffer);
  written.setInt32(0, word(unmixed.slice(0, 32)));
  written.setInt32(4, word(unmixed.slice(32)));
  return result;
}

/**
 * The sixteen rounds and the exchange of halves after them.
 *
 * @param {Halves} halves
 * @param {RoundKeys} roundKeys
 * @returns {Halves}
 */
function rounds([left, right], roundKeys) {
  for (const roundKey of roundKeys) {
    let sum = left;
    for (let box = 0; box < 8; box += 1) {
      const six = rotate(right, 4 * box + 5) & 0x3f;
      sum ^= SPREAD[box][six ^ roundKey[box]];
    }
    [left, right] = [right, sum];
  }
  return [right, left];
}

/**
 * @param {Bytes} key
 * @returns {RoundKeys}
 */
function schedule(key) {
  let state = permuted(
    Array.from(key).flatMap((octet) => bits(octet).slice(24)),
    PC1,
  );
  return SHIFTS.map((shift) => {
    const [c, d] = [state.slice(0, 28), state.slice(28)];
    state = [...c.slice(shift), ...c.slice(0, shift), ...d.slice(shift), ...d.slice(0, shift)];
    const chosen = permuted(state, PC2);
    return Uint8Array.from({ length: 8 }, (_, group) => word(chosen.slice(6 * group, 6 * group + 6)));
  });
}

/**
 * @param {number[]} from  bits
 * @param {number[]} table
 */
function permuted(from, table) {
  return table.map((position) => from[position - 1]);
}

/**
 * The 32 bits of a word, the most significant first.
 *
 * @param {number} value
 */
function bits(value) {
  return Array.from({ length: 32 }, (_, at) => (value >>> (31 - at)) & 1);
}

/** @param {number[]} ones  at most 32 bits */
function word(ones) {
  return ones.reduce((value, bit) => (value << 1) | bit, 0);
}

/**
 * @param {number} value
 * @param {number} left
 */
function rotate(value, left) {
  return (value << left) | (value >>> (32 - left));
}
