/**
 * The page that issues: it reads the documents from the bytes to be signed, shows them, opens the certificate that a
 * person chooses, signs, and hands in. The key and its passphrase stay here.
 *
 * The bare names resolve through the import map that the response's policy allows by its hash: without that map, and
 * the hashes of the modules in it, nothing of this runs.
 */

import { Client, pause } from "dojang/client.js";
import { showDocuments } from "dojang/documents.js";
import { refuse } from "dojang/errors.js";
import { modeNote, problem, start } from "dojang/frame.js";
import { opener } from "dojang/opener.js";
import { showOutcome, showRefused } from "dojang/outcome.js";
import { progressOf } from "dojang/progress.js";
import { register } from "dojang/registering.js";
import { asRefusal, prepare, signAll, signerFacts } from "dojang/session.js";
import { append, fill, h } from "dojang/ui.js";

/** @typedef {import("./frame.js").Page} Page */
/** @typedef {import("./openedkey.js").OpenedKey} OpenedKey */
/** @typedef {import("./session.js").Prepared} Prepared */
/** @typedef {import("./session.js").Refused} Refused */

class IssuingPage {
  /** Ends a pause of the client early. @type {() => void} */
  #wake = () => undefined;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.client = new Client(page.context, {
      pause: (milliseconds, signal) =>
        Promise.race([
          pause(milliseconds, signal),
          new Promise((resolve) => (this.#wake = () => resolve(undefined))),
        ]),
    });
    this.place = h("div", {});
    append(page.main, modeNote(page), this.place);
  }

  async run() {
    const { context, say, language } = this.page;
    const { invoices, businesses } = context;
    const loading = h(
      "p",
      { class: "soft", role: "status" },
      say("loading", { ready: 0, total: invoices.length }),
    );
    fill(this.place, h("h1", {}, say("title_loading")), loading);
    try {
      const { prepared, refused } = await prepare({
        client: this.client,
        invoices,
        businesses,
        signal: new AbortController().signal,
        onProgress: (ready, total) => {
          loading.textContent = say("loading", { ready, total });
        },
      });
      this.#offer(prepared, refused);
    } catch (error) {
      fill(this.place, h("h1", {}, say("title_loading")), problem(asRefusal(error), language));
    }
  }

  /**
   * Show what is to be signed, beside it the certificate to sign with.
   *
   * @param {Prepared[]} prepared @param {Refused[]} refused
   */
  #offer(prepared, refused) {
    const { page } = this;
    const { say } = page;
    const title = h(
      "h1",
      { tabindex: -1 },
      prepared.length > 0 ? say("title", { n: prepared.length }) : say("nothing_to_sign"),
    );
    fill(this.place, title, refused.length > 0 && showRefused(page, "not_issuable", refused));
    if (prepared.length === 0) {
      append(
        this.place,
        h("p", {}, h("a", { class: "button primary", href: page.context.urls.done }, say("back_to_list"))),
      );
      return;
    }
    const side = h("div", { class: "side" });
    const use = (/** @type {OpenedKey} */ key, /** @type {(text: string) => void} */ tell) =>
      this.#sign(prepared, key, tell, side);
    append(side, opener(page, say("issue_n", { n: prepared.length }), use));
    append(
      this.place,
      h(
        "div",
        { class: "columns" },
        h(
          "section",
          { class: "card" },
          h("h2", {}, say("documents")),
          h("p", { class: "soft" }, say("read_from_bytes")),
          showDocuments(
            prepared.map(({ read }) => read.document),
            page,
          ),
        ),
        side,
      ),
    );
    title.focus();
  }

  /**
   * Everything that this key may sign, in one go.
   *
   * @param {Prepared[]} prepared @param {OpenedKey} key @param {(text: string) => void} tell @param {HTMLElement} side
   */
  async #sign(prepared, key, tell, side) {
    const { page, client } = this;
    const { context, say, now } = page;
    const { own, others } = await this.#divide(prepared, key);
    const stop = new AbortController();
    const signer = await signerFacts(key, context.transmitter);
    tell(say("registering"));
    for (const business of new Set(own.map(({ invoice }) => invoice.business))) {
      const { known_certificates: known } = context;
      await register({ client, key, signer, business, context, known, signal: stop.signal, pause });
    }
    const progress = progressOf(page, own.length, { cancel: () => stop.abort(), goOn: () => this.#wake() });
    client.onConnection = progress.connection;
    fill(side, progress.element);
    progress.title.focus();
    globalThis.addEventListener("beforeunload", warn);
    try {
      const { businesses } = context;
      const signal = stop.signal;
      const outcome = await signAll({
        client,
        prepared: own,
        key,
        signer,
        businesses,
        now,
        signal,
        onProgress: progress.show,
      });
      const end = showOutcome(page, outcome, others, () => this.#offer(others, []));
      fill(this.place, end.element);
      end.title.focus();
      page.announce(end.title.textContent ?? "");
    } finally {
      globalThis.removeEventListener("beforeunload", warn);
      client.onConnection = () => undefined;
    }
  }

  /**
   * The documents of the business that the certificate was issued to, and the others.
   *
   * @param {Prepared[]} prepared @param {OpenedKey} key
   */
  async #divide(prepared, key) {
    /** @type {Prepared[]} */
    const own = [];
    /** @type {Prepared[]} */
    const others = [];
    /** @type {Map<string, boolean>} */
    const verdicts = new Map();
    for (const one of prepared) {
      const number = one.read.document.signerNumber;
      if (!verdicts.has(number)) verdicts.set(number, (await key.matches(number)) === true);
      (verdicts.get(number) ? own : others).push(one);
    }
    if (own.length === 0) throw refuse("not_this_business_number");
    return { own, others };
  }
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}

await start(
  "title_loading",
  (page) => new IssuingPage(page).run(),
  (context) => context.urls.done,
);
