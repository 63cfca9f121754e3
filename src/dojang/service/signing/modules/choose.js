/** Choosing a certificate: a folder, files, a drop, or a kept copy; and what was found, with why one can't be used. */

import { ofDrop, ofFiles, ofKept } from "./files.js";
import { findKeys } from "./found.js";
import { PLACES, systemOf, typed } from "./places.js";
import { asRefusal } from "./session.js";
import * as store from "./store.js";
import { button, fill, foreign, h, hide, sentence } from "./ui.js";
import { refuse } from "./errors.js";

/** @typedef {import("./files.js").ChosenFile} ChosenFile */
/** @typedef {import("./found.js").Found} Found */
/** @typedef {import("./frame.js").Page} Page */
/** @typedef {import("./places.js").System} System */
/** @typedef {{found: Found, kept: store.Kept | null}} Choice */

const DAY = 86_400_000;
const SOON = 30;

/**
 * The block that lets a person choose. `onChoice` hears of each choice, and of null when there is none any more.
 *
 * @param {Page} page
 * @param {(choice: Choice | null) => void} onChoice
 */
export function chooser(page, onChoice) {
  return new Chooser(page, onChoice).element;
}

class Chooser {
  /** @type {Choice[]} */
  #choices = [];
  /** Counts the searches, so that the answer of an older one is dropped. */
  #search = 0;

  /** @param {Page} page @param {(choice: Choice | null) => void} onChoice */
  constructor(page, onChoice) {
    this.page = page;
    this.onChoice = onChoice;
    const { say } = page;
    this.list = h("div", { class: "found" });
    this.message = h("div", { role: "status" });
    this.again = button(say("other_certificate"), () => this.#ask(), { class: "quiet" });
    this.ask = h("div", { class: "ask" }, ...this.#pickers(), help(page));
    this.element = h("div", { class: "chooser" }, this.ask, this.message, this.list, this.again);
    hide(true, this.again);
    this.#dropOn(this.element);
    void this.#showKept();
  }

  #pickers() {
    const { say } = this.page;
    const folder = h("input", {
      type: "file",
      webkitdirectory: true,
      multiple: true,
      class: "away",
      tabindex: -1,
      "aria-hidden": "true",
      id: "pick-folder",
    });
    const files = h("input", {
      type: "file",
      multiple: true,
      class: "away",
      tabindex: -1,
      "aria-hidden": "true",
      id: "pick-files",
    });
    for (const input of [folder, files]) {
      input.addEventListener("change", () => {
        const chosen = ofFiles(input.files ?? []);
        // The same choice again has to be heard of too.
        input.value = "";
        if (chosen.length > 0) void this.#look(async () => chosen);
      });
    }
    return [
      h(
        "div",
        { class: "pickers" },
        button(say("choose_folder"), () => folder.click(), { class: "primary" }),
        button(say("choose_files"), () => files.click()),
        folder,
        files,
      ),
      h("p", { class: "soft" }, say("choose_files_note"), " · ", say("drop_here")),
      h("p", { class: "safe" }, say("never_leaves")),
    ];
  }

  /** @param {HTMLElement} element */
  #dropOn(element) {
    element.addEventListener("dragover", (event) => {
      event.preventDefault();
      element.classList.add("over");
    });
    element.addEventListener("dragleave", () => element.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      element.classList.remove("over");
      const { dataTransfer } = event;
      if (dataTransfer) {
        // The list of what was dropped is gone once this handler returns.
        const files = ofDrop(dataTransfer);
        void this.#look(() => files);
      }
    });
  }

  async #showKept() {
    const kept = await store.list();
    if (kept.length === 0 || this.#search > 0) return;
    this.#search += 1;
    const search = this.#search;
    const lists = await Promise.all(kept.map((one) => this.#find(ofKept(one))));
    if (search !== this.#search) return;
    const choices = kept.flatMap((one, at) =>
      (lists[at] ?? []).slice(0, 1).map((found) => ({ found, kept: one })),
    );
    if (choices.length > 0) this.#show(choices, this.page.say("remembered"));
  }

  /** @param {() => Promise<ChosenFile[]>} get */
  async #look(get) {
    this.#search += 1;
    const search = this.#search;
    const { say, language } = this.page;
    this.onChoice(null);
    fill(this.list);
    fill(this.message, h("p", { class: "soft" }, say("reading_files")));
    try {
      const found = await this.#find(await get());
      if (search !== this.#search) return;
      if (found.length === 0) throw refuse("nothing_found");
      fill(this.message, h("p", { class: "away" }, say("found_n", { n: found.length })));
      this.#show(
        found.map((one) => ({ found: one, kept: null })),
        say("found"),
      );
    } catch (error) {
      if (search === this.#search)
        fill(this.message, h("p", { class: "problem" }, sentence(asRefusal(error), language)));
    }
  }

  /** @param {ChosenFile[]} files */
  #find(files) {
    return findKeys(files, { at: new Date(this.page.now()) });
  }

  #ask() {
    this.#search += 1;
    this.#choices = [];
    this.onChoice(null);
    fill(this.list);
    fill(this.message);
    hide(false, this.ask);
    hide(true, this.again);
    this.ask.querySelector("button")?.focus();
  }

  /** @param {Choice[]} choices @param {string} legend */
  #show(choices, legend) {
    // Those that can be used first; among them the order in which they were found.
    this.#choices = [...choices].sort(
      (left, right) => Number(unusable(left.found)) - Number(unusable(right.found)),
    );
    hide(true, this.ask);
    hide(false, this.again);
    const options = this.#choices.map((choice, at) => this.#option(choice, at));
    fill(this.list, h("fieldset", {}, h("legend", {}, legend), ...options));
    const usable = this.#choices.filter(({ found }) => !unusable(found));
    const obvious = usable.length === 1 ? usable : usable.filter((choice) => this.#isRegistered(choice));
    const [only] = obvious;
    if (only && obvious.length === 1)
      this.list.querySelectorAll("input")[this.#choices.indexOf(only)]?.click();
  }

  /** Whether it is registered for a supplier of the documents to be signed. @param {Choice} choice */
  #isRegistered({ found }) {
    const { invoices, known_certificates } = this.page.context;
    return known_certificates.some(
      ({ business, fingerprint, verdict }) =>
        verdict === "matches" &&
        fingerprint === found.certificate?.fingerprint &&
        invoices.some((invoice) => invoice.business === business),
    );
  }

  /** @param {Choice} choice @param {number} at */
  #option(choice, at) {
    const { say, language } = this.page;
    const { found, kept } = choice;
    const off = unusable(found);
    const radio = h("input", {
      type: "radio",
      name: "certificate",
      id: `certificate-${at}`,
      disabled: off,
      "aria-describedby": `certificate-${at}-facts`,
    });
    radio.addEventListener("change", () => this.onChoice(choice));
    const name = found.certificate?.owner ?? kept?.name ?? found.label;
    return h(
      "div",
      { class: off ? "option off" : "option" },
      radio,
      h(
        "div",
        {},
        h("label", { for: `certificate-${at}` }, foreign(name)),
        h(
          "div",
          { id: `certificate-${at}-facts` },
          found.certificate
            ? this.#facts(found.certificate)
            : found.problems.length === 0 && h("p", { class: "soft" }, say("pfx_unknown")),
          ...found.problems.map((one) =>
            h(
              "p",
              { class: one.severity === "warning" ? "caution" : "why-not" },
              h("b", {}, `${say(one.severity === "warning" ? "caution" : "not_usable")}: `),
              sentence(one, language),
            ),
          ),
        ),
      ),
      kept &&
        button(say("forget"), () => void this.#forget(choice), {
          class: "quiet",
          "aria-label": say("forget_this", { name }),
        }),
    );
  }

  /** @param {import("./certificate.js").Certificate} certificate */
  #facts(certificate) {
    const { say, language, now } = this.page;
    const days = Math.floor((certificate.notAfter.getTime() - now()) / DAY);
    const korean = new Date(certificate.notAfter.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
    const left =
      days >= 0 && days <= SOON ? h("b", { class: "caution" }, ` ${say("days_left", { n: days })}`) : null;
    return h(
      "dl",
      { class: "facts" },
      h(
        "div",
        {},
        h("dt", {}, say("use")),
        h(
          "dd",
          {},
          certificate.policy ? certificate.policy[language] : foreign(certificate.policyOids.join(", ")),
        ),
      ),
      h("div", {}, h("dt", {}, say("authority")), h("dd", {}, foreign(certificate.ca))),
      h("div", {}, h("dt", {}, say("valid_to")), h("dd", {}, korean, left)),
    );
  }

  /** @param {Choice} choice */
  async #forget({ kept }) {
    if (kept) await store.forget(kept.id).catch(() => undefined);
    this.onChoice(null);
    const rest = this.#choices.filter((one) => one.kept !== kept);
    if (rest.length > 0) this.#show(rest, this.page.say("remembered"));
    else this.#ask();
  }
}

