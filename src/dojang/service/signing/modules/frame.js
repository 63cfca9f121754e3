/** What both pages have around their content: which way out is on, the way back, the version of the modules. */

import { clockOf, readContext, version } from "./context.js";
import { asRefusal } from "./session.js";
import { append, byId, fill, h, sentence } from "./ui.js";
import { speaker } from "./words.js";

/** @typedef {import("./words.js").Language} Language */
/** @typedef {import("./words.js").Say} Say */
/**
 * @typedef {{context: import("./context.js").Context, say: Say, language: Language, now: () => number,
 *   main: HTMLElement, announce: (text: string) => void}} Page
 */

/**
 * Build a page into the empty one of the template.
 *
 * @param {import("./words.js").Word} title
 * @param {(page: Page) => Promise<void>} build
 * @param {(context: import("./context.js").Context) => string} back
 */
export async function start(title, build, back) {
  const context = readContext();
  const language = context.language === "en" ? "en" : "ko";
  const say = speaker(language);
  document.documentElement.lang = language;
  document.title = `${say(title)} · ${say("product")}`;
  const main = byId("main");
  const live = byId("live");
  // Whatever is not said to be a rehearsal is taken for real.
  const sandbox = context.mode === "sandbox";
  fill(
    byId("bar"),
    h("b", { class: "product" }, say("product")),
    h(
      "span",
      { class: sandbox ? "badge sandbox" : "badge real" },
      say(sandbox ? "mode_sandbox" : "mode_nts"),
    ),
    h("a", { class: "back", href: back(context) }, say("back")),
  );
  fill(main);
  fill(byId("foot"), `${say("version")} `, h("code", {}, version()));
  /** @param {string} text */
  const announce = (text) => {
    live.textContent = text;
  };
  try {
    await build({ context, say, language, now: clockOf(context), main, announce });
  } catch (error) {
    append(main, problem(asRefusal(error), language));
  }
}

/**
 * A refusal, for everybody to see and hear.
 *
 * @param {import("./errors.js").Refusal} refusal @param {Language} language
 */
export function problem(refusal, language) {
  return h("p", { class: "problem", role: "alert" }, sentence(refusal, language));
}

/**
 * What becomes of documents that are signed on this page.
 *
 * @param {Page} page
 */
export function modeNote({ context, say }) {
  const sandbox = context.mode === "sandbox";
  const note = say(sandbox ? "mode_sandbox_note" : "mode_nts_note");
  return h("p", { class: sandbox ? "mode sandbox" : "mode real" }, note);
}
