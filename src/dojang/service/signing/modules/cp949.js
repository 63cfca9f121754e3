/**
 * CP949, the Korean code page of old programs, written and strictly read: browsers only read it, and forgivingly.
 *
 * Its first part is KS X 1001, read back from the platform's `euc-kr` decoder. The rest follows from that: the syllables
 * which KS X 1001 lacks, in Unicode's order. So it is the same everywhere, though node's decoder knows only the first part.
 */

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {[number, number]} Pair  lead and trail octet */

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
// Where the second part keeps its trail octets: fewer beside the rows of KS X 1001.
const TRAILS = [...range(0x41, 0x5a), ...range(0x61, 0x7a), ...range(0x81, 0xfe)];
const TRAILS_BESIDE = TRAILS.filter((trail) => trail <= 0xa0);
// Added to KS X 1001 in 1998; and its rows for characters of one's own, which have no meaning.
/** @type {[string, Pair][]} */
const ADDED = [
  ["€", [0xa2, 0xe6]],
  ["®", [0xa2, 0xe7]],
];
const OWN_ROWS = [0xc9, 0xfe];

/** @type {Map<string, Pair> | null} */
let pairs = null;
/** @type {Map<number, string> | null} */
let characters = null;

/**
 * The octets of `text`, or null when CP949 lacks one of its characters.
 *
 * @param {string} text
 * @returns {Bytes | null}
 */
export function toCp949(text) {
  pairs ??= allPairs();
  const octets = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const found = code < 0x80 ? [code] : pairs.get(character);
    if (!found) return null;
    octets.push(...found);
  }
  return Uint8Array.from(octets);
}

/**
 * The text of CP949 octets, or null when they are none.
 *
 * @param {Bytes} octets
 * @returns {string | null}
 */
export function fromCp949(octets) {
  pairs ??= allPairs();
  characters ??= new Map(Array.from(pairs, ([character, [lead, trail]]) => [lead * 256 + trail, character]));
  let text = "";
  for (let at = 0; at < octets.length; at += 1) {
    const lead = octets[at];
    const character = lead < 0x80 ? String.fromCharCode(lead) : characters.get(lead * 256 + octets[++at]);
    if (character === undefined) return null;
    text += character;
  }
  return text;
}

function allPairs() {
  const found = new Map(ADDED);
  for (const lead of range(0xa1, 0xfd).filter((row) => !OWN_ROWS.includes(row))) {
    for (const trail of range(0xa1, 0xfe)) {
      const character = new TextDecoder("euc-kr").decode(Uint8Array.of(lead, trail));
      if (character !== "\ufffd") found.set(character, [lead, trail]);
    }
  }
  const places = secondPart();
  for (const syllable of range(FIRST_SYLLABLE, LAST_SYLLABLE).map((code) => String.fromCharCode(code))) {
    const place = found.has(syllable) ? null : places.next().value;
    if (place) found.set(syllable, place);
  }
  return found;
}

/** @returns {Generator<Pair, undefined>} */
function* secondPart() {
  for (const lead of range(0x81, 0xc6)) {
    for (const trail of lead < 0xa1 ? TRAILS : TRAILS_BESIDE) yield [lead, trail];
  }
}

/**
 * @param {number} first
 * @param {number} last
 */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
