/** The three guises of a certificate or key file: DER, PEM and bare base64, told apart by content, never by name. */

import { fromBase64 } from "./bytes.js";
import { SEQUENCE } from "./der.js";
import { refuse } from "./errors.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----([^-]*)-----END /;
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

/**
 * The DER inside `data`; of a PEM file with several blocks, the first. Throws Refusal `malformed` for anything else.
 *
 * @param {Bytes} data
 * @returns {Bytes}
 */
export function toDer(data) {
  if (data[0] === SEQUENCE) return data;
  const text = new TextDecoder("latin1").decode(data).replace(BYTE_ORDER_MARK, "");
  const der = decoded(PEM.exec(text)?.[1] ?? text);
  if (der?.[0] !== SEQUENCE) throw refuse("malformed");
  return der;
}

/** @param {string} base64 */
function decoded(base64) {
  try {
    return fromBase64(base64);
  } catch {
    return null;
  }
}
