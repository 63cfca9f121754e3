/**
 * Reads the exact bytes that are about to be signed: what the page shows comes from here and nowhere else.
 *
 * Only the one canonical shape is read in which Dojang writes documents (C14N 1.0, UTF-8, no DTD, no comment, no
 * processing instruction, no prefix), and only elements that the standard knows, each at its place: nothing can be
 * signed that the page has not understood. A general XML parser would accept more, and show it as something else.
 *
 * Source: KEC 표준전자세금계산서 v3.0, TaxInvoice; W3C Canonical XML 1.0.
 */

import {
  AMENDMENT_REASONS,
  BUYER_KINDS,
  CONSIGNED,
  DOCUMENT_TYPES,
  PAYMENT_MEANS,
  PURPOSES,
} from "./codes.js";
import { refuse } from "./errors.js";
import { EXCHANGED_DOCUMENT, TAX_INVOICE } from "./kecshape.js";

/** @typedef {import("./codes.js").Label} Label */
/** @typedef {import("./kecshape.js").Shape} Shape */
/** @typedef {import("./kecshape.js").Leaf} Leaf */
/** @typedef {import("./kecshape.js").Group} Group */

/**
 * @typedef {{number: string, branchNumber: string, name: string, representative: string, address: string,
 *   businessType: string, businessItem: string, kind: Label | null, emails: string[]}} Party
 * @typedef {{name: string, specification: string, quantity: string, unit: string, unitPrice: string,
 *   suppliedOn: string, supplyAmount: bigint | null, taxAmount: bigint | null, remark: string}} Item
 *
 * What one document says. Amounts are won; days are YYYY-MM-DD; `issuedAt` is YYYY-MM-DDTHH:MM:SS in KST.
 * @typedef {{issueId: string, typeCode: string, kind: Label, writtenOn: string, issuedAt: string,
 *   purpose: Label | null, amendmentReason: Label | null, originalIssueId: string, remarks: string[],
 *   supplier: Party, buyer: Party, broker: Party | null, signerNumber: string,
 *   supplyAmount: bigint, taxAmount: bigint | null, totalAmount: bigint,
 *   payments: {means: Label, amount: bigint}[], items: Item[],
 *   importDocument: {declarationNumber: string, itemCount: string, acceptedFrom: string, acceptedTo: string} | null}} TaxInvoice
 *
 * The document with its text and the places in it that signing needs; `content` is all but the number and the time
 * that every order gets anew.
 * @typedef {{text: string, document: TaxInvoice, contentStart: number, exchangedStart: number, exchangedEnd: number,
 *   contentEnd: number, content: string}} ReadXml
 */

/** A tax invoice of 99 items with every field full takes about 250 kB. */
export const MAX_BYTES = 1 << 20;

const NAMESPACE = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0";
const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const LOCATION = `${NAMESPACE} http://www.kec.or.kr/standard/Tax/TaxInvoiceSchemaModule_1.0.xsd`;

/** The root's declarations as the canonical form writes them, with the leading blank. */
export const NAMESPACES = [` xmlns="${NAMESPACE}"`, ` xmlns:xsi="${XSI}"`];

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const ROOT_START = `<TaxInvoice${NAMESPACES.join("")} xsi:schemaLocation="${LOCATION}">`;
const ROOT_END = "</TaxInvoice>";

// What XML cannot hold, and CR, which the canonical form writes as a reference.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/**
 * @param {import("./bytes.js").Bytes} xml the unsigned document, byte for byte as it will be signed
 * @returns {ReadXml}
 * @throws {import("./errors.js").Refusal} `document_refused`: too large, not UTF-8, or of another shape
 */
