/** SEED, the 128-bit block cipher of Korea (RFC 4269), which almost every 공동인증서 key is encrypted with; decryption only. */

import { affineBox } from "./gf256.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */

const BLOCK = 16;
const ROUNDS = 16;
const GOLDEN_RATIO = 0x9e3779b9;
const FIELD = 0x163;

// S-boxes of RFC 4269 2.2 by their formula: S1 = A·x^247 ⊕ 169, S2 = B·x^251 ⊕ 56.
const S1 = affineBox([0x8a, 0xfe, 0x85, 0x42, 0x45, 0x21, 0x88, 0x14], 247, 169, FIELD);
const S2 = affineBox([0x45, 0x85, 0xfe, 0x21, 0x8a, 0x88, 0x42, 0x14], 251, 56, FIELD);

// The masks m0..m3 of function G, laid over the four bytes a box output is spread to.
const [G0, G1, G2, G3] = [
  spread(S1, 0x3fcff3fc),
  spread(S2, 0xfc3fcff3),
  spread(S1, 0xf3fc3fcf),
  spread(S2, 0xcff3fc3f),
];

/**
 * @param {Bytes} key  sixteen octets
 * @returns {BlockCipher}
 */
export function seed(key) {
  const roundKeys = schedule(key).reverse();
  return { blockLength: BLOCK, decryptBlock: (block) => crypt(block, roundKeys) };
}

/**
 * The Feistel network; decryption is encryption with the round keys reversed.
 *
 * @param {Bytes} block
 * @param {[number, number][]} roundKeys
 * @returns {Bytes}
 */
function crypt(block, roundKeys) {
  let [l0, l1, r0, r1] = words(block);
  for (const [k0, k1] of roundKeys) {
    const [f0, f1] = f(r0 ^ k0, r1 ^ k1);
    [l0, l1, r0, r1] = [r0, r1, l0 ^ f0, l1 ^ f1];
  }
  const result = new Uint8Array(BLOCK);
  const view = new DataView(result.buffer);
  [r0, r1, l0, l1].forEach((word, index) => {
    view.setInt32(4 * index, word);
  });
  return result;
}

/**
 * @param {number} c
 * @param {number} d
 * @returns {[number, number]}
 */
function f(c, d) {
  const first = g(c ^ d);
  const second = g((c + first) | 0);
  const third = g((first + second) | 0);
  return [(second + third) | 0, third];
}

/** @param {number} x */
function g(x) {
  return G0[x & 0xff] ^ G1[(x >>> 8) & 0xff] ^ G2[(x >>> 16) & 0xff] ^ G3[x >>> 24];
}

/**
 * @param {Bytes} key
 * @returns {[number, number][]}
 */
function schedule(key) {
  let [a, b, c, d] = words(key);
  return Array.from({ length: ROUNDS }, (_, index) => {
    const constant = (GOLDEN_RATIO << index) | (GOLDEN_RATIO >>> (32 - index));
    /** @type {[number, number]} */
    const roundKey = [g((a + c - constant) | 0), g((b - d + constant) | 0)];
    if (index % 2 === 0) {
      [a, b] = [(a >>> 8) | (b << 24), (b >>> 8) | (a << 24)];
    } else {
      [c, d] = [(c << 8) | (d >>> 24), (d << 8) | (c >>> 24)];
    }
    return roundKey;
  });
}

/**
 * @param {Uint8Array} box
 * @param {number} masks
 */
function spread(box, masks) {
  return Int32Array.from(box, (value) => Math.imul(value, 0x01010101) & masks);
}

/** @param {Bytes} block */
function words(block) {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK);
  return [0, 4, 8, 12].map((at) => view.getInt32(at));
}
