/**
 * RC2 with an effective key length (RFC 2268), the cipher of the certificate bags in old Windows `.pfx` exports;
 * decryption only. Forty bits protect nothing: those bags hold public certificates.
 */

import { fromHex } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */

const BLOCK = 8;
const EXPANDED = 128;
const SHIFTS = [1, 2, 3, 5];
const MASHED_BEFORE = [11, 5];

// The permutation of RFC 2268 2, "based on the digits of PI".
const PI = fromHex(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
);

/**
 * @param {Bytes} key
 * @param {number} effectiveBits  how many bits of the key count
 * @returns {BlockCipher}
 */
export function rc2(key, effectiveBits) {
  const keys = schedule(key, effectiveBits);
  return { blockLength: BLOCK, decryptBlock: (block) => decrypt(block, keys) };
}

/**
 * @param {Bytes} block
 * @param {Uint16Array} keys
 * @returns {Bytes}
 */
function decrypt(block, keys) {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK);
  const r = Uint16Array.from([0, 2, 4, 6], (at) => view.getUint16(at, true));
  for (let round = 15; round >= 0; round -= 1) {
    unmix(r, keys.subarray(4 * round));
    if (MASHED_BEFORE.includes(round)) unmash(r, keys);
  }
  const result = new Uint8Array(BLOCK);
  const written = new DataView(result.buffer);
  r.forEach((word, at) => {
    written.setUint16(2 * at, word, true);
  });
  return result;
}

/**
 * @param {Uint16Array} r
 * @param {Uint16Array} keys
 */
function unmix(r, keys) {
  for (let at = 3; at >= 0; at -= 1) {
    const [previous, before, next] = [r[(at + 3) % 4], r[(at + 2) % 4], r[(at + 1) % 4]];
    const turned = (r[at] >>> SHIFTS[at]) | (r[at] << (16 - SHIFTS[at]));
    // Where the previous word has a bit set the one before it was added, elsewhere the next.
    r[at] = turned - ((previous & before) + (~previous & next)) - keys[at];
  }
}

/**
 * @param {Uint16Array} r
 * @param {Uint16Array} keys
 */
function unmash(r, keys) {
  for (let at = 3; at >= 0; at -= 1) r[at] -= keys[r[(at + 3) % 4] & 63];
}

/**
 * The 64 words of RFC 2268 2.
 *
 * @param {Bytes} key
 * @param {number} effectiveBits
 */
function schedule(key, effectiveBits) {
  const expanded = new Uint8Array(EXPANDED);
  expanded.set(key);
  for (let at = key.length; at < EXPANDED; at += 1) {
    expanded[at] = PI[(expanded[at - 1] + expanded[at - key.length]) & 0xff];
  }
  const octets = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * octets - effectiveBits);
  expanded[EXPANDED - octets] = PI[expanded[EXPANDED - octets] & mask];
  for (let at = EXPANDED - octets - 1; at >= 0; at -= 1) {
    expanded[at] = PI[expanded[at + 1] ^ expanded[at + octets]];
  }
  return Uint16Array.from({ length: 64 }, (_, at) => expanded[2 * at] | (expanded[2 * at + 1] << 8));
}
