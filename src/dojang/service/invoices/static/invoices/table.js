/** Cells copied from a spreadsheet. */

/** @typedef {import("./rows.js").Column} Column */

/**
 * Rows of cells from the text that Excel, Google Sheets and LibreOffice put on the clipboard: tabs between cells, and
 * quotes around one with a tab, a line break or a quote in it.
 * @param {string} text @returns {string[][]}
 */
export function readTable(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    const row = /** @type {string[]} */ (rows.at(-1));
    const cell = row.length - 1;
    if (quoted) {
      if (character !== '"') row[cell] += character;
      else if (text[at + 1] === '"') {
        row[cell] += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && row[cell] === "" && closes(text, at)) quoted = true;
    else if (character === "\t") row.push("");
    else if (character === "\n" || character === "\r") {
      if (character === "\r" && text[at + 1] === "\n") at += 1;
      rows.push([""]);
    } else row[cell] += character;
  }
  while (rows.length > 1 && rows.at(-1)?.every((cell) => cell === "")) rows.pop();
  return rows.map((row) => row.map((cell) => cell.replace(/\s+/gu, " ").trim()));
}

/**
 * Whether a quote at the beginning of a cell is closed at the end of one; an inch sign is not.
 * @param {string} text @param {number} opening
 */
function closes(text, opening) {
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text[at] !== '"') continue;
    if (text[at + 1] !== '"') return [undefined, "\t", "\n", "\r"].includes(text[at + 1]);
    at += 1;
  }
  return false;
}

/** @type {Record<Column, string[]>} */
const HEADINGS = {
  supplied_on: ["월일", "월/일", "일자", "날짜", "거래일", "거래일자", "공급일자", "date"],
  name: ["품목", "품명", "품목명", "상품명", "제품명", "내역", "내용", "item", "name", "description"],
  specification: ["규격", "사양", "스펙", "specification", "spec"],
  quantity: ["수량", "qty", "quantity"],
  price: ["단가", "판매단가", "unitprice", "price"],
  total: ["합계", "합계금액", "총액", "total"],
  supply: ["공급가액", "공급가", "금액", "amount", "supply", "supplyamount"],
  tax: ["세액", "부가세", "부가가치세", "vat", "tax"],
  remark: ["비고", "적요", "메모", "remark", "note"],
};

const COLUMN_OF_HEADING = new Map(
  Object.entries(HEADINGS).flatMap(([column, names]) =>
    names.map((name) => [name, /** @type {Column} */ (column)]),
  ),
);

/**
 * The columns that a row of headings names, or nothing if it is no such row. A heading that nobody knows is passed over.
 * @param {string[]} row @returns {(Column | undefined)[] | undefined}
 */
export function headings(row) {
  const columns = row.map((cell) => COLUMN_OF_HEADING.get(cell.toLowerCase().replace(/[\s()원]/gu, "")));
  const known = columns.filter(Boolean);
  return known.length >= 2 &&
    new Set(known).size === known.length &&
    !row.some((cell) => /^-?[\d,.]+$/.test(cell))
    ? columns
    : undefined;
}
