/** 위탁자 of a consigned document: found in the address book, or written by hand. */

import { show } from "./buyer.js";
import { combobox } from "./combobox.js";
import { digits, hyphenated } from "./numbers.js";
import { byId, input, say } from "./ui.js";
import { ask } from "./wire.js";

/** @typedef {import("./buyer.js").Known} Known */
/** @typedef {import("./buyer.js").Choice} Choice */

/** Inputs and the field of the supplier that each holds. @type {Record<string, string>} */
const FIELDS = {
  "supplier-number": "business_number",
  "supplier-branch": "branch_number",
  "supplier-name": "name",
  "supplier-representative": "representative",
  "supplier-address": "address",
  "supplier-type": "business_type",
  "supplier-item": "business_item",
};

export class Supplier {
  /** @type {Record<string, unknown>} what the editor does not show */
  #contact = {};
  #options;

  /** @param {{find: string, changed: () => void}} options */
  constructor(options) {
    this.#options = options;
    combobox(input("find-supplier"), {
      label: say("거래처", "Customers"),
      eager: true,
      search: (query, signal) => this.#search(query, signal),
      show,
      choose: (choice) => this.#choose(choice),
    });
    for (const id of [...Object.keys(FIELDS), "supplier-email", "supplier-contact"])
      byId(id).addEventListener("input", options.changed);
  }

  /** @param {Record<string, any>} supplier of a document */
  load(supplier) {
    for (const [id, field] of Object.entries(FIELDS)) input(id).value = String(supplier[field] ?? "");
    input("supplier-number").value = hyphenated(input("supplier-number").value);
    this.#contact = typeof supplier.contact === "object" && supplier.contact ? supplier.contact : {};
    input("supplier-email").value = String(this.#contact.email ?? "");
    input("supplier-contact").value = String(this.#contact.name ?? "");
  }

  /** The supplier of the document. */
  content() {
    const value = (/** @type {string} */ id) => input(id).value.trim();
    /** @type {Record<string, unknown>} */
    const supplier = {};
    for (const [id, field] of Object.entries(FIELDS)) supplier[field] = value(id) || null;
    supplier.business_number = digits(value("supplier-number"));
    supplier.name = value("supplier-name");
    supplier.representative = value("supplier-representative");
    const contact = { ...this.#contact, email: value("supplier-email"), name: value("supplier-contact") };
    supplier.contact = Object.values(contact).some(Boolean)
      ? Object.fromEntries(Object.entries(contact).map(([name, one]) => [name, one || null]))
      : null;
    return supplier;
  }

  /** @param {string} query @param {AbortSignal} signal @returns {Promise<Choice[]>} */
  async #search(query, signal) {
    const typed = query.trim();
    const url = new URL(this.#options.find, location.href);
    url.searchParams.set("q", typed);
    // The number of a person has no business in an address, nor does a person consign goods by invoice.
    const isPersonal = digits(typed).length > 10;
    const { data } = isPersonal ? { data: null } : await ask(url.href, undefined, signal);
    /** @type {Known[]} */
    const found = data?.counterparties ?? [];
    return found.filter((known) => known.kind === "business").map((known) => ({ known }));
  }

  /** @param {Choice} choice */
  #choose(choice) {
    if (!("known" in choice)) return;
    input("find-supplier").value = "";
    const { known } = choice;
    this.load({ ...known, business_number: known.number, contact: known.contacts[0] ?? {} });
    this.#options.changed();
  }
}
