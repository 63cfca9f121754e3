/** The customer's form: what the tax office says of a number while it is typed. */

const form = document.getElementById("answer");
const PAUSE_MS = 600;

/** @param {string} typed */
function digits(typed) {
  return typed.normalize("NFKC").replace(/[\s-]/g, "");
}

/** @param {HTMLFormElement} of */
function checkWhileTyping(of) {
  const field = of.querySelector('input[name="number"]');
  const told = document.getElementById("number-told");
  const url = of.getAttribute("data-check");
  if (!(field instanceof HTMLInputElement) || !told || !url) return;
  /** @type {number | undefined} */
  let waiting;
  let asked = digits(field.value);

  async function ask() {
    const number = digits(/** @type {HTMLInputElement} */ (field).value);
    if (number === asked) return;
    asked = number;
    told?.replaceChildren();
    if (!/^\d{10}$/.test(number)) return;
    try {
      const response = await fetch(/** @type {string} */ (url), {
        method: "POST",
        body: new URLSearchParams({ number }),
        credentials: "omit",
        headers: { accept: "application/json" },
      });
      if (!response.ok || number !== asked) return;
      const said = await response.json();
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.dataset.state = said.state;
      badge.textContent = document.documentElement.lang === "en" ? said.en : said.ko;
      if (badge.textContent) told?.replaceChildren(badge);
    } catch {
      // It is asked again when the form is sent.
    }
  }

  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE_MS);
  });
}

if (form instanceof HTMLFormElement) checkWhileTyping(form);
