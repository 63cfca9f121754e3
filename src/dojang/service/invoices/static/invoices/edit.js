/** The editor of an invoice: what is typed becomes a document, is saved, judged, shown, and finished. */

import { Buyer } from "./buyer.js";
import { Findings } from "./findings.js";
import { Grid } from "./grid.js";
import { grouped, readWon } from "./money.js";
import { offerPast, offerTemplates, preview, showConflict } from "./offers.js";
import { fromItem, keptOf, setCell, switchTax, toItem, totalsOf } from "./rows.js";
import { Saver } from "./saver.js";
import { button, byId, closeDialog, fill, h, input, isComposing, radios, say, text } from "./ui.js";
import { Supplier } from "./supplier.js";
import { ask } from "./wire.js";

/** @typedef {import("./rows.js").Rules} Rules */
/** @typedef {import("./saver.js").Phase} Phase */
/** @typedef {{key: string, path: string, ko: string, en: string, invoice: number | null}} Question */
/**
 * @typedef {object} Saved what the server says of a draft
 * @property {number} id @property {number} version @property {string} saved_at @property {string} number
 * @property {import("./findings.js").Finding[]} findings @property {Question[]} questions
 * @property {{ko: string, en: string, days_left: number, citation: string, steps: {ko: string, en: string, citation: string}[]} | null} cost
 * @property {{edit: string, save: string, finish: string, form: string, page: string}} urls
 */

const state = JSON.parse(byId("state").textContent ?? "{}");
const MEANS = ["cash", "check", "note", "credit"];
/** What of the content the editor writes; the rest goes back as it came. @type {Record<string, any>} */
const content = state.content;
/** @type {Saved | null} */
let saved = state.saved;
/** @type {Set<string>} */
const confirmed = new Set(Array.isArray(state.kept.confirmed) ? state.kept.confirmed : []);
const kind = radios("document_type");
const purpose = radios("purpose");
const vat = radios("vat");

/** What a broker issues, by what a supplier issues itself. @type {Record<string, string>} */
const CONSIGNED = { "0101": "0103", "0102": "0105", "0301": "0303" };

/** Whether it is written in the name of another, the supplier. */
function isConsigned() {
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById("consigned"));
  return box ? box.checked : /^0[1-4]0[35]$/.test(String(content.document_type ?? ""));
}

function typeOf() {
  const plain = kind.value;
  if (!plain) return String(content.document_type ?? "");
  return isConsigned() ? (CONSIGNED[plain] ?? plain) : plain;
}

/** @returns {Rules} */
function rules() {
  return {
    vat: vat.value === "included" ? "included" : "excluded",
    taxation: taxationOf(typeOf()),
    rounding: state.business.rounding,
    writtenOn: input("written_on").value,
  };
}

/** @param {string} type @returns {Rules["taxation"]} */
function taxationOf(type) {
  if (/^0[34]/.test(type)) return "exempt";
  return /^0[12]0[25]$/.test(type) ? "zero_rated" : "taxable";
}

/** What the rules were when the lines were last computed. @type {Rules} */
let before;

const grid = new Grid(byId("items"), {
  rules,
  changed,
  tell: tellOfLines,
  remembered: async (query, signal) => {
    const url = new URL(state.urls.items, location.href);
    url.searchParams.set("q", query);
    url.searchParams.set("business", String(state.business.id));
    if (buyer.known) url.searchParams.set("counterparty", String(buyer.known.id));
    return (await ask(url.href, undefined, signal)).data?.items ?? [];
  },
});
const buyer = new Buyer({ urls: state.urls, changed, done: () => grid.focusFirst() });
const supplier = new Supplier({ find: state.urls.find, changed });
const findings = new Findings(grid, { buyer: () => buyer.kind, isConsigned }, unfold);
const saver = new Saver({ send, tell });

// --- out of the page, into it ------------------------------------------------------------------------------------

