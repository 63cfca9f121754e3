/**
 * One signing: from orders whose bytes were read and shown, through one opened key, to what was issued and what was not.
 *
 * While one hundred documents are on their way to the server the next are being signed. Nothing is signed whose bytes
 * were not read here before, and an order that had to be made anew must say the same as the one that was shown.
 */

import { toBase64, utf8 } from "./bytes.js";
import { Interrupted, MOST, refusalOf } from "./client.js";
import { refuse, Refusal } from "./errors.js";
import { sign } from "./kecsign.js";
import { readXml } from "./kecxml.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Issued} Issued */
/** @typedef {import("./client.js").Order} Order */
/** @typedef {import("./client.js").Signer} SignerFacts */
/** @typedef {import("./kecsign.js").Signer} Signer */
/** @typedef {import("./kecxml.js").ReadXml} ReadXml */

/**
 * `group`: those of one group are issued together or not at all.
 * @typedef {{id: number, version: number, business: number, group: number}} InvoiceRef
 */
/** @typedef {{id: number, number: string, name: string}} Business */
/** @typedef {{invoice: InvoiceRef, order: string, expiresAt: number, read: ReadXml}} Prepared  `expiresAt`: ms */
/** @typedef {{prepared: Prepared, xml: string, size: number}} Signed  `size`: bytes of `xml` */
/** @typedef {{invoice: InvoiceRef, read: ReadXml | null, refusal: Refusal}} Refused */
/** @typedef {{prepared: Prepared, issued: Issued}} Done */
/** @typedef {{total: number, signed: number, issued: number, refused: number}} Progress */
/**
 * `unsent` were never handed in; of `unknown` no answer came before the cancel.
 * @typedef {{issued: Done[], refused: Refused[], unsent: Prepared[], unknown: Prepared[]}} Outcome
 */

/** Documents signed side by side before the page takes breath. */
const SIDE_BY_SIDE = 20;
/** An order with less time left (ms) is made anew before it is signed. */
const TOO_LATE = 20_000;
const MOST_ORDERS = 3;
/** Of documents in one call: the server takes 4 MB, quotes and certificates included. A long invoice has 100 KB. */
const MOST_BYTES = 3_000_000;

/**
 * Get the orders of these invoices and read their bytes.
 *
 * @param {{client: Client, invoices: InvoiceRef[], businesses: Business[], signal: AbortSignal,
 *   onProgress?: (ready: number, total: number) => void}} means
 * @returns {Promise<{prepared: Prepared[], refused: Refused[]}>}
 * @throws {Refusal} when the server refuses the whole call
 * @throws {Interrupted} cancelled
 */
export async function prepare({ client, invoices, businesses, signal, onProgress = () => undefined }) {
  /** @type {Prepared[]} */
  const prepared = [];
  /** @type {Refused[]} */
  const refused = [];
  const numbers = new Map(businesses.map((business) => [business.id, business.number]));
  const seen = new Set();
  for (const chunk of portions(invoices, (invoice) => invoice.group)) {
    const answer = await client.orders(chunk, signal);
    const orders = new Map(answer.orders.map((order) => [order.invoice, order]));
    const reasons = new Map(answer.refused.map((said) => [said.invoice, refusalOf(said)]));
    for (const invoice of chunk) {
      const order = orders.get(invoice.id);
      const refusal = reasons.get(invoice.id) ?? refuse("order_missing");
      /** @type {ReadXml | null} */
      let read = null;
      try {
        if (order === undefined) throw refusal;
        read = readXml(utf8(order.xml));
        requireOurs(read, numbers.get(invoice.business) ?? "", seen);
        prepared.push({ invoice, order: order.order, expiresAt: Date.parse(order.expires_at), read });
      } catch (error) {
        refused.push({ invoice, read, refusal: asRefusal(error) });
      }
    }
    onProgress(prepared.length + refused.length, invoices.length);
  }
  return { prepared, refused };
}

/** @param {ReadXml} read @param {string} expected @param {Set<unknown>} seen */
function requireOurs(read, expected, seen) {
  const { issueId, signerNumber } = read.document;
  if (signerNumber !== expected) throw refuse("order_of_another_business", { expected, found: signerNumber });
  if (seen.has(issueId)) throw refuse("order_twice", { issue_id: issueId });
  seen.add(issueId);
}

