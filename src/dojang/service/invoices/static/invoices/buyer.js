/** 공급받는자: found in the address book as one types, or written by hand; a person's number is seen once. */

import { combobox } from "./combobox.js";
import { digits, hyphenated, isBusinessNumber } from "./numbers.js";
import { button, byId, fill, h, input, radios, say, text } from "./ui.js";
import { ask } from "./wire.js";

/** @typedef {{department: string, name: string, email: string, phone: string}} Contact */
/**
 * @typedef {object} Known a counterparty, as the address book tells it
 * @property {number} id @property {string} kind @property {string} name @property {string} number
 * @property {string} branch_number @property {string} personal_number masked @property {string} representative
 * @property {string} address @property {string} business_type @property {string} business_item
 * @property {Contact[]} contacts @property {{code: string, text: string}} status
 */
/** @typedef {{known: Known} | {fresh: string}} Choice */
/** @typedef {"nowhere" | "typed" | "saved" | "counterparty" | "copy"} Source */
/**
 * @typedef {object} Options
 * @property {{find: string, buyers: string}} urls
 * @property {() => void} changed
 * @property {() => void} done the buyer is chosen; the items come next
 */

/** Inputs and the field of the buyer that each holds. @type {Record<string, string>} */
const FIELDS = {
  "buyer-number": "number",
  "buyer-branch": "branch_number",
  "buyer-name": "name",
  "buyer-representative": "representative",
  "buyer-address": "address",
  "buyer-type": "business_type",
  "buyer-item": "business_item",
};

/** @type {Record<string, [string, string]>} */
const STATES = {
  "02": ["휴업", "suspended"],
  "03": ["폐업", "closed"],
  "00": ["미등록", "not registered"],
};

