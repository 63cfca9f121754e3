/**
 * What certificates lie among files a person picked or dropped: a folder, some files, a `.pfx`.
 *
 * The layout is `<root>/NPKI/<CA>/USER/<DN>/signCert.der` with `signPri.key` beside it. Folder names are not relied on,
 * and other file names are looked into: what a certificate says is read from it. Nothing is decrypted before `open`.
 */

import { toDer } from "./armor.js";
import * as certificates from "./certificate.js";
import { INTEGER, OBJECT_IDENTIFIER, parse } from "./der.js";
import { Refusal, refuse } from "./errors.js";
import { printable } from "./names.js";
import { prove } from "./openedkey.js";
import * as pbe from "./pbe.js";
import * as pfx from "./pfx.js";
import { openPrivateKey } from "./privatekey.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./certificate.js").Certificate} Certificate */
/** @typedef {import("./openedkey.js").OpenedKey} OpenedKey */
/**
 * A file as the browser hands it out; `path` is relative to what was picked, with `/`.
 *
 * @typedef {{name: string, path: string, size: number, bytes: () => Promise<Bytes>}} PickedFile
 */
/** @typedef {{at: Date, businessNumber?: string}} When */
/** @typedef {{signal?: AbortSignal}} Options */
/**
 * A certificate that was found.
 *
 * @typedef {object} Found
 * @property {"npki" | "pfx"} kind
 * @property {string} label  the folder or file it lies in
 * @property {Certificate | null} certificate  null for a PFX until it is opened, and where it could not be read
 * @property {Refusal[]} problems  why it can't be used, worst first; those that are warnings only do not matter
 * @property {PickedFile[]} files  certificate and key, or the PFX: what a remembered copy needs
 * @property {(passphrase: string, options?: Options) => Promise<OpenedKey>} open
 */
/** @typedef {Map<string, PickedFile>} Folder  by lower-case name */

export const MAX_FILES = 50_000;

const CERTIFICATE = "signcert.der";
const KEY = "signpri.key";
// The 암호화용 pair: not for signing.
const IGNORED = ["kmcert.der", "kmpri.key"];
const PFX = /\.(?:pfx|p12)$/;
const OTHER = /\.(?:der|cer|crt|pem|key)$/;
// A folder with more of them is no certificate folder, and nobody could say what belongs to what.
const MAX_OTHERS = 16;

/**
 * Every certificate among the files, by path; `when` is the instant to judge them at.
 *
 * Of more than `MAX_FILES` files the rest is passed over.
 *
 * @param {PickedFile[]} files
 * @param {When} when
 * @returns {Promise<Found[]>}
 */
export async function findKeys(files, when) {
  const found = [];
  for (const folder of folders(files.slice(0, MAX_FILES))) {
    const pair = (await namedPair(folder, when)) ?? (await otherPair(folder, when));
    if (pair) found.push(pair);
    for (const [name, file] of folder) if (PFX.test(name)) found.push(foundPfx(file));
  }
  return found;
}

/**
 * Files by folder, both in code point order; of names that differ in case only the first counts.
 *
 * @param {PickedFile[]} files
 * @returns {Iterable<Folder>}
 */
function folders(files) {
  /** @type {Map<string, Folder>} */
  const byPath = new Map();
  const sorted = files.toSorted((left, right) =>
    left.path < right.path ? -1 : Number(left.path > right.path),
  );
  for (const file of sorted) {
    const path = file.path.slice(0, file.path.lastIndexOf("/") + 1);
    const folder = byPath.get(path) ?? new Map();
    byPath.set(path, folder);
    const name = file.name.toLowerCase();
    if (!folder.has(name)) folder.set(name, file);
  }
  return byPath.values();
}

/**
 * The pair `signCert.der` and `signPri.key`; one without the other is said to be none.
 *
 * @param {Folder} folder
 * @param {When} when
 */
async function namedPair(folder, when) {
  const [certificate, key] = [folder.get(CERTIFICATE), folder.get(KEY)];
  if (certificate && key) return foundPair(certificate, key, when);
  const lone = certificate ?? key;
  const others = lone && (await lookedInto(folder));
  if (!lone || (others?.certificates.length && others.keys.length)) return null;
  return unusable(lone, refuse("not_a_certificate_folder", { name: labelOf(lone) }));
}

