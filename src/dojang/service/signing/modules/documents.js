/** Shows what will be signed, as `readXml` read it from the bytes: one document open, many in a table with totals. */

import { cell, foreign, grouped, groupedDecimal, h, numberShown, row, rowsTable } from "./ui.js";

/** @typedef {import("./kecxml.js").TaxInvoice} TaxInvoice */
/** @typedef {import("./kecxml.js").Party} Party */
/** @typedef {import("./kecxml.js").Item} Item */
/** @typedef {import("./words.js").Language} Language */
/** @typedef {import("./words.js").Say} Say */
/** @typedef {{say: Say, language: Language}} Voice */

/**
 * @param {TaxInvoice[]} documents  at least one
 * @param {Voice} voice
 */
export function showDocuments(documents, voice) {
  const [first] = documents;
  return first && documents.length === 1 ? showOne(first, voice) : showMany(documents, voice);
}

/** @param {bigint | null} amount @param {Voice} voice */
function money(amount, { say }) {
  const none = amount === null;
  return h("span", { class: "won" }, none ? say("without_tax") : say("won", { amount: grouped(amount) }));
}

/** @param {TaxInvoice} document @param {Voice} voice */
function showOne(document, voice) {
  return h(
    "div",
    { class: "document" },
    h(
      "div",
      { class: "headline" },
      h(
        "div",
        {},
        h("p", { class: "kind" }, document.kind[voice.language]),
        h("p", { class: "soft" }, `${voice.say("written_on")} `, h("b", {}, document.writtenOn)),
      ),
      h(
        "p",
        { class: "total" },
        h("span", { class: "soft" }, voice.say("total_amount")),
        " ",
        money(document.totalAmount, voice),
      ),
    ),
    details(document, voice),
  );
}

/** @param {TaxInvoice} document @param {Voice} voice */
function details(document, voice) {
  const { say, language } = voice;
  const named = /** @type {const} */ ([
    ["issued_at", document.issuedAt.replace("T", " ")],
    ["issue_id", document.issueId],
    ["amendment_reason", document.amendmentReason?.[language] ?? ""],
    ["original_issue_id", document.originalIssueId],
    ["purpose", document.purpose?.[language] ?? ""],
    ["payments", payments(document, voice)],
    ["import_document", importDocument(document)],
  ]);
  return h(
    "div",
    { class: "details" },
    h(
      "div",
      { class: "parties" },
      showParty("supplier", document.supplier, voice),
      showParty("buyer", document.buyer, voice),
      document.broker && showParty("broker", document.broker, voice),
    ),
    h(
      "dl",
      { class: "amounts" },
      pair(say("supply_amount"), money(document.supplyAmount, voice)),
      pair(say("tax_amount"), document.taxAmount === null ? say("exempt") : money(document.taxAmount, voice)),
      pair(say("total_amount"), money(document.totalAmount, voice)),
    ),
    document.items.length > 0 && showItems(document.items, voice),
    h(
      "dl",
      { class: "facts" },
      ...named.filter(([, value]) => value !== "").map(([word, value]) => pair(say(word), foreign(value))),
      ...document.remarks.filter(Boolean).map((remark) => pair(say("remark"), foreign(remark))),
    ),
  );
}

