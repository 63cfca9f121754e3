/** The form of a counterparty: only the fields of the chosen kind are shown. Without script, all of them are. */

const form = document.getElementById("counterparty-form");

/** @param {HTMLFormElement} shown */
function showKind(shown) {
  const kind = new FormData(shown).get("kind");
  for (const part of shown.querySelectorAll("[data-kinds]")) {
    if (!(part instanceof HTMLElement)) continue;
    const kinds = (part.dataset.kinds ?? "").split(" ");
    part.hidden = typeof kind === "string" && !kinds.includes(kind);
  }
}

if (form instanceof HTMLFormElement) {
  showKind(form);
  form.addEventListener("change", () => showKind(form));
}
