/** ARIA, the Korean standard block cipher (RFC 5794), with 128, 192 or 256-bit keys; decryption only. */

import { BOX } from "./aes.js";
import { fromHex } from "./bytes.js";
import { affineBox, inverseBox } from "./gf256.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */

const BLOCK = 16;

// RFC 5794 2.4.2: S1 is the box of AES, S2 = D·x^247 ⊕ 0xE2, S3 and S4 undo them.
const S1 = BOX;
const S2 = affineBox([0xcb, 0xba, 0x81, 0x34, 0xb9, 0xeb, 0xbc, 0x7a], 247, 0xe2, 0x11b);
const ODD = [S1, S2, inverseBox(S1), inverseBox(S2)];
const EVEN = [...ODD.slice(2), ...ODD.slice(0, 2)];

// RFC 5794 2.4.3: row i lists the octets that make octet i of the diffusion layer A, an involution.
const A = [
  [3, 4, 6, 8, 9, 13, 14],
  [2, 5, 7, 8, 9, 12, 15],
  [1, 4, 6, 10, 11, 12, 15],
  [0, 5, 7, 10, 11, 13, 14],
  [0, 2, 5, 8, 11, 14, 15],
  [1, 3, 4, 9, 10, 14, 15],
  [0, 2, 7, 9, 10, 12, 13],
  [1, 3, 6, 8, 11, 12, 13],
  [0, 1, 4, 7, 10, 13, 15],
  [0, 1, 5, 6, 11, 12, 14],
  [2, 3, 5, 6, 8, 13, 15],
  [2, 3, 4, 7, 9, 12, 14],
  [1, 2, 6, 7, 9, 11, 12],
  [0, 3, 6, 7, 8, 10, 13],
  [0, 3, 4, 5, 9, 11, 14],
  [1, 2, 4, 5, 8, 10, 15],
];

// RFC 5794 2.2: the key schedule's constants, digits of 1/π.
const CONSTANTS = [
  "517cc1b727220a94fe13abe8fa9a6ee0",
  "6db14acc9e21c820ff28b1d5ef5de2b0",
  "db92371d2126e9700324977504e8c90e",
].map(fromHex);
const ROTATIONS_LEFT = [128 - 19, 128 - 31, 61, 31, 19];

/**
 * @param {Bytes} key  16, 24 or 32 octets
 * @returns {BlockCipher}
 */
export function aria(key) {
  const [first, ...others] = schedule(key).reverse();
  const last = others[others.length - 1];
  const roundKeys = [first, ...others.slice(0, -1).map(diffuse), last];
  return { blockLength: BLOCK, decryptBlock: (block) => crypt(block, roundKeys) };
}

/**
 * All rounds; decryption is encryption with the round keys of RFC 5794 2.2 (end).
 *
 * @param {Bytes} block
 * @param {Bytes[]} roundKeys
 */
function crypt(block, roundKeys) {
  const rounds = roundKeys.length - 1;
  let state = block;
  for (let round = 1; round < rounds; round += 1) state = layer(round, xor(state, roundKeys[round - 1]));
  return xor(substitute(EVEN, xor(state, roundKeys[rounds - 1])), roundKeys[rounds]);
}

/**
 * Substitution and diffusion of the round with this number, counted from one.
 *
 * @param {number} round
 * @param {Bytes} state
 */
function layer(round, state) {
  return diffuse(substitute(round % 2 ? ODD : EVEN, state));
}

/**
 * @param {Uint8Array[]} boxes
 * @param {Bytes} state
 */
function substitute(boxes, state) {
  return state.map((octet, at) => boxes[at % 4][octet]);
}

/** @param {Bytes} state */
function diffuse(state) {
  return state.map((_, at) => A[at].reduce((sum, from) => sum ^ state[from], 0));
}

/**
 * The rounds' keys and the final one (RFC 5794 2.2).
 *
 * @param {Bytes} key
 */
function schedule(key) {
  const w = keyWords(key);
  return Array.from({ length: key.length / 4 + 9 }, (_, index) => {
    const turned = rotate(w[(index + 1) % 4], ROTATIONS_LEFT[Math.floor(index / 4)]);
    return xor(w[index % 4], turned);
  });
}

/** @param {Bytes} key */
function keyWords(key) {
  const first = key.length / 8 - 2;
  const [ck1, ck2, ck3] = [0, 1, 2].map((index) => CONSTANTS[(first + index) % 3]);
  const right = new Uint8Array(BLOCK);
  right.set(key.subarray(BLOCK));
  const w0 = key.slice(0, BLOCK);
  const w1 = xor(layer(1, xor(w0, ck1)), right);
  const w2 = xor(layer(2, xor(w1, ck2)), w0);
  const w3 = xor(layer(3, xor(w2, ck3)), w1);
  return [w0, w1, w2, w3];
}

/**
 * @param {Bytes} block
 * @param {number} left  bits
 */
function rotate(block, left) {
  const [octets, bits] = [left >> 3, left & 7];
  return block.map((_, at) => {
    const [high, low] = [block[(at + octets) % BLOCK], block[(at + octets + 1) % BLOCK]];
    return (high << bits) | (low >> (8 - bits));
  });
}

/**
 * @param {Bytes} left
 * @param {Bytes} right
 */
function xor(left, right) {
  return left.map((octet, at) => octet ^ right[at]);
}