/** The document as it stands. */
function written() {
  const rows = grid.written;
  const payments = MEANS.map((means) => ({ means, text: input(`pay-${means}`).value }))
    .map(({ means, text: typed }) => ({ means, amount: readWon(typed), typed }))
    .filter(({ amount }) => amount !== null)
    .map(({ means, amount, typed }) => ({ means, amount: amount === "wrong" ? typed : amount }));
  const remarks = [0, 1, 2].map((at) => input(`remark-${at}`).value.trim());
  while (remarks.length && remarks.at(-1) === "") remarks.pop();
  const { supply_amount, tax_amount, total_amount, ...rest } = content;
  return {
    ...rest,
    document_type: typeOf(),
    written_on: input("written_on").value,
    purpose: purpose.value || null,
    remarks,
    ...(isConsigned()
      ? { supplier: supplier.content(), broker: { branch_number: branch()?.value || null } }
      : { supplier: { branch_number: branch()?.value || null }, broker: null }),
    buyer: buyer.content(),
    items: rows.map((row) => toItem(row, rules())),
    payments,
  };
}

/** How it was typed. */
function kept() {
  return {
    vat: rules().vat,
    items: grid.written.map((row) => keptOf(row, rules())),
    confirmed: [...confirmed].slice(-50),
  };
}

function load() {
  const type = String(content.document_type ?? "");
  const plain = Object.entries(CONSIGNED).find(([, consigned]) => consigned === type)?.[0];
  kind.value = plain ?? type;
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById("consigned"));
  if (box) box.checked = plain !== undefined;
  supplier.load(isConsigned() && isRecord(content.supplier) ? content.supplier : {});
  showRoles();
  purpose.value = String(content.purpose ?? "");
  vat.value = state.kept.vat === "included" ? "included" : "excluded";
  input("written_on").value = String(content.written_on ?? "");
  const remarks = Array.isArray(content.remarks) ? content.remarks : [];
  for (const at of [0, 1, 2]) input(`remark-${at}`).value = String(remarks[at] ?? "");
  for (const payment of Array.isArray(content.payments) ? content.payments : []) {
    if (MEANS.includes(payment?.means))
      input(`pay-${payment.means}`).value = showWon(String(payment.amount ?? ""));
  }
  /** @type {HTMLDetailsElement} */ (byId("more")).open =
    remarks.some(Boolean) || MEANS.some((means) => input(`pay-${means}`).value);
  loadBranches();
  buyer.load(isRecord(content.buyer) ? content.buyer : {}, state.counterparty, state.number);
  before = rules();
  const items = Array.isArray(content.items) ? content.items.filter(isRecord) : [];
  grid.load(items.map((item, at) => fromItem(item, state.kept.items?.[at] ?? {}, rules())));
  followKind();
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As a broker we are not the supplier: that one is chosen. */
function showRoles() {
  byId("principal").hidden = !isConsigned();
  fill(byId("own-role"), isConsigned() ? say("수탁자", "Broker") : say("공급자", "Supplier"));
}

function loadBranches() {
  if (!state.business.branches.length) return;
  const own = isConsigned() ? content.broker : content.supplier;
  const chosen = String(own?.branch_number ?? "");
  const select = h(
    "select",
    { id: "branch", "aria-label": say("종사업장", "Place of business") },
    h("option", { value: "" }, say("종사업장 없음", "No branch")),
    ...state.business.branches.map((/** @type {{number: string, name: string}} */ one) =>
      h("option", { value: one.number, selected: one.number === chosen }, `${one.number} ${one.name}`),
    ),
  );
  select.addEventListener("change", changed);
  byId("supplier").append(select);
}

function branch() {
  return /** @type {HTMLSelectElement | null} */ (document.getElementById("branch"));
}

// --- saving --------------------------------------------------------------------------------------------------------

/** @param {{save: string, lost: string[]}} names */
async function send(names) {
  const number = buyer.personal();
  const body = {
    ...names,
    content: written(),
    kept: kept(),
    number,
    counterparty: buyer.known?.id ?? null,
  };
  const answer = saved
    ? await ask(saved.urls.save, { ...body, version: saved.version })
    : await ask(state.urls.create, {
        ...body,
        business: state.business.id,
        copied_from: state.copied_from,
        key: state.key,
      });
  if (answer.status === 200) taken(answer.data, number.value);
  return answer;
}

