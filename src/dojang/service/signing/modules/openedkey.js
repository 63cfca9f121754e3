/**
 * An opened 공동인증서: signs, seals R, answers 본인확인, and is closed after use.
 *
 * The key is a CryptoKey that WebCrypto does not give back, and no signature leaves before it was verified with the
 * certificate: a computer's slip in RSA arithmetic would betray the primes.
 */

import { utf8, wipe } from "./bytes.js";
import { refuse } from "./errors.js";
import { answersChallenge, RSA } from "./privatekey.js";
import { matchesVid } from "./vid.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./certificate.js").Certificate} Certificate */
/** @typedef {import("./privatekey.js").PrivateKey} PrivateKey */

const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };
const SEAL_LABEL = "dojang-random:";

export class OpenedKey {
  /** @type {CryptoKey | null} */
  #signing;
  /** @type {CryptoKey} */
  #verifying;
  /** @type {Bytes | null} */
  #random;

  /**
   * Use `prove`, which also checks that the three belong together.
   *
   * @param {Certificate} certificate
   * @param {Bytes[]} chain  other certificates of the file, in DER
   * @param {{signing: CryptoKey, verifying: CryptoKey, random: Bytes | null}} keys
   */
  constructor(certificate, chain, keys) {
    this.certificate = certificate;
    this.chain = chain;
    this.#signing = keys.signing;
    this.#verifying = keys.verifying;
    this.#random = keys.random;
  }

  /** Whether the key file carried R, which the 국세청 asks for. */
  get hasRandom() {
    return this.#random !== null;
  }

  /**
   * RSASSA-PKCS1-v1_5 with SHA-256, verified before it is given out.
   *
   * @param {Bytes} bytes
   * @returns {Promise<Bytes>}
   */
  async sign(bytes) {
    if (!this.#signing) throw refuse("key_closed");
    const signature = new Uint8Array(await crypto.subtle.sign(RSA.name, this.#signing, bytes));
    if (!(await this.verify(signature, bytes))) throw refuse("damaged");
    return signature;
  }

  /**
   * Whether `signature` over `bytes` was made with the certificate's key.
   *
   * @param {Bytes} signature
   * @param {Bytes} bytes
   */
  async verify(signature, bytes) {
    return crypto.subtle.verify(RSA.name, this.#verifying, signature, bytes);
  }

  /**
   * R, readable by the transmitter only: RSA-OAEP with SHA-256, bound to this certificate by the label.
   *
   * @param {Bytes} transmitterKey  SubjectPublicKeyInfo
   * @returns {Promise<Bytes>}
   */
  async sealRandom(transmitterKey) {
    if (!this.#signing) throw refuse("key_closed");
    if (!this.#random) throw refuse("no_random_number");
    const key = await crypto.subtle.importKey("spki", transmitterKey, OAEP, false, ["encrypt"]);
    const label = utf8(SEAL_LABEL + this.certificate.fingerprint);
    return new Uint8Array(await crypto.subtle.encrypt({ name: OAEP.name, label }, key, this.#random));
  }

  /**
   * Whether the certificate was issued to this number; null when the key file has no R to tell by.
   *
   * @param {string} businessNumber
   * @returns {Promise<boolean | null>}
   */
  async matches(businessNumber) {
    return this.#random && matchesVid(this.certificate, businessNumber, this.#random);
  }

  /** Forget the key and R. */
  close() {
    wipe(this.#random);
    this.#random = null;
    this.#signing = null;
  }
}

/**
 * The opened key, after it signed a random challenge that the certificate's key verified. Takes over R.
 *
 * Throws Refusal `key_does_not_match_certificate`; R is wiped then.
 *
 * @param {Certificate} certificate
 * @param {Bytes[]} chain
 * @param {PrivateKey} privateKey
 */
export async function prove(certificate, chain, privateKey) {
  const { signing, random } = privateKey;
  const { publicKeyInfo } = certificate;
  if (!(await answersChallenge(signing, publicKeyInfo))) {
    wipe(random);
    throw refuse("key_does_not_match_certificate");
  }
  const verifying = await crypto.subtle.importKey("spki", publicKeyInfo, RSA, false, ["verify"]);
  return new OpenedKey(certificate, chain, { signing, verifying, random });
}