export function readXml(xml) {
  if (xml.length > MAX_BYTES) throw refuse("document_refused", { place: `> ${MAX_BYTES} B` });
  const text = decode(xml);
  const start = DECLARATION + ROOT_START;
  if (!text.startsWith(start)) throw refuse("document_refused", { place: "TaxInvoice" });
  if (FORBIDDEN.test(text)) throw refuse("document_refused", { place: "U+0000–U+001F" });
  const scan = new Scanner(text, start.length);
  const data = scan.children(TAX_INVOICE, {}, "TaxInvoice");
  const contentEnd = scan.at;
  if (text.slice(contentEnd) !== ROOT_END) throw scan.refusal("TaxInvoice");
  const document = toDocument(data);
  return {
    text,
    document,
    contentStart: start.length,
    exchangedStart: scan.exchanged.start,
    exchangedEnd: scan.exchanged.end,
    contentEnd,
    content: JSON.stringify({ ...data, issue_id: "", issued_at: "" }, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    ),
  };
}

/** @param {import("./bytes.js").Bytes} xml */
function decode(xml) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(xml);
  } catch {
    throw refuse("document_refused", { place: "UTF-8" });
  }
}

/** @typedef {string | bigint | null} Value */
/** @typedef {{[field: string]: Value | Value[] | Record_ | Record_[]}} Record_ */

/** Walks the text once, along the table. */
class Scanner {
  /** @param {string} text @param {number} at */
  constructor(text, at) {
    this.text = text;
    this.at = at;
    this.exchanged = { start: 0, end: 0 };
  }

  /** @param {string} place */
  refusal(place) {
    return refuse("document_refused", { place });
  }

  /**
   * The children of an element, up to its end tag, in the order of the table.
   * @param {Group} group @param {Record_} record @param {string} path
   * @returns {Record_}
   */
  children(group, record, path) {
    /** @type {Map<Shape, number>} */
    const counts = new Map();
    let reached = 0;
    for (;;) {
      this.blanks();
      const start = this.at;
      const name = this.startTag();
      if (name === null) break;
      const here = `${path}/${name}`;
      const place = group.children.findIndex((child, index) => index >= reached && child.name === name);
      const child = group.children[place];
      if (child === undefined) throw this.refusal(here);
      reached = place;
      const count = (counts.get(child) ?? 0) + 1;
      counts.set(child, count);
      if (count > child.most) throw this.refusal(here);
      if ("children" in child) this.group(child, record, here);
      else this.leaf(child, record, here);
      if (child === EXCHANGED_DOCUMENT) this.exchanged = { start, end: this.at };
    }
    const missing = group.children.find((child) => child.required && !counts.has(child));
    if (missing) throw this.refusal(`${path}/${missing.name}`);
    return record;
  }

  /** @param {Group} group @param {Record_} record @param {string} path */
  group(group, record, path) {
    this.expect(">", path);
    const inner = this.children(group, group.field === null ? record : {}, path);
    this.expect(`</${group.name}>`, path);
    if (group.field === null) return;
    if (group.most > 1 || group.place !== null) {
      const list = /** @type {Record_[]} */ (record[group.field] ?? []);
      while (list.length < (group.place ?? 0)) list.push({});
      record[group.field] = [...list, inner];
    } else record[group.field] = inner;
  }

  /** @param {Leaf} leaf @param {Record_} record @param {string} path */
  leaf(leaf, record, path) {
    if (leaf.attribute !== null) record[leaf.attribute[1]] = this.attribute(leaf.attribute[0], path);
    this.expect(">", path);
    const found = this.text.indexOf("<", this.at);
    const end = found < 0 ? this.text.length : found;
    const raw = this.text.slice(this.at, end);
    this.at = end;
    this.expect(`</${leaf.name}>`, path);
    const value = valueIn(leaf, unescaped(raw, TEXT, path), path);
    if (leaf.most > 1) record[leaf.field] = [.../** @type {Value[]} */ (record[leaf.field] ?? []), value];
    else record[leaf.field] = value;
  }

