/** Every cipher a key or PFX file may name; lengths in octets. */

import { aes } from "./aes.js";
import { aria } from "./aria.js";
import { tripleDes } from "./des.js";
import { rc2 } from "./rc2.js";
import { seed } from "./seed.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./cbc.js").BlockCipher} BlockCipher */
/** @typedef {{keyLength: number, blockLength: number, under: (key: Bytes) => BlockCipher}} Cipher */

/** @type {Cipher} */
export const SEED = { keyLength: 16, blockLength: 16, under: seed };
/** @type {Cipher} */
export const ARIA_128 = { keyLength: 16, blockLength: 16, under: aria };
/** @type {Cipher} */
export const ARIA_192 = { keyLength: 24, blockLength: 16, under: aria };
/** @type {Cipher} */
export const ARIA_256 = { keyLength: 32, blockLength: 16, under: aria };
/** @type {Cipher} */
export const AES_128 = { keyLength: 16, blockLength: 16, under: aes };
/** @type {Cipher} */
export const AES_192 = { keyLength: 24, blockLength: 16, under: aes };
/** @type {Cipher} */
export const AES_256 = { keyLength: 32, blockLength: 16, under: aes };
/** @type {Cipher} */
export const TRIPLE_DES = { keyLength: 24, blockLength: 8, under: tripleDes };
/** @type {Cipher} */
export const TRIPLE_DES_TWO_KEYS = { keyLength: 16, blockLength: 8, under: tripleDes };
/** @type {Cipher} */
export const RC2_40 = { keyLength: 5, blockLength: 8, under: (key) => rc2(key, 40) };
/** @type {Cipher} */
export const RC2_128 = { keyLength: 16, blockLength: 8, under: (key) => rc2(key, 128) };
