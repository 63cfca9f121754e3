/** HMAC (RFC 2104), computed at once. */

import { concat, wipe } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./sha1.js").Hash} Hash */

/**
 * @param {Hash} hash
 * @param {Bytes} key
 * @param {Bytes} data
 * @returns {Bytes}
 */
export function hmac(hash, key, data) {
  const block = new Uint8Array(hash.blockLength);
  block.set(key.length > hash.blockLength ? hash.digest(key) : key);
  const inner = concat(
    block.map((octet) => octet ^ 0x36),
    data,
  );
  const outer = concat(
    block.map((octet) => octet ^ 0x5c),
    hash.digest(inner),
  );
  wipe(block, inner);
  const mac = hash.digest(outer);
  wipe(outer);
  return mac;
}