/** @param {Saved} told @param {string} number that was sent */
function taken(told, number) {
  if (!saved) {
    history.replaceState(null, "", told.urls.edit);
    lockBusiness();
  }
  saved = told;
  buyer.saved(told.number, number);
  judge(told);
}

/** @param {Saved} told */
function judge(told) {
  findings.tell(told.findings);
  if (findings.errors.length === 0) findings.hideSummary();
  showCost(told.cost);
  showQuestions(told.questions.filter((question) => !confirmed.has(question.key)));
}

/** @type {Record<Phase, () => string>} */
const WORDS = {
  clean: () => say(`저장됨 ${saved?.saved_at ?? ""}`, `Saved ${saved?.saved_at ?? ""}`),
  dirty: () => say("아직 저장하지 않은 내용이 있습니다", "Not saved yet"),
  saving: () => say("저장하는 중…", "Saving…"),
  offline: () =>
    say(
      "저장하지 못했습니다. 입력한 내용은 이 화면에 그대로 있습니다. 연결되면 다시 저장합니다.",
      "Not saved. What you typed is still here and will be saved when there is a connection.",
    ),
  refused: () => say("저장하지 못했습니다.", "Not saved."),
  conflict: () => say("다른 사람이 먼저 저장했습니다", "Somebody else saved first"),
};

/** How it went the last time that it was said aloud. @type {Phase} */
let said = "clean";

/** @param {Phase} phase @param {any} data */
function tell(phase, data) {
  const status = byId("status");
  const words = phase === "refused" && data ? `${WORDS.refused()} ${text(data)}` : WORDS[phase]();
  fill(status, words);
  status.dataset.phase = phase;
  // Whoever listens is told of trouble and of its end, not of every pause in typing.
  if (phase !== "dirty" && phase !== "saving" && phase !== said) {
    said = phase;
    fill(byId("status-said"), words);
  }
  byId("retry").hidden = phase !== "offline" && phase !== "refused";
  if (phase === "conflict") showConflict(data, plainText());
}

/** The first remark is taken where the buyer is a foreigner: what stands there moves to a free one. */
function makeRoomForNumber() {
  const first = input("remark-0");
  const free = [1, 2].map((at) => input(`remark-${at}`)).find((one) => one.value.trim() === "");
  if (buyer.kind !== "foreigner" || first.value.trim() === "" || !free) return;
  free.value = first.value;
  first.value = "";
}

function changed() {
  makeRoomForNumber();
  findings.hideSummary();
  showTotals();
  saver.touch();
}

/** @param {string} message @param {() => void} [undo] */
function tellOfLines(message, undo) {
  const back = () => {
    fill(byId("grid-said"), say("되돌렸습니다.", "Undone."));
    undo?.();
  };
  fill(
    byId("grid-said"),
    message,
    " ",
    undo ? button(say("되돌리기", "Undo"), back, { class: "button quiet small" }) : null,
  );
}

function showTotals() {
  const sums = totalsOf(grid.rows, rules());
  fill(byId("sum-supply"), grouped(sums.supply));
  fill(byId("sum-tax"), grouped(sums.tax));
  fill(byId("sum-total"), `${grouped(sums.total)}${say("원", " won")}`);
  byId("tax_amount").hidden = rules().taxation === "exempt";
}

/** What was typed, for the clipboard of someone whom another one overtook. */
function plainText() {
  const parts = [input("buyer-name").value, input("buyer-number").value, input("written_on").value];
  const lines = grid.written.map((row) =>
    [
      row.supplied_on,
      row.name,
      row.specification,
      row.quantity,
      row.price,
      ...Object.values(itemAmounts(row)),
      row.remark,
    ].join("\t"),
  );
  const remarks = [0, 1, 2].map((at) => input(`remark-${at}`).value).filter(Boolean);
  return [parts.filter(Boolean).join("\t"), ...lines, ...remarks].join("\n");
}

/** @param {import("./rows.js").Row} row */
function itemAmounts(row) {
  const { supply_amount, tax_amount } = toItem(row, rules());
  return [supply_amount ?? "", tax_amount ?? ""].map(String);
}

// --- what the server says --------------------------------------------------------------------------------------------

