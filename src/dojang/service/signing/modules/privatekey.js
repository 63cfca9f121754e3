/**
 * The private key of a 공동인증서, from the encrypted file to a CryptoKey that WebCrypto does not give back.
 *
 * A key file has no integrity of its own, so a key counts only after three checks: its ASN.1 shape, WebCrypto's own when
 * it is imported, and a random challenge signed and verified. Its octets exist in this module only and are wiped here.
 */

import { concat, equal, wipe } from "./bytes.js";
import * as der from "./der.js";
import { refuse } from "./errors.js";
import { Pace } from "./pace.js";
import { decrypt } from "./pbe.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./der.js").Element} Element */
/**
 * A sound RSA key. `random` is R, null where the file has none; `publicKeyInfo` is the SubjectPublicKeyInfo.
 *
 * @typedef {{signing: CryptoKey, publicKeyInfo: Bytes, random: Bytes | null}} PrivateKey
 */

export const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
export const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

const RANDOM_NUMBER = "1.2.410.200004.10.1.1.3";
const RANDOM_LENGTH = 20;
const MIN_RSA_BITS = 1024;
const MAX_RSA_BITS = 4096;
const RSA_NUMBERS = 8;
const CHALLENGE_LENGTH = 32;
const PUBLIC_KEY = 0x81;

const ALGORITHM = der.sequence(der.oid(RSA_ENCRYPTION), der.encode(der.NULL));
const ZERO = Uint8Array.of(der.INTEGER, 1, 0);

/**
 * Open the content of a `signPri.key`: DER, PEM or base64, any scheme of pbe.js.
 *
 * Throws what `decrypt` throws; Refusal `damaged` when it decrypted well, but not to a sound RSA key; and the signal's
 * reason when it was cancelled.
 *
 * @param {Bytes} data
 * @param {string} passphrase
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<PrivateKey>}
 */
export async function openPrivateKey(data, passphrase, { signal } = {}) {
  const privateKeyInfo = await decrypt(data, passphrase, new Pace(signal));
  try {
    return await fromPrivateKeyInfo(privateKeyInfo);
  } finally {
    wipe(privateKeyInfo);
  }
}

/**
 * The checked key in a decrypted PrivateKeyInfo. Throws Refusal `unsupported_scheme` or `damaged`.
 *
 * @param {Bytes} data  to be wiped by the caller
 * @returns {Promise<PrivateKey>}
 */
export async function fromPrivateKeyInfo(data) {
  const { algorithm, key, random } = soundOr("damaged", () => readPrivateKeyInfo(data));
  if (algorithm !== RSA_ENCRYPTION) throw refuse("unsupported_scheme", { scheme: algorithm });
  const publicKeyInfo = soundOr("damaged", () => readPublicKeyInfo(key));
  const signing = await imported(key);
  if (!(await answersChallenge(signing, publicKeyInfo))) throw refuse("damaged");
  return { signing, publicKeyInfo, random: random?.slice() ?? null };
}

/**
 * Whether a random challenge signed with the one key verifies with the other.
 *
 * @param {CryptoKey} signing
 * @param {Bytes} publicKeyInfo
 */
export async function answersChallenge(signing, publicKeyInfo) {
  const challenge = crypto.getRandomValues(new Uint8Array(CHALLENGE_LENGTH));
  try {
    const verifying = await crypto.subtle.importKey("spki", publicKeyInfo, RSA, false, ["verify"]);
    const signature = await crypto.subtle.sign(RSA.name, signing, challenge);
    return await crypto.subtle.verify(RSA.name, verifying, signature, challenge);
  } catch {
    return false; // no RSA key, or none that can sign
  }
}

/**
 * R among PKCS#8 or PKCS#12 attributes; only the octet that counts unused bits is skipped: R may begin with zeros.
 *
 * @param {Element[]} attributes
 * @returns {Bytes | null}  a view
 */
export function readRandom(attributes) {
  for (const attribute of attributes) {
    const fields = attribute.fields();
    if (fields.next().oid() === RANDOM_NUMBER) {
      const octets = fields.next().fields(der.SET).next().bits();
      if (octets.length !== RANDOM_LENGTH) throw refuse("malformed");
      return octets;
    }
  }
  return null;
}

/**
 * PrivateKeyInfo ::= SEQUENCE { version, algorithm, privateKey OCTET STRING, attributes [0] IMPLICIT SET OF … }
 *
 * @param {Bytes} data
 */
function readPrivateKeyInfo(data) {
  const fields = der.parse(data).fields();
  const version = fields.next().integer();
  if (version !== 0n && version !== 1n) throw refuse("malformed");
  const algorithm = fields.next().fields().next().oid();
  const key = fields.next().octets();
  const attributes = fields.optional(der.context(0));
  fields.optional(PUBLIC_KEY);
  fields.end();
  return { algorithm, key, random: attributes && readRandom(attributes.parts) };
}

/**
 * The public half of a PKCS#1 RSAPrivateKey, its numbers within bounds. They stay octets: a BigInt can't be wiped.
 *
 * @param {Bytes} rsaPrivateKey
 */
function readPublicKeyInfo(rsaPrivateKey) {
  const fields = der.parse(rsaPrivateKey).fields();
  if (!equal(fields.next().encoded, ZERO)) throw refuse("malformed");
  const numbers = Array.from({ length: RSA_NUMBERS }, () => magnitude(fields.next()));
  fields.end();
  const [n, ...others] = numbers;
  const bits = bitLength(n);
  const bounded = bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && others.every((other) => less(other, n));
  if (!bounded) throw refuse("malformed");
  return der.sequence(ALGORITHM, der.bitString(der.sequence(unsigned(n), unsigned(others[0]))));
}

/**
 * The octets of a positive INTEGER without leading zeros.
 *
 * @param {Element} element
 */
function magnitude(element) {
  element.require(der.INTEGER);
  const begins = element.content.findIndex((octet) => octet !== 0);
  if (begins < 0 || element.content[0] > 0x7f) throw refuse("malformed");
  return element.content.subarray(begins);
}

/** @param {Bytes} number  without leading zeros */
export function bitLength(number) {
  return 8 * number.length - (Math.clz32(number[0]) - 24);
}

/**
 * @param {Bytes} left
 * @param {Bytes} right
 */
function less(left, right) {
  if (left.length !== right.length) return left.length < right.length;
  const at = left.findIndex((octet, index) => octet !== right[index]);
  return at >= 0 && left[at] < right[at];
}

/** @param {Bytes} number  without leading zeros */
function unsigned(number) {
  return der.encode(der.INTEGER, number[0] > 0x7f ? concat(Uint8Array.of(0), number) : number);
}

/**
 * Into WebCrypto, as a PrivateKeyInfo of our own: not every browser takes the attributes.
 *
 * @param {Bytes} rsaPrivateKey
 */
async function imported(rsaPrivateKey) {
  const wrapped = der.octetString(rsaPrivateKey);
  const pkcs8 = der.sequence(ZERO, ALGORITHM, wrapped);
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, RSA, false, ["sign"]);
  } catch {
    throw refuse("damaged");
  } finally {
    wipe(wrapped, pkcs8);
  }
}

/**
 * What `read` gives, or a refusal with this code in place of its own.
 *
 * @template T
 * @param {"damaged"} code
 * @param {() => T} read
 */
function soundOr(code, read) {
  try {
    return read();
  } catch {
    throw refuse(code);
  }
}