/** @param {Found} found */
function unusable(found) {
  return found.problems.some((problem) => problem.severity === "error");
}

/** @param {Page} page */
function help({ say, announce }) {
  const own = systemOf(navigator.userAgent);
  const others = SYSTEMS.filter((system) => system !== own);
  /** @param {System} system */
  const content = (system) => {
    const paths = PLACES[system].map((place) => {
      const path = typed(place, system);
      const copy = async () => {
        await navigator.clipboard.writeText(path);
        announce(say("copied"));
      };
      const label = `${say("copy_path")}: ${path}`;
      const act = button(say("copy_path"), () => void copy(), { class: "quiet", "aria-label": label });
      return h("li", {}, h("code", {}, path), act);
    });
    return [h("p", {}, say(`help_${system}`)), paths.length > 0 && h("ul", { class: "paths" }, ...paths)];
  };
  return h(
    "details",
    { class: "help" },
    h("summary", {}, say("help")),
    ...content(own),
    h("p", {}, say("help_usb")),
    ...others.map((system) => h("details", {}, h("summary", {}, say(system)), ...content(system))),
  );
}

const SYSTEMS = /** @type {System[]} */ (Object.keys(PLACES));

/**
 * Keep the files of this choice for the next time.
 *
 * @param {Found} found @param {import("./certificate.js").Certificate} certificate @param {number} now
 */
export async function remember(found, certificate, now) {
  const names = found.kind === "pfx" ? ["certificate.pfx"] : ["signCert.der", "signPri.key"];
  const files = await Promise.all(
    found.files.map(async (file, at) => ({ name: names[at] ?? file.name, content: await file.bytes() })),
  );
  await store.keep({ id: certificate.fingerprint, name: certificate.owner, files, keptAt: now });
}