/** @param {Saved["cost"]} cost */
function showCost(cost) {
  const place = byId("cost");
  if (!cost) {
    fill(place);
    return;
  }
  const late = cost.days_left < 0 ? "bad" : cost.days_left <= 3 ? "warn" : "";
  const badge =
    cost.days_left < 0
      ? say("기한 지남", "Past")
      : cost.days_left === 0
        ? say("오늘까지", "Today")
        : `D-${cost.days_left}`;
  const open = place.querySelector("details")?.open ?? false;
  fill(
    place,
    h(
      "p",
      { class: "small-text" },
      h("span", { class: "badge", "data-state": late || null }, badge),
      " ",
      text(cost),
    ),
    cost.steps.length
      ? h(
          "details",
          { class: "more small-text", open },
          h("summary", {}, say("언제부터 얼마인지", "From when, how much")),
          h(
            "ul",
            { class: "lines" },
            ...cost.steps.map((step) =>
              h("li", {}, h("span", {}, text(step)), h("span", { class: "muted" }, step.citation)),
            ),
          ),
        )
      : null,
  );
}

/** @param {Question[]} questions */
function showQuestions(questions) {
  byId("questions").hidden = questions.length === 0;
  byId("show-questions").hidden = questions.length === 0;
  fill(byId("show-questions"), say(`확인해 주세요 ${questions.length}`, `${questions.length} to confirm`));
  fill(
    byId("question-list"),
    ...questions.map((question) =>
      h(
        "li",
        {},
        h("span", {}, text(question)),
        h(
          "span",
          { class: "row" },
          question.invoice
            ? h(
                "a",
                {
                  href: new URL(`${question.invoice}/`, new URL(state.urls.list, location.href)).href,
                  target: "_blank",
                  rel: "noopener",
                },
                say("그 문서 보기", "Look at it"),
              )
            : null,
          button(say("맞아요", "It is right"), () => confirm(question, questions), { class: "button small" }),
        ),
      ),
    ),
  );
}

/** @param {Question} question @param {Question[]} questions */
function confirm(question, questions) {
  confirmed.add(question.key);
  showQuestions(questions.filter((one) => one !== question));
  byId(byId("questions").hidden ? "issue" : "questions").focus();
  changed();
}

// --- what a person does ----------------------------------------------------------------------------------------------

async function saveNow() {
  saver.touch();
  if (await saver.flush()) fill(byId("status-said"), WORDS.clean());
}

async function showPreview() {
  if (!(await safe()) || !saved) return;
  findings.showAll();
  if (findings.errors.some((finding) => UNREADABLE.has(finding.code))) {
    findings.summarize(say("미리보기 전에 고쳐 주세요", "Mend these before it can be shown"));
  } else preview(saved.urls.form);
}

/** Findings of what is no document yet, and cannot be drawn. */
const UNREADABLE = new Set([
  "missing",
  "not_won",
  "too_many_places",
  "not_a_number",
  "unknown_code",
  "not_a_date",
  "float_refused",
  "not_text",
  "too_many",
]);

async function issue() {
  if (!(await safe()) || !saved) return;
  findings.showAll();
  const asked = saved;
  const { status, data } = await ask(asked.urls.finish, { version: asked.version });
  if (status === 200) {
    leaving = true;
    location.assign(data.next);
  } else if (data?.findings) {
    findings.tell([...data.findings, ...findings.all.filter((one) => one.severity === "warning")]);
    findings.summarize(
      say(
        `발행하기 전에 고칠 곳이 ${data.findings.length}군데 있습니다`,
        `${data.findings.length} thing(s) to mend before it can be issued`,
      ),
    );
  } else if (data?.questions) {
    showQuestions(data.questions);
    byId("questions").focus();
  } else if (status === 409) showConflict(data, plainText());
  else fill(byId("status"), data ? text(data) : WORDS.offline());
}

/** Everything typed is with the server; if not, the status says so. */
async function safe() {
  if (!saved) saver.touch();
  return saver.flush();
}

let leaving = false;
addEventListener("beforeunload", (event) => {
  if (!leaving && !saver.isSafe) event.preventDefault();
});
addEventListener("online", () => saver.retry());

