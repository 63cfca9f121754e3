/** A text field with suggestions: the ARIA combobox pattern with a list that opens below. */

import { byId, fill, h, isComposing, say } from "./ui.js";

/**
 * @template Option
 * @typedef {object} Options
 * @property {(text: string, signal: AbortSignal) => Promise<Option[]>} search
 * @property {(option: Option) => Node[]} show
 * @property {(option: Option) => void} choose
 * @property {string} label of the list
 * @property {boolean} eager whether the first one is taken by Enter without moving to it
 */

const PAUSE = 120;
let lists = 0;

/**
 * @template Option
 * @param {HTMLInputElement} field @param {Options<Option>} options
 */
export function combobox(field, options) {
  lists += 1;
  const list = h("ul", {
    class: "options",
    role: "listbox",
    id: `options-${lists}`,
    "aria-label": options.label,
    hidden: true,
  });
  const told = h("span", { class: "visually-hidden", role: "status" });
  byId("main").append(list, told);
  /** @type {Option[]} */
  let found = [];
  let active = -1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asking = new AbortController();

  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    field.setAttribute(name, value);
  }

  const isOpen = () => !list.hidden;

  function close() {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function place() {
    const box = field.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 256), document.documentElement.clientWidth - 16);
    list.style.width = `${width}px`;
    list.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8)) + scrollX}px`;
    list.style.top = `${box.bottom + scrollY + 2}px`;
  }

  function open() {
    fill(
      list,
      ...found.map((option, at) => {
        const item = h(
          "li",
          { role: "option", id: `${list.id}-${at}`, "aria-selected": "false" },
          ...options.show(option),
        );
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          pick(at);
        });
        return item;
      }),
    );
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(isOpen()));
    told.textContent = say(`${found.length}개 찾음`, `${found.length} found`);
    if (isOpen()) place();
    move(options.eager && found.length ? 0 : -1);
  }

  /** @param {number} to */
  function move(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const item = list.children[active];
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) field.setAttribute("aria-activedescendant", item.id);
    else field.removeAttribute("aria-activedescendant");
  }

  /** @param {number} at */
  function pick(at) {
    const option = found[at];
    close();
    if (option !== undefined) options.choose(option);
  }

  async function look() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const answer = await options.search(field.value, signal);
    if (signal.aborted || document.activeElement !== field) return;
    found = answer;
    open();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  field.addEventListener("blur", close);
  addEventListener("resize", () => {
    if (isOpen()) place();
  });
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" && event.altKey) void look();
    else if (!isOpen()) return;
    else if (event.key === "ArrowDown") move((active + 1) % found.length);
    else if (event.key === "ArrowUp") move(active <= 0 ? found.length - 1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0 && !event.ctrlKey && !event.altKey) pick(active);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  return {
    isOpen,
    close,
    look,
    remove() {
      close();
      list.remove();
      told.remove();
    },
  };
}
