/** What `check` found, said beside the fields it is about, and listed where someone asks for all of it. */

import { columnOf } from "./rows.js";
import { byId, fill, h, say, text } from "./ui.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{code: string, severity: "error" | "warning", path: string, ko: string, en: string, citation: string}} Finding */
/** @typedef {{path: string, field: HTMLElement | undefined, group: string, row: Row | undefined}} Place */

/** @type {Record<string, string>} */
const FIELD_OF = {
  document_type: "document_type",
  purpose: "purpose",
  written_on: "written_on",
  "buyer.number": "buyer-number",
  "buyer.branch_number": "buyer-branch",
  "buyer.name": "buyer-name",
  "buyer.representative": "buyer-representative",
  "buyer.address": "buyer-address",
  "buyer.business_type": "buyer-type",
  "buyer.business_item": "buyer-item",
  "buyer.contacts": "email-0",
  "buyer.kind": "buyer-kind",
  "supplier.business_number": "supplier-number",
  "supplier.branch_number": "supplier-branch",
  "supplier.name": "supplier-name",
  "supplier.representative": "supplier-representative",
  "supplier.address": "supplier-address",
  "supplier.business_type": "supplier-type",
  "supplier.business_item": "supplier-item",
  "supplier.contact.email": "supplier-email",
  "supplier.contact.name": "supplier-contact",
  payments: "payments",
  supply_amount: "sum-problems",
  tax_amount: "sum-problems",
  total_amount: "sum-problems",
  items: "sum-problems",
};

export class Findings {
  /** @type {Finding[]} */
  all = [];
  /** Fields and rows that someone has worked on. @type {Set<unknown>} */
  #touched = new Set();
  #showAll = false;
  #grid;
  #kind;
  #isConsigned;
  #unfold;

  /**
   * @param {Grid} grid
   * @param {{buyer: () => string, isConsigned: () => boolean}} kinds of the buyer, and of the document
   * @param {(field: HTMLElement) => void} unfold
   */
  constructor(grid, kinds, unfold) {
    this.#grid = grid;
    this.#kind = kinds.buyer;
    this.#isConsigned = kinds.isConsigned;
    this.#unfold = unfold;
  }

  /** @param {Finding[]} all */
  tell(all) {
    this.all = all;
    this.show();
  }

  /** @param {unknown} field or row */
  touch(field) {
    this.#touched.add(field);
  }

  /** From now on nothing is held back. */
  showAll() {
    this.#showAll = true;
    this.show();
  }

  get errors() {
    return this.all.filter((finding) => finding.severity === "error");
  }

  show() {
    this.#clear();
    /** @type {Map<Row, Finding[]>} */
    const ofRows = new Map();
    for (const finding of this.all) {
      const { field, row } = this.#placeOf(finding.path);
      if (row) {
        if (this.#mayShow(row) && !(this.#grid.holdsFocus(row) && !this.#showAll))
          ofRows.set(row, [...(ofRows.get(row) ?? []), finding]);
      } else if (field && this.#mayShow(field.id) && !this.#isBusy(field)) this.#beside(field, finding);
    }
    for (const row of this.#grid.rows) {
      const found = ofRows.get(row) ?? [];
      const columns = found
        .map((finding) => columnOf(finding.path.split(".").at(-1) ?? ""))
        .filter((one) => one !== undefined);
      this.#grid.explain(row, columns, found.map(message));
    }
    this.#count();
  }

  /** A list of all, with links to their fields. @param {string} title */
  summarize(title) {
    const place = byId("summary");
    const errors = this.errors;
    place.hidden = errors.length === 0;
    if (!errors.length) return;
    fill(
      place,
      h("p", {}, h("strong", {}, title)),
      h("ul", {}, ...errors.map((finding) => h("li", {}, this.#link(finding)))),
    );
    place.focus();
    place.scrollIntoView({ block: "center" });
  }

  hideSummary() {
    byId("summary").hidden = true;
  }

  /** @param {Finding} finding */
  #link(finding) {
    const { field } = this.#placeOf(finding.path);
    if (!field) return text(finding);
    const link = h("a", { href: `#${field.id}` }, `${labelOf(field)}${text(finding)}`);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#unfold(field);
      (field.matches("input, select") ? field : (field.querySelector("input") ?? field)).focus();
    });
    return link;
  }

  #count() {
    const errors = this.errors.length;
    const warnings = this.all.length - errors;
    const chip = byId("show-problems");
    chip.hidden = errors + warnings === 0;
    const parts = [
      errors ? say(`고칠 곳 ${errors}`, `${errors} to mend`) : "",
      warnings ? say(`살펴볼 곳 ${warnings}`, `${warnings} to look at`) : "",
    ];
    chip.textContent = parts.filter(Boolean).join(" · ");
  }

  /**
   * Whether someone is writing there: nothing is said before it is done.
   * @param {HTMLElement} field
   */
  #isBusy(field) {
    const writing = this.#grid.rows.some((row) => this.#grid.holdsFocus(row));
    return document.activeElement === field || (field.id === "sum-problems" && writing && !this.#showAll);
  }

  /** @param {unknown} place */
  #mayShow(place) {
    return this.#showAll || this.#touched.has(place);
  }