export class Buyer {
  /** @type {Known | null} */
  known = null;
  /** @type {Source} */
  #source = "nowhere";
  #masked = "";
  /** @type {Record<string, unknown>} what the editor does not show */
  #rest = {};
  /** @type {Record<string, unknown>[]} */
  #contacts = [];
  #kind = radios("buyer-kind");
  #options;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    combobox(input("find"), {
      label: say("거래처", "Customers"),
      eager: true,
      search: (query, signal) => this.#search(query, signal),
      show: show,
      choose: (choice) => this.#choose(choice),
    });
    for (const id of [...Object.keys(FIELDS), "email-0", "contact-0", "email-1", "contact-1"]) {
      byId(id).addEventListener("input", () => this.#typed(id));
    }
    for (const radio of this.#kind.all()) radio.addEventListener("change", () => this.#switchKind());
    byId("personal").addEventListener("input", () => {
      this.#source = input("personal").value.trim() ? "typed" : "nowhere";
      options.changed();
    });
    byId("personal").addEventListener("blur", () => this.#showNumber());
    byId("personal-again").addEventListener("click", () => this.#askAgain());
    byId("keep-buyer").addEventListener("click", () => void this.keep());
  }

  get kind() {
    return this.#kind.value || "business";
  }

  /** Its number, to look for past invoices. */
  get number() {
    return this.kind === "business" ? digits(input("buyer-number").value) : "";
  }

  /**
   * @param {Record<string, any>} buyer @param {Known | null} known @param {{masked: string, source: Source}} number
   */
  load(buyer, known, number) {
    this.known = known;
    const { kind, contacts, ...rest } = buyer;
    this.#kind.value = ["business", "individual", "foreigner"].includes(kind) ? kind : "business";
    for (const [id, field] of Object.entries(FIELDS)) {
      input(id).value = String(rest[field] ?? "");
      delete rest[field];
    }
    this.#rest = rest;
    this.#contacts = Array.isArray(contacts) ? contacts.slice(0, 2) : [];
    for (const at of [0, 1]) {
      input(`email-${at}`).value = String(this.#contacts[at]?.email ?? "");
      input(`contact-${at}`).value = String(this.#contacts[at]?.name ?? "");
    }
    input("buyer-number").value = hyphenated(input("buyer-number").value);
    this.#source = number.source;
    this.#masked = number.masked;
    input("personal").value = "";
    this.#showKind();
    this.#showChosen(known !== null);
  }

  /** The buyer of the document, without the number of a person. */
  content() {
    const value = (/** @type {string} */ id) => input(id).value.trim();
    /** @type {Record<string, unknown>} */
    const buyer = { ...this.#rest, kind: this.kind };
    for (const [id, field] of Object.entries(FIELDS)) buyer[field] = value(id);
    if (this.kind === "business") buyer.number = this.number;
    else Object.assign(buyer, { number: "", branch_number: "", representative: value("buyer-name") });
    buyer.contacts = [0, 1]
      .map((at) => ({ ...this.#contacts[at], name: value(`contact-${at}`), email: value(`email-${at}`) }))
      .filter((contact) => Object.values(contact).some(Boolean));
    return buyer;
  }

  /** Where the number of a person comes from. */
  personal() {
    return { source: this.#source, value: this.#source === "typed" ? input("personal").value : "" };
  }

  /** The server has it: what was typed goes, once nobody is typing any more. @param {string} masked @param {string} value */
  saved(masked, value) {
    if (this.#source === "typed" && input("personal").value !== value) return;
    this.#masked = masked;
    if (masked) this.#source = "saved";
    this.#showNumber();
  }

  /** Keep what was typed in the address book. */
  async keep() {
    const said = byId("keep-buyer-said");
    const buyer = this.content();
    const { status, data } = await ask(this.#options.urls.buyers, {
      kind: this.kind,
      ...Object.fromEntries(
        [
          "number",
          "branch_number",
          "name",
          "representative",
          "address",
          "business_type",
          "business_item",
        ].map((field) => [field, buyer[field] ?? ""]),
      ),
      representative: this.kind === "business" ? buyer.representative : "",
      personal_number: this.#source === "typed" ? input("personal").value : "",
      contacts: buyer.contacts,
    });
    if (status === 201) {
      this.known = data;
      this.#showChosen(true);
      this.#options.changed();
      this.#options.done();
    } else if (status === 409 && data?.counterparty && this.number) {
      const found = (await this.#find(this.number)).find((one) => one.number === this.number);
      fill(
        said,
        text(data),
        found
          ? button(say("이 거래처 쓰기", "Use that one"), () => this.#choose({ known: found }), {
              class: "button small",
            })
          : null,
      );
    } else {
      fill(
        said,
        data
          ? text(data)
          : say("저장하지 못했습니다. 다시 시도해 주세요.", "It could not be kept. Try again."),
      );
    }
  }

  /** Show every field, for one that is wrong. */
  unfold() {
    byId("buyer-fields").hidden = false;
  }

  get isFolded() {
    return byId("buyer-fields").hidden;
  }

  // --- finding -----------------------------------------------------------------------------------------------

  /** @param {string} query @param {AbortSignal} [signal] @returns {Promise<Known[]>} */
  async #find(query, signal) {
    const url = new URL(this.#options.urls.find, location.href);
    url.searchParams.set("q", query);
    const { data } = await ask(url.href, undefined, signal);
    return data?.counterparties ?? [];
  }

  /** @param {string} query @param {AbortSignal} signal @returns {Promise<Choice[]>} */
  async #search(query, signal) {
    const typed = query.trim();
    const found = isPersonal(typed) ? [] : await this.#find(typed, signal);
    return [...found.map((known) => ({ known })), ...(typed ? [{ fresh: typed }] : [])];
  }

  /** @param {Choice} choice */
  #choose(choice) {
    input("find").value = "";
    if ("fresh" in choice) this.#begin(choice.fresh);
    else this.#take(choice.known);
    this.#options.changed();
  }

  /** @param {Known} known */
  #take(known) {
    this.load(known, known, {
      masked: known.personal_number,
      source: known.personal_number ? "counterparty" : "nowhere",
    });
    // What the address book knows beside the document stays there.
    this.#rest = {};
    this.#options.done();
  }

  /** A buyer that nobody knows yet. @param {string} typed */
  #begin(typed) {
    const number = digits(typed);
    const isNumber = /^\d{3,}$/.test(number);
    this.load({ kind: this.kind, ...(isNumber ? { number } : { name: typed }) }, null, {
      masked: "",
      source: "nowhere",
    });
    this.#checkNumber();
    const next = this.kind === "business" && !isBusinessNumber(this.number) ? "buyer-number" : "buyer-name";
    byId(this.kind === "business" ? next : isNumber ? "buyer-name" : "personal").focus();
  }

  // --- showing -----------------------------------------------------------------------------------------------

  /** @param {string} id */
  #typed(id) {
    if (id === "buyer-number") this.#checkNumber();
    if (this.known && this.kind === "business" && this.number !== this.known.number) this.known = null;
    this.#options.changed();
  }

  #checkNumber() {
    const number = this.number;
    const hint = byId("buyer-number-hint");
    if (this.kind === "business" && /^\d{13}$/.test(number)) {
      // Thirteen digits are a person's: they don't stay where they would be saved in the clear.
      input("buyer-number").value = "";
      input("personal").value = number;
      this.#kind.value = "individual";
      this.#switchKind();
      this.#source = "typed";
      byId("personal").focus();
      return;
    }
    const wrong = number.length >= 10 && !isBusinessNumber(number);
    hint.classList.toggle("error", wrong);
    hint.textContent = wrong
      ? say(
          "사업자등록번호가 올바르지 않습니다. 열 자리 숫자를 다시 확인하세요.",
          "The number is not valid. Check its ten digits.",
        )
      : isBusinessNumber(number)
        ? say("검증번호가 맞습니다.", "The check digit is right.")
        : "";
  }

  #switchKind() {
    this.known = null;
    this.#source = "nowhere";
    this.#masked = "";
    this.#showKind();
    this.#showChosen(false);
    byId("buyer-fields").hidden = false;
    this.#options.changed();
  }

  #showKind() {
    const person = this.kind !== "business";
    hide(".of-business", person);
    hide(".of-person", !person);
    byId("remark-0-field").hidden = this.kind === "foreigner";
    const label = document.querySelector('label[for="personal"]');
    if (label) {
      label.textContent =
        this.kind === "foreigner"
          ? say("외국인등록번호·여권번호", "Registration or passport number")
          : say("주민등록번호(외국인등록번호)", "Resident number");
    }
    this.#showNumber();
  }

  #showNumber() {
    const kept = this.#masked !== "" && this.#source !== "typed" && this.#source !== "nowhere";
    const field = input("personal");
    if (kept && document.activeElement === field) return;
    if (kept) field.value = "";
    byId("personal-kept").hidden = !kept;
    field.hidden = kept;
    fill(byId("personal-masked"), this.#masked);
  }

  #askAgain() {
    this.#masked = "";
    this.#source = "nowhere";
    this.#showNumber();
    byId("personal").focus();
    this.#options.changed();
  }

  /** A known buyer is one line; its fields come out when something is to be changed. @param {boolean} folded */
  #showChosen(folded) {
    const place = byId("chosen");
    place.hidden = !folded;
    const blank = input("buyer-name").value === "" && input("buyer-number").value === "";
    byId("buyer-fields").hidden = folded || (blank && this.kind === "business");
    byId("keep-buyer").hidden = this.known !== null;
    fill(byId("keep-buyer-said"));
    if (!folded) return;
    const state = STATES[this.known?.status.code ?? ""];
    const emails = [0, 1].map((at) => input(`email-${at}`).value).filter(Boolean);
    fill(
      place,
      h(
        "div",
        { class: "row apart" },
        h(
          "div",
          {},
          h("strong", {}, input("buyer-name").value),
          " ",
          h(
            "span",
            { class: "number muted" },
            this.kind === "business" ? hyphenated(this.number) : this.#masked,
          ),
          " ",
          state ? h("span", { class: "badge", "data-state": "bad" }, say(...state)) : null,
          h(
            "div",
            { class: "muted small-text anywhere" },
            [input("buyer-representative").value, emails.join(", ") || say("이메일 없음", "no e-mail")]
              .filter(Boolean)
              .join(" · "),
          ),
        ),
        button(
          say("고치기", "Change"),
          () => {
            this.unfold();
            byId("buyer-name").focus();
          },
          { class: "button small" },
        ),
      ),
    );
  }
}

/**
 * Whether it looks like the number of a person, which has no business in an address: 900101-1…, or over ten digits.
 * @param {string} typed
 */
function isPersonal(typed) {
  return /^\d{6}-\d/.test(typed.normalize("NFKC")) || /^\d{11,}$/.test(digits(typed));
}

/** @param {string} selector @param {boolean} hidden */
function hide(selector, hidden) {
  for (const element of document.querySelectorAll(selector)) element.toggleAttribute("hidden", hidden);
}

/** @param {Choice} choice @returns {Node[]} */
export function show(choice) {
  if ("fresh" in choice) {
    return [h("strong", {}, say(`새 거래처: ${choice.fresh}`, `New customer: ${choice.fresh}`))];
  }
  const { known } = choice;
  const state = STATES[known.status.code];
  return [
    h("strong", {}, known.name),
    h(
      "span",
      { class: "muted number" },
      [known.kind === "business" ? hyphenated(known.number) : known.personal_number, known.representative]
        .filter(Boolean)
        .join(" · "),
    ),
    ...(state ? [h("span", { class: "badge", "data-state": "bad" }, say(...state))] : []),
  ];
}