/**
 * Sign and hand in. It ends by itself, or soon after `signal` is aborted; a lost connection it outwaits.
 *
 * @param {{client: Client, prepared: Prepared[], key: Signer, signer: SignerFacts, businesses: Business[],
 *   now: () => number, signal: AbortSignal, onProgress?: (progress: Progress) => void}} means
 *   `now`: the server's time (ms); `signer`: what goes with each call
 * @returns {Promise<Outcome>}
 */
export async function signAll(means) {
  const signing = new Signing(means);
  let waiting = means.prepared;
  for (let round = 0; waiting.length > 0 && round < MOST_ORDERS; round += 1) {
    waiting = await signing.round(waiting);
  }
  for (const prepared of waiting) signing.refuse(prepared, refuse("order_expired"));
  return signing.outcome;
}

class Signing {
  /** @type {Refusal | null} a refusal of the whole call, which the rest would get too */
  #stopped = null;
  /** @type {Prepared[]} */
  #expired = [];

  /** @param {Parameters<typeof signAll>[0]} means */
  constructor(means) {
    this.means = means;
    /** @type {Outcome} */
    this.outcome = { issued: [], refused: [], unsent: [], unknown: [] };
    this.signed = 0;
  }

  /**
   * @param {Prepared[]} waiting
   * @returns {Promise<Prepared[]>} those whose orders expired on the way
   */
  async round(waiting) {
    this.#expired = [];
    let sending = Promise.resolve();
    for (const chunk of portions(waiting, (prepared) => prepared.invoice.group)) {
      const signed = await this.#sign(await this.#fresh(chunk));
      await sending;
      sending = this.#send(signed);
    }
    await sending;
    return this.#expired;
  }

  /** @param {Prepared} prepared @param {Refusal} refusal */
  refuse(prepared, refusal) {
    this.outcome.refused.push({ invoice: prepared.invoice, read: prepared.read, refusal });
    this.#report();
  }

  #report() {
    const { issued, refused } = this.outcome;
    const total = this.means.prepared.length;
    const signed = Math.min(this.signed, total);
    this.means.onProgress?.({ total, signed, issued: issued.length, refused: refused.length });
  }

  get #over() {
    return this.means.signal.aborted || this.#stopped !== null;
  }

  /** @param {Prepared[]} rest */
  #leave(rest) {
    for (const prepared of rest) {
      if (this.#stopped) this.refuse(prepared, this.#stopped);
      else this.outcome.unsent.push(prepared);
    }
  }

  /**
   * The same documents, those with hardly any time left under new orders. Orders are made for whole groups alone.
   * @param {Prepared[]} chunk
   */
  async #fresh(chunk) {
    const soon = this.means.now() + TOO_LATE;
    const groups = new Set(
      chunk.filter((prepared) => !(prepared.expiresAt > soon)).map((prepared) => prepared.invoice.group),
    );
    const late = chunk.filter((prepared) => groups.has(prepared.invoice.group));
    if (late.length === 0 || this.#over) return chunk;
    const { client, businesses, signal } = this.means;
    const invoices = late.map((prepared) => prepared.invoice);
    try {
      const anew = await prepare({ client, invoices, businesses, signal });
      const orders = new Map(anew.prepared.map((prepared) => [prepared.invoice.id, prepared]));
      const refusals = new Map(anew.refused.map((refused) => [refused.invoice.id, refused.refusal]));
      return chunk.flatMap((prepared) => {
        if (!late.includes(prepared)) return [prepared];
        const order = orders.get(prepared.invoice.id);
        if (order !== undefined && order.read.content === prepared.read.content) return [order];
        this.refuse(prepared, refusals.get(prepared.invoice.id) ?? refuse("order_changed"));
        return [];
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) this.#stopped = asRefusal(error);
      return chunk;
    }
  }

  /**
   * @param {Prepared[]} chunk
   * @returns {Promise<Signed[]>}
   */
  async #sign(chunk) {
    /** @type {Signed[]} */
    const signed = [];
    const text = new TextDecoder();
    for (const some of chunks(chunk, SIDE_BY_SIDE)) {
      if (this.#over) {
        this.#leave(some);
        continue;
      }
      const results = await Promise.allSettled(some.map((prepared) => sign(prepared.read, this.means.key)));
      results.forEach((result, index) => {
        const prepared = /** @type {Prepared} */ (some[index]);
        if (result.status === "fulfilled")
          signed.push({ prepared, xml: text.decode(result.value), size: result.value.length });
        else this.refuse(prepared, asRefusal(result.reason));
      });
      this.signed += some.length;
      this.#report();
    }
    return signed;
  }

  /** @param {Signed[]} signed */
  async #send(signed) {
    for (const lot of lots(signed)) await this.#handIn(lot);
  }

  /** @param {Signed[]} signed */
  async #handIn(signed) {
    if (this.#over) {
      this.#leave(signed.map(({ prepared }) => prepared));
      return;
    }
    const { client, signer, signal } = this.means;
    const sent = new Map(signed.map(({ prepared }) => [prepared.order, prepared]));
    try {
      const orders = signed.map(({ prepared, xml }) => ({ order: prepared.order, xml }));
      const answer = await client.issue({ ...signer, signed: orders }, signal);
      for (const issued of answer.issued)
        this.#take(sent, issued.order, (prepared) => this.#issued(prepared, issued));
      for (const said of answer.refused) {
        this.#take(sent, said.order, (prepared) => {
          if (said.code === "order_expired") this.#expire(prepared);
          else this.refuse(prepared, refusalOf(said));
        });
      }
      this.outcome.unknown.push(...sent.values());
    } catch (error) {
      if (error instanceof Interrupted) {
        const { unknown, unsent } = this.outcome;
        (error.mayBeDone ? unknown : unsent).push(...sent.values());
      } else {
        this.#stopped = asRefusal(error);
        this.#leave([...sent.values()]);
      }
    }
    this.#report();
  }

  /** @param {Prepared} prepared @param {Issued} issued */
  #issued(prepared, issued) {
    this.outcome.issued.push({ prepared, issued });
  }

  /** @param {Prepared} prepared */
  #expire(prepared) {
    this.signed -= 1;
    this.#expired.push({ ...prepared, expiresAt: 0 });
  }

  /**
   * @param {Map<string, Prepared>} sent @param {string} order @param {(prepared: Prepared) => void} what
   */
  #take(sent, order, what) {
    const prepared = sent.get(order);
    if (prepared === undefined) return;
    sent.delete(order);
    what(prepared);
  }
}