/**
 * The one certificate and the one key of a folder, whatever their names are.
 *
 * @param {Folder} folder
 * @param {When} when
 */
async function otherPair(folder, when) {
  const { certificates: found, keys } = await lookedInto(folder);
  return found.length === 1 && keys.length === 1 ? foundPair(found[0], keys[0], when) : null;
}

/** @param {Folder} folder */
async function lookedInto(folder) {
  const others = [...folder].filter(([name]) => OTHER.test(name) && !IGNORED.includes(name));
  /** @type {{certificates: PickedFile[], keys: PickedFile[]}} */
  const sorted = { certificates: [], keys: [] };
  if (others.length > MAX_OTHERS) return sorted;
  for (const [, file] of others) {
    const kind = await kindOf(file);
    if (kind) sorted[kind].push(file);
  }
  return sorted;
}

/**
 * What a file holds: a user's certificate, an encrypted key, or nothing to sign with.
 *
 * @param {PickedFile} file
 * @returns {Promise<"certificates" | "keys" | null>}
 */
async function kindOf(file) {
  try {
    const data = await read(file, pbe.MAX_SIZE);
    const first = parse(toDer(data)).fields().next();
    if (first.tag === INTEGER) return null; // a key that is not encrypted, or a PFX under another name
    if (first.parts[0]?.tag === OBJECT_IDENTIFIER) return "keys";
    return certificates.readCertificate(data).isCa ? null : "certificates";
  } catch {
    return null;
  }
}

/**
 * @param {PickedFile} certificateFile
 * @param {PickedFile} keyFile
 * @param {When} when
 * @returns {Promise<Found>}
 */
async function foundPair(certificateFile, keyFile, when) {
  const files = [certificateFile, keyFile];
  try {
    const certificate = certificates.readCertificate(await read(certificateFile, certificates.MAX_SIZE));
    /** @type {Found["open"]} */
    const open = async (passphrase, options) => {
      const key = await openPrivateKey(await read(keyFile, pbe.MAX_SIZE), passphrase, options);
      return prove(certificate, [], key);
    };
    const problems = certificates.whyNot(certificate, when);
    return { kind: "npki", label: labelOf(certificateFile), certificate, problems, files, open };
  } catch (problem) {
    if (problem instanceof Refusal) return unusable(certificateFile, problem);
    throw problem;
  }
}

/**
 * @param {PickedFile} file
 * @returns {Found}
 */
function foundPfx(file) {
  /** @type {Found["open"]} */
  const open = async (passphrase, options) => {
    const { key, certificate, chain } = await pfx.openPfx(
      await read(file, pfx.MAX_SIZE),
      passphrase,
      options,
    );
    return prove(certificate, chain, key);
  };
  const problems = file.size > pfx.MAX_SIZE ? [refuse("too_large", { limit: pfx.MAX_SIZE })] : [];
  return { kind: "pfx", label: ownerIn(file.name), certificate: null, problems, files: [file], open };
}

/**
 * @param {PickedFile} file
 * @param {Refusal} problem
 * @returns {Found}
 */
function unusable(file, problem) {
  const open = () => Promise.reject(problem);
  return { kind: "npki", label: labelOf(file), certificate: null, problems: [problem], files: [file], open };
}

/**
 * @param {PickedFile} file
 * @param {number} limit
 */
async function read(file, limit) {
  if (file.size > limit) throw refuse("too_large", { limit });
  try {
    return await file.bytes();
  } catch {
    throw refuse("file_unreadable", { name: shown(file.name) });
  }
}

/**
 * Export programs name a PFX by its certificate's whole subject: people look for its owner. Another name stays.
 *
 * @param {string} name
 */
function ownerIn(name) {
  return shown(/^cn=([^,]+?)(?:\(\))?\d*,/iu.exec(name)?.[1] ?? name);
}

/**
 * The name of the folder a file lies in, or its own.
 *
 * @param {PickedFile} file
 */
function labelOf(file) {
  return shown(file.path.split("/").at(-2) ?? file.name);
}

/**
 * A name for people: composed (macOS hands out decomposed ones), without characters that could disguise it.
 *
 * @param {string} name
 */
function shown(name) {
  return printable(name.normalize("NFC"));
}
