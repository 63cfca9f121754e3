/**
 * The lines of an invoice as they are typed, and what they amount to.
 *
 * Every cell keeps its text. Amounts are computed from it until somebody types one: then that one stays, marked, until
 * its cell is emptied. With tax included (부가세 포함) quantity × price is a total, which is split.
 */

import { readDay, shortDay } from "./days.js";
import {
  grouped,
  netPrice,
  product,
  readDecimal,
  readWon,
  splitTotal,
  taxOf,
  toWon,
  writeDecimal,
} from "./money.js";

/** @typedef {import("./money.js").Read} Read */
/** @typedef {"supplied_on" | "name" | "specification" | "quantity" | "price" | "total" | "supply" | "tax" | "remark"} Column */
/** @typedef {"supply" | "tax" | "total"} AmountColumn */
/** @typedef {{vat: "excluded" | "included", taxation: "taxable" | "zero_rated" | "exempt", rounding: import("./money.js").Rounding, writtenOn: string}} Rules */
/** @typedef {Record<Column, string> & {manual: Set<AmountColumn>, rest: Record<string, unknown>}} Row */
/** @typedef {{supply: Read, tax: Read, total: Read}} Amounts */
/** @typedef {{price: string, total: string, supply: string, tax: string, manual: AmountColumn[]}} Kept how it was typed */

export const MOST_ROWS = 99;

/** @type {Column[]} */
export const COLUMNS = [
  "supplied_on",
  "name",
  "specification",
  "quantity",
  "price",
  "total",
  "supply",
  "tax",
  "remark",
];

/** @param {Partial<Record<Column, string>>} [texts] @returns {Row} */
export function newRow(texts = {}) {
  const blank = /** @type {Record<Column, string>} */ (
    Object.fromEntries(COLUMNS.map((column) => [column, ""]))
  );
  return { ...blank, ...texts, manual: new Set(), rest: {} };
}

/** @param {Row} row @returns {Row} */
export function duplicate(row) {
  return { ...row, manual: new Set(row.manual), rest: { ...row.rest } };
}

/**
 * Whether there is nothing in it that would be sent; a date alone is nothing.
 * @param {Row} row
 */
export function isEmpty(row) {
  return COLUMNS.every(
    (column) => column === "supplied_on" || row[column].trim() === "" || isStale(row, column),
  );
}

/**
 * An amount's text counts only where it was typed.
 * @param {Row} row @param {Column} column
 */
function isStale(row, column) {
  return isAmount(column) && !row.manual.has(column);
}

/** @param {Column} column @returns {column is AmountColumn} */
export function isAmount(column) {
  return column === "supply" || column === "tax" || column === "total";
}

/** @param {Rules} rules */
export function includesTax(rules) {
  return rules.vat === "included" && rules.taxation === "taxable";
}

/**
 * What a line amounts to.
 * @param {Row} row @param {Rules} rules @returns {Amounts}
 */
export function amountsOf(row, rules) {
  return includesTax(rules) ? amountsWithTax(row, rules) : amountsWithoutTax(row, rules);
}

/** @param {Row} row @param {Rules} rules @returns {Amounts} */
function amountsWithoutTax(row, rules) {
  const supply = row.manual.has("supply") ? readWon(row.supply) : priced(row, rules);
  const tax = taxBeside(supply, row, rules);
  return { supply, tax, total: sum(supply, tax) };
}

/** @param {Read} supply @param {Row} row @param {Rules} rules @returns {Read} */
function taxBeside(supply, row, rules) {
  if (rules.taxation === "exempt") return null;
  if (rules.taxation === "zero_rated") return supply === null ? null : 0n;
  if (row.manual.has("tax")) return readWon(row.tax);
  return typeof supply === "bigint" ? taxOf(supply, rules.rounding) : null;
}

/** @param {Row} row @param {Rules} rules @returns {Amounts} */
function amountsWithTax(row, rules) {
  const total = row.manual.has("total") ? readWon(row.total) : priced(row, rules);
  if (row.manual.has("supply")) {
    const supply = readWon(row.supply);
    if (total !== null) return { supply, tax: difference(total, supply), total };
    const tax = typeof supply === "bigint" ? taxOf(supply, rules.rounding) : null;
    return { supply, tax, total: sum(supply, tax) };
  }
  if (row.manual.has("tax")) {
    const tax = readWon(row.tax);
    return { supply: difference(total, tax), tax, total };
  }
  if (typeof total !== "bigint") return { supply: null, tax: null, total };
  return { ...splitTotal(total, rules.rounding), total };
}

/** @param {Row} row @param {Rules} rules @returns {Read} */
function priced(row, rules) {
  const [quantity, price] = [readDecimal(row.quantity), readDecimal(row.price)];
  if (typeof quantity !== "bigint" || typeof price !== "bigint") return null;
  return product(quantity, price, rules.rounding);
}

