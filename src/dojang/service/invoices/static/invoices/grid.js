/** The lines of an invoice as a table that is written like a spreadsheet. */

import { combobox } from "./combobox.js";
import {
  COLUMNS,
  MOST_ROWS,
  duplicate,
  includesTax,
  isEmpty,
  isOverride,
  isWrong,
  newRow,
  setCell,
  shown,
} from "./rows.js";
import { headings, readTable } from "./table.js";
import { button, fill, h, isComposing, say } from "./ui.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Column} Column */
/** @typedef {import("./rows.js").Rules} Rules */
/** @typedef {{name: string, specification: string, unit_price: string}} Remembered */
/** @typedef {{element: HTMLTableRowElement, cells: Map<Column, HTMLInputElement>, problems: HTMLElement, box: {remove: () => void, close: () => void}, said: string[]}} Line */

/** @type {Record<Column, {ko: string, en: string, numeric: boolean}>} */
const LABELS = {
  supplied_on: { ko: "월/일", en: "Date", numeric: false },
  name: { ko: "품목", en: "Item", numeric: false },
  specification: { ko: "규격", en: "Specification", numeric: false },
  quantity: { ko: "수량", en: "Quantity", numeric: true },
  price: { ko: "단가", en: "Unit price", numeric: true },
  total: { ko: "합계", en: "Total", numeric: true },
  supply: { ko: "공급가액", en: "Supply amount", numeric: true },
  tax: { ko: "세액", en: "Tax", numeric: true },
  remark: { ko: "비고", en: "Remark", numeric: false },
};

/**
 * @typedef {object} Options
 * @property {() => Rules} rules
 * @property {() => void} changed
 * @property {(message: string, undo?: () => void) => void} tell
 * @property {(text: string, signal: AbortSignal) => Promise<Remembered[]>} remembered
 */

export class Grid {
  /** @type {Row[]} */
  rows = [];
  /** @type {Map<Row, Line>} */
  #lines = new Map();
  #head = h("tr");
  #body = h("tbody");
  #options;