  /** @param {string} name @param {string} path @returns {string | null} */
  attribute(name, path) {
    const start = ` ${name}="`;
    if (!this.text.startsWith(start, this.at)) return null;
    const begin = this.at + start.length;
    const end = this.text.indexOf('"', begin);
    if (end < 0) throw this.refusal(path);
    this.at = end + 1;
    return unescaped(this.text.slice(begin, end), ATTRIBUTE, path);
  }

  /** The name of the element that begins here, read up to its end; null before an end tag. */
  startTag() {
    if (this.text.startsWith("</", this.at)) return null;
    NAME.lastIndex = this.at;
    const found = NAME.exec(this.text);
    if (found === null) throw this.refusal(this.text.slice(this.at, this.at + 20));
    this.at = NAME.lastIndex;
    return found[1] ?? "";
  }

  blanks() {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.text);
    this.at = BLANKS.lastIndex;
  }

  /** @param {string} literal @param {string} path */
  expect(literal, path) {
    if (!this.text.startsWith(literal, this.at)) throw this.refusal(path);
    this.at += literal.length;
  }
}

const NAME = /<([A-Za-z]+)/y;
const BLANKS = /[ \t\n]*/y;

/** @typedef {{plain: RegExp, references: Readonly<Record<string, string>>}} Escapes */

// The canonical form writes each character in one way: another spelling would not be canonical.
/** @type {Escapes} */
const TEXT = { plain: />/, references: { amp: "&", lt: "<", gt: ">", "#xD": "\r" } };
/** @type {Escapes} */
const ATTRIBUTE = {
  plain: /[<\t\n]/,
  references: { amp: "&", lt: "<", quot: '"', "#x9": "\t", "#xA": "\n", "#xD": "\r" },
};

/** @param {string} raw @param {Escapes} escapes @param {string} path */
function unescaped(raw, escapes, path) {
  if (escapes.plain.test(raw)) throw refuse("document_refused", { place: path });
  if (!raw.includes("&")) return raw;
  return raw.replace(/&([^;&]{0,4};)?/g, (_, /** @type {string | undefined} */ named) => {
    const name = named?.slice(0, -1) ?? "";
    const character = Object.hasOwn(escapes.references, name) ? escapes.references[name] : undefined;
    if (character === undefined) throw refuse("document_refused", { place: path });
    return character;
  });
}

const WON = /^-?(?:0|[1-9][0-9]{0,19})$/;
const EXACT = /^-?[0-9]{1,18}(?:\.[0-9]{1,2})?$/;

const CODES = {
  document_type: DOCUMENT_TYPES,
  amendment_reason: AMENDMENT_REASONS,
  purpose: PURPOSES,
  buyer_kind: BUYER_KINDS,
  payment_means: PAYMENT_MEANS,
};

/** @param {Leaf} leaf @param {string} text @param {string} path @returns {Value} */
function valueIn(leaf, text, path) {
  const wrong = () => refuse("document_refused", { place: path });
  switch (leaf.kind) {
    case "text":
    case "number":
      return text;
    case "won":
    case "count":
      if (!WON.test(text)) throw wrong();
      return BigInt(text);
    case "exact":
      if (!EXACT.test(text)) throw wrong();
      return text;
    case "day":
    case "instant": {
      const read = leaf.kind === "day" ? dayOf(text) : instantOf(text);
      if (read === null) throw wrong();
      return read;
    }
    default:
      if (!Object.hasOwn(CODES[leaf.kind], text)) throw wrong();
      return text;
  }
}

/** @param {string} digits @returns {string | null} */
function dayOf(digits) {
  const parts = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(digits);
  if (parts === null) return null;
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const date = new Date(`${day}T00:00:00Z`);
  // 20260230 is eight digits and no day: a calendar turns it into another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : null;
}

/** @param {string} digits @returns {string | null} */
function instantOf(digits) {
  const day = dayOf(digits.slice(0, 8));
  const time = /^([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])$/.exec(digits.slice(8));
  return day === null || time === null ? null : `${day}T${time[1]}:${time[2]}:${time[3]}`;
}

