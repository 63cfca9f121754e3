/**
 * SHA-1 (FIPS 180-4), computed at once: WebCrypto's answers by promise, far too slow for two thousand rounds.
 *
 * Nothing is signed with it: 공동인증서 key files and PFX derive their keys by it.
 */

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * A hash function; lengths in octets.
 *
 * @typedef {{name: string, blockLength: number, length: number, digest: (data: Bytes) => Bytes}} Hash
 */

/** @type {Hash} */
export const SHA_1 = { name: "SHA-1", blockLength: 64, length: 20, digest: sha1 };

/**
 * @param {Bytes} data
 * @returns {Bytes}
 */
function sha1(data) {
  const padded = pad(data, 64, 8);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = padded.getInt32(at + 4 * i);
    compress(state, words);
  }
  return bigEndian(state, 20);
}

/**
 * @param {Int32Array} state
 * @param {Int32Array} w  eighty words, of which the first sixteen are the block
 */
function compress(state, w) {
  for (let i = 16; i < 80; i += 1) w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i += 1) {
    const next = (left(a, 5) + mixed(i, b, c, d) + e + w[i]) | 0;
    e = d;
    d = c;
    c = left(b, 30);
    b = a;
    a = next;
  }
  state.set([state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e]);
}

/**
 * The function and the constant of round `i`.
 *
 * @param {number} i
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
function mixed(i, b, c, d) {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/**
 * @param {number} word
 * @param {number} bits
 */
function left(word, bits) {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * The message with its one bit, zeros and length in bits, a whole number of blocks (FIPS 180-4, 5.1).
 *
 * @param {Bytes} data
 * @param {number} block
 * @param {number} lengthOctets
 */
export function pad(data, block, lengthOctets) {
  const padded = new Uint8Array(Math.ceil((data.length + 1 + lengthOctets) / block) * block);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(padded.length - 4, data.length * 8);
  return view;
}

/**
 * The first `length` octets of words written big end first.
 *
 * @param {Int32Array} words
 * @param {number} length
 * @returns {Bytes}
 */
export function bigEndian(words, length) {
  const octets = new Uint8Array(4 * words.length);
  const view = new DataView(octets.buffer);
  words.forEach((word, index) => {
    view.setInt32(4 * index, word);
  });
  return octets.subarray(0, length);
}
