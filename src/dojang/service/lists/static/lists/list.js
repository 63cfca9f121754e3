/**
 * Lists by keyboard: j and k (or the arrows) go from row to row, Enter opens, x ticks, / searches, n writes a new one,
 * ? tells all that. And sums that take a moment come after the page. Without this script everything is there, too.
 */

const rows = /** @type {HTMLTableRowElement[]} */ ([...document.querySelectorAll("tr[data-row]")]);
const help = document.querySelector("dialog#list-keys");

/** @param {EventTarget | null} target whether what is pressed there is typed */
function isTyped(target) {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== "checkbox")
  );
}

/** The row that has the focus, or -1. */
function current() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

/** @param {number} step */
function go(step) {
  const at = current();
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  const link = rows[next]?.querySelector("a.row-link");
  if (link instanceof HTMLElement) {
    link.focus();
  }
}

function tick() {
  const box = rows[current()]?.querySelector("input[type=checkbox]");
  if (box instanceof HTMLElement) {
    box.click();
  }
}

function search() {
  const field = document.getElementById("list-q");
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

/** @type {Record<string, () => void>} */
const keys = {
  j: () => go(1),
  ArrowDown: () => go(1),
  k: () => go(-1),
  ArrowUp: () => go(-1),
  x: tick,
  "/": search,
  n: () => {
    const link = document.querySelector("a[data-new]");
    if (link instanceof HTMLElement) {
      link.click();
    }
  },
  "?": () => {
    if (help instanceof HTMLDialogElement) {
      help.showModal();
    }
  },
};

document.addEventListener("keydown", (event) => {
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = Object.hasOwn(keys, pressed) ? keys[pressed] : undefined;
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyped(event.target);
  // Arrows move the page until a row has the focus.
  const isPageMoved = pressed.startsWith("Arrow") && current() < 0;
  if (!action || busy || isPageMoved || (help instanceof HTMLDialogElement && help.open)) {
    return;
  }
  event.preventDefault();
  action();
});

/* --- how many are ticked, and all of them at once --- */

const form = document.querySelector("form[data-list]");
const boxes = /** @type {HTMLInputElement[]} */ ([
  ...document.querySelectorAll("td.tick input[type=checkbox]"),
]);
const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button[data-batch]")]);
const words = buttons.map((button) => button.textContent?.trim() ?? "");

/** @type {HTMLInputElement | undefined} */
let all;

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  for (const [place, button] of buttons.entries()) {
    button.textContent = ticked > 0 ? `${words[place]} (${ticked})` : (words[place] ?? "");
  }
  if (all) {
    all.checked = ticked === boxes.length && ticked > 0;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
}

const head = document.querySelector("th.tick");
if (head && boxes.length > 0) {
  all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute(
    "aria-label",
    document.documentElement.lang === "ko" ? "이 쪽 모두 선택" : "Tick the whole page",
  );
  all.addEventListener("change", () => {
    for (const box of boxes) {
      box.checked = all?.checked ?? false;
    }
    count();
  });
  head.append(all);
}
form?.addEventListener("change", count);
// What was ticked before going back is ticked still.
addEventListener("pageshow", count);

/* --- sums that come after the page --- */

const sums = document.querySelector("[data-totals-url]");

/** @param {HTMLElement} place */
async function load(place) {
  const address = place.dataset["totalsUrl"];
  if (!address) {
    return;
  }
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    return;
  }
  const told = /** @type {{sums: Record<string, string>, tabs: Record<string, string>}} */ (
    await answer.json()
  );
  for (const [name, text] of Object.entries(told.sums)) {
    const shown = place.querySelector(`[data-sum="${name}"]`);
    if (shown) {
      shown.textContent = text;
    }
  }
  for (const shown of document.querySelectorAll("[data-tab]")) {
    if (shown instanceof HTMLElement) {
      shown.textContent = told.tabs[shown.dataset["tab"] ?? ""] ?? "";
    }
  }
  place.querySelector("[data-totals-now]")?.remove();
}

if (sums instanceof HTMLElement) {
  // Where it fails, the link that asks for them stays.
  load(sums).catch(() => {});
}
