/**
 * EncryptedPrivateKeyInfo (PKCS#8, RFC 5208): the password-based encryption of `signPri.key` and of PFX bags.
 *
 * Three generations are in use: PBES1 with KISA's seedCBCWithSHA1 (most files), PBES1 under the bare seedCBC OID with a
 * fixed IV (old ones, whose derivation the public implementations disagree on), and PBES2 (RFC 8018) with PBKDF2 and
 * SEED, ARIA or AES. PFX bags add the schemes of PKCS#12 (RFC 7292).
 *
 * None of them protects integrity. A decryption counts as good when its padding is right and the plaintext is one ASN.1
 * SEQUENCE by its own length; anything else is a wrong passphrase or a damaged file.
 */

import { toDer } from "./armor.js";
import { utf8, wipe } from "./bytes.js";
import { decryptCbc } from "./cbc.js";
import * as ciphers from "./ciphers.js";
import { framesSequence, INTEGER, parse, SEQUENCE } from "./der.js";
import { IV, KEY, pbkdf1, pbkdf2, pkcs12 } from "./derive.js";
import { refuse } from "./errors.js";
import { pkcs12Forms, textForms } from "./passphrase.js";
import { SHA_1 } from "./sha1.js";
import { SHA_224, SHA_256, SHA_384, SHA_512 } from "./sha2.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./ciphers.js").Cipher} Cipher */
/** @typedef {import("./der.js").Element} Element */
/** @typedef {import("./der.js").Fields} Fields */
/** @typedef {import("./pace.js").Pace} Pace */
/** @typedef {import("./sha1.js").Hash} Hash */
/** @typedef {{salt: Bytes, iterations: number}} Parameters */
/** @typedef {{key: Bytes, iv: Bytes}} KeyAndIv */
/** @typedef {(passphrase: Bytes, parameters: Parameters, pace: Pace) => Promise<KeyAndIv>} Derivation */
/**
 * One way to turn a passphrase into key and IV, and the cipher they are for.
 *
 * @typedef {{cipher: Cipher, derive: Derivation, forms: (passphrase: string) => Bytes[]}} Scheme
 */

export const MAX_SIZE = 64 * 1024;
export const MAX_ITERATIONS = 2_000_000;

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const DEFAULT_PRF = "1.2.840.113549.2.7";
const FIXED_IV = utf8("0123456789012345");

/** @type {Record<string, Hash>} */
const PRFS = {
  [DEFAULT_PRF]: SHA_1,
  "1.2.840.113549.2.8": SHA_224,
  "1.2.840.113549.2.9": SHA_256,
  "1.2.840.113549.2.10": SHA_384,
  "1.2.840.113549.2.11": SHA_512,
};

/** @type {Record<string, Cipher>} */
const PBES2_CIPHERS = {
  "1.2.410.200004.1.4": ciphers.SEED,
  "1.2.410.200046.1.1.2": ciphers.ARIA_128,
  "1.2.410.200046.1.1.7": ciphers.ARIA_192,
  "1.2.410.200046.1.1.12": ciphers.ARIA_256,
  "2.16.840.1.101.3.4.1.2": ciphers.AES_128,
  "2.16.840.1.101.3.4.1.22": ciphers.AES_192,
  "2.16.840.1.101.3.4.1.42": ciphers.AES_256,
  "1.2.840.113549.3.7": ciphers.TRIPLE_DES,
};

/**
 * The schemes an OID may mean, in the order to try them.
 *
 * @type {Record<string, Scheme[]>}
 */
const SCHEMES = {
  "1.2.410.200004.1.15": [seedScheme(pbkdf1DerivedIv)],
  "1.2.410.200004.1.4": [pbkdf1FixedIv, pbkdf2FixedIv, pbkdf1DerivedIv].map(seedScheme),
  "1.2.840.113549.1.12.1.3": [pkcs12Scheme(ciphers.TRIPLE_DES)],
  "1.2.840.113549.1.12.1.4": [pkcs12Scheme(ciphers.TRIPLE_DES_TWO_KEYS)],
  "1.2.840.113549.1.12.1.5": [pkcs12Scheme(ciphers.RC2_128)],
  "1.2.840.113549.1.12.1.6": [pkcs12Scheme(ciphers.RC2_40)],
};

/**
 * Open an EncryptedPrivateKeyInfo (DER, PEM or base64): the PrivateKeyInfo in DER, to be wiped after use.
 *
 * Throws Refusal `too_large`, `malformed`, `unsupported_scheme`, `iterations_refused` (nothing was computed then) or
 * `wrong_passphrase_or_damaged`.
 *
 * @param {Bytes} data
 * @param {string} passphrase
 * @param {Pace} pace
 */
export async function decrypt(data, passphrase, pace) {
  if (data.length > MAX_SIZE) throw refuse("too_large", { limit: MAX_SIZE });
  const fields = parse(toDer(data)).fields();
  const [algorithm, ciphertext] = [fields.next(), fields.next().octets()];
  fields.end();
  return decryptContent(readAlgorithm(algorithm), ciphertext, passphrase, pace);
}

