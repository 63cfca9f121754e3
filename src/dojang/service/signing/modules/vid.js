/**
 * 본인확인: was a certificate issued to this business or resident number? (KCAC.TS.SIVID)
 *
 * VID = h(h(DER of SEQUENCE { idn PrintableString, randomNum BIT STRING })), with h as the certificate names it.
 * Whoever holds the certificate and R finds the number by trial: R stays in `OpenedKey`.
 */

import { equal, utf8, wipe } from "./bytes.js";
import { bitString, encode, PRINTABLE_STRING, sequence } from "./der.js";
import { refuse } from "./errors.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./certificate.js").Certificate} Certificate */

const HYPHENS = /[\s-]/g;
// 사업자등록번호, or 주민등록번호 and 외국인등록번호
const IDN = /^(?:[0-9]{10}|[0-9]{13})$/;

/**
 * The VID of a number of 10 or 13 digits, hyphens allowed.
 *
 * Throws Refusal `not_this_business_number` when no certificate can be issued to such a number.
 *
 * @param {string} number
 * @param {Bytes} random  R
 * @param {string} hash  WebCrypto's name
 * @returns {Promise<Bytes>}
 */
export async function vid(number, random, hash) {
  const idn = number.replace(HYPHENS, "");
  if (!IDN.test(idn)) throw refuse("not_this_business_number");
  const bits = bitString(random);
  const content = sequence(encode(PRINTABLE_STRING, utf8(idn)), bits);
  const once = await crypto.subtle.digest(hash, content);
  wipe(bits, content);
  return new Uint8Array(await crypto.subtle.digest(hash, once));
}

/**
 * Whether the certificate was issued to this number; false also when it carries no VID.
 *
 * @param {Certificate} certificate
 * @param {string} number
 * @param {Bytes} random  R
 */
export async function matchesVid(certificate, number, random) {
  if (!certificate.vid) return false;
  const { hash, digest } = certificate.vid;
  return vid(number, random, hash).then(
    (computed) => equal(computed, digest),
    () => false,
  );
}
