// The paper form fills in 10 % where a tax amount was left empty; what was typed by hand stays. Without it the server does.

import { grouped, readWon, taxOf } from "../invoices/money.js";

const form = document.getElementById("paper");
if (form instanceof HTMLFormElement) listen(form);

/** @param {HTMLFormElement} paper */
function listen(paper) {
  paper.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.name === "taxation") {
      for (const supply of paper.querySelectorAll("input[name^=supply_]")) {
        if (supply instanceof HTMLInputElement) fill(paper, supply);
      }
    }
    if (/^(supply|tax)_/.test(field.name)) {
      const won = readWon(field.value);
      if (typeof won === "bigint") field.value = grouped(won);
    }
    if (field.name.startsWith("supply_")) fill(paper, field);
    if (field.name.startsWith("tax_")) field.dataset.typed = field.value ? "1" : "";
  });
}

/**
 * The tax of one line, unless somebody typed it.
 * @param {HTMLFormElement} paper @param {HTMLInputElement} supply
 */
function fill(paper, supply) {
  const tax = paper.elements.namedItem(supply.name.replace("supply_", "tax_"));
  if (!(tax instanceof HTMLInputElement) || tax.dataset.typed) return;
  const won = readWon(supply.value);
  const chosen = paper.querySelector("input[name=taxation]:checked");
  const taxation = chosen instanceof HTMLInputElement ? chosen.value : "taxable";
  if (typeof won !== "bigint" || taxation === "exempt") tax.value = "";
  else tax.value = taxation === "zero_rated" ? "0" : grouped(taxOf(won, rounding(paper)));
}

/**
 * How the chosen business rounds.
 * @param {HTMLFormElement} paper @returns {import("../invoices/money.js").Rounding}
 */
function rounding(paper) {
  const business = paper.elements.namedItem("business");
  /** @type {Record<string, import("../invoices/money.js").Rounding>} */
  const known = JSON.parse(paper.dataset.roundings ?? "{}");
  return (business instanceof HTMLSelectElement && known[business.value]) || "down";
}
