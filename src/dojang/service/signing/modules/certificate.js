/**
 * X.509 certificates of NPKI (KCAC.TS.CERTPROF, RFC 5280), read once and completely, and what speaks against one.
 *
 * Whether an authority is to be believed and whether it revoked the certificate is the server's to say.
 */

import { toDer } from "./armor.js";
import { equal, toHex } from "./bytes.js";
import * as der from "./der.js";
import { refuse } from "./errors.js";
import { readExtensions, UNDERSTOOD } from "./extensions.js";
import { lastOf, nameText, readName } from "./names.js";
import { POLICIES } from "./policies.js";
import { bitLength, RSA_ENCRYPTION } from "./privatekey.js";
import { SHA_256 } from "./sha2.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./der.js").Element} Element */
/** @typedef {import("./errors.js").Refusal} Refusal */
/** @typedef {import("./extensions.js").Vid} Vid */
/** @typedef {import("./policies.js").Policy} Policy */
/**
 * One certificate, read.
 *
 * @typedef {object} Certificate
 * @property {Bytes} der
 * @property {string} subject  as NPKI folders write it: `cn=…,ou=…,o=…,c=kr`
 * @property {string} issuer  in the same form
 * @property {string} commonName
 * @property {string} owner  for people: the real name, else the common name without its serial tail
 * @property {string} ca  the organisation of the issuing authority: yessign, KICA, SignKorea, …
 * @property {string} serialHex  lower case, without leading zeros
 * @property {Date} notBefore  valid at both ends
 * @property {Date} notAfter
 * @property {string[]} policyOids
 * @property {Policy | null} policy  what it was issued for (용도), if that is known
 * @property {string[]} keyUsage  the names of RFC 5280, 4.2.1.3; empty when the extension is absent
 * @property {string[]} criticalExtensions  OIDs
 * @property {boolean} isCa
 * @property {Vid | null} vid
 * @property {Bytes} publicKeyInfo  SubjectPublicKeyInfo
 * @property {number} rsaBits  0 when the key is of another kind
 * @property {string} fingerprint  SHA-256 of the DER in hexadecimal
 */

export const MAX_SIZE = 64 * 1024;

// The common name is `이름(영문)` and then bank code, date and serial number in digits.
const COMMON_NAME_TAIL = /\([^()]*\)[0-9]*$/;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const DIGITS = /^(?:[0-9]{2}){5,6}[0-9]{2}Z$/;
// RFC 5280, 4.1.2.5.1: two digits of 50 and above mean 19xx.
const PIVOT = "50";
const KOREA = 9 * 3600 * 1000;
const NEEDED_USAGES = ["digitalSignature", "nonRepudiation"];
const STRONG_RSA_BITS = 2048;

/**
 * Read a certificate from DER, PEM or base64. Throws Refusal `too_large` or `malformed`.
 *
 * @param {Bytes} data
 * @returns {Certificate}
 */
export function readCertificate(data) {
  if (data.length > MAX_SIZE) throw refuse("too_large", { limit: MAX_SIZE });
  const encoded = toDer(data).slice();
  const outer = der.parse(encoded).fields();
  const [signedPart, algorithm, signature] = [outer.next(), outer.next(), outer.next()];
  outer.end();
  // Only one encoding of the frame: else one certificate would have many fingerprints.
  const frame = der.sequence(signedPart.encoded, algorithm.encoded, der.bitString(signature.bits()));
  if (!equal(frame, encoded)) throw refuse("malformed");

  const fields = signedPart.fields();
  fields.optional(der.context(0)); // the version: what it allows is seen from what is there
  const serial = fields.next().integer();
  const innerAlgorithm = fields.next();
  const issuer = readName(fields.next());
  const validity = fields.next().fields();
  const subject = readName(fields.next());
  const publicKeyInfo = fields.next();
  const extensions = readExtensions(unwrapped(fields.optional(der.context(3))));
  fields.end();
  const [notBefore, notAfter] = [readInstant(validity.next()), readInstant(validity.next())];
  validity.end();
  // RFC 5280, 4.1.1.2: both algorithm fields say the same; 4.1.2.2: serial numbers are positive.
  if (!equal(innerAlgorithm.encoded, algorithm.encoded) || serial <= 0n) throw refuse("malformed");
  algorithm.fields().next().oid();
  publicKeyInfo.require(der.SEQUENCE);

  const commonName = lastOf(subject, "cn");
  return {
    der: encoded,
    subject: nameText(subject),
    issuer: nameText(issuer),
    commonName,
    owner: extensions.realName || commonName.replace(COMMON_NAME_TAIL, ""),
    ca: lastOf(issuer, "o"),
    serialHex: serial.toString(16),
    notBefore,
    notAfter,
    policyOids: extensions.policyOids,
    policy: extensions.policyOids.map(policyOf).find((policy) => policy !== null) ?? null,
    keyUsage: extensions.keyUsage,
    criticalExtensions: extensions.critical,
    isCa: extensions.isCa,
    vid: extensions.vid,
    publicKeyInfo: publicKeyInfo.encoded,
    rsaBits: rsaBits(publicKeyInfo),
    fingerprint: toHex(SHA_256.digest(encoded)),
  };
}

