/**
 * `.pfx` and `.p12` files (PKCS#12, RFC 7292): how a 공동인증서 is exported and carried to another machine.
 *
 * R sits in the attributes of the shrouded key's PKCS#8 (what the authorities' programs write) or of its bag (some
 * others). The MAC is checked before anything is decrypted, and the work a file may ask for is bounded as a whole.
 */

import { toDer } from "./armor.js";
import { equal, wipe } from "./bytes.js";
import { readCertificate } from "./certificate.js";
import * as der from "./der.js";
import { MAC, pkcs12 } from "./derive.js";
import { refuse } from "./errors.js";
import { hmac } from "./hmac.js";
import { Pace } from "./pace.js";
import { pkcs12Forms } from "./passphrase.js";
import { checkedIterations, decryptContent, readAlgorithm } from "./pbe.js";
import { fromPrivateKeyInfo, readRandom } from "./privatekey.js";
import { SHA_1 } from "./sha1.js";
import { SHA_256, SHA_384, SHA_512 } from "./sha2.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./certificate.js").Certificate} Certificate */
/** @typedef {import("./der.js").Element} Element */
/** @typedef {import("./der.js").Fields} Fields */
/** @typedef {import("./privatekey.js").PrivateKey} PrivateKey */
/** @typedef {import("./sha1.js").Hash} Hash */
/** @typedef {{key: PrivateKey, certificate: Certificate}} Pair */

export const MAX_SIZE = 1024 * 1024;

const MAX_KEYS = 16;
const VERSION = 3n;
const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const EXPLICIT = der.context(0);
const IMPLICIT_OCTETS = 0x80;
const SIGNING_USAGES = ["digitalSignature", "nonRepudiation"];

/** @type {Record<string, Hash>} */
const MAC_HASHES = {
  "1.3.14.3.2.26": SHA_1,
  "2.16.840.1.101.3.4.2.1": SHA_256,
  "2.16.840.1.101.3.4.2.2": SHA_384,
  "2.16.840.1.101.3.4.2.3": SHA_512,
};

/**
 * The signing key of a PFX (DER, PEM or base64), its certificate, and the file's other certificates in DER.
 *
 * Throws Refusal `too_large`, `malformed`, `unsupported_scheme`, `iterations_refused`, `wrong_passphrase_or_damaged`,
 * `damaged`, `no_private_key`, or `key_does_not_match_certificate` when a key's certificate is not in the file; and the
 * signal's reason when it was cancelled.
 *
 * @param {Bytes} data
 * @param {string} passphrase
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{key: PrivateKey, certificate: Certificate, chain: Bytes[]}>}
 */
export async function openPfx(data, passphrase, { signal } = {}) {
  if (data.length > MAX_SIZE) throw refuse("too_large", { limit: MAX_SIZE });
  const reader = new Reader(passphrase, new Pace(signal));
  try {
    await reader.read(der.parse(toDer(data)));
    const chosen = choose(reader);
    for (const { random } of reader.keys) if (random !== chosen.key.random) wipe(random);
    return chosen;
  } catch (error) {
    for (const { random } of reader.keys) wipe(random);
    throw error;
  } finally {
    wipe(...reader.opened);
  }
}

/**
 * The first pair made for signing, else the first.
 *
 * @param {Reader} reader
 */
function choose({ keys, certificates }) {
  if (!keys.length) throw refuse("no_private_key");
  const readable = certificates.map(readOrNull);
  const pairs = keys.map((key) => paired(key, readable));
  const { key, certificate } = pairs.find((pair) => maySign(pair.certificate)) ?? pairs[0];
  const chain = certificates.filter((_, at) => !keys.some((one) => belongs(one, readable[at])));
  return { key, certificate, chain };
}

/**
 * @param {PrivateKey} key
 * @param {(Certificate | null)[]} certificates
 * @returns {Pair}
 */
function paired(key, certificates) {
  const certificate = certificates.find((one) => belongs(key, one));
  if (!certificate) throw refuse("key_does_not_match_certificate");
  return { key, certificate };
}

/**
 * @param {PrivateKey} key
 * @param {Certificate | null} certificate
 */
function belongs(key, certificate) {
  return certificate !== null && equal(key.publicKeyInfo, certificate.publicKeyInfo);
}

/** @param {Certificate} certificate */
function maySign({ keyUsage }) {
  return !keyUsage.length || keyUsage.some((usage) => SIGNING_USAGES.includes(usage));
}

/**
 * Null for a chain certificate too strange to read: no key of ours belongs to it.
 *
 * @param {Bytes} certificate
 */
function readOrNull(certificate) {
  try {
    return readCertificate(certificate);
  } catch {
    return null;
  }
}

