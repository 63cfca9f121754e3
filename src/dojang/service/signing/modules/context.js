/** What the server tells the page at the start: a data block of the document, so nothing of it is ever run. */

import { byId } from "./ui.js";

/** @typedef {import("./registering.js").Verdict} Verdict */
/** @typedef {import("./session.js").Business} Business */
/** @typedef {import("./session.js").InvoiceRef} InvoiceRef */
/** @typedef {import("./words.js").Language} Language */
/**
 * `urls.then` is where to go on afterwards, where whoever sent people here says so.
 * `challenge` is there where a certificate may be registered on this page, `demo` where test certificates are made.
 *
 * @typedef {{language: Language, csrf: string, mode: "sandbox" | "nts",
 *   transmitter: {key_id: string, public_key: string}, challenge?: string, businesses: Business[],
 *   demo?: {certificate: string, passphrase: string},
 *   invoices: InvoiceRef[], urls: import("./client.js").Urls & {done: string, then?: string, renew: string, register_page: string,
 *   certificates: string, invoice: string, new_invoice: string}, known_certificates: Verdict[], now: string}} Context
 */

/** @returns {Context} */
export function readContext() {
  return JSON.parse(byId("context").textContent ?? "");
}

/**
 * The server's time in ms, by the page's own steady clock: the computer's may be wrong.
 *
 * @param {Context} context
 * @returns {() => number}
 */
export function clockOf(context) {
  const started = Date.parse(context.now) - performance.now();
  return () => started + performance.now();
}

/** The version of the modules that run here, as it stands in their address. */
export function version() {
  return new URL(import.meta.url).pathname.split("/").at(-2) ?? "";
}
