/** CP949, the Korean code page of old programs: what browsers only read, written. */

/** @typedef {import("./bytes.js").Bytes} Bytes */

const LINE_END = 0x0a;
const UNKNOWN = "\ufffd";

/** @type {Map<string, [number, number]> | null} */
let pairs = null;

/**
 * The octets of `text`, or null when CP949 lacks one of its characters.
 *
 * @param {string} text
 * @returns {Bytes | null}
 */
export function toCp949(text) {
  pairs ??= readPairs();
  const octets = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const found = code < 0x80 ? [code] : pairs.get(character);
    if (!found) return null;
    octets.push(...found);
  }
  return Uint8Array.from(octets);
}

/** Every pair of octets by the character that the platform's decoder (`euc-kr` there means CP949) reads from it. */
function readPairs() {
  /** @type {[number, number][]} */
  const candidates = [];
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x41; trail <= 0xfe; trail += 1) candidates.push([lead, trail]);
  }
  const lines = Uint8Array.from(candidates.flatMap((pair) => [...pair, LINE_END]));
  const characters = new TextDecoder("euc-kr").decode(lines).split("\n");
  /** @type {Map<string, [number, number]>} */
  const found = new Map();
  candidates.forEach((pair, at) => {
    const character = characters[at];
    if (character.length === 1 && character !== UNKNOWN) found.set(character, pair);
  });
  return found;
}