/** @param {Read} one @param {Read} other @returns {Read} */
function sum(one, other) {
  if (one === "wrong" || other === "wrong") return "wrong";
  return one === null && other === null ? null : (one ?? 0n) + (other ?? 0n);
}

/** @param {Read} total @param {Read} part @returns {Read} */
function difference(total, part) {
  if (typeof total !== "bigint" || typeof part !== "bigint") return total === "wrong" ? "wrong" : null;
  return total - part;
}

/**
 * Put a text into a cell. An amount that says what would be computed anyway is not taken for typed.
 * @param {Row} row @param {Column} column @param {string} text @param {Rules} rules
 */
export function setCell(row, column, text, rules) {
  row[column] = text;
  if (isAmount(column)) {
    row.manual.delete(column);
    if (text.trim() !== "" && readWon(text) !== amountsOf(row, rules)[column]) {
      if (includesTax(rules) && column !== "total") {
        // Of a total, only one part can be given; the other is the rest.
        row.manual.delete("supply");
        row.manual.delete("tax");
      }
      row.manual.add(column);
    }
  } else {
    settle(row, rules);
  }
}

/**
 * Amounts that were typed and have become what would be computed are computed from now on.
 * @param {Row} row @param {Rules} rules
 */
function settle(row, rules) {
  for (const column of [...row.manual]) {
    row.manual.delete(column);
    if (amountsOf(row, rules)[column] !== readWon(row[column])) row.manual.add(column);
  }
}

/**
 * What a cell shows when nobody is typing in it.
 * @param {Row} row @param {Column} column @param {Rules} rules
 */
export function shown(row, column, rules) {
  if (isAmount(column)) {
    if (row.manual.has(column) && readWon(row[column]) === "wrong") return row[column];
    const amount = amountsOf(row, rules)[column];
    return typeof amount === "bigint" ? grouped(amount) : "";
  }
  if (column === "quantity" || column === "price") {
    const number = readDecimal(row[column]);
    return typeof number === "bigint" ? grouped(writeDecimal(number)) : row[column];
  }
  if (column === "supplied_on") {
    const day = readDay(row.supplied_on, rules.writtenOn);
    return day === null || day === "wrong" ? row.supplied_on : shortDay(day, rules.writtenOn);
  }
  return row[column];
}

/**
 * Whether an amount was typed where another one would be computed.
 * @param {Row} row @param {Column} column @param {Rules} rules
 */
export function isOverride(row, column, rules) {
  if (!isAmount(column) || !row.manual.has(column)) return false;
  const computed = duplicate(row);
  computed.manual.delete(column);
  return amountsOf(computed, rules)[column] !== null;
}

/**
 * Whether a cell holds a text that cannot be what it should be.
 * @param {Row} row @param {Column} column @param {Rules} rules
 */
export function isWrong(row, column, rules) {
  if (column === "quantity" || column === "price") return readDecimal(row[column]) === "wrong";
  if (column === "supplied_on") return readDay(row.supplied_on, rules.writtenOn) === "wrong";
  return isAmount(column) && row.manual.has(column) && readWon(row[column]) === "wrong";
}

/**
 * An item of the document. What cannot be read goes as it was typed, for the server to say so.
 * @param {Row} row @param {Rules} rules @returns {Record<string, unknown>}
 */
export function toItem(row, rules) {
  const { supply, tax } = amountsOf(row, rules);
  const quantity = decimalOf(row.quantity);
  const day = readDay(row.supplied_on, rules.writtenOn);
  const { unit, ...rest } = row.rest;
  return {
    ...rest,
    ...(unit !== undefined && quantity !== null ? { unit } : {}),
    supplied_on: day === "wrong" ? row.supplied_on : day,
    name: textOf(row.name),
    specification: textOf(row.specification),
    quantity,
    unit_price: includesTax(rules) ? priceWithoutTax(row, supply) : decimalOf(row.price),
    supply_amount: supply === "wrong" ? wrongText(row) : supply,
    tax_amount: tax === "wrong" ? wrongText(row) : tax,
    remark: textOf(row.remark),
  };
}

/**
 * The amount that cannot be read, as it was typed.
 * @param {Row} row
 */
function wrongText(row) {
  return [...row.manual].map((column) => row[column]).find((text) => readWon(text) === "wrong") ?? "";
}

/** @param {string} text */
function textOf(text) {
  return text.trim() || null;
}

/** @param {string} text */
function decimalOf(text) {
  const number = readDecimal(text);
  return typeof number === "bigint" ? writeDecimal(number) : number === null ? null : text;
}

