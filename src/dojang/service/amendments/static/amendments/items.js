// The grid of items: quantity times unit price fills the amount in, the sum stands below, and lines can be added.
// What was typed by hand stays; without this the server multiplies.

import { grouped, readWon } from "../invoices/money.js";

for (const grid of document.querySelectorAll("[data-grid]")) {
  if (grid instanceof HTMLElement) watch(grid);
}
for (const field of document.querySelectorAll("input[data-won]")) {
  field.addEventListener("change", () => field instanceof HTMLInputElement && group(field));
}

/** @param {HTMLElement} grid */
function watch(grid) {
  const add = grid.querySelector("[data-add-line]");
  if (add instanceof HTMLButtonElement) {
    add.hidden = false;
    add.addEventListener("click", () => addLine(grid));
  }
  grid.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.dataset.part === "supply") field.dataset.typed = field.value ? "1" : "";
    if (field.dataset.part === "quantity" || field.dataset.part === "price") multiply(field);
    sum(grid);
  });
  grid.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && "won" in event.target.dataset) group(event.target);
  });
  // Of what came with the page, an amount that is quantity times unit price follows them again.
  for (const supply of grid.querySelectorAll("[data-part=supply]")) {
    if (!(supply instanceof HTMLInputElement) || !supply.value) continue;
    const product = multiplied(supply.closest("[data-line]"));
    if (product === null || product !== readWon(supply.value)) supply.dataset.typed = "1";
  }
  sum(grid);
}

/** @param {HTMLInputElement} field */
function group(field) {
  const won = readWon(field.value);
  if (typeof won === "bigint") field.value = grouped(won);
}

/**
 * The amount of a line, unless somebody typed one.
 * @param {HTMLInputElement} field
 */
function multiply(field) {
  const line = field.closest("[data-line]");
  const supply = part(line, "supply");
  if (!line || !supply || supply.dataset.typed) return;
  const product = multiplied(line);
  supply.value = product === null ? "" : grouped(product);
}

/** @param {Element | null} line @returns {bigint | null} quantity times unit price, where both are there */
function multiplied(line) {
  const quantity = hundredths(part(line, "quantity")?.value ?? "");
  const price = hundredths(part(line, "price")?.value ?? "");
  return quantity === null || price === null ? null : (quantity * price) / 10000n;
}

/** @param {Element | null} line @param {string} name */
function part(line, name) {
  const found = line?.querySelector(`[data-part=${name}]`);
  return found instanceof HTMLInputElement ? found : null;
}

/**
 * A number with at most two decimal places, in hundredths.
 * @param {string} text @returns {bigint | null}
 */
function hundredths(text) {
  const found = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,\s]/g, ""));
  if (!found) return null;
  const [, sign, whole, rest = ""] = found;
  const size = BigInt(`${whole}${rest.padEnd(2, "0")}`);
  return sign ? -size : size;
}

/** @param {HTMLElement} grid */
function sum(grid) {
  const out = grid.querySelector("[data-sum]");
  if (!(out instanceof HTMLElement)) return;
  let total = 0n;
  let any = false;
  for (const supply of grid.querySelectorAll("[data-part=supply]")) {
    const won = supply instanceof HTMLInputElement ? readWon(supply.value) : null;
    if (typeof won === "bigint") {
      total += won;
      any = true;
    }
  }
  const most = grid.dataset.most ? BigInt(grid.dataset.most) : null;
  const over = most !== null && total > most ? ` — ${out.dataset.over}` : "";
  out.textContent = any ? `${out.dataset.label} ${grouped(total)}${over}` : "";
}

/** @param {HTMLElement} grid */
function addLine(grid) {
  const lines = [...grid.querySelectorAll("[data-line]")];
  const last = lines.at(-1);
  if (!last) return;
  const number = lines.length;
  const fresh = last.cloneNode(true);
  if (!(fresh instanceof HTMLElement)) return;
  for (const field of fresh.querySelectorAll("input")) {
    field.value = "";
    field.dataset.typed = "";
    field.name = field.name.replace(/^item-\d+-/, `item-${number}-`);
    field.id = field.id.replace(/-item-\d+-/, `-item-${number}-`);
  }
  for (const label of fresh.querySelectorAll("label")) {
    label.htmlFor = label.htmlFor.replace(/-item-\d+-/, `-item-${number}-`);
    label.textContent = (label.textContent ?? "").replace(/\d+\s*$/, String(number + 1));
  }
  last.after(fresh);
  const first = fresh.querySelector("input:not([type=hidden])");
  if (first instanceof HTMLInputElement) first.focus();
}
