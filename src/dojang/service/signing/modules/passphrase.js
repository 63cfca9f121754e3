/** The octets a passphrase may stand for: programs disagreed on that for twenty years. */

import { concat, utf8 } from "./bytes.js";
import { toCp949 } from "./cp949.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const HALF_A_CHARACTER = /\p{Cs}/u;
const ASCII = /^[\0-\x7f]*$/;
const TERMINATOR = Uint8Array.of(0, 0);

/**
 * For key files: UTF-8, then CP949 as old Korean programs wrote it.
 *
 * Hangul typed or pasted in decomposed form is also tried as the keyboard of the other program composed it.
 *
 * @param {string} passphrase
 * @returns {Bytes[]}
 */
export function textForms(passphrase) {
  if (HALF_A_CHARACTER.test(passphrase)) return [];
  const composed = passphrase.normalize("NFC");
  const forms = [utf8(passphrase)];
  if (composed !== passphrase) forms.push(utf8(composed));
  const cp949 = ASCII.test(passphrase) ? null : toCp949(composed);
  if (cp949) forms.push(cp949);
  return forms;
}

/**
 * For PKCS#12: BMPString with terminator, then the octets of `textForms` widened one by one as old OpenSSL did.
 *
 * An empty passphrase is also tried as none at all, which is how Windows writes it.
 *
 * @param {string} passphrase
 * @returns {Bytes[]}
 */
export function pkcs12Forms(passphrase) {
  if (HALF_A_CHARACTER.test(passphrase)) return [];
  const forms = [widened(Array.from({ length: passphrase.length }, (_, at) => passphrase.charCodeAt(at)))];
  if (!ASCII.test(passphrase)) forms.push(...textForms(passphrase).map((octets) => widened(octets)));
  if (!passphrase) forms.push(new Uint8Array(0));
  return forms;
}

/**
 * Units of sixteen bits, big end first, with terminator.
 *
 * @param {ArrayLike<number>} units
 */
function widened(units) {
  return concat(Uint8Array.from(Array.from(units).flatMap((unit) => [unit >> 8, unit & 0xff])), TERMINATOR);
}
