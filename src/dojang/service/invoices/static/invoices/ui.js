/** Elements made from text, never from markup, and words in the person's language. */

/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */
/** @typedef {{ko: string, en: string}} Said */

const KOREAN = document.documentElement.lang !== "en";

/** @param {string} ko @param {string} en */
export function say(ko, en) {
  return KOREAN ? ko : en;
}

/** @param {Said} said */
export function text(said) {
  return say(said.ko, said.en);
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter(Boolean)));
  return element;
}

/** @param {string} label @param {() => void} act @param {Attributes} [attributes] */
export function button(label, act, attributes = {}) {
  const element = h("button", { type: "button", class: "button", ...attributes }, label);
  element.addEventListener("click", act);
  return element;
}

/** @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {(Node | string)[]} */ (children.filter(Boolean)));
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no #${id}`);
  return element;
}

/** @param {string} id */
export function input(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * The radio buttons of a name, as one value.
 * @param {string} name
 */
export function radios(name) {
  const all = () =>
    /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[type=radio][name="${name}"]`)]);
  return {
    all,
    get value() {
      return all().find((one) => one.checked)?.value ?? "";
    },
    set value(value) {
      for (const one of all()) one.checked = one.value === value;
    },
    /** @param {boolean} disabled */
    disable(disabled) {
      for (const one of all()) one.disabled = disabled;
    },
  };
}

/** Whether a key belongs to an input method that is still composing a syllable. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * One dialog for everything that interrupts.
 * @param {string} title @param {Child[]} body @param {{wide?: boolean}} [options]
 */
export function openDialog(title, body, options = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  dialog.classList.toggle("wide", options.wide ?? false);
  fill(byId("dialog-title"), title);
  fill(byId("dialog-body"), ...body);
  if (!dialog.open) dialog.showModal();
}

export function closeDialog() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  if (dialog.open) dialog.close();
  fill(byId("dialog-body"));
}