/**
 * Everything that speaks against signing tax invoices with a certificate at an instant, worst first.
 *
 * With a business number also whether it can have been issued to it at all; to be sure takes R: `OpenedKey.matches`.
 *
 * @param {Certificate} certificate
 * @param {{at: Date, businessNumber?: string}} when
 * @returns {Refusal[]}
 */
export function whyNot(certificate, { at, businessNumber }) {
  const { subject, vid, notBefore, notAfter } = certificate;
  const refusals = [];
  if (at > notAfter) refusals.push(refuse("expired", { valid_to: inKorea(notAfter) }));
  if (at < notBefore) refusals.push(refuse("not_yet_valid", { valid_from: inKorea(notBefore) }));
  for (const oid of certificate.criticalExtensions.filter((one) => !UNDERSTOOD.includes(one))) {
    refusals.push(refuse("unknown_critical_extension", { oid, subject }));
  }
  if (certificate.rsaBits < STRONG_RSA_BITS) {
    refusals.push(refuse("weak_signature", { what: `RSA ${String(certificate.rsaBits)}`, subject }));
  }
  const missing = NEEDED_USAGES.filter((usage) => !certificate.keyUsage.includes(usage));
  if (missing.length) refusals.push(refuse("wrong_key_usage", { missing: missing.join(", ") }));
  if (businessNumber !== undefined && !vid) refusals.push(refuse("not_this_business_number"));
  return [...refusals, ...whyNotItsPolicy(certificate)];
}

/**
 * Refuse only a kind that is known not to be accepted; warn of an unknown one.
 *
 * @param {Certificate} certificate
 */
function whyNotItsPolicy({ policyOids }) {
  const known = policyOids.map(policyOf);
  if (known.some((policy) => policy?.accepted)) return [];
  const refused = known.filter((policy) => policy?.accepted === false);
  if (refused[0] && refused.length === known.length) {
    return [refuse("not_for_tax_invoices", { policy: { ko: refused[0].ko, en: refused[0].en } })];
  }
  return [refuse("unknown_policy", { policy: policyOids.join(", ") || "-" })];
}

/**
 * An instant for people: date and time of day in Korea (KST), which has no summer time.
 *
 * @param {Date} instant
 */
export function inKorea(instant) {
  return new Date(instant.getTime() + KOREA).toISOString().slice(0, 16).replace("T", " ");
}

/**
 * @param {string} oid
 * @returns {Policy | null}
 */
function policyOf(oid) {
  return POLICIES.find((policy) => policy.oid === oid) ?? null;
}

/**
 * The `Extensions` inside the `[3]` of a TBSCertificate.
 *
 * @param {Element | null} element
 */
function unwrapped(element) {
  if (!element) return null;
  const fields = element.fields(der.context(3));
  const extensions = fields.next();
  fields.end();
  return extensions;
}

/**
 * UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 wants it: with seconds and in UTC; and a day that exists.
 *
 * @param {Element} element
 */
function readInstant(element) {
  const text = new TextDecoder("latin1").decode(element.content);
  const yearDigits = { [UTC_TIME]: 2, [GENERALIZED_TIME]: 4 }[element.tag];
  if (!yearDigits || !DIGITS.test(text) || text.length !== yearDigits + 11) throw refuse("malformed");
  const century = yearDigits === 4 ? "" : text.slice(0, 2) < PIVOT ? "20" : "19";
  const [year, month, day, hour, minute, second] = (century + text).match(/^[0-9]{4}|[0-9]{2}/g) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const instant = new Date(iso);
  if (Number.isNaN(instant.getTime()) || instant.toISOString() !== iso) throw refuse("malformed");
  return instant;
}

/** @param {Element} publicKeyInfo */
function rsaBits(publicKeyInfo) {
  try {
    const fields = publicKeyInfo.fields();
    if (fields.next().fields().next().oid() !== RSA_ENCRYPTION) return 0;
    const modulus = der.parse(fields.next().bits()).fields().next();
    if (modulus.integer() <= 0n) return 0;
    return bitLength(modulus.content.subarray(modulus.content.findIndex((octet) => octet !== 0)));
  } catch {
    return 0;
  }
}
