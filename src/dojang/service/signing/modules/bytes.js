/** Small work on octets. Everything that may be secret is a `Bytes` and can be wiped; a string can not. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes  over memory of our own, which WebCrypto insists on */

const HEX = /^(?:[0-9a-f]{2})*$/i;
// String.fromCharCode takes its octets as arguments, and engines bound their number.
const PIECE = 0x8000;

/**
 * @param {...Bytes} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * @param {Bytes} left
 * @param {Bytes} right
 */
export function equal(left, right) {
  return left.length === right.length && left.every((octet, at) => octet === right[at]);
}

/**
 * @param {string} hex
 * @returns {Bytes}
 */
export function fromHex(hex) {
  if (!HEX.test(hex)) throw new TypeError("not hexadecimal");
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.substr(2 * at, 2), 16));
}

/** @param {Bytes} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/**
 * Throws a DOMException when it is no base64; white space is passed over.
 *
 * @param {string} base64
 * @returns {Bytes}
 */
export function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** @param {Bytes} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(text);
}

/**
 * Overwrite with zeros, as soon as a secret has done its work.
 *
 * @param {...(Bytes | null)} secrets
 */
export function wipe(...secrets) {
  for (const secret of secrets) secret?.fill(0);
}

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function utf8(text) {
  return new TextEncoder().encode(text);
}
