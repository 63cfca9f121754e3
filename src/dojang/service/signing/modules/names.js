/**
 * Distinguished names and the strings in them (RFC 5280, 4.1.2.4; KCAC.TS.DN), written the way NPKI folders are called:
 * most specific part first, keys in lower case, `cn=홍길동()0012…,ou=HNB,ou=personal4IB,o=yessign,c=kr`.
 *
 * The values were typed by strangers: control and direction-changing characters are replaced when read.
 */

import { fromCp949 } from "./cp949.js";
import { SET } from "./der.js";
import { refuse } from "./errors.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./der.js").Element} Element */
/** @typedef {{oid: string, text: string}} Attribute */
/** @typedef {Attribute[][]} Name  relative names in the order of the certificate */

// Old Korean certificates put CP949 into T61String, and some into PrintableString.
/** @type {Record<number, ((octets: Bytes) => string | null)[]>} */
const CODECS = {
  12: [decoder("utf-8")],
  18: [ascii], // NumericString
  19: [ascii, fromCp949], // PrintableString
  20: [ascii, fromCp949, latin1], // T61String
  22: [ascii, fromCp949], // IA5String
  26: [ascii], // VisibleString
  28: [utf32], // UniversalString
  30: [decoder("utf-16be")], // BMPString
};

/** @type {Record<string, string>} */
const KEYS = {
  "2.5.4.3": "cn",
  "2.5.4.5": "serialnumber",
  "2.5.4.6": "c",
  "2.5.4.7": "l",
  "2.5.4.8": "st",
  "2.5.4.9": "street",
  "2.5.4.10": "o",
  "2.5.4.11": "ou",
  "0.9.2342.19200300.100.1.1": "uid",
  "0.9.2342.19200300.100.1.25": "dc",
  "1.2.840.113549.1.9.1": "email",
};

const SPECIAL = /[",+;<>\\]/g;
// Cc: control; Cf: format, which holds the bidirectional overrides; Cs: half of a surrogate pair; Zl, Zp: line ends.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * `text` with control, direction-changing and line-ending characters replaced by U+FFFD.
 *
 * @param {string} text
 */
export function printable(text) {
  return text.replace(UNPRINTABLE, "\ufffd");
}

/**
 * The characters of any ASN.1 string type. Throws Refusal `malformed` when it is none, or holds what its codec lacks.
 *
 * @param {Element} element
 */
export function readText(element) {
  for (const decode of CODECS[element.tag] ?? []) {
    const text = decode(element.content);
    if (text !== null) return printable(text);
  }
  throw refuse("malformed");
}

/**
 * @param {Element} element
 * @returns {Name}
 */
export function readName(element) {
  return element.items().map((relative) => relative.items(SET).map(readAttribute));
}

/** @param {Name} name */
export function nameText(name) {
  const write = (/** @type {Attribute} */ { oid, text }) =>
    `${KEYS[oid] ?? oid}=${text.replace(SPECIAL, "\\$&")}`;
  return name
    .map((relative) => relative.map(write).join("+"))
    .reverse()
    .join(",");
}

/**
 * The most specific value under `key` (`cn`, `o`, …), or an empty string.
 *
 * @param {Name} name
 * @param {string} key
 */
export function lastOf(name, key) {
  const found = name.flat().filter(({ oid }) => KEYS[oid] === key);
  return found.at(-1)?.text ?? "";
}

/**
 * @param {Element} element
 * @returns {Attribute}
 */
function readAttribute(element) {
  const fields = element.fields();
  const attribute = { oid: fields.next().oid(), text: readText(fields.next()) };
  fields.end();
  return attribute;
}

/** @param {string} label */
function decoder(label) {
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  return (/** @type {Bytes} */ octets) => {
    try {
      return strict.decode(octets);
    } catch {
      return null;
    }
  };
}

/** @param {Bytes} octets */
function ascii(octets) {
  return octets.every((octet) => octet < 0x80) ? latin1(octets) : null;
}

/** @param {Bytes} octets */
function latin1(octets) {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
}

/** @param {Bytes} octets */
function utf32(octets) {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  try {
    const points = Array.from({ length: octets.length / 4 }, (_, at) => view.getUint32(4 * at));
    return octets.length % 4 ? null : points.map((point) => String.fromCodePoint(point)).join("");
  } catch {
    return null;
  }
}