  /** @param {string} path @returns {Place} */
  #placeOf(path) {
    const item = /^items\[(\d+)\](?:\.(\w+))?$/.exec(path);
    if (item) {
      const row = this.#grid.written[Number(item[1])] ?? this.#grid.rows[0];
      const field = this.#grid.cell(row, columnOf(item[2] ?? "name") ?? "name");
      return { path, field, group: path, row };
    }
    const id = this.#idOf(path);
    const field = id ? (document.getElementById(id) ?? undefined) : undefined;
    return { path, field, group: path, row: undefined };
  }

  /** @param {string} path */
  #idOf(path) {
    const contact = /^buyer\.contacts\[(\d)\]\.(\w+)$/.exec(path);
    if (contact) return `${contact[2] === "email" ? "email" : "contact"}-${contact[1]}`;
    const remark = /^remarks\[(\d)\]$/.exec(path);
    if (remark) return remark[1] === "0" && this.#kind() === "foreigner" ? "personal" : `remark-${remark[1]}`;
    if (path === "buyer.number" && this.#kind() !== "business") return "personal";
    if (path === "buyer.representative" && this.#kind() !== "business") return "buyer-name";
    if (path.startsWith("payments")) return "payments";
    if (path.startsWith("broker")) return "supplier";
    // Of our own business nothing is typed here; of whose goods we sell, all.
    if (path.startsWith("supplier"))
      return this.#isConsigned() ? (FIELD_OF[path] ?? "supplier-number") : "supplier";
    return FIELD_OF[path];
  }

  /** @param {HTMLElement} field @param {Finding} finding */
  #beside(field, finding) {
    const group = field.closest(".field") ?? field;
    const id = `${field.id}-problems`;
    let place = document.getElementById(id);
    if (!place) {
      place = h("div", { id, class: "problems" });
      if (group === field && field.id === "sum-problems") field.append(place);
      else group.append(place);
    }
    place.append(message(finding));
    if (field.matches("input, select")) {
      const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      field.setAttribute("aria-describedby", [...described.add(id)].join(" "));
      if (finding.severity === "error") field.setAttribute("aria-invalid", "true");
    }
  }

  #clear() {
    for (const place of document.querySelectorAll("#editor div.problems")) place.remove();
    for (const field of document.querySelectorAll("#editor :not(td) > [aria-invalid]"))
      field.removeAttribute("aria-invalid");
  }
}

/**
 * What a field is called, in front of what is said about it.
 * @param {HTMLElement} field
 */
function labelOf(field) {
  const label =
    field.getAttribute("aria-label") ??
    field.closest(".field")?.querySelector("label, legend, .label")?.firstChild?.textContent?.trim();
  return label ? `${label}: ` : "";
}

/** @param {Finding} finding */
function message(finding) {
  const body = [
    h(
      "span",
      { class: "badge", "data-state": finding.severity === "error" ? "bad" : "warn" },
      finding.severity === "error" ? say("오류", "error") : say("주의", "look"),
    ),
    " ",
    text(finding),
  ];
  return h(
    "div",
    { class: `problem ${finding.severity}` },
    h("p", {}, ...body),
    finding.citation ? h("details", {}, h("summary", {}, say("근거", "source")), finding.citation) : null,
  );
}
