/**
 * SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4), computed at once: the MAC of a PFX and its key derivation ask for
 * thousands of rounds, and WebCrypto has no SHA-224.
 *
 * The constants are computed as the standard defines them: fractions of the square and cube roots of the first primes.
 * Words of 64 bits are kept as two of 32.
 */

import { bigEndian, pad } from "./sha1.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./sha1.js").Hash} Hash */

const PRIMES = firstPrimes(80);
const CUBE_ROOTS = PRIMES.map((prime) => fractionOfRoot(prime, 3n));
const SQUARE_ROOTS = PRIMES.slice(0, 16).map((prime) => fractionOfRoot(prime, 2n));

/** The round constants; SHA-256 uses the high halves of the first sixty-four. */
const HIGH = Int32Array.from(CUBE_ROOTS, high);
const LOW = Int32Array.from(CUBE_ROOTS, low);

/** @type {Hash} */
export const SHA_224 = sha32("SHA-224", 28, SQUARE_ROOTS.slice(8).map(low));
/** @type {Hash} */
export const SHA_256 = sha32("SHA-256", 32, SQUARE_ROOTS.slice(0, 8).map(high));
/** @type {Hash} */
export const SHA_384 = sha64("SHA-384", 48, SQUARE_ROOTS.slice(8));
/** @type {Hash} */
export const SHA_512 = sha64("SHA-512", 64, SQUARE_ROOTS.slice(0, 8));

/**
 * @param {string} name
 * @param {number} length
 * @param {number[]} initial
 * @returns {Hash}
 */
function sha32(name, length, initial) {
  /** @param {Bytes} data */
  function digest(data) {
    const padded = pad(data, 64, 8);
    const state = Int32Array.from(initial);
    const words = new Int32Array(64);
    for (let block = 0; block < padded.byteLength; block += 64) {
      for (let i = 0; i < 16; i += 1) words[i] = padded.getInt32(block + 4 * i);
      compress32(state, words);
    }
    return bigEndian(state, length);
  }
  return { name, blockLength: 64, length, digest };
}

/**
 * @param {Int32Array} state
 * @param {Int32Array} w  sixty-four words, of which the first sixteen are the block
 */
function compress32(state, w) {
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = right(x, 7) ^ right(x, 18) ^ (x >>> 3);
    const s1 = right(y, 17) ^ right(y, 19) ^ (y >>> 10);
    w[i] = s1 + w[i - 7] + s0 + w[i - 16];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
    const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + HIGH[i] + w[i]) | 0;
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = state[i] + word;
  });
}

/**
 * @param {string} name
 * @param {number} length
 * @param {bigint[]} initial
 * @returns {Hash}
 */
function sha64(name, length, initial) {
  /** @param {Bytes} data */
  function digest(data) {
    const padded = pad(data, 128, 16);
    const state = Int32Array.from(initial.flatMap((word) => [high(word), low(word)]));
    const words = new Int32Array(160);
    for (let block = 0; block < padded.byteLength; block += 128) {
      for (let i = 0; i < 32; i += 1) words[i] = padded.getInt32(block + 4 * i);
      compress64(state, words);
    }
    return bigEndian(state, length);
  }
  return { name, blockLength: 128, length, digest };
}

/**
 * @param {Int32Array} state  eight words, each its high half and then its low one
 * @param {Int32Array} w  eighty words in halves, of which the first sixteen are the block
 */
function compress64(state, w) {
  for (let i = 32; i < 160; i += 2) {
    const [xh, xl] = [w[i - 30], w[i - 29]];
    const [yh, yl] = [w[i - 4], w[i - 3]];
    const s0h = right2(xh, xl, 1) ^ right2(xh, xl, 8) ^ (xh >>> 7);
    const s0l = right2(xl, xh, 1) ^ right2(xl, xh, 8) ^ ((xl >>> 7) | (xh << 25));
    const s1h = right2(yh, yl, 19) ^ right2(yl, yh, 29) ^ (yh >>> 6);
    const s1l = right2(yl, yh, 19) ^ right2(yh, yl, 29) ^ ((yl >>> 6) | (yh << 26));
    const sum = (s0l >>> 0) + (s1l >>> 0) + (w[i - 13] >>> 0) + (w[i - 31] >>> 0);
    w[i + 1] = sum;
    w[i] = s0h + s1h + w[i - 14] + w[i - 32] + carry(sum);
  }
  const s = Int32Array.from(state);
  for (let i = 0; i < 80; i += 1) {
    const [ah, al, bh, bl, ch, cl] = [s[0], s[1], s[2], s[3], s[4], s[5]];
    const [eh, el, fh, fl, gh, gl] = [s[8], s[9], s[10], s[11], s[12], s[13]];
    const s1h = right2(eh, el, 14) ^ right2(eh, el, 18) ^ right2(el, eh, 9);
    const s1l = right2(el, eh, 14) ^ right2(el, eh, 18) ^ right2(eh, el, 9);
    const s0h = right2(ah, al, 28) ^ right2(al, ah, 2) ^ right2(al, ah, 7);
    const s0l = right2(al, ah, 28) ^ right2(ah, al, 2) ^ right2(ah, al, 7);
    const choice = (el & fl) ^ (~el & gl);
    const majority = (al & bl) ^ (al & cl) ^ (bl & cl);
    const t1l = (s[15] >>> 0) + (s1l >>> 0) + (choice >>> 0) + (LOW[i] >>> 0) + (w[2 * i + 1] >>> 0);
    const t1h = s[14] + s1h + ((eh & fh) ^ (~eh & gh)) + HIGH[i] + w[2 * i] + carry(t1l);
    const t2l = (s0l >>> 0) + (majority >>> 0);
    const t2h = s0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + carry(t2l);
    s.copyWithin(2, 0, 14);
    const newEl = (s[9] >>> 0) + (t1l >>> 0);
    s[8] = s[8] + t1h + carry(newEl);
    s[9] = newEl;
    const newAl = (t1l >>> 0) + (t2l >>> 0);
    s[0] = t1h + t2h + carry(newAl);
    s[1] = newAl;
  }
  for (let i = 0; i < 16; i += 2) {
    const sum = (state[i + 1] >>> 0) + (s[i + 1] >>> 0);
    state[i] = state[i] + s[i] + carry(sum);
    state[i + 1] = sum;
  }
}

/**
 * What a sum of low halves adds to the high half.
 *
 * @param {number} sum
 */
function carry(sum) {
  return Math.floor(sum / 2 ** 32);
}

/**
 * @param {number} word
 * @param {number} bits
 */
function right(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/**
 * The first half of a 64-bit word turned right by less than 32; for the second half give the halves in exchange.
 *
 * @param {number} half
 * @param {number} other
 * @param {number} bits
 */
function right2(half, other, bits) {
  return (half >>> bits) | (other << (32 - bits));
}

/** @param {number} count */
function firstPrimes(count) {
  /** @type {bigint[]} */
  const primes = [];
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

/**
 * The first 64 bits of the fraction of a prime's square or cube root.
 *
 * @param {bigint} prime
 * @param {bigint} degree
 */
function fractionOfRoot(prime, degree) {
  const radicand = prime << (64n * degree);
  let root = 0n;
  for (let bit = 1n << 72n; bit > 0n; bit >>= 1n) {
    if ((root | bit) ** degree <= radicand) root |= bit;
  }
  return BigInt.asUintN(64, root);
}

/** @param {bigint} word */
function high(word) {
  return Number(word >> 32n);
}

/** @param {bigint} word */
function low(word) {
  return Number(word & 0xffffffffn);
}
