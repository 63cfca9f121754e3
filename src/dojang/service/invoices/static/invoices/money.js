/**
 * Won and numbers as people write them. Everything is counted in whole numbers (bigint): won, and hundredths for
 * quantities and prices. There is no floating point here. The rules are those of `dojang.etax.amounts`.
 */

/** @typedef {"down" | "half_up" | "up"} Rounding what becomes of a fraction of a won, by its size */
/** @typedef {bigint | null | "wrong"} Read a number, nothing, or a text that is none */

const HUNDRED = 100n;
const NUMERAL = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/;

/**
 * A number with at most two places, in hundredths.
 * @param {string} text @returns {Read}
 */
export function readDecimal(text) {
  const plain = tidied(text);
  if (plain === "") return null;
  const found = NUMERAL.exec(plain);
  if (!found) return "wrong";
  const [, sign = "", whole = "", places = ""] = found;
  if (!/^\d{0,2}0*$/.test(places)) return "wrong";
  const size = BigInt(whole.replaceAll(",", "")) * HUNDRED + BigInt(places.slice(0, 2).padEnd(2, "0"));
  return sign ? -size : size;
}

/**
 * Whole won.
 * @param {string} text @returns {Read}
 */
export function readWon(text) {
  const hundredths = readDecimal(text);
  if (typeof hundredths !== "bigint") return hundredths;
  return hundredths % HUNDRED === 0n ? hundredths / HUNDRED : "wrong";
}

/**
 * Without what people and spreadsheets write around a number: 원, ₩, blanks, full-width digits; (1,000), △1,000 and
 * −1,000 are negative.
 * @param {string} text
 */
function tidied(text) {
  const plain = text
    .normalize("NFKC")
    .replace(/[\s원₩\\]|krw/giu, "")
    .replace(/[−‐-―△▲▵▴]/gu, "-")
    .replace(/^\((.*)\)$/u, "-$1")
    .replace(/^\+/u, "");
  return plain;
}

/**
 * A fraction as whole won: its size is rounded, its sign kept, so that a minus mirrors its plus.
 * @param {bigint} numerator @param {bigint} denominator above zero @param {Rounding} rounding
 */
export function toWon(numerator, denominator, rounding) {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = roundedSize(size, denominator, rounding);
  return numerator < 0n ? -whole : whole;
}

/** @param {bigint} size @param {bigint} denominator @param {Rounding} rounding */
function roundedSize(size, denominator, rounding) {
  if (rounding === "half_up") return (2n * size + denominator) / (2n * denominator);
  if (rounding === "up") return (size + denominator - 1n) / denominator;
  return size / denominator;
}

/**
 * 세액: 10 % of a supply amount.
 * @param {bigint} supply in won @param {Rounding} rounding
 */
export function taxOf(supply, rounding) {
  return toWon(supply, 10n, rounding);
}

/**
 * A total with tax in it: supply is 10/11, tax the rest, so that both always make the total.
 * @param {bigint} total in won @param {Rounding} rounding
 */
export function splitTotal(total, rounding) {
  const supply = toWon(total * 10n, 11n, rounding);
  return { supply, tax: total - supply };
}

/**
 * Quantity times price.
 * @param {bigint} quantity in hundredths @param {bigint} price in hundredths of won @param {Rounding} rounding
 */
export function product(quantity, price, rounding) {
  return toWon(quantity * price, HUNDRED * HUNDRED, rounding);
}

/** @type {Rounding[]} */
const ROUNDINGS = ["half_up", "up", "down"];

/**
 * The price without tax that goes with a supply amount: of the nearest hundredths the one that gives it back.
 * @param {bigint} supply in won @param {bigint} quantity in hundredths, not zero
 * @returns {bigint} in hundredths of won
 */
export function netPrice(supply, quantity) {
  const sign = quantity < 0n ? -1n : 1n;
  const [numerator, denominator] = [supply * HUNDRED * HUNDRED * sign, quantity * sign];
  const near = ROUNDINGS.map((rounding) => toWon(numerator, denominator, rounding));
  const exact = near.find((price) =>
    ROUNDINGS.some((rounding) => product(quantity, price, rounding) === supply),
  );
  return exact ?? toWon(numerator, denominator, "half_up");
}

/**
 * Hundredths as JSON and people write them, without thousands: 150 → "1.5".
 * @param {bigint} hundredths
 */
export function writeDecimal(hundredths) {
  const size = hundredths < 0n ? -hundredths : hundredths;
  const places = String(size % HUNDRED)
    .padStart(2, "0")
    .replace(/0+$/, "");
  const whole = `${hundredths < 0n ? "-" : ""}${size / HUNDRED}`;
  return places ? `${whole}.${places}` : whole;
}

/**
 * With thousands separators: "-1234567.5" → "-1,234,567.5".
 * @param {string | bigint} number
 */
export function grouped(number) {
  const [whole = "", places] = String(number).split(".");
  const parts = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return places === undefined ? parts : `${parts}.${places}`;
}
