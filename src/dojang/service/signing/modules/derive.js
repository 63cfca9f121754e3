/**
 * Keys from passphrases: PBKDF1 and PBKDF2 (RFC 8018), and the derivation of PKCS#12 (RFC 7292 appendix B).
 *
 * Whoever calls has bounded the iterations. Loops run in slices (see pace.js); PBKDF2 is WebCrypto's where it has the hash.
 */

import { concat, wipe } from "./bytes.js";
import { hmac } from "./hmac.js";
import { SHA_1 } from "./sha1.js";
import { SHA_224 } from "./sha2.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./pace.js").Pace} Pace */
/** @typedef {import("./sha1.js").Hash} Hash */

export const KEY = 1;
export const IV = 2;
export const MAC = 3;

// How many rounds pass between two looks at the clock.
const ROUNDS = 64;

/**
 * PBKDF1 with SHA-1, all twenty octets.
 *
 * @param {Bytes} passphrase
 * @param {Bytes} salt
 * @param {number} iterations
 * @param {Pace} pace
 */
export async function pbkdf1(passphrase, salt, iterations, pace) {
  return iterated(SHA_1, concat(passphrase, salt), iterations, pace);
}

/**
 * @param {Hash} hash
 * @param {Bytes} passphrase
 * @param {Bytes} salt
 * @param {number} iterations
 * @param {number} length
 * @param {Pace} pace
 */
export async function pbkdf2(hash, passphrase, salt, iterations, length, pace) {
  if (hash === SHA_224) return ownPbkdf2(hash, passphrase, salt, iterations, length, pace);
  const key = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: hash.name, salt, iterations };
  const derived = await crypto.subtle.deriveBits(parameters, key, 8 * length);
  pace.check();
  return new Uint8Array(derived);
}

/**
 * PBKDF2 by its definition, for the one hash WebCrypto lacks.
 *
 * @param {Hash} hash
 * @param {Bytes} passphrase
 * @param {Bytes} salt
 * @param {number} iterations
 * @param {number} length
 * @param {Pace} pace
 */
async function ownPbkdf2(hash, passphrase, salt, iterations, length, pace) {
  const blocks = [];
  for (let index = 1; blocks.length * hash.length < length; index += 1) {
    let last = hmac(hash, passphrase, concat(salt, Uint8Array.of(0, 0, 0, index)));
    const block = last.slice();
    for (let round = 1; round < iterations; round += 1) {
      last = hmac(hash, passphrase, last);
      for (let at = 0; at < block.length; at += 1) block[at] = block[at] ^ last[at];
      if (round % ROUNDS === 0 && pace.due) await pace.rest();
    }
    blocks.push(block);
  }
  return concat(...blocks).slice(0, length);
}

/**
 * `length` octets for `purpose` (KEY, IV or MAC).
 *
 * @param {Hash} hash
 * @param {Bytes} passphrase  a BMPString with its terminator
 * @param {Bytes} salt
 * @param {number} iterations
 * @param {number} purpose
 * @param {number} length
 * @param {Pace} pace
 */
export async function pkcs12(hash, passphrase, salt, iterations, purpose, length, pace) {
  const block = hash.blockLength;
  const diversifier = new Uint8Array(block).fill(purpose);
  const mixed = concat(repeated(salt, block), repeated(passphrase, block));
  const derived = new Uint8Array(length);
  for (let at = 0; at < length; at += hash.length) {
    const chunk = await iterated(hash, concat(diversifier, mixed), iterations, pace);
    derived.set(chunk.subarray(0, length - at), at);
    stir(mixed, repeated(chunk, block).subarray(0, block));
  }
  wipe(mixed);
  return derived;
}

/**
 * `data` hashed, the result hashed, and so on; `data` is wiped.
 *
 * @param {Hash} hash
 * @param {Bytes} data
 * @param {number} iterations
 * @param {Pace} pace
 */
async function iterated(hash, data, iterations, pace) {
  let derived = hash.digest(data);
  wipe(data);
  for (let round = 1; round < iterations; round += 1) {
    derived = hash.digest(derived);
    if (round % ROUNDS === 0 && pace.due) await pace.rest();
  }
  return derived;
}

/**
 * `data` repeated to the next whole number of blocks; nothing stays nothing.
 *
 * @param {Bytes} data
 * @param {number} block
 */
function repeated(data, block) {
  const filled = new Uint8Array(Math.ceil(data.length / block) * block);
  return filled.map((_, at) => data[at % data.length]);
}

/**
 * Add chunk + 1 to every block of `mixed`, modulo the block's size.
 *
 * @param {Bytes} mixed
 * @param {Bytes} chunk
 */
function stir(mixed, chunk) {
  for (let begins = 0; begins < mixed.length; begins += chunk.length) {
    let carry = 1;
    for (let at = chunk.length - 1; at >= 0; at -= 1) {
      carry += mixed[begins + at] + chunk[at];
      mixed[begins + at] = carry;
      carry >>= 8;
    }
  }
}