/** @param {Record_} data @returns {TaxInvoice} */
function toDocument(data) {
  const typeCode = text(data, "document_type");
  const supplier = toParty(/** @type {Record_} */ (data.supplier), "business_number");
  const broker = data.broker ? toParty(/** @type {Record_} */ (data.broker), "business_number") : null;
  const consigned = CONSIGNED.has(typeCode.slice(2));
  if (consigned !== (broker !== null))
    throw refuse("document_refused", { place: "TaxInvoice/…/BrokerParty" });
  return {
    issueId: text(data, "issue_id"),
    typeCode,
    kind: label(DOCUMENT_TYPES, typeCode),
    writtenOn: text(data, "written_on"),
    issuedAt: text(data, "issued_at"),
    purpose: "purpose" in data ? label(PURPOSES, text(data, "purpose")) : null,
    amendmentReason:
      "amendment_reason" in data ? label(AMENDMENT_REASONS, text(data, "amendment_reason")) : null,
    originalIssueId: text(data, "original_issue_id"),
    remarks: /** @type {string[]} */ (data.remarks ?? []),
    supplier,
    buyer: toParty(/** @type {Record_} */ (data.buyer), "number"),
    broker,
    signerNumber: (broker ?? supplier).number,
    supplyAmount: /** @type {bigint} */ (data.supply_amount),
    taxAmount: won(data, "tax_amount"),
    totalAmount: /** @type {bigint} */ (data.total_amount),
    payments: records(data, "payments").map((payment) => ({
      means: label(PAYMENT_MEANS, text(payment, "means")),
      amount: /** @type {bigint} */ (payment.amount),
    })),
    items: records(data, "items").map(toItem),
    importDocument: data.import_document
      ? toImportDocument(/** @type {Record_} */ (data.import_document))
      : null,
  };
}

/** @param {Record_} data @param {string} number @returns {Party} */
function toParty(data, number) {
  const contacts = [
    ...(data.contact ? [/** @type {Record_} */ (data.contact)] : []),
    ...records(data, "contacts"),
  ];
  return {
    number: text(data, number),
    branchNumber: text(data, "branch_number"),
    name: text(data, "name"),
    representative: text(data, "representative"),
    address: text(data, "address"),
    businessType: text(data, "business_type"),
    businessItem: text(data, "business_item"),
    kind: "kind" in data ? label(BUYER_KINDS, text(data, "kind")) : null,
    emails: contacts.map((contact) => text(contact, "email")).filter(Boolean),
  };
}

/** @param {Record_} data @returns {Item} */
function toItem(data) {
  return {
    name: text(data, "name"),
    specification: text(data, "specification"),
    quantity: text(data, "quantity"),
    unit: text(data, "unit"),
    unitPrice: text(data, "unit_price"),
    suppliedOn: text(data, "supplied_on"),
    supplyAmount: won(data, "supply_amount"),
    taxAmount: won(data, "tax_amount"),
    remark: text(data, "remark"),
  };
}

/** @param {Record_} data */
function toImportDocument(data) {
  return {
    declarationNumber: text(data, "declaration_number"),
    itemCount: String(data.item_count ?? ""),
    acceptedFrom: text(data, "accepted_from"),
    acceptedTo: text(data, "accepted_to"),
  };
}

/** @param {Record_} data @param {string} field */
function text(data, field) {
  return /** @type {string | undefined | null} */ (data[field]) ?? "";
}

/** @param {Record_} data @param {string} field @returns {bigint | null} */
function won(data, field) {
  return /** @type {bigint | undefined} */ (data[field]) ?? null;
}

/** @param {Record_} data @param {string} field */
function records(data, field) {
  return /** @type {Record_[]} */ (data[field] ?? []);
}

/** @param {import("./codes.js").Labels} labels @param {string} code @returns {Label} */
function label(labels, code) {
  return labels[code] ?? { ko: code, en: code };
}
