/** The fixture files of tests/data/npki, the same ones the library is tested with: invented people and authorities. */

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const DATA = path.resolve(import.meta.dirname, "../../data/npki");

/** @param {string} name */
export function content(name) {
  return new Uint8Array(readFileSync(path.join(DATA, name)));
}

export const MANIFEST = JSON.parse(readFileSync(path.join(DATA, "manifest.json"), "utf8"));
export const PASSPHRASE = MANIFEST.password;
/** Whose key every file of `keys/` and `pfx/` holds. */
export const PERSON = MANIFEST.identities.person_general;

/** @param {string} hex */
export function hex(hex) {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/**
 * A folder as a browser hands it out after it was picked.
 *
 * @param {string} name
 */
export function picked(name) {
  const root = path.join(DATA, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = path.join(entry.parentPath, entry.name);
      const relative = path.join(path.basename(root), path.relative(root, full)).split(path.sep).join("/");
      return file(relative, new Uint8Array(readFileSync(full)));
    });
}

/**
 * One picked file.
 *
 * @param {string} filePath
 * @param {Uint8Array} data
 */
export function file(filePath, data) {
  return {
    name: path.basename(filePath),
    path: filePath,
    size: data.length,
    bytes: async () => data.slice(),
  };
}