/** @param {string} name @param {Node | string} value */
function pair(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

/** @param {TaxInvoice} document @param {Voice} voice */
function payments(document, { say, language }) {
  return document.payments
    .map(({ means, amount }) => `${means[language]} ${say("won", { amount: grouped(amount) })}`)
    .join(", ");
}

/** @param {TaxInvoice} document */
function importDocument({ importDocument: found }) {
  if (found === null) return "";
  const period = found.acceptedFrom || found.acceptedTo ? `${found.acceptedFrom}~${found.acceptedTo}` : "";
  return [found.declarationNumber, found.itemCount, period].filter(Boolean).join(" · ");
}

/** @param {"supplier" | "buyer" | "broker"} role @param {Party} party @param {Voice} voice */
function showParty(role, party, { say, language }) {
  const business = [party.businessType, party.businessItem].filter(Boolean).join(" · ");
  const named = /** @type {const} */ ([
    ["representative", party.representative],
    ["branch_number", party.branchNumber],
    ["address", party.address],
    ["business", business],
    ["email", party.emails.join(", ")],
  ]);
  return h(
    "section",
    { class: `party ${role}` },
    h("h3", {}, say(role), party.kind && ` · ${party.kind[language]}`),
    h("p", { class: "name" }, foreign(party.name)),
    h("p", { class: "number" }, foreign(numberShown(party.number))),
    h(
      "dl",
      { class: "facts" },
      ...named.filter(([, value]) => value !== "").map(([word, value]) => pair(say(word), foreign(value))),
    ),
  );
}

const ITEM_HEADS = /** @type {const} */ ([
  "day",
  "item",
  "specification",
  "quantity",
  "unit_price",
  "supply_amount",
  "tax_amount",
  "remark",
]);
const NUMERIC = new Set(["quantity", "unit_price", "supply_amount", "tax_amount"]);

/**
 * The items, which lie down as blocks where there is no room for a table: nobody signs what is out of sight.
 * @param {Item[]} items @param {Voice} voice
 */
function showItems(items, voice) {
  const { say } = voice;
  const label = say("items", { n: items.length });
  const heads = ITEM_HEADS.map((head) =>
    h("th", { role: "columnheader", scope: "col", class: NUMERIC.has(head) && "won" }, say(head)),
  );
  return h(
    "div",
    { class: "scroll items", tabindex: 0, role: "region", "aria-label": label },
    h(
      "table",
      { role: "table" },
      h("caption", {}, label),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
      h("tbody", { role: "rowgroup" }, ...items.map((item) => itemRow(item, voice))),
    ),
  );
}

/** @param {Item} item @param {Voice} voice */
function itemRow(item, { say }) {
  const values = {
    day: item.suppliedOn.slice(5).replace("-", "/"),
    item: foreign(item.name),
    specification: item.specification && foreign(item.specification),
    quantity: groupedDecimal(item.quantity) + (item.unit && " "),
    unit_price: groupedDecimal(item.unitPrice),
    supply_amount: item.supplyAmount === null ? "" : grouped(item.supplyAmount),
    tax_amount: item.taxAmount === null ? "" : grouped(item.taxAmount),
    remark: item.remark && foreign(item.remark),
  };
  return row(
    ...ITEM_HEADS.map((head) => {
      const value = values[head];
      const unit = head === "quantity" && item.unit && foreign(item.unit);
      const kind = [head, NUMERIC.has(head) && "won", !value && !unit && "none"].filter(Boolean).join(" ");
      // The heads of the columns are read out all the same where these words stand in for them.
      return cell(kind, h("span", { class: "head", "aria-hidden": "true" }, say(head)), value, unit);
    }),
  );
}

/** @param {TaxInvoice[]} documents @param {Voice} voice */
function showMany(documents, voice) {
  const { say } = voice;
  const suppliers = new Map(documents.map(({ supplier }) => [supplier.number, supplier]));
  const [supplier] = suppliers.values();
  const many = suppliers.size > 1;
  const heads = HEADS.map((word) => ({ text: say(word), won: word.endsWith("amount") }));
  const rows = documents.map((document, at) => documentRow(document, at, many, voice));
  return h(
    "div",
    {},
    supplier && !many && showSupplier(supplier, voice),
    sums(documents, voice),
    rowsTable(say("documents"), heads, rows),
  );
}

const HEADS = /** @type {const} */ (["written_on", "buyer", "supply_amount", "tax_amount", "total_amount"]);

/** @param {Party} supplier @param {Voice} voice */
function showSupplier(supplier, { say }) {
  return h(
    "p",
    { class: "from" },
    h("span", { class: "soft" }, say("supplier")),
    " ",
    h("b", {}, foreign(supplier.name)),
    " ",
    h("span", { class: "soft" }, foreign(numberShown(supplier.number))),
  );
}

/** @param {TaxInvoice[]} documents @param {Voice} voice */
function sums(documents, voice) {
  const { say } = voice;
  const sum = (/** @type {(document: TaxInvoice) => bigint} */ of) =>
    documents.reduce((total, one) => total + of(one), 0n);
  return h(
    "dl",
    { class: "amounts sums" },
    pair(
      say("supply_amount"),
      money(
        sum((one) => one.supplyAmount),
        voice,
      ),
    ),
    pair(
      say("tax_amount"),
      money(
        sum((one) => one.taxAmount ?? 0n),
        voice,
      ),
    ),
    pair(
      say("sum_of", { n: documents.length }),
      money(
        sum((one) => one.totalAmount),
        voice,
      ),
    ),
  );
}

/** @param {TaxInvoice} document @param {number} at @param {boolean} withSupplier @param {Voice} voice */
function documentRow(document, at, withSupplier, voice) {
  const { say, language } = voice;
  const { buyer, supplier } = document;
  const id = `document-${at}`;
  const label = say("show_details", { name: buyer.name });
  const more = h("button", { type: "button", class: "more", "aria-expanded": "false", "aria-label": label });
  more.append(foreign(buyer.name));
  const cells = row(
    cell("when", document.writtenOn, h("span", { class: "soft kind" }, document.kind[language])),
    cell(
      "who",
      more,
      h("span", { class: "soft" }, foreign(numberShown(buyer.number))),
      withSupplier && h("span", { class: "soft" }, `${say("supplier")} `, foreign(supplier.name)),
    ),
    amountCell("part", document.supplyAmount, voice),
    amountCell("part", document.taxAmount, voice),
    amountCell("total", document.totalAmount, voice),
  );
  more.addEventListener("click", () => {
    const open = more.getAttribute("aria-expanded") !== "true";
    more.setAttribute("aria-expanded", String(open));
    if (open) {
      const opened = h("td", { role: "cell", colspan: HEADS.length }, details(document, voice));
      more.setAttribute("aria-controls", id);
      cells.after(h("tr", { role: "row", id, class: "opened" }, opened));
    } else cells.nextElementSibling?.remove();
  });
  return cells;
}

/** @param {string} kind @param {bigint | null} amount @param {Voice} voice */
function amountCell(kind, amount, { say }) {
  return cell(`won ${kind}`, amount === null ? say("exempt") : grouped(amount));
}
