// Quantity times price becomes the supply amount, where none was typed; the tax follows it (records/paper.js).
// Without it the server works both out.

const MOST_DIGITS = 24;
const form = document.getElementById("paper");
if (form instanceof HTMLFormElement) listen(form);

/** @param {HTMLFormElement} written */
function listen(written) {
  written.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.name.startsWith("supply_") && event.isTrusted) field.dataset.typed = field.value ? "1" : "";
    const line = /^(?:quantity|price)_(\d+)$/.exec(field.name)?.[1];
    if (line) multiply(written, line);
  });
}

/** @param {HTMLFormElement} written @param {string} line */
function multiply(written, line) {
  const [quantity, price, supply] = ["quantity", "price", "supply"].map((name) =>
    written.elements.namedItem(`${name}_${line}`),
  );
  if (!(supply instanceof HTMLInputElement) || supply.dataset.typed) return;
  const [count, each] = [hundredths(quantity), hundredths(price)];
  if (count === null || each === null) return;
  supply.value = String((count * each) / 10_000n);
  supply.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * A typed number in hundredths; null where there is none.
 * @param {unknown} field
 */
function hundredths(field) {
  if (!(field instanceof HTMLInputElement)) return null;
  const typed = field.value.replaceAll(",", "").trim();
  const parts = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(typed);
  if (!parts || typed.length > MOST_DIGITS) return null;
  const [, sign, whole, cents = ""] = parts;
  return BigInt(`${sign}${whole}${cents.padEnd(2, "0")}`);
}
