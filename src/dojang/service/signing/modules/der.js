/**
 * A strict, bounded reader and a small writer of ASN.1 (X.690), the mirror of the library's `dojang.npki.der`.
 *
 * The reader parses a whole value at once and refuses with `malformed` and nothing else. Depth, number of elements and
 * every length are bounded, so a hostile file costs little. Besides DER it takes the BER some exporters of PFX make:
 * indefinite lengths, OCTET STRINGs in pieces. Elements are views of what was parsed: wiping that wipes them.
 */

import { concat, toHex } from "./bytes.js";
import { refuse } from "./errors.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {{tag: number, body: number, length: number | null}} Header  length null: indefinite */

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const PRINTABLE_STRING = 0x13;
export const SEQUENCE = 0x30;
export const SET = 0x31;

const MAX_DEPTH = 24;
const MAX_ELEMENTS = 20_000;
const MAX_LENGTH_OCTETS = 4;
const MAX_OID_OCTETS = 64;
const CONSTRUCTED = 0x20;
const MULTI_BYTE_TAG = 0x1f;
const INDEFINITE = 0x80;
const CONTINUES = 0x80;

/**
 * The tag octet of a constructed context-specific element `[number]`.
 *
 * @param {number} number
 */
export function context(number) {
  return 0xa0 | number;
}

/** One value: its tag octet, its content and, when constructed, its parts. */
export class Element {
  #data;
  #begins;
  #contentBegins;
  #contentEnds;
  #ends;

  /**
   * @param {number} tag
   * @param {Element[]} parts
   * @param {Bytes} data
   * @param {{begins: number, contentBegins: number, contentEnds: number, ends: number}} place
   */
  constructor(tag, parts, data, place) {
    this.tag = tag;
    this.parts = parts;
    this.#data = data;
    this.#begins = place.begins;
    this.#contentBegins = place.contentBegins;
    this.#contentEnds = place.contentEnds;
    this.#ends = place.ends;
  }

  /** All its octets: tag, length, content and, where the length is indefinite, the end mark. */
  get encoded() {
    return this.#data.subarray(this.#begins, this.#ends);
  }

  get content() {
    return this.#data.subarray(this.#contentBegins, this.#contentEnds);
  }

  /** The parts in order, for a SEQUENCE or another constructed type. */
  fields(tag = SEQUENCE) {
    this.require(tag);
    return new Fields(this.parts);
  }

  /** All parts, for a SEQUENCE OF, a SET OF or an explicit tag. */
  items(tag = SEQUENCE) {
    this.require(tag);
    return this.parts;
  }

  /** @param {number} tag */
  require(tag) {
    if (this.tag !== tag) throw refuse("malformed");
  }

  integer() {
    this.require(INTEGER);
    const { content } = this;
    if (!content.length) throw refuse("malformed");
    return BigInt.asIntN(8 * content.length, BigInt(`0x${toHex(content)}`));
  }

  /**
   * An OCTET STRING, also one sent in pieces; under another primitive `tag` when it is tagged IMPLICIT.
   *
   * @returns {Bytes}
   */
  octets(tag = OCTET_STRING) {
    if (this.tag === (tag | CONSTRUCTED)) return concat(...this.parts.map((part) => part.octets()));
    this.require(tag);
    return this.content;
  }

  /** A BIT STRING of whole octets, without the octet that counts unused bits. */
  bits() {
    this.require(BIT_STRING);
    const { content } = this;
    if (content[0] !== 0) throw refuse("malformed");
    return content.subarray(1);
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  oid() {
    this.require(OBJECT_IDENTIFIER);
    const { content } = this;
    const last = content.at(-1);
    if (last === undefined || content.length > MAX_OID_OCTETS || last & CONTINUES) throw refuse("malformed");
    const [first, ...rest] = base128(content);
    const top = first < 80n ? first / 40n : 2n;
    return [top, first - 40n * top, ...rest].join(".");
  }
}

/** Walks the parts of a SEQUENCE in order; every step that does not fit is refused as `malformed`. */
export class Fields {
  #parts;
  #at = 0;

  /** @param {Element[]} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  next() {
    const part = this.#parts[this.#at];
    if (!part) throw refuse("malformed");
    this.#at += 1;
    return part;
  }

  /**
   * The next part if it has this tag.
   *
   * @param {number} tag
   */
  optional(tag) {
    return this.#parts[this.#at]?.tag === tag ? this.next() : null;
  }

