/** The files somebody chose or dropped, read only when asked for; what can't be a certificate is left alone. */

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {{name: string, path: string, size: number, bytes: () => Promise<Bytes>}} ChosenFile */

const MAX_DEPTH = 6;
const MAX_ENTRIES = 50_000;

/**
 * @param {Iterable<File>} files
 * @returns {ChosenFile[]}
 */
export function ofFiles(files) {
  return Array.from(files)
    .slice(0, MAX_ENTRIES)
    .map((file) => ofFile(file, file.webkitRelativePath || file.name));
}

/** @param {File} file @param {string} path @returns {ChosenFile} */
function ofFile(file, path) {
  return {
    name: file.name,
    path,
    size: file.size,
    bytes: async () => new Uint8Array(await file.arrayBuffer()),
  };
}

/**
 * What was dropped, folders with all that is in them. Has to be called while the drop is being handled.
 * @param {DataTransfer} transfer
 * @returns {Promise<ChosenFile[]>}
 */
export async function ofDrop(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  /** @type {ChosenFile[]} */
  const found = [];
  /** @type {{entry: FileSystemEntry, depth: number}[]} */
  const waiting = entries.map((entry) => ({ entry, depth: 0 }));
  for (let seen = 0; seen < MAX_ENTRIES; seen += 1) {
    const next = waiting.shift();
    if (next === undefined) break;
    const { entry, depth } = next;
    try {
      if (entry.isFile)
        found.push(ofFile(await fileOf(/** @type {FileSystemFileEntry} */ (entry)), entry.fullPath));
      else if (depth < MAX_DEPTH) {
        const inside = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry));
        waiting.push(...inside.map((child) => ({ entry: child, depth: depth + 1 })));
      }
    } catch {
      // A folder or file one may not read holds no certificate one could use.
    }
  }
  return found;
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** @param {FileSystemDirectoryEntry} entry @returns {Promise<FileSystemEntry[]>} */
async function entriesOf(entry) {
  const reader = entry.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  // A reader gives at most a hundred at a time, and none when it is done.
  while (all.length < MAX_ENTRIES) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    all.push(...some);
  }
  return all;
}

/**
 * Files from a kept copy.
 * @param {import("./store.js").Kept} kept
 * @returns {ChosenFile[]}
 */
export function ofKept(kept) {
  return kept.files.map(({ name, content }) => ({
    name,
    path: `${kept.id}/${name}`,
    size: content.length,
    bytes: async () => content.slice(),
  }));
}