/**
 * What goes with every call: the certificate, its chain and R, sealed to the transmitter.
 * @param {import("./openedkey.js").OpenedKey} key
 * @param {{key_id: string, public_key: string}} transmitter  base64 of its SubjectPublicKeyInfo
 * @returns {Promise<SignerFacts>}
 */
export async function signerFacts(key, transmitter) {
  const publicKey = Uint8Array.from(atob(transmitter.public_key), (character) => character.charCodeAt(0));
  return {
    certificate: toBase64(key.certificate.der),
    chain: key.chain.map(toBase64),
    random: { key_id: transmitter.key_id, sealed: toBase64(await key.sealRandom(publicKey)) },
  };
}

/** @param {unknown} error @returns {Refusal} */
export function asRefusal(error) {
  return error instanceof Refusal ? error : refuse("page_failed", { what: String(error) });
}

/**
 * In order, each as large as one call may be; a group that is larger alone goes alone.
 * @param {Signed[]} signed
 */
function lots(signed) {
  /** @type {Signed[][]} */
  const made = [];
  let room = 0;
  for (const group of groups(signed, ({ prepared }) => prepared.invoice.group)) {
    const size = group.reduce((sum, one) => sum + one.size, 0);
    if (size > room || made.length === 0) {
      made.push([]);
      room = MOST_BYTES;
    }
    made[made.length - 1]?.push(...group);
    room -= size;
  }
  return made;
}

/**
 * In order, each at most one call's: what is issued together goes in one call. No group is larger than that.
 * @template T
 * @param {T[]} all @param {(one: T) => number} groupOf
 */
function portions(all, groupOf) {
  /** @type {T[][]} */
  const made = [];
  for (const group of groups(all, groupOf)) {
    const last = made.at(-1);
    if (last !== undefined && last.length + group.length <= MOST) last.push(...group);
    else made.push(group);
  }
  return made;
}

/**
 * What belongs together, in the order in which the first of each stands.
 * @template T
 * @param {T[]} all @param {(one: T) => number} groupOf
 */
function groups(all, groupOf) {
  /** @type {Map<number, T[]>} */
  const found = new Map();
  for (const one of all) {
    const group = found.get(groupOf(one));
    if (group === undefined) found.set(groupOf(one), [one]);
    else group.push(one);
  }
  return [...found.values()];
}

/**
 * @template T
 * @param {T[]} all @param {number} size
 * @returns {T[][]}
 */
function chunks(all, size) {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
