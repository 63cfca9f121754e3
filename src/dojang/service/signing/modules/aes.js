/** AES (FIPS 197) with 128, 192 or 256-bit keys; decryption only. Of our own since not every browser has 192 bits. */

import { affineBox, inverseBox, multiply } from "./gf256.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */

const BLOCK = 16;
const FIELD = 0x11b;

/** The S-box, FIPS 197 5.1.1: an inverse, x^254, and an affine map. */
export const BOX = affineBox([0xf8, 0x7c, 0x3e, 0x1f, 0x8f, 0xc7, 0xe3, 0xf1], 254, 0x63, FIELD);
const INVERSE_BOX = inverseBox(BOX);

const [TIMES_9, TIMES_11, TIMES_13, TIMES_14] = [9, 11, 13, 14].map((factor) =>
  Uint8Array.from({ length: 256 }, (_, value) => multiply(value, factor, FIELD)),
);

/**
 * @param {Bytes} key  16, 24 or 32 octets
 * @returns {BlockCipher}
 */
export function aes(key) {
  const roundKeys = schedule(key).reverse();
  return { blockLength: BLOCK, decryptBlock: (block) => decrypt(block, roundKeys) };
}

/**
 * @param {Bytes} block
 * @param {Bytes[]} roundKeys  the last first
 */
function decrypt(block, roundKeys) {
  const [first, ...others] = roundKeys;
  let state = xor(block, first);
  others.forEach((roundKey, index) => {
    state = xor(unshiftAndUnbox(state), roundKey);
    if (index < others.length - 1) state = unmixColumns(state);
  });
  return state;
}

/**
 * InvShiftRows and InvSubBytes: octet `at` comes from its row, `at % 4` columns to the left.
 *
 * @param {Bytes} state
 */
function unshiftAndUnbox(state) {
  return state.map((_, at) => INVERSE_BOX[state[(at + 16 - 4 * (at % 4)) % BLOCK]]);
}

/** @param {Bytes} state */
function unmixColumns(state) {
  return state.map((value, at) => {
    const column = at - (at % 4);
    const below = (/** @type {number} */ rows) => state[column + ((at + rows) % 4)];
    return TIMES_14[value] ^ TIMES_11[below(1)] ^ TIMES_13[below(2)] ^ TIMES_9[below(3)];
  });
}

/**
 * The round keys (FIPS 197 5.2), each of sixteen octets.
 *
 * @param {Bytes} key
 */
function schedule(key) {
  const rounds = key.length / 4 + 6;
  const expanded = new Uint8Array(BLOCK * (rounds + 1));
  expanded.set(key);
  let constant = 1;
  for (let at = key.length; at < expanded.length; at += 4) {
    let word = expanded.slice(at - 4, at);
    if (at % key.length === 0) {
      word = Uint8Array.of(BOX[word[1]] ^ constant, BOX[word[2]], BOX[word[3]], BOX[word[0]]);
      constant = multiply(constant, 2, FIELD);
    } else if (key.length === 32 && at % key.length === 16) {
      word = word.map((octet) => BOX[octet]);
    }
    expanded.set(xor(word, expanded.subarray(at - key.length)), at);
  }
  return Array.from({ length: rounds + 1 }, (_, round) => expanded.slice(BLOCK * round, BLOCK * (round + 1)));
}

/**
 * @param {Bytes} left
 * @param {Bytes} right
 */
function xor(left, right) {
  return left.map((octet, at) => octet ^ right[at]);
}