  end() {
    if (this.#at !== this.#parts.length) throw refuse("malformed");
  }
}

/**
 * Read exactly one value that fills `data`. Throws Refusal `malformed` for anything else, trailing bytes included.
 *
 * @param {Bytes} data
 */
export function parse(data) {
  let budget = MAX_ELEMENTS;

  /**
   * The value at `begins`, which must end at or before `limit`.
   *
   * @param {number} begins
   * @param {number} limit
   * @param {number} depth
   * @returns {{element: Element, ends: number}}
   */
  function read(begins, limit, depth) {
    budget -= 1;
    if (budget < 0 || depth > MAX_DEPTH) throw refuse("malformed");
    const { tag, body, length } = header(data, begins, limit);
    const constructed = (tag & CONSTRUCTED) !== 0;
    const contentEnd = length === null ? limit : body + length;
    if (contentEnd > limit || (length === null && !constructed)) throw refuse("malformed");
    const parts = [];
    let at = body;
    while (constructed && (length === null ? !endMark(data, at) : at < contentEnd)) {
      const part = read(at, contentEnd, depth + 1);
      parts.push(part.element);
      at = part.ends;
    }
    const contentEnds = length === null ? at : contentEnd;
    const ends = length === null ? at + 2 : contentEnd;
    if (ends > limit) throw refuse("malformed");
    const element = new Element(tag, parts, data, { begins, contentBegins: body, contentEnds, ends });
    return { element, ends };
  }

  const { element, ends } = read(0, data.length, 0);
  if (ends !== data.length) throw refuse("malformed");
  return element;
}

/**
 * Whether `data` is one SEQUENCE by its own length, whatever is inside: what random octets never are.
 *
 * @param {Bytes} data
 */
export function framesSequence(data) {
  try {
    const { tag, body, length } = header(data, 0, data.length);
    const endsWell = length === null ? endMark(data, data.length - 2) : body + length === data.length;
    return tag === SEQUENCE && endsWell;
  } catch {
    return false;
  }
}

/**
 * @param {Bytes} data
 * @param {number} begins
 * @param {number} limit
 * @returns {Header}
 */
function header(data, begins, limit) {
  const [tag, first] = data.subarray(begins, Math.min(begins + 2, limit));
  if (tag === undefined || first === undefined) throw refuse("malformed");
  if ((tag & MULTI_BYTE_TAG) === MULTI_BYTE_TAG) throw refuse("malformed");
  const body = begins + 2;
  if (first < INDEFINITE) return { tag, body, length: first };
  if (first === INDEFINITE) return { tag, body, length: null };
  const count = first & 0x7f;
  if (count > MAX_LENGTH_OCTETS || body + count > limit) throw refuse("malformed");
  const length = data.subarray(body, body + count).reduce((value, octet) => value * 256 + octet, 0);
  return { tag, body: body + count, length };
}

/**
 * @param {Bytes} data
 * @param {number} at
 */
function endMark(data, at) {
  return data[at] === 0 && data[at + 1] === 0;
}

/**
 * @param {Bytes} content
 * @returns {bigint[]}
 */
function base128(content) {
  const values = [];
  let value = 0n;
  for (const octet of content) {
    // A leading zero: one identifier would have many encodings (X.690 8.19.2).
    if (octet === CONTINUES && value === 0n) throw refuse("malformed");
    value = (value << 7n) | BigInt(octet & 0x7f);
    if (octet < CONTINUES) {
      values.push(value);
      value = 0n;
    }
  }
  return values;
}

// Writing: DER only

/**
 * One DER value with this tag octet around the joined contents.
 *
 * @param {number} tag
 * @param {...Bytes} contents
 * @returns {Bytes}
 */
export function encode(tag, ...contents) {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  if (length < INDEFINITE) return concat(Uint8Array.of(tag, length), ...contents);
  const octets = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return concat(Uint8Array.of(tag, INDEFINITE | octets.length, ...octets), ...contents);
}

/** @param {...Bytes} parts */
export function sequence(...parts) {
  return encode(SEQUENCE, ...parts);
}

/** @param {Bytes} content */
export function octetString(content) {
  return encode(OCTET_STRING, content);
}

/**
 * A BIT STRING of whole octets.
 *
 * @param {Bytes} content
 */
export function bitString(content) {
  return encode(BIT_STRING, Uint8Array.of(0), content);
}

/**
 * An OBJECT IDENTIFIER from its dotted form.
 *
 * @param {string} dotted
 */
export function oid(dotted) {
  const [top, second, ...rest] = dotted.split(".").map(Number);
  return encode(OBJECT_IDENTIFIER, Uint8Array.from([40 * top + second, ...rest].flatMap(base128Octets)));
}

/** @param {number} value */
function base128Octets(value) {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(CONTINUES | (rest % 128));
  }
  return octets;
}
