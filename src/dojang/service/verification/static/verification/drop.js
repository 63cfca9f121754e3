/** Files dropped on the form are verified at once; without this script they are chosen and sent as any form is. */

const form = document.querySelector("form[data-drop]");
const input = form?.querySelector("input[type=file]");

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

if (form instanceof HTMLFormElement && input instanceof HTMLInputElement) {
  form.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.dataset.over = "";
  });
  form.addEventListener("dragleave", () => {
    delete form.dataset.over;
  });
  form.addEventListener("drop", (event) => {
    delete form.dataset.over;
    if (!hasFiles(event) || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    form.setAttribute("aria-busy", "true");
  });
}

// A page that comes back with verdicts begins with them, also for who does not see it.
document.querySelector("#answers")?.scrollIntoView({ block: "nearest" });
