/** Small helpers of the pages: elements from text only (never from markup), and values as people read them. */

/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * An element. Texts become text nodes; an attribute that is true stands without a value, false or null not at all.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  append(element, ...children);
  return element;
}

/** @param {Element} element @param {...Child} children */
export function append(element, ...children) {
  for (const child of children) {
    if (child) element.append(child);
  }
}

/** @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, ...children);
}

/**
 * A button that does something.
 * @param {string} label @param {() => void} act @param {Attributes} [attributes]
 */
export function button(label, act, attributes = {}) {
  const element = h("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", act);
  return element;
}

/** @param {boolean} hidden @param {...HTMLElement} elements */
export function hide(hidden, ...elements) {
  for (const element of elements) element.hidden = hidden;
}

/**
 * The element of the page with this id; it has to be there.
 * @param {string} id
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no #${id}`);
  return element;
}

// Marks that change how the text around them is laid out, or that one can't see at all.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Somebody else's text, isolated, with marks made visible that would make it read as another text.
 * @param {string} text
 */
export function foreign(text) {
  const visible = text.replace(INVISIBLE, (mark) =>
    mark === "\n" ? " ⏎ " : `‹U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
  return h("bdi", {}, visible);
}

/** @param {bigint} amount */
export function grouped(amount) {
  return String(amount)
    .replace(/\B(?=(?:[0-9]{3})+$)/g, ",")
    .replace("-", "−");
}

/**
 * A decimal number as text, with its thousands grouped.
 * @param {string} number
 */
export function groupedDecimal(number) {
  const [whole = "", part] = number.split(".");
  const digits = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ",").replace("-", "−");
  return part === undefined ? digits : `${digits}.${part}`;
}

/**
 * A business number as 999-81-00015; of a resident number only the first seven digits.
 * @param {string} number
 */
export function numberShown(number) {
  if (/^[0-9]{10}$/.test(number)) return `${number.slice(0, 3)}-${number.slice(3, 5)}-${number.slice(5)}`;
  if (/^[0-9]{13}$/.test(number)) return `${number.slice(0, 6)}-${number.slice(6, 7)}••••••`;
  return number;
}

/**
 * An instant in Korean time, as YYYY-MM-DD HH:MM.
 * @param {Date} at
 */
export function instantShown(at) {
  const korean = new Date(at.getTime() + 9 * 3_600_000).toISOString();
  return `${korean.slice(0, 10)} ${korean.slice(11, 16)}`;
}

/**
 * A refusal or warning in the page's language.
 * @param {{ko: string, en: string}} said @param {import("./words.js").Language} language
 */
export function sentence(said, language) {
  return foreign(said[language]);
}

const LONG = 12;

/**
 * A table with one row for each document, which a narrow screen lays out as blocks: the roles stand here because that
 * would take them away. More than a screenful scrolls by itself.
 *
 * @param {string} label @param {{text: string, won: boolean}[]} heads @param {HTMLTableRowElement[]} rows
 */
export function rowsTable(label, heads, rows) {
  const titles = heads.map(({ text, won }) =>
    h("th", { role: "columnheader", scope: "col", class: won && "won" }, text),
  );
  const long = rows.length > LONG;
  const scrolled = { class: "rows long", tabindex: 0, role: "region", "aria-label": label };
  return h(
    "div",
    long ? scrolled : { class: "rows" },
    h(
      "table",
      { role: "table" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...titles)),
      h("tbody", { role: "rowgroup" }, ...rows),
    ),
  );
}

/** @param {...HTMLTableCellElement} cells */
export function row(...cells) {
  return h("tr", { role: "row" }, ...cells);
}

/** @param {string | null} kind @param {...Child} children */
export function cell(kind, ...children) {
  return h("td", { role: "cell", class: kind }, ...children);
}