  /** @param {HTMLElement} place @param {Options} options */
  constructor(place, options) {
    this.#options = options;
    const table = h("table", { class: "table items" }, h("thead", {}, this.#head), this.#body);
    fill(
      place,
      h(
        "div",
        { class: "table-wrap", role: "region", tabindex: "-1", "aria-label": say("품목 표", "Items") },
        table,
      ),
    );
    this.#body.addEventListener("paste", (event) => this.#paste(event));
  }

  /** @param {Row[]} rows */
  load(rows) {
    for (const line of this.#lines.values()) line.box.remove();
    this.#lines.clear();
    this.rows = rows.length ? rows : [this.#fresh()];
    this.redraw();
  }

  /** Everything anew, from the rows. */
  redraw() {
    const columns = this.columns();
    fill(
      this.#head,
      ...columns.map((column) =>
        h("th", { scope: "col", class: LABELS[column].numeric ? "num" : null }, this.#label(column)),
      ),
      h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, say("줄", "Line"))),
    );
    for (const line of this.#lines.values()) line.box.remove();
    this.#lines.clear();
    fill(this.#body, ...this.rows.flatMap((row) => this.#draw(row)));
    this.#number();
    this.refresh();
  }

  /** What the cells show, as far as nobody is typing in them. */
  refresh() {
    const rules = this.#options.rules();
    for (const [row, line] of this.#lines) {
      for (const [column, cell] of line.cells) {
        if (document.activeElement !== cell) cell.value = shown(row, column, rules);
        const typed = isOverride(row, column, rules);
        cell.classList.toggle("typed", typed);
        cell.title = typed
          ? say(
              "직접 입력한 금액입니다. 비우면 자동으로 계산합니다.",
              "Typed by hand. Empty it to have it computed.",
            )
          : "";
        this.#mark(cell, isWrong(row, column, rules) || line.said.includes(column));
      }
    }
  }

  /** @returns {Column[]} */
  columns() {
    const rules = this.#options.rules();
    return COLUMNS.filter(
      (column) =>
        (column !== "total" || includesTax(rules)) && (column !== "tax" || rules.taxation === "taxable"),
    );
  }

  /** The rows that are sent, in their order. */
  get written() {
    return this.rows.filter((row) => !isEmpty(row));
  }

  /** @param {Row | undefined} row @param {Column} column */
  cell(row, column) {
    const line = row && this.#lines.get(row);
    return line?.cells.get(column) ?? line?.cells.get("supply");
  }

  /** @param {Row} row */
  holdsFocus(row) {
    return this.#lines.get(row)?.element.contains(document.activeElement) ?? false;
  }

  /** @param {Row} row @param {Column[]} columns @param {Node[]} messages */
  explain(row, columns, messages) {
    const line = this.#lines.get(row);
    if (!line) return;
    line.said = columns;
    line.problems.hidden = messages.length === 0;
    fill(/** @type {HTMLElement} */ (line.problems.firstElementChild), ...messages);
    this.refresh();
  }

  /** @param {FocusOptions} [options] */
  focusFirst(options) {
    const row = this.rows.find(isEmpty) ?? this.rows[0];
    this.cell(row, "name")?.focus(options);
  }

  add() {
    this.#insert(this.rows.length);
  }

  // --- lines -------------------------------------------------------------------------------------------------

  #fresh() {
    return newRow({ supplied_on: this.#options.rules().writtenOn });
  }

  /** @param {Column} column */
  #label(column) {
    const { ko, en } = LABELS[column];
    if (column === "price" && includesTax(this.#options.rules()))
      return say("단가(부가세 포함)", "Unit price (with VAT)");
    return say(ko, en);
  }

  /** @param {Row} row */
  #draw(row) {
    /** @type {Map<Column, HTMLInputElement>} */
    const cells = new Map();
    const parts = this.columns().map((column) => {
      const { numeric } = LABELS[column];
      const cell = h("input", {
        class: numeric ? "num" : null,
        inputmode: numeric ? "decimal" : null,
        "data-column": column,
        maxlength: "200",
        spellcheck: "false",
      });
      cells.set(column, cell);
      this.#listen(row, column, cell);
      return h("td", { class: `of-${column}`, "data-label": this.#label(column) }, cell);
    });
    const element = h("tr", {}, ...parts, h("td", { class: "of-actions" }, ...this.#actions(row)));
    element.addEventListener("keydown", (event) => this.#key(row, event));
    const problems = h("tr", { class: "problems", hidden: true }, h("td", { colspan: parts.length + 1 }));
    const name = /** @type {HTMLInputElement} */ (cells.get("name"));
    this.#lines.set(row, { element, cells, problems, box: this.#suggest(row, name), said: [] });
    return [element, problems];
  }

  /** @param {Row} row @param {Column} column @param {HTMLInputElement} cell */
  #listen(row, column, cell) {
    cell.addEventListener("input", () => {
      setCell(row, column, cell.value, this.#options.rules());
      this.#changed();
    });
    cell.addEventListener("focus", () => cell.select());
    cell.addEventListener("blur", () => this.refresh());
  }

  /** @param {Row} row @param {HTMLInputElement} field */
  #suggest(row, field) {
    return combobox(field, {
      label: say("전에 쓴 품목", "Items used before"),
      eager: false,
      search: (text, signal) => (text.trim() ? this.#options.remembered(text, signal) : Promise.resolve([])),
      show: (item) => [
        h("strong", {}, item.name),
        h("span", { class: "muted" }, [item.specification, item.unit_price].filter(Boolean).join(" · ")),
      ],
      choose: (item) => {
        const rules = this.#options.rules();
        setCell(row, "name", item.name, rules);
        if (item.specification) setCell(row, "specification", item.specification, rules);
        if (item.unit_price && !includesTax(rules)) setCell(row, "price", item.unit_price, rules);
        field.value = item.name;
        this.#changed();
        this.cell(row, "quantity")?.focus();
      },
    });
  }

  /** @param {Row} row */
  #actions(row) {
    const copy = say("줄 복제", "Duplicate the line");
    const drop = say("줄 삭제", "Remove the line");
    return [
      button(say("복제", "Copy"), () => this.#duplicate(row), {
        class: "button quiet small",
        tabindex: "-1",
        title: copy,
        "aria-label": copy,
        "aria-keyshortcuts": "Alt+Enter",
      }),
      button(say("삭제", "Drop"), () => this.#remove(row), {
        class: "button quiet small danger",
        tabindex: "-1",
        title: drop,
        "aria-label": drop,
        "aria-keyshortcuts": "Alt+Delete",
      }),
    ];
  }

  #number() {
    for (const [at, row] of this.rows.entries()) {
      const line = this.#lines.get(row);
      if (!line) continue;
      line.problems.id = `line-${at + 1}-problems`;
      for (const [column, cell] of line.cells) {
        cell.setAttribute(
          "aria-label",
          `${say(`${at + 1}번째 줄`, `Line ${at + 1}`)} ${this.#label(column)}`,
        );
        cell.setAttribute("aria-describedby", line.problems.id);
      }
    }
  }

  /** @param {number} at @param {Row} [row] */
  #insert(at, row = this.#fresh()) {
    if (this.rows.length >= MOST_ROWS) {
      this.#options.tell(
        say(`품목은 ${MOST_ROWS}줄까지 쓸 수 있습니다.`, `There may be ${MOST_ROWS} lines.`),
      );
      return;
    }
    this.rows.splice(at, 0, row);
    const parts = this.#draw(row);
    const next = this.rows[at + 1];
    const before = next ? (this.#lines.get(next)?.element ?? null) : null;
    for (const part of parts) this.#body.insertBefore(part, before);
    this.#number();
    this.#changed();
    this.cell(row, "name")?.focus();
  }

  /** @param {Row} row */
  #duplicate(row) {
    this.#insert(this.rows.indexOf(row) + 1, duplicate(row));
  }

  /** @param {Row} row */
  #remove(row) {
    const at = this.rows.indexOf(row);
    const line = this.#lines.get(row);
    if (!line || at < 0) return;
    const undo = this.#wayBack();
    line.box.remove();
    line.element.remove();
    line.problems.remove();
    this.#lines.delete(row);
    this.rows.splice(at, 1);
    if (this.rows.length === 0) this.#insert(0);
    else {
      this.#number();
      this.#changed();
      this.cell(this.rows[Math.min(at, this.rows.length - 1)], "name")?.focus();
    }
    if (!isEmpty(row)) this.#options.tell(say("줄을 삭제했습니다.", "The line was removed."), undo);
  }

  /** How to get the lines back as they are now. */
  #wayBack() {
    const rows = this.rows.map(duplicate);
    return () => {
      this.load(rows);
      this.#changed();
      this.focusFirst();
    };
  }

  #changed() {
    this.refresh();
    this.#options.changed();
  }

  // --- keys --------------------------------------------------------------------------------------------------

  /** @param {Row} row @param {KeyboardEvent} event */
  #key(row, event) {
    if (isComposing(event) || event.defaultPrevented) return;
    const at = this.rows.indexOf(row);
    if (event.key === "Enter" && event.ctrlKey) this.#insert(at + 1);
    else if (event.key === "Enter" && event.altKey) this.#duplicate(row);
    else if (event.key === "Delete" && event.altKey) this.#remove(row);
    else if (event.ctrlKey || event.altKey || event.metaKey || !this.#move(row, at, event)) return;
    event.preventDefault();
  }

  /** @param {Row} row @param {number} at @param {KeyboardEvent} event @returns {boolean} whether it moved */
  #move(row, at, event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const column = /** @type {Column | undefined} */ (target.dataset.column);
    if (column === undefined) return this.#moveSideways(row, target, event.key);
    if (event.key === "Enter" && !event.shiftKey) return this.#down(row, at, column);
    if (event.key === "ArrowDown") return this.#to(this.rows[at + 1], column);
    if (event.key === "ArrowUp" || event.key === "Enter") return this.#to(this.rows[at - 1], column);
    if (event.key === "Tab" && !event.shiftKey) return this.#pastTheEnd(row, at, column);
    return this.#moveSideways(row, target, event.key);
  }

  /** @param {Row} row @param {number} at @param {Column} column */
  #down(row, at, column) {
    if (this.#to(this.rows[at + 1], column)) return true;
    if (!isEmpty(row)) this.add();
    return true;
  }

  /** From the last cell of the last line to a new one; from an empty line on, so that nobody is caught in the table. @param {Row} row @param {number} at @param {Column} column */
  #pastTheEnd(row, at, column) {
    if (at !== this.rows.length - 1 || column !== "remark" || isEmpty(row)) return false;
    this.add();
    return true;
  }

