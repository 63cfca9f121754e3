/**
 * The page that registers a certificate for a business. Like page.js it runs only with the import map of its response.
 */

import { Client, pause } from "dojang/client.js";
import { start } from "dojang/frame.js";
import { opener } from "dojang/opener.js";
import { refuse } from "dojang/errors.js";
import { register } from "dojang/registering.js";
import { signerFacts } from "dojang/session.js";
import { append, fill, foreign, h, numberShown } from "dojang/ui.js";

/** @typedef {import("./frame.js").Page} Page */
/** @typedef {import("./openedkey.js").OpenedKey} OpenedKey */

await start("register_title", build, (context) => context.urls.certificates);

/** @param {Page} page */
async function build(page) {
  const { context, say, main, announce } = page;
  const { businesses } = context;
  const client = new Client(context, { pause });
  const place = h("div", { class: "narrow" });
  append(main, place);
  const options = businesses.map(({ id, number, name }) =>
    h("option", { value: id }, `${name} (${numberShown(number)})`),
  );
  const select = h("select", { id: "business" }, ...options);

  /** @param {OpenedKey} key @param {(text: string) => void} tell */
  const use = async (key, tell) => {
    const business = businesses.find(({ id }) => String(id) === select.value);
    if (business === undefined || (await key.matches(business.number)) !== true)
      throw refuse("not_this_business_number");
    tell(say("registering"));
    const signer = await signerFacts(key, context.transmitter);
    // A known verdict is no reason not to ask: whoever registers anew wants the server to have it.
    await register({
      client,
      key,
      signer,
      business: business.id,
      context,
      known: [],
      signal: new AbortController().signal,
      pause,
    });
    const title = h("h1", { tabindex: -1 }, say("registered"));
    fill(
      place,
      title,
      h("p", {}, say("registered_note", { name: business.name })),
      h(
        "p",
        { class: "way-back" },
        h("a", { class: "button primary", href: context.urls.new_invoice }, say("write_one")),
        " ",
        h("a", { class: "button", href: context.urls.certificates }, say("back")),
      ),
    );
    title.focus();
    announce(say("registered"));
  };

  const [only] = businesses;
  fill(
    place,
    h("h1", {}, say("register_title")),
    h("p", { class: "soft" }, say("register_lead")),
    h(
      "div",
      { class: "card" },
      h("label", { for: "business", class: "strong" }, say("register_business")),
      businesses.length === 1 && only
        ? h(
            "p",
            {},
            foreign(only.name),
            " ",
            h("span", { class: "soft" }, numberShown(only.number)),
            h("span", { hidden: true }, select),
          )
        : select,
    ),
    demoNote(page, select),
    opener(page, say("register"), use),
  );
}

/**
 * In the demo: where somebody without a certificate of that business gets one.
 *
 * @param {Page} page @param {HTMLSelectElement} select
 */
function demoNote({ context, say }, select) {
  const { demo } = context;
  if (demo === undefined) return null;
  const link = h("a", { class: "button", download: "" }, say("test_certificate"));
  const point = () => {
    link.href = demo.certificate.replace("{id}", select.value);
  };
  select.addEventListener("change", point);
  point();
  const note = say("test_certificate_note", { passphrase: demo.passphrase });
  return h("div", { class: "card" }, h("p", {}, note), h("p", {}, link));
}
