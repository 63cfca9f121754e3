// The box above the list of events narrows it while somebody types; without it the list is whole.

for (const list of document.querySelectorAll("[data-events]")) {
  if (list instanceof HTMLElement) search(list);
}

/** @param {HTMLElement} list */
function search(list) {
  const field = list.querySelector("input[type=search]");
  const said = list.querySelector("[data-found]");
  if (!(field instanceof HTMLInputElement && said instanceof HTMLElement)) return;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const group of list.querySelectorAll("[data-group]")) {
      let here = 0;
      for (const event of group.querySelectorAll("button.event")) {
        if (!(event instanceof HTMLElement)) continue;
        const text = (event.textContent ?? "").toLowerCase();
        event.hidden = !words.every((word) => text.includes(word));
        if (!event.hidden) here += 1;
      }
      if (group instanceof HTMLElement) group.hidden = here === 0;
      found += here;
    }
    said.textContent = found === 0 ? (said.dataset.none ?? "") : "";
  });
  field.addEventListener("keydown", (key) => {
    // Enter in the box chooses nothing: what is pressed there is the search itself.
    if (key.key === "Enter") key.preventDefault();
  });
}
