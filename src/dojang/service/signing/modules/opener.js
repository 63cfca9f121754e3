/** Choose a certificate, enter its passphrase, and use the opened key once; it is closed whatever happens. */

import { whyNot } from "./certificate.js";
import { chooser, remember } from "./choose.js";
import { refuse } from "./errors.js";
import { problem } from "./frame.js";
import { asRefusal } from "./session.js";
import { append, fill, h, hide } from "./ui.js";

/** @typedef {import("./frame.js").Page} Page */
/** @typedef {import("./openedkey.js").OpenedKey} OpenedKey */
/** @typedef {(text: string) => void} Tell */

/**
 * @param {Page} page
 * @param {string} label  of the button
 * @param {(key: OpenedKey, tell: Tell) => Promise<void>} use  what is done with the key; `tell` says what is going on
 */
export function opener(page, label, use) {
  return new Opener(page, label, use).element;
}

class Opener {
  /** @type {import("./choose.js").Choice | null} */
  #choice = null;

  /** @param {Page} page @param {string} label @param {(key: OpenedKey, tell: Tell) => Promise<void>} use */
  constructor(page, label, use) {
    this.page = page;
    this.use = use;
    const { say } = page;
    this.passphrase = h("input", {
      type: "password",
      id: "passphrase",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": "passphrase-said",
    });
    this.show = h("input", { type: "checkbox", id: "show-passphrase" });
    this.show.addEventListener("change", () => {
      this.passphrase.type = this.show.checked ? "text" : "password";
    });
    this.keep = h("input", { type: "checkbox", id: "remember", "aria-describedby": "remember-note" });
    this.keepRow = h(
      "div",
      { class: "check" },
      this.keep,
      h(
        "div",
        {},
        h("label", { for: "remember" }, say("remember")),
        h("p", { class: "soft", id: "remember-note" }, say("remember_note")),
      ),
    );
    this.said = h("div", { id: "passphrase-said" });
    this.button = h("button", { type: "submit", class: "primary wide" }, label);
    this.fields = h(
      "fieldset",
      { class: "plain" },
      h("label", { for: "passphrase", class: "strong" }, say("passphrase")),
      this.passphrase,
      h("div", { class: "check" }, this.show, h("label", { for: "show-passphrase" }, say("show_passphrase"))),
      this.keepRow,
      this.button,
    );
    this.form = h("form", { novalidate: true }, this.fields, this.said);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#open();
    });
    hide(true, this.form);
    this.chooser = h(
      "fieldset",
      { class: "plain" },
      chooser(page, (choice) => this.#chosen(choice)),
    );
    this.element = h(
      "section",
      { class: "card certificate", "aria-labelledby": "certificate-title" },
      h("h2", { id: "certificate-title" }, say("certificate")),
      this.chooser,
      this.form,
    );
  }

  /** @param {import("./choose.js").Choice | null} choice */
  #chosen(choice) {
    this.#choice = choice;
    fill(this.said);
    this.passphrase.value = "";
    hide(choice === null, this.form);
    hide(choice?.kept != null, this.keepRow);
    if (choice !== null) this.passphrase.focus();
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.fields.disabled = busy;
    this.chooser.disabled = busy;
    this.element.setAttribute("aria-busy", String(busy));
  }

  async #open() {
    const { say, language } = this.page;
    const choice = this.#choice;
    if (choice === null || this.fields.disabled) return;
    const passphrase = this.passphrase.value;
    if (passphrase === "") {
      fill(this.said, h("p", { class: "problem", role: "alert" }, say("passphrase_missing")));
      this.passphrase.focus();
      return;
    }
    this.passphrase.value = "";
    this.passphrase.removeAttribute("aria-invalid");
    this.#busy(true);
    try {
      await this.#useOnce(choice, passphrase);
    } catch (error) {
      const refusal = asRefusal(error);
      fill(this.said, problem(refusal, language));
      this.#busy(false);
      if (refusal.code === "wrong_passphrase_or_damaged")
        this.passphrase.setAttribute("aria-invalid", "true");
      this.passphrase.focus();
    }
  }

  /** @param {import("./choose.js").Choice} choice @param {string} passphrase */
  async #useOnce({ found, kept }, passphrase) {
    const { say, language, now } = this.page;
    /** @param {string} text */
    const tell = (text) => fill(this.said, h("p", { class: "soft", role: "status" }, text));
    tell(say("opening"));
    const key = await found.open(passphrase);
    try {
      // What a .pfx holds is known only now.
      const wrong = whyNot(key.certificate, { at: new Date(now()) }).find((one) => one.severity === "error");
      if (wrong) throw wrong;
      if (!key.hasRandom) throw refuse("no_random_number");
      if (this.keep.checked && kept === null) {
        await remember(found, key.certificate, now()).catch(() => {
          append(this.element, problem(refuse("not_remembered"), language));
        });
      }
      await this.use(key, tell);
    } finally {
      key.close();
    }
  }
}
