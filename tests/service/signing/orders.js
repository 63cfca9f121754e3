/** Orders as a server makes them, a key to sign with, and a client that answers from a script: for tests in node. */

import { toBase64, utf8 } from "../../../src/dojang/service/signing/modules/bytes.js";

const NAMESPACE = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0";

export const OWN = "9998100015";
export const BUSINESSES = [{ id: 1, number: OWN, name: "(주)도장상사" }];

/** The smallest document of the standard. */
export function xmlOf({ serial = 1, supplier = OWN, buyer = "구매(주)", total = "11000" } = {}) {
  const party = (number, name, organization) =>
    `<ID>${number}</ID><NameText>${name}</NameText>${organization}` +
    "<SpecifiedPerson><NameText>홍길동</NameText></SpecifiedPerson>";
  const kind = "<SpecifiedOrganization><BusinessTypeCode>01</BusinessTypeCode></SpecifiedOrganization>";
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<TaxInvoice xmlns="${NAMESPACE}"` +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ` xsi:schemaLocation="${NAMESPACE} http://www.kec.or.kr/standard/Tax/TaxInvoiceSchemaModule_1.0.xsd">\n` +
    "<ExchangedDocument><IssueDateTime>20261120090000</IssueDateTime></ExchangedDocument>\n" +
    `<TaxInvoiceDocument><IssueID>2026112041999999${String(serial).padStart(8, "0")}</IssueID>` +
    "<TypeCode>0101</TypeCode><IssueDateTime>20261120</IssueDateTime><PurposeCode>02</PurposeCode>" +
    `</TaxInvoiceDocument>\n<TaxInvoiceTradeSettlement><InvoicerParty>${party(supplier, "도장", "")}</InvoicerParty>` +
    `<InvoiceeParty>${party("9998600010", buyer, kind)}</InvoiceeParty><SpecifiedMonetarySummation>` +
    "<ChargeTotalAmount>10000</ChargeTotalAmount><TaxTotalAmount>1000</TaxTotalAmount>" +
    `<GrandTotalAmount>${total}</GrandTotalAmount></SpecifiedMonetarySummation></TaxInvoiceTradeSettlement>\n` +
    "</TaxInvoice>"
  );
}

/** Invoices 1 to `count` of the one business; `groupOf` names those that go together, and else each goes alone. */
export function invoices(count, groupOf = (id) => id) {
  return Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    version: 1,
    business: 1,
    group: groupOf(at + 1),
  }));
}

/** An order that lives until `expires` (ms). */
export function orderOf(invoice, { serial = invoice, expires = 1e12, ...says } = {}) {
  const xml = xmlOf({ serial, buyer: `구매처 ${invoice}호`, ...says });
  return { order: `order-${serial}`, invoice, xml, expires_at: new Date(expires).toISOString() };
}

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** A key as the page opens one; its certificate is no more than a name here. */
export async function signer() {
  const parameters = { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey } = await crypto.subtle.generateKey(parameters, false, ["sign"]);
  return {
    certificate: { der: utf8("certificate"), fingerprint: "f1" },
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(algorithm.name, privateKey, bytes)),
  };
}

/** What goes with every call. */
export const FACTS = {
  certificate: toBase64(utf8("certificate")),
  chain: [],
  random: { key_id: "k", sealed: "" },
};

/** A server for `Client`: each call is answered by the next of `answers` for its address, the last one for ever. */
export class Server {
  constructor(answers) {
    this.answers = answers;
    this.calls = [];
    this.pauses = [];
    this.fetch = async (url, request) => {
      this.calls.push({
        url,
        body: request.body && JSON.parse(request.body),
        csrf: request.headers["X-CSRFToken"],
      });
      const waiting = this.answers[url];
      const answer = waiting.length > 1 ? waiting.shift() : waiting[0];
      if (answer === "lost") throw new TypeError("Failed to fetch");
      const [status, content] = typeof answer === "function" ? answer(this.calls.at(-1).body) : answer;
      return new Response(typeof content === "string" ? content : JSON.stringify(content), { status });
    };
    this.pause = async (milliseconds) => {
      this.pauses.push(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    };
  }

  /** The addresses that were called, in order. */
  get urls() {
    return this.calls.map(({ url }) => url);
  }
}

export const URLS = {
  orders: "/orders",
  issue: "/issue",
  register: "/register",
  certificate: "/certificate/{id}",
  session: "/session",
};
