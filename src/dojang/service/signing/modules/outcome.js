/** The end of a signing: what was issued, what was not and why, and the way back. */

import { button, cell, foreign, grouped, h, instantShown, row, rowsTable, sentence } from "./ui.js";

/** @typedef {import("./frame.js").Page} Page */
/** @typedef {import("./session.js").Outcome} Outcome */
/** @typedef {import("./session.js").Prepared} Prepared */
/** @typedef {import("./session.js").Refused} Refused */
/** @typedef {import("./words.js").Word} Word */

/**
 * @param {Page} page @param {Outcome} outcome
 * @param {Prepared[]} others  documents that need another certificate
 * @param {() => void} goOn  sign those
 */
export function showOutcome(page, outcome, others, goOn) {
  const { say, context } = page;
  const { issued, refused, unsent, unknown } = outcome;
  const title = h(
    "h1",
    { tabindex: -1 },
    issued.length > 0 ? say("issued_n", { n: issued.length }) : say("issued_none"),
  );
  // One document, and nothing else to see to: its own page is where people go next.
  const isAlone = !context.urls.then && others.length + refused.length === 0 && issued.length === 1;
  const [only] = isAlone ? issued : [];
  const leftOver = unsent.length + unknown.length > 0;
  const element = h(
    "div",
    { class: "outcome" },
    title,
    issued.length > 0 && leftOver && h("p", { class: "soft" }, say("how_to_undo")),
    refused.length > 0 && showRefused(page, "refused_n", refused),
    unknown.length > 0 && showLeft(page, "unknown_n", unknown, say("unknown_note")),
    unsent.length > 0 && showLeft(page, "unsent_n", unsent),
    others.length > 0 && showLeft(page, "others_n", others),
    others.length > 0 && button(say("others_go_on"), goOn, { class: "primary" }),
    issued.length > 0 && showIssued(page, outcome),
    h(
      "p",
      { class: "way-back" },
      only &&
        h(
          "a",
          {
            class: "button primary",
            href: context.urls.invoice.replace("{id}", String(only.prepared.invoice.id)),
          },
          say("look_at_it"),
        ),
      only && " ",
      h(
        "a",
        {
          class: others.length > 0 || only ? "button" : "button primary",
          href: context.urls.then ?? context.urls.done,
        },
        say(context.urls.then ? "go_on" : "back_to_list"),
      ),
    ),
  );
  return { element, title };
}

/** @param {Page} page @param {Outcome} outcome */
function showIssued(page, { issued }) {
  const { say, context } = page;
  const word = context.mode === "sandbox" ? "transmit_at_sandbox" : "transmit_at";
  const rows = issued.map(({ prepared, issued: one }) =>
    row(
      cell("who", foreign(prepared.read.document.buyer.name)),
      cell("id", prepared.read.document.issueId),
      cell("won total", grouped(prepared.read.document.totalAmount)),
      cell(
        "state",
        h("b", { class: "good" }, say("issued")),
        one.transmit_at
          ? h("span", { class: "soft" }, ` ${say(word, { at: instantShown(new Date(one.transmit_at)) })}`)
          : null,
      ),
    ),
  );
  return block("good", null, page, ["buyer", "issue_id", "total_amount", "state"], rows);
}

/**
 * @param {Page} page @param {Word} word @param {Refused[]} refused
 */
export function showRefused(page, word, refused) {
  const { say, language } = page;
  const rows = refused.map(({ invoice, read, refusal }) =>
    row(
      cell("who", read ? foreign(read.document.buyer.name) : `#${invoice.id}`),
      cell("won total", read ? grouped(read.document.totalAmount) : ""),
      cell("why", sentence(refusal, language)),
    ),
  );
  return block("bad", say(word, { n: refused.length }), page, ["buyer", "total_amount", "reason"], rows);
}

/** @param {Page} page @param {Word} word @param {Prepared[]} left @param {string} [note] */
function showLeft(page, word, left, note) {
  const rows = left.map(({ read: { document } }) =>
    row(
      cell("who", foreign(document.buyer.name)),
      cell("when", document.writtenOn),
      cell("won total", grouped(document.totalAmount)),
    ),
  );
  return block(
    "wait",
    page.say(word, { n: left.length }),
    page,
    ["buyer", "written_on", "total_amount"],
    rows,
    note,
  );
}

/**
 * @param {string} kind @param {string | null} title @param {Page} page @param {Word[]} heads
 * @param {HTMLTableRowElement[]} rows @param {string} [note]
 */
function block(kind, title, { say }, heads, rows, note) {
  const titles = heads.map((word) => ({ text: say(word), won: word.endsWith("amount") }));
  return h(
    "section",
    { class: `card ${kind}` },
    title !== null && h("h2", {}, title),
    note ? h("p", { class: "soft" }, note) : null,
    rowsTable(title ?? say("issued"), titles, rows),
  );
}
