/** CBC decryption with PKCS#7 padding (RFC 8018 6.1.1, RFC 5652 6.3). */

import { wipe } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./pace.js").Pace} Pace */
/**
 * One block in, one block out, under one key.
 *
 * @typedef {{blockLength: number, decryptBlock: (block: Bytes) => Bytes}} BlockCipher
 */

// How many octets pass between two looks at the clock.
const PIECE = 4096;

/**
 * The plaintext without its padding, or null when the padding is bad (wrong key or damaged).
 *
 * @param {BlockCipher} cipher
 * @param {Bytes} iv
 * @param {Bytes} ciphertext  a whole, positive number of blocks
 * @param {Pace} pace
 * @returns {Promise<Bytes | null>}
 */
export async function decryptCbc(cipher, iv, ciphertext, pace) {
  const length = cipher.blockLength;
  const padded = new Uint8Array(ciphertext.length);
  let previous = iv;
  for (let at = 0; at < ciphertext.length; at += length) {
    const block = ciphertext.subarray(at, at + length);
    const mixed = cipher.decryptBlock(block);
    for (let i = 0; i < length; i += 1) padded[at + i] = mixed[i] ^ previous[i];
    wipe(mixed);
    previous = block;
    if (at % PIECE === 0 && pace.due) await pace.rest();
  }
  const padding = padded[padded.length - 1];
  const good =
    padding >= 1 && padding <= length && padded.subarray(-padding).every((octet) => octet === padding);
  if (good) return padded.subarray(0, -padding);
  wipe(padded);
  return null;
}
