/**
 * The extensions of NPKI certificates (RFC 5280, 4.2; KCAC.TS.CERTPROF, KCAC.TS.SIVID).
 *
 * The subjectAltName holds no address but identifyData: the owner's real name and the VID.
 */

import * as der from "./der.js";
import { refuse } from "./errors.js";
import { readText } from "./names.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./der.js").Element} Element */
/** @typedef {{hash: string, digest: Bytes}} Vid  h(h(number, R)) with a hash of WebCrypto, from which the number can't be read without R */
/**
 * What the extensions of one certificate say; absent ones leave the empty value.
 *
 * @typedef {object} Extensions
 * @property {string[]} critical  OIDs
 * @property {string[]} keyUsage  the names of RFC 5280, 4.2.1.3
 * @property {string[]} policyOids
 * @property {boolean} isCa
 * @property {string | null} realName
 * @property {Vid | null} vid
 */

const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const CERTIFICATE_POLICIES = "2.5.29.32";
const POLICY_CONSTRAINTS = "2.5.29.36";
const IDENTIFY_DATA = "1.2.410.200004.10.1.1";
const VIRTUAL_ID = "1.2.410.200004.10.1.1.1";
const FALSE = 0;
const KEY_USAGE_BITS = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

/** @type {Record<string, string>} */
const VID_HASHES = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** The critical extensions a certificate may have without being refused. */
export const UNDERSTOOD = [
  KEY_USAGE,
  SUBJECT_ALT_NAME,
  BASIC_CONSTRAINTS,
  CERTIFICATE_POLICIES,
  POLICY_CONSTRAINTS,
];

/** @type {Record<string, (element: Element) => Partial<Extensions>>} */
const READERS = {
  [KEY_USAGE]: readKeyUsage,
  [SUBJECT_ALT_NAME]: readSubjectAltName,
  [BASIC_CONSTRAINTS]: readBasicConstraints,
  [CERTIFICATE_POLICIES]: readPolicies,
};

/**
 * Throws Refusal `malformed` when an extension that matters here is not what its standard says, or comes twice.
 *
 * @param {Element | null} element
 * @returns {Extensions}
 */
export function readExtensions(element) {
  const extensions = element ? element.items().map(readExtension) : [];
  const oids = extensions.map(({ oid }) => oid);
  if (new Set(oids).size !== oids.length) throw refuse("malformed");
  /** @type {Extensions} */
  const said = { critical: [], keyUsage: [], policyOids: [], isCa: false, realName: null, vid: null };
  for (const { oid, critical, value } of extensions) {
    if (critical) said.critical.push(oid);
    if (READERS[oid]) Object.assign(said, READERS[oid](der.parse(value)));
  }
  return said;
}

/** @param {Element} element */
function readExtension(element) {
  const fields = element.fields();
  const oid = fields.next().oid();
  const flag = fields.optional(der.BOOLEAN);
  const value = fields.next().octets();
  fields.end();
  return { oid, critical: isTrue(flag), value };
}

/** @param {Element | null} flag */
function isTrue(flag) {
  return flag !== null && !(flag.content.length === 1 && flag.content[0] === FALSE);
}

/** @param {Element} element */
function readKeyUsage(element) {
  element.require(der.BIT_STRING);
  const bits = element.content.subarray(1);
  const keyUsage = KEY_USAGE_BITS.filter((_, bit) => (bits[bit >> 3] >> (7 - (bit & 7))) & 1);
  if (!keyUsage.length) throw refuse("malformed"); // RFC 5280, 4.2.1.3: at least one bit is set
  return { keyUsage };
}

/** @param {Element} element */
function readPolicies(element) {
  // The qualifiers (notices in BMPString, some of them broken) are for people and not read.
  return { policyOids: element.items().map((part) => part.fields().next().oid()) };
}

/** @param {Element} element */
function readBasicConstraints(element) {
  const fields = element.fields();
  const flag = fields.optional(der.BOOLEAN);
  const pathLength = fields.optional(der.INTEGER);
  fields.end();
  if (pathLength && pathLength.integer() < 0n) throw refuse("malformed");
  return { isCa: isTrue(flag) };
}

/** @param {Element} element */
function readSubjectAltName(element) {
  for (const otherName of element.items().filter((part) => part.tag === der.context(0))) {
    const fields = otherName.fields(der.context(0));
    if (fields.next().oid() === IDENTIFY_DATA) return readIdentifyData(explicit(fields.next()));
  }
  return {};
}

/**
 * IdentifyData ::= SEQUENCE { realName UTF8String, userInfo SEQUENCE OF AttributeTypeAndValue OPTIONAL }
 *
 * @param {Element} element
 */
function readIdentifyData(element) {
  const fields = element.fields();
  const realName = readText(fields.next());
  const userInfo = fields.optional(der.SEQUENCE);
  fields.end();
  const vids = userInfo ? userInfo.items().flatMap(readVid) : [];
  return { realName, vid: vids[0] ?? null };
}

/**
 * VID ::= SEQUENCE { hashAlg AlgorithmIdentifier, virtualID [0] OCTET STRING }, under its OID.
 *
 * @param {Element} attribute
 * @returns {Vid[]}
 */
function readVid(attribute) {
  const fields = attribute.fields();
  if (fields.next().oid() !== VIRTUAL_ID) return [];
  const value = fields.next().fields();
  const hash = VID_HASHES[value.next().fields().next().oid()];
  const digest = explicit(value.next()).octets();
  return hash ? [{ hash, digest }] : [];
}

/**
 * What an explicit `[0]` wraps.
 *
 * @param {Element} element
 */
function explicit(element) {
  const fields = element.fields(der.context(0));
  const inner = fields.next();
  fields.end();
  return inner;
}