function followKind() {
  const now = rules();
  switchTax(grid.rows, before, now);
  vat.disable(now.taxation !== "taxable");
  byId("vat").hidden = now.taxation !== "taxable";
  before = now;
  grid.redraw();
  showTotals();
}

/** A day that stood for the invoice's own moves with it. */
function followDate() {
  const now = rules();
  for (const row of grid.rows) {
    if (row.supplied_on === before.writtenOn) setCell(row, "supplied_on", now.writtenOn, now);
  }
  before = now;
  grid.refresh();
}

function lockBusiness() {
  const select = document.getElementById("business");
  if (select) /** @type {HTMLSelectElement} */ (select).disabled = true;
}

/** @param {HTMLElement} field */
function unfold(field) {
  if (field.closest("#buyer-fields")) buyer.unfold();
  const more = field.closest("details");
  if (more) more.open = true;
}

/** @param {string} amount */
function showWon(amount) {
  const won = readWon(amount);
  return typeof won === "bigint" ? grouped(won) : amount;
}

/** @param {Record<string, unknown>[]} items of a past invoice */
function takeOver(items) {
  const now = rules();
  const rows = items.map((item) => fromItem({ ...item, supplied_on: now.writtenOn }, {}, now));
  grid.load([...grid.written, ...rows].slice(0, 99));
  closeDialog();
  changed();
  grid.focusFirst();
}

function listen() {
  for (const radio of [...kind.all(), ...vat.all()]) {
    radio.addEventListener("change", () => {
      followKind();
      changed();
    });
  }
  document.getElementById("consigned")?.addEventListener("change", () => {
    showRoles();
    if (isConsigned()) byId("find-supplier").focus();
    changed();
  });
  for (const radio of purpose.all()) radio.addEventListener("change", changed);
  input("written_on").addEventListener("change", () => {
    followDate();
    findings.touch("written_on");
    changed();
  });
  for (const at of [0, 1, 2]) input(`remark-${at}`).addEventListener("input", changed);
  for (const means of MEANS) {
    const field = input(`pay-${means}`);
    field.addEventListener("input", changed);
    field.addEventListener("blur", () => {
      field.value = showWon(field.value);
    });
  }
  const form = byId("editor");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("focusout", () => {
    // After the focus has arrived somewhere.
    setTimeout(() => findings.show());
  });
  form.addEventListener("input", (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    const at = grid.rows.find((row) => grid.holdsFocus(row));
    findings.touch(at ?? field.id);
    if (field.closest("#payments")) findings.touch("payments");
    if (at) findings.touch("sum-problems");
  });
  byId("add-row").addEventListener("click", () => grid.add());
  byId("save").addEventListener("click", () => void saveNow());
  byId("preview").addEventListener("click", () => void showPreview());
  byId("issue").addEventListener("click", () => void issue());
  byId("retry").addEventListener("click", () => saver.retry());
  byId("dialog-close").addEventListener("click", closeDialog);
  byId("show-problems").addEventListener("click", () => {
    findings.showAll();
    findings.summarize(say("고칠 곳", "To mend"));
  });
  byId("show-questions").addEventListener("click", () => byId("questions").focus());
  byId("open-past").addEventListener(
    "click",
    () => void offerPast(state.urls.past, { business: state.business.id, buyer, takeOver }),
  );
  byId("open-templates").addEventListener(
    "click",
    () => void offerTemplates(state, { save: async () => ((await safe()) ? saved : null) }),
  );
  document.getElementById("business")?.addEventListener("change", (event) => {
    const url = new URL(location.href);
    url.search = `?business=${/** @type {HTMLSelectElement} */ (event.target).value}`;
    location.assign(url.href);
  });
  addEventListener("keydown", (event) => {
    if (!isComposing(event) && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      void saveNow();
    }
  });
}

load();
listen();
showTotals();
byId("editor").hidden = false;
if (saved) {
  lockBusiness();
  judge(saved);
  tell("clean", null);
}
// A page opens at its top, whatever has the focus.
const atTop = { preventScroll: true };
if (!buyer.known && input("buyer-name").value === "") byId("find").focus(atTop);
else grid.focusFirst(atTop);
document.documentElement.dataset.ready = "editor";
