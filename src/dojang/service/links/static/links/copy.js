/** Copies the address of a link; where that is not possible, its field is there to be copied by hand. */

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const field = document.getElementById(button.dataset.copy ?? "");
  const status = document.querySelector("[data-copy-status]");
  if (!(field instanceof HTMLInputElement)) return;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.focus();
    field.select();
    return;
  }
  if (status) status.textContent = button.dataset.copied ?? "";
  const said = button.textContent;
  button.textContent = button.dataset.copied ?? said;
  window.setTimeout(() => {
    button.textContent = said;
  }, 2000);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => void copy(button));
}
