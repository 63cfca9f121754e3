/** Numbers that name companies and people, as `dojang.etax.identifiers` knows them. */

const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5];

/**
 * Only the digits.
 * @param {string} text
 */
export function digits(text) {
  return text.normalize("NFKC").replace(/[\s\-‐-―]/gu, "");
}

/**
 * Ten digits with the right check digit.
 * @param {string} number
 */
export function isBusinessNumber(number) {
  if (!/^\d{10}$/.test(number) || number === "0000000000") return false;
  const figures = [...number].map(Number);
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * (figures[at] ?? 0), 0);
  const whole = total + Math.floor(((figures[8] ?? 0) * 5) / 10);
  return figures[9] === (10 - (whole % 10)) % 10;
}

/**
 * 1234567890 as 123-45-67890; anything else as it is.
 * @param {string} number
 */
export function hyphenated(number) {
  return /^\d{10}$/.test(number) ? `${number.slice(0, 3)}-${number.slice(3, 5)}-${number.slice(5)}` : number;
}
