/**
 * The certificates that somebody asked this browser to keep: the files as they are on disk, still encrypted, for this
 * site only. The passphrase is asked every time; nothing that could sign by itself is ever kept.
 */

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {{id: string, name: string, files: {name: string, content: Bytes}[], keptAt: number}} Kept  `id`: fingerprint */

const DATABASE = "dojang-certificates";
const STORE = "certificates";
const VERSION = 1;
const MOST = 20;

/** @returns {Promise<Kept[]>} the last kept first; none where the browser keeps nothing */
export async function list() {
  try {
    const kept = /** @type {Kept[]} */ (await run("readonly", (store) => store.getAll(null, MOST)));
    return kept.sort((left, right) => right.keptAt - left.keptAt);
  } catch {
    return [];
  }
}

/** @param {Kept} kept */
export async function keep(kept) {
  await run("readwrite", (store) => store.put(kept));
  // Without this a browser short of space may drop it; it may say no, and then it is a copy that can be lost. Firefox
  // asks the person, and answers only when they have: nobody waits for that.
  void navigator.storage?.persist?.().catch(() => false);
}

/** @param {string} id */
export async function forget(id) {
  await run("readwrite", (store) => store.delete(id));
}

/**
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} what
 * @returns {Promise<unknown>}
 */
async function run(mode, what) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = what(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
