/** What opens over the editor: the legal form, past invoices, templates, and the news that another one saved first. */

import { grouped } from "./money.js";
import { button, byId, fill, h, openDialog, say, text } from "./ui.js";
import { ask } from "./wire.js";

/** @param {string} url of the legal form */
export function preview(url) {
  const title = say("미리보기: 공급자 보관용·공급받는자 보관용", "Preview: both copies");
  openDialog(title, [h("iframe", { src: url, title, class: "form-frame" })], { wide: true });
}

/**
 * @param {string} url
 * @param {{business: number, buyer: import("./buyer.js").Buyer, takeOver: (items: Record<string, unknown>[]) => void}} options
 */
export async function offerPast(url, { business, buyer, takeOver }) {
  const title = say("지난 세금계산서에서 품목 가져오기", "Take items from a past invoice");
  const address = new URL(url, location.href);
  address.searchParams.set("business", String(business));
  if (buyer.known) address.searchParams.set("counterparty", String(buyer.known.id));
  if (buyer.number) address.searchParams.set("number", buyer.number);
  const { data } = await ask(address.href);
  /** @type {{written_on: string | null, item_name: string, item_count: number, total_amount: string, items: Record<string, unknown>[]}[]} */
  const found = data?.invoices ?? [];
  if (!found.length) {
    openDialog(title, [
      h(
        "p",
        {},
        buyer.known || buyer.number
          ? say("이 거래처의 지난 세금계산서가 없습니다.", "There is no past invoice to this customer.")
          : say("먼저 거래처를 골라 주세요.", "Choose the customer first."),
      ),
    ]);
    return;
  }
  openDialog(title, [
    h(
      "ul",
      { class: "lines" },
      ...found.map((one) => {
        const more =
          one.item_count > 1 ? say(` 외 ${one.item_count - 1}건`, ` and ${one.item_count - 1} more`) : "";
        return h(
          "li",
          {},
          h(
            "span",
            {},
            `${one.written_on ?? ""} · ${one.item_name}${more} · `,
            h("strong", { class: "number" }, `${grouped(one.total_amount)}${say("원", " won")}`),
          ),
          button(say("가져오기", "Take"), () => takeOver(one.items), {
            class: "button small",
            "aria-label": `${say("가져오기", "Take")}: ${one.written_on ?? ""} ${one.item_name}`,
          }),
        );
      }),
    ),
  ]);
}

/** @typedef {{id: number, name: string, use: string, delete: string}} Template */

/**
 * @param {any} state @param {{save: () => Promise<{id: number} | null>}} options
 */
export async function offerTemplates(state, options) {
  const list = h("ul", { class: "lines" });
  const said = h("div", { role: "status" });
  const name = h("input", { id: "template-name", maxlength: "60" });

  async function refresh() {
    const address = new URL(state.urls.templates, location.href);
    address.searchParams.set("business", String(state.business.id));
    /** @type {Template[]} */
    const templates = (await ask(address.href)).data?.templates ?? [];
    fill(
      list,
      ...(templates.length
        ? templates.map(row)
        : [h("li", { class: "muted" }, say("아직 양식이 없습니다.", "There are no templates yet."))]),
    );
  }

  /** @param {Template} template */
  function row(template) {
    return h(
      "li",
      {},
      h("a", { href: template.use }, template.name),
      button(
        say("지우기", "Delete"),
        async () => {
          await ask(template.delete, {});
          await refresh();
        },
        { class: "button quiet small danger", "aria-label": `${say("지우기", "Delete")}: ${template.name}` },
      ),
    );
  }

  /** @param {boolean} replace */
  async function keep(replace) {
    const draft = await options.save();
    if (!draft) {
      fill(
        said,
        say(
          "먼저 저장되어야 합니다. 연결을 확인해 주세요.",
          "It has to be saved first. Check the connection.",
        ),
      );
      return;
    }
    const { status, data } = await ask(state.urls.template_save, {
      invoice: draft.id,
      name: name.value,
      replace,
    });
    if (status === 201) {
      fill(said, say("양식으로 저장했습니다.", "Kept as a template."));
      name.value = "";
      await refresh();
    } else {
      fill(
        said,
        data ? text(data) : say("저장하지 못했습니다.", "It could not be kept."),
        data?.code === "template_there_already"
          ? button(say("덮어쓰기", "Replace"), () => void keep(true), { class: "button small" })
          : null,
      );
    }
  }

  await refresh();
  openDialog(say("양식", "Templates"), [
    list,
    h(
      "div",
      { class: "field" },
      h("label", { for: "template-name" }, say("지금 내용을 양식으로 저장", "Keep this as a template")),
      h(
        "div",
        { class: "row" },
        name,
        button(say("저장", "Keep"), () => void keep(false)),
      ),
    ),
    said,
  ]);
}

/**
 * @param {{ko: string, en: string} | null} told who saved, and when @param {string} mine what was typed here
 */
export function showConflict(told, mine) {
  const copied = h("span", { role: "status" });
  const area = h("textarea", { readonly: true, "aria-label": say("내가 입력한 내용", "What I typed") });
  area.value = mine;
  openDialog(say("저장하지 않았습니다", "It was not saved"), [
    h("p", {}, told ? text(told) : ""),
    h(
      "div",
      { class: "row" },
      button(say("내 내용 복사해 두기", "Copy what I typed"), async () => {
        try {
          await navigator.clipboard.writeText(mine);
        } catch {
          area.select();
          document.execCommand("copy");
        }
        fill(copied, say("복사했습니다.", "Copied."));
      }),
      button(say("새로 고침", "Reload"), () => location.reload(), { class: "button primary" }),
      copied,
    ),
    area,
  ]);
  byId("dialog-body").querySelector("button")?.focus();
}