/**
 * As `decrypt`, for an algorithm and a ciphertext that stand apart, as in a PFX.
 *
 * @param {{schemes: Scheme[], parameters: Parameters}} algorithm
 * @param {Bytes} ciphertext
 * @param {string} passphrase
 * @param {Pace} pace
 */
export async function decryptContent({ schemes, parameters }, ciphertext, passphrase, pace) {
  for (const { cipher, derive, forms } of schemes) {
    if (!ciphertext.length || ciphertext.length % cipher.blockLength) throw refuse("malformed");
    const octets = forms(passphrase);
    try {
      for (const form of octets) {
        pace.check();
        const { key, iv } = await derive(form, parameters, pace);
        const plaintext = await decryptCbc(cipher.under(key), iv, ciphertext, pace);
        wipe(key);
        if (plaintext && framesSequence(plaintext)) return plaintext;
        wipe(plaintext);
      }
    } finally {
      wipe(...octets);
    }
  }
  throw refuse("wrong_passphrase_or_damaged");
}

/**
 * What an AlgorithmIdentifier may mean, and its parameters.
 *
 * @param {Element} algorithm
 * @returns {{schemes: Scheme[], parameters: Parameters}}
 */
export function readAlgorithm(algorithm) {
  const fields = algorithm.fields();
  const oid = fields.next().oid();
  if (oid === PBES2) return readPbes2(fields.next().fields());
  const schemes = SCHEMES[oid];
  if (!schemes) throw refuse("unsupported_scheme", { scheme: oid });
  return { schemes, parameters: readSaltAndIterations(fields.next().fields()) };
}

/**
 * `iterations`, if an honest file can have it; else throws Refusal `iterations_refused`.
 *
 * @param {bigint} iterations
 */
export function checkedIterations(iterations) {
  if (iterations < 1n || iterations > BigInt(MAX_ITERATIONS)) {
    throw refuse("iterations_refused", { limit: MAX_ITERATIONS });
  }
  return Number(iterations);
}

/**
 * @param {Fields} fields
 * @returns {Parameters}
 */
function readSaltAndIterations(fields) {
  const [salt, iterations] = [fields.next(), fields.next().integer()];
  return { salt: salt.octets(), iterations: checkedIterations(iterations) };
}

/** @param {Fields} fields */
function readPbes2(fields) {
  const [kdf, encryption] = [fields.next().fields(), fields.next().fields()];
  const [kdfOid, cipherOid] = [kdf.next().oid(), encryption.next().oid()];
  if (kdfOid !== PBKDF2) throw refuse("unsupported_scheme", { scheme: kdfOid });
  const { parameters, keyLength, prfOid } = readPbkdf2(kdf.next().fields());
  const [hash, cipher] = [PRFS[prfOid], PBES2_CIPHERS[cipherOid]];
  if (!hash || !cipher) throw refuse("unsupported_scheme", { scheme: `PBES2 ${cipherOid} ${prfOid}` });
  const iv = encryption.next().octets();
  if (iv.length !== cipher.blockLength) throw refuse("malformed");
  if (keyLength !== null && keyLength !== BigInt(cipher.keyLength)) throw refuse("malformed");
  /** @type {Derivation} */
  const derive = async (passphrase, { salt, iterations }, pace) => {
    return { key: await pbkdf2(hash, passphrase, salt, iterations, cipher.keyLength, pace), iv };
  };
  return { schemes: [{ cipher, derive, forms: textForms }], parameters };
}

/** @param {Fields} fields */
function readPbkdf2(fields) {
  const parameters = readSaltAndIterations(fields);
  const keyLength = fields.optional(INTEGER)?.integer() ?? null;
  const prf = fields.optional(SEQUENCE);
  fields.end();
  return { parameters, keyLength, prfOid: prf ? prf.fields().next().oid() : DEFAULT_PRF };
}

/**
 * @param {Derivation} derive
 * @returns {Scheme}
 */
function seedScheme(derive) {
  return { cipher: ciphers.SEED, derive, forms: textForms };
}

/** @type {Derivation} */
async function pbkdf1DerivedIv(passphrase, { salt, iterations }, pace) {
  const derived = await pbkdf1(passphrase, salt, iterations, pace);
  return { key: derived.subarray(0, 16), iv: SHA_1.digest(derived.subarray(16)).subarray(0, 16) };
}

/** @type {Derivation} */
async function pbkdf1FixedIv(passphrase, { salt, iterations }, pace) {
  const derived = await pbkdf1(passphrase, salt, iterations, pace);
  return { key: derived.subarray(0, 16), iv: FIXED_IV };
}

/** @type {Derivation} */
async function pbkdf2FixedIv(passphrase, { salt, iterations }, pace) {
  return { key: await pbkdf2(SHA_1, passphrase, salt, iterations, 16, pace), iv: FIXED_IV };
}

/**
 * @param {Cipher} cipher
 * @returns {Scheme}
 */
function pkcs12Scheme(cipher) {
  /** @type {Derivation} */
  const derive = async (passphrase, { salt, iterations }, pace) => {
    const key = await pkcs12(SHA_1, passphrase, salt, iterations, KEY, cipher.keyLength, pace);
    return { key, iv: await pkcs12(SHA_1, passphrase, salt, iterations, IV, cipher.blockLength, pace) };
  };
  return { cipher, derive, forms: pkcs12Forms };
}