/** Collects keys and certificates while it walks one file, and counts the work asked for. */
class Reader {
  /** @type {PrivateKey[]} */
  keys = [];
  /** @type {Bytes[]} */
  certificates = [];
  /**
   * Everything decrypted on the way, to be wiped.
   *
   * @type {Bytes[]}
   */
  opened = [];
  #passphrase;
  #pace;
  #iterations = 0;

  /**
   * @param {string} passphrase
   * @param {Pace} pace
   */
  constructor(passphrase, pace) {
    this.#passphrase = passphrase;
    this.#pace = pace;
  }

  /** @param {Element} pfx */
  async read(pfx) {
    const fields = pfx.fields();
    if (fields.next().integer() !== VERSION) throw refuse("malformed");
    const { kind, content } = contentInfo(fields.next());
    const mac = fields.optional(der.SEQUENCE);
    fields.end();
    if (kind !== DATA || !mac)
      throw refuse("unsupported_scheme", { scheme: "PKCS#12 without a passphrase MAC" });
    const authenticatedSafe = content.octets();
    await this.#verifyMac(mac.fields(), authenticatedSafe);
    for (const info of der.parse(authenticatedSafe).items())
      await this.#safeContents(await this.#contentOf(info));
  }

  /**
   * @param {Fields} fields
   * @param {Bytes} content
   */
  async #verifyMac(fields, content) {
    const [digestInfo, salt] = [fields.next().fields(), fields.next().octets()];
    const count = fields.optional(der.INTEGER);
    fields.end();
    const [oid, expected] = [digestInfo.next().fields().next().oid(), digestInfo.next().octets()];
    const hash = MAC_HASHES[oid];
    if (!hash) throw refuse("unsupported_scheme", { scheme: oid });
    const iterations = this.#spend(checkedIterations(count ? count.integer() : 1n));
    const forms = pkcs12Forms(this.#passphrase);
    try {
      for (const form of forms) {
        const key = await pkcs12(hash, form, salt, iterations, MAC, hash.length, this.#pace);
        if (equal(expected, hmac(hash, key, content))) return;
      }
    } finally {
      wipe(...forms);
    }
    throw refuse("wrong_passphrase_or_damaged");
  }

  /** @param {number} iterations */
  #spend(iterations) {
    this.#iterations += iterations;
    checkedIterations(BigInt(this.#iterations));
    return iterations;
  }

  /**
   * The SafeContents of one ContentInfo.
   *
   * @param {Element} info
   */
  async #contentOf(info) {
    const { kind, content } = contentInfo(info);
    if (kind === DATA) return content.octets();
    if (kind !== ENCRYPTED_DATA) throw refuse("unsupported_scheme", { scheme: kind });
    const fields = content.fields();
    fields.next().integer();
    const encrypted = fields.next().fields();
    encrypted.next().oid();
    return this.#decrypted(encrypted.next(), encrypted.next().octets(IMPLICIT_OCTETS));
  }

  /**
   * @param {Element} identifier
   * @param {Bytes} ciphertext
   */
  async #decrypted(identifier, ciphertext) {
    const algorithm = readAlgorithm(identifier);
    this.#spend(algorithm.parameters.iterations);
    const plaintext = await decryptContent(algorithm, ciphertext, this.#passphrase, this.#pace);
    this.opened.push(plaintext);
    return plaintext;
  }

  /** @param {Bytes} data */
  async #safeContents(data) {
    for (const bag of der.parse(data).items()) {
      const fields = bag.fields();
      const [kind, value] = [fields.next().oid(), explicit(fields.next())];
      const attributes = fields.optional(der.SET)?.parts ?? [];
      if (kind === CERTIFICATE_BAG) this.#addCertificate(value.fields());
      if (kind === KEY_BAG) await this.#addKey(value.encoded, attributes);
      if (kind === SHROUDED_KEY_BAG) {
        const shrouded = value.fields();
        await this.#addKey(await this.#decrypted(shrouded.next(), shrouded.next().octets()), attributes);
      }
    }
  }

  /** @param {Fields} fields */
  #addCertificate(fields) {
    if (fields.next().oid() === X509_CERTIFICATE)
      this.certificates.push(explicit(fields.next()).octets().slice());
  }

  /**
   * @param {Bytes} privateKeyInfo
   * @param {Element[]} attributes
   */
  async #addKey(privateKeyInfo, attributes) {
    if (this.keys.length === MAX_KEYS) throw refuse("malformed");
    const key = await fromPrivateKeyInfo(privateKeyInfo);
    const random = key.random ?? readRandom(attributes)?.slice() ?? null;
    this.keys.push({ ...key, random });
  }
}

/** @param {Element} info */
function contentInfo(info) {
  const fields = info.fields();
  const [kind, content] = [fields.next().oid(), explicit(fields.next())];
  fields.end();
  return { kind, content };
}

/**
 * The one value inside an explicit `[0]`.
 *
 * @param {Element} element
 */
function explicit(element) {
  const fields = element.fields(EXPLICIT);
  const value = fields.next();
  fields.end();
  return value;
}