/** @param {Row} row @param {Read} supply */
function priceWithoutTax(row, supply) {
  const [quantity, price] = [readDecimal(row.quantity), readDecimal(row.price)];
  if (typeof price !== "bigint") return decimalOf(row.price);
  if (typeof quantity === "bigint" && quantity !== 0n && typeof supply === "bigint") {
    return writeDecimal(netPrice(supply, quantity));
  }
  return writeDecimal(toWon(price * 10n, 11n, "half_up"));
}

/**
 * How a line was typed, as far as its item does not say.
 * @param {Row} row @param {Rules} rules @returns {Kept}
 */
export function keptOf(row, rules) {
  /** @param {AmountColumn} column */
  const typed = (column) => (row.manual.has(column) ? row[column] : "");
  return {
    price: includesTax(rules) ? row.price : "",
    total: typed("total"),
    supply: typed("supply"),
    tax: typed("tax"),
    manual: [...row.manual],
  };
}

/** @type {Record<string, Column>} */
const COLUMN_OF = {
  supplied_on: "supplied_on",
  name: "name",
  specification: "specification",
  quantity: "quantity",
  unit_price: "price",
  supply_amount: "supply",
  tax_amount: "tax",
  remark: "remark",
};

/**
 * The cell that a field of an item stands in.
 * @param {string} field
 */
export function columnOf(field) {
  return COLUMN_OF[field];
}

/**
 * A line for an item that was saved. How it was typed is believed where it makes this very item; otherwise an amount
 * that would be computed differently counts as typed. Either way the line says what was saved.
 * @param {Record<string, unknown>} item @param {Partial<Kept>} kept @param {Rules} rules @returns {Row}
 */
export function fromItem(item, kept, rules) {
  const remembered = asTyped(item, kept, rules);
  return makes(remembered, item, rules) ? remembered : asSaved(item, rules);
}

/** @param {Record<string, unknown>} item @returns {Row} */
function texts(item) {
  const row = newRow();
  for (const [field, value] of Object.entries(item)) {
    const column = COLUMN_OF[field];
    if (column) row[column] = value === null ? "" : String(value);
    else row.rest[field] = value;
  }
  return row;
}

/** @param {Record<string, unknown>} item @param {Partial<Kept>} kept @param {Rules} rules */
function asTyped(item, kept, rules) {
  const row = texts(item);
  if (includesTax(rules) && kept.price) row.price = kept.price;
  row.manual = new Set(kept.manual ?? []);
  for (const column of /** @type {const} */ (["total", "supply", "tax"])) row[column] = kept[column] ?? "";
  return row;
}

/** @param {Row} row @param {Record<string, unknown>} item @param {Rules} rules */
function makes(row, item, rules) {
  const made = toItem(row, rules);
  return Object.keys(COLUMN_OF).every((field) => String(made[field] ?? "") === String(item[field] ?? ""));
}

/** @param {Record<string, unknown>} item @param {Rules} rules */
function asSaved(item, rules) {
  const row = texts(item);
  const [supply, tax] = [row.supply, row.tax];
  if (includesTax(rules)) {
    const total = sum(readWon(supply), readWon(tax));
    row.total = typeof total === "bigint" ? String(total) : supply;
    row.manual.add("total");
  }
  if (supply !== "" && amountsOf(row, rules).supply !== readWon(supply)) row.manual.add("supply");
  if (tax !== "" && rules.taxation === "taxable" && amountsOf(row, rules).tax !== readWon(tax))
    row.manual.add("tax");
  return row;
}

/**
 * The sums of lines; texts that are no numbers count as nothing, and are counted.
 * @param {Row[]} rows @param {Rules} rules
 */
export function totalsOf(rows, rules) {
  const sums = { supply: 0n, tax: 0n, total: 0n, wrong: 0 };
  for (const row of rows) {
    const { supply, tax } = amountsOf(row, rules);
    if (typeof supply === "bigint") sums.supply += supply;
    if (typeof tax === "bigint") sums.tax += tax;
    if (supply === "wrong" || tax === "wrong") sums.wrong += 1;
  }
  sums.total = sums.supply + sums.tax;
  return sums;
}

/**
 * The lines when tax goes into the prices or out of them: what was computed is computed anew from the same texts, what
 * was typed stays. Where only a supply amount was typed, its meaning moves with the switch: it is the total now.
 * @param {Row[]} rows @param {Rules} before @param {Rules} after
 */
export function switchTax(rows, before, after) {
  if (includesTax(before) === includesTax(after)) return;
  const [from, to] = includesTax(after)
    ? /** @type {const} */ (["supply", "total"])
    : /** @type {const} */ (["total", "supply"]);
  for (const row of rows) {
    const text = row.manual.has(from) ? row[from] : "";
    row.manual.clear();
    row.supply = "";
    row.tax = "";
    row.total = "";
    if (text) setCell(row, to, text, after);
  }
}
