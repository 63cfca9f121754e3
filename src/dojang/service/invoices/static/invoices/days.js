/** Days as people type them and as JSON has them (2026-11-20). A day without a year or a month takes the invoice's. */

/** @typedef {{year: number, month: number, day: number}} Parts */

const SHAPES = [
  /^(?<y>\d{4})[-./](?<m>\d{1,2})[-./](?<d>\d{1,2})[.]?$/,
  /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$/,
  /^(?<y>\d{2})(?<m>\d{2})(?<d>\d{2})$/,
  /^(?<y>\d{2})[-./](?<m>\d{1,2})[-./](?<d>\d{1,2})[.]?$/,
  /^(?:(?<y>\d{4}|\d{2})년)?(?<m>\d{1,2})월(?<d>\d{1,2})일$/,
  /^(?<m>\d{1,2})[-./](?<d>\d{1,2})[.]?$/,
  /^(?<m>\d{2})(?<d>\d{2})$/,
  /^(?<d>\d{1,2})일?$/,
];

/**
 * @param {string} text @param {string} reference a day, such as the 작성일자; may be no day
 * @returns {string | null | "wrong"} null for nothing
 */
export function readDay(text, reference) {
  const plain = text
    .normalize("NFKC")
    .replace(/[T ]\d{1,2}:\d{2}(?::\d{2})?.*$/u, "")
    .replace(/\s|\((?:월|화|수|목|금|토|일)\)/gu, "");
  if (plain === "") return null;
  const around = partsOf(reference);
  for (const shape of SHAPES) {
    const groups = shape.exec(plain)?.groups;
    if (!groups) continue;
    const year = groups.y ? century(groups.y) : around?.year;
    const month = groups.m ? Number(groups.m) : around?.month;
    if (year === undefined || month === undefined) return "wrong";
    return written({ year, month, day: Number(groups.d) }) ?? "wrong";
  }
  return "wrong";
}

/**
 * A day as it stands in a line of an invoice: 11/20, or whole where its year is another.
 * @param {string} day @param {string} reference
 */
export function shortDay(day, reference) {
  const parts = partsOf(day);
  if (!parts || parts.year !== partsOf(reference)?.year) return day;
  return day.slice(5).replace("-", "/");
}

/** @param {string} year */
function century(year) {
  return Number(year.length === 2 ? `20${year}` : year);
}

/** @param {string} day @returns {Parts | undefined} */
function partsOf(day) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return undefined;
  const [year = 0, month = 0, of = 0] = found.slice(1).map(Number);
  return { year, month, day: of };
}

/** @param {Parts} parts @returns {string | undefined} */
function written({ year, month, day }) {
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const days = lengths[month - 1];
  if (year < 1 || days === undefined || day < 1 || day > days) return undefined;
  return [String(year).padStart(4, "0"), pad(month), pad(day)].join("-");
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(2, "0");
}

/** @param {number} year */
function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