  /** @param {Row | undefined} row @param {Column} column */
  #to(row, column) {
    const cell = this.cell(row, column);
    cell?.focus();
    return cell !== undefined;
  }

  /** @param {Row} row @param {HTMLElement} target @param {string} key */
  #moveSideways(row, target, key) {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    if (target instanceof HTMLInputElement && !isAtEdge(target, key)) return false;
    const stops = /** @type {HTMLElement[]} */ ([
      ...(this.#lines.get(row)?.element.querySelectorAll("input, button") ?? []),
    ]);
    const next = stops[stops.indexOf(target) + (key === "ArrowRight" ? 1 : -1)];
    next?.focus();
    return next !== undefined;
  }

  // --- pasting -----------------------------------------------------------------------------------------------

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const target = /** @type {HTMLElement} */ (event.target);
    const start = this.rows.findIndex((row) => this.#lines.get(row)?.element.contains(target));
    const column = /** @type {Column | undefined} */ (target.dataset.column);
    if (!/[\t\n\r]/.test(text.replace(/[\r\n]+$/, "")) || start < 0 || column === undefined) return;
    event.preventDefault();
    this.paste(readTable(text), start, column);
  }

  /**
   * @param {string[][]} table @param {number} start the row of the first cell @param {Column} column its column
   */
  paste(table, start, column) {
    const named = headings(table[0] ?? []);
    const lines = named ? table.slice(1) : table;
    const columns = named ?? this.columns().slice(this.columns().indexOf(column));
    const room = lines.slice(0, MOST_ROWS - start);
    const rules = this.#options.rules();
    const undo = this.#wayBack();
    for (const [at, cells] of room.entries()) {
      const row = this.rows[start + at] ?? this.#fresh();
      if (start + at >= this.rows.length) this.rows.push(row);
      for (const [place, text] of cells.entries()) {
        const into = columns[place];
        if (into && this.columns().includes(into)) setCell(row, into, text, rules);
      }
    }
    this.redraw();
    this.#changed();
    const left = lines.length - room.length;
    const done = say(`${room.length}줄을 붙여 넣었습니다.`, `${room.length} line(s) pasted.`);
    const over = left
      ? say(
          ` ${MOST_ROWS}줄이 넘는 ${left}줄은 넣지 않았습니다.`,
          ` ${left} beyond ${MOST_ROWS} lines were left out.`,
        )
      : "";
    this.#options.tell(done + over, undo);
    this.#to(this.rows[start + room.length - 1], named ? "name" : column);
  }

  /** @param {HTMLInputElement} cell @param {boolean} wrong */
  #mark(cell, wrong) {
    if (wrong) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
  }
}

/** @param {HTMLInputElement} field @param {string} key */
function isAtEdge(field, key) {
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const whole = field.value !== "" && start === 0 && end === field.value.length;
  if (whole) return true;
  return start === end && (key === "ArrowLeft" ? start === 0 : end === field.value.length);
}
