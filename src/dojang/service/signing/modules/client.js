/**
 * What the page asks of its server, and keeps asking when the connection or the log-in is lost.
 *
 * A lost answer is no answer: the same request goes again, and the server knows one that it has already done
 * (the same order with the same bytes is issued once).
 */

import { Refusal, refuse } from "./errors.js";

/** @typedef {{ko: string, en: string, code: string}} Said  a refusal in the server's words */
/** @typedef {{order: string, invoice: number, xml: string, expires_at: string}} Order */
/** @typedef {{order: string, invoice: number, state: string, transmit_at: string | null}} Issued */
/** @typedef {{key_id: string, sealed: string}} SealedRandom */
/** @typedef {{certificate: string, chain: string[], random: SealedRandom}} Signer  base64 of DER */
/** @typedef {"connected" | "waiting" | "session_lost"} Connection */
/** @typedef {{orders: string, issue: string, register: string, certificate: string, session: string}} Urls */

/** Cancelled before an answer came. */
export class Interrupted extends Error {
  /** @param {boolean} mayBeDone  a request went out and its answer was lost: the server may have done it */
  constructor(mayBeDone) {
    super("cancelled");
    this.mayBeDone = mayBeDone;
  }
}

/** The most documents in one call. */
export const MOST = 100;

const TIMEOUT = 60_000;
// After a cancel an answer on its way is worth this wait: it says what was issued.
const LAST_WAIT = 10_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const LOG_IN_PAUSE = 3_000;
const MOST_FAILURES = 4;

export class Client {
  /** @type {Urls} */
  #urls;
  /** @type {string} */
  #csrf;
  /** @type {typeof fetch} */
  #fetch;
  /** @type {(milliseconds: number, signal: AbortSignal) => Promise<void>} */
  #pause;
  /** @type {Connection} */
  #connection = "connected";

  /** Told whenever the connection changes. @type {(connection: Connection) => void} */
  onConnection = () => undefined;

  /**
   * @param {{urls: Urls, csrf: string}} context
   * @param {{fetch?: typeof fetch, pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>}} [means]
   */
  constructor(context, means = {}) {
    this.#urls = context.urls;
    this.#csrf = context.csrf;
    this.#fetch = means.fetch ?? ((...request) => fetch(...request));
    this.#pause = means.pause ?? pause;
  }

  /**
   * Orders: for each invoice the exact bytes to be signed, or why there are none.
   * @param {{id: number, version: number}[]} invoices  at most `MOST`
   * @param {AbortSignal} signal
   * @returns {Promise<{orders: Order[], refused: (Said & {invoice: number})[]}>}
   */
  async orders(invoices, signal) {
    const body = { invoices: invoices.map(({ id, version }) => ({ id, version })) };
    const answer = await this.#ask("POST", this.#urls.orders, body, signal);
    return { orders: list(answer.orders), refused: list(answer.refused) };
  }

  /**
   * Hand in signed documents. After a cancel it still waits a moment for an answer on its way.
   * @param {Signer & {signed: {order: string, xml: string}[]}} body  at most `MOST`
   * @param {AbortSignal} signal
   * @returns {Promise<{issued: Issued[], refused: (Said & {order: string})[]}>}
   */
  async issue(body, signal) {
    const answer = await this.#ask("POST", this.#urls.issue, body, signal, LAST_WAIT);
    return { issued: list(answer.issued), refused: list(answer.refused) };
  }

  /**
   * @param {Signer & {business: number, challenge: string, signature: string}} body
   * @param {AbortSignal} signal
   * @returns {Promise<{id: number, state: string, challenge?: string} & Partial<Said>>}
   */
  async register(body, signal) {
    return this.#ask("POST", this.#urls.register, body, signal);
  }

  /**
   * @param {number} id
   * @param {AbortSignal} signal
   * @returns {Promise<{state: string} & Partial<Said>>}
   */
  async certificate(id, signal) {
    return this.#ask("GET", this.#urls.certificate.replace("{id}", String(id)), null, signal);
  }

  /**
   * @param {"GET" | "POST"} method @param {string} url @param {object | null} body
   * @param {AbortSignal} signal @param {number} [lastWait]  milliseconds that a request on its way outlives the cancel
   * @returns {Promise<any>}
   * @throws {Refusal} what the server said, or `server_failed`
   * @throws {Interrupted} cancelled
   */
  async #ask(method, url, body, signal, lastWait = 0) {
    let [lost, failures] = [0, 0];
    while (!signal.aborted) {
      const response = await this.#send(method, url, body, signal, lastWait);
      const answer = response && json(response);
      if (response?.ok && answer) {
        this.#tell("connected");
        return answer;
      }
      if (response?.type === "opaqueredirect" || response?.status === 401) {
        await this.#logInAgain(signal);
        continue;
      }
      if (response && !response.ok && !BUSY.has(response.status)) {
        if (typeof answer?.code === "string") throw refusalOf(answer);
        failures += 1;
        if (failures === MOST_FAILURES) throw refuse("server_failed", { status: response.status });
      } else this.#tell("waiting");
      await this.#pause(backoff(lost), signal);
      lost += 1;
    }
    throw new Interrupted(lost > 0);
  }

  /**
   * The response; null when the connection failed.
   * @param {string} method @param {string} url @param {object | null} body
   * @param {AbortSignal} signal @param {number} lastWait
   */
  async #send(method, url, body, signal, lastWait) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    const cancel = () => setTimeout(() => stop.abort(), lastWait);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const response = await this.#fetch(url, {
        method,
        body: body && JSON.stringify(body),
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.#csrf,
        },
        credentials: "same-origin",
        redirect: "manual",
        cache: "no-store",
        referrerPolicy: "same-origin",
        signal: stop.signal,
      });
      // Read it while the timers run: an answer may stop half-way.
      const text = response.type === "opaqueredirect" ? "" : await response.text();
      return { ok: response.ok, status: response.status, type: response.type, text };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  /**
   * Wait until somebody has logged in again, perhaps in another tab, and take the new CSRF token; or for the cancel.
   * @param {AbortSignal} signal
   */
  async #logInAgain(signal) {
    this.#tell("session_lost");
    for (let tries = 0; ; tries += 1) {
      await this.#pause(tries === 0 ? FIRST_PAUSE : LOG_IN_PAUSE, signal);
      if (signal.aborted) return;
      const response = await this.#send("GET", this.#urls.session, null, signal, 0);
      const answer = response?.ok ? json(response) : null;
      if (typeof answer?.csrf === "string") {
        this.#csrf = answer.csrf;
        this.#tell("connected");
        return;
      }
    }
  }

  /** @param {Connection} connection */
  #tell(connection) {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.onConnection(connection);
  }
}

const BUSY = new Set([429, 502, 503, 504]);

/** @param {number} times */
function backoff(times) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** times);
}

/**
 * A pause that ends early when the signal is aborted or the computer is back on line.
 * @param {number} milliseconds @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      globalThis.removeEventListener?.("online", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    globalThis.addEventListener?.("online", end);
    if (signal.aborted) end();
  });
}

/** @param {{text: string}} response @returns {any} null when it is no JSON object */
function json(response) {
  try {
    const value = JSON.parse(response.text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/**
 * The server's refusal as one of ours.
 * @param {Partial<Said>} said
 */
export function refusalOf(said) {
  const sentences = { ko: said.ko ?? said.en ?? "", en: said.en ?? said.ko ?? "" };
  return new Refusal(said.code ?? "refused", sentences);
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}
