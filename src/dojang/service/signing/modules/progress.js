/** What goes on while documents are signed and handed in: how far, whether the connection holds, and a way out. */

import { button, fill, h, hide } from "./ui.js";

/** @typedef {import("./frame.js").Page} Page */

// Screen readers are told now and then, not for every document.
const SPOKEN_EVERY = 5_000;

/**
 * @param {Page} page @param {number} total
 * @param {{cancel: () => void, goOn: () => void}} acts
 */
export function progressOf(page, total, { cancel, goOn }) {
  const { say, announce, context } = page;
  const bar = h("progress", { max: total, value: 0, "aria-label": say("signing") });
  const text = h("p", { class: "counts", "aria-hidden": "true" });
  const notice = h("div", { class: "notice" });
  const stop = button(say("cancel"), () => {
    cancel();
    stop.disabled = true;
    fill(notice, h("p", { role: "status" }, say("cancelling")));
  });
  const title = h("h2", { tabindex: -1 }, say("signing"));
  const element = h(
    "section",
    { class: "card signing" },
    title,
    bar,
    text,
    notice,
    h("p", { class: "soft" }, say("keep_open")),
    stop,
  );
  let spoken = 0;

  /** @param {import("./session.js").Progress} progress */
  const show = ({ signed, issued, refused }) => {
    bar.value = (signed + issued + refused) / 2;
    const counts = say("progress", { signed, issued, total });
    const said = refused > 0 ? `${counts} · ${say("progress_refused", { n: refused })}` : counts;
    text.textContent = said;
    if (performance.now() - spoken > SPOKEN_EVERY) {
      spoken = performance.now();
      announce(said);
    }
  };
  show({ total, signed: 0, issued: 0, refused: 0 });

  /** @param {import("./client.js").Connection} connection */
  const connection = (connection) => {
    if (stop.disabled) return;
    if (connection === "connected") {
      fill(notice);
      announce(say("connected"));
    } else if (connection === "waiting") {
      fill(notice, h("p", { role: "alert" }, say("waiting")));
    } else {
      const logIn = h(
        "a",
        { class: "button", href: context.urls.renew, target: "_blank", rel: "noopener" },
        say("log_in"),
      );
      fill(
        notice,
        h("p", { role: "alert" }, say("session_lost")),
        h("div", { class: "pickers" }, logIn, button(say("go_on"), goOn)),
      );
    }
    hide(notice.childNodes.length === 0, notice);
  };
  return { element, title, show, connection };
}
