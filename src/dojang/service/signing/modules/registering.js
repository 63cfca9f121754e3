/**
 * Making a certificate known to the server for a business, once: whose it is can be told only with R, which goes
 * sealed to the transmitter; the server then keeps the verdict with the certificate's fingerprint.
 */

import { toBase64, utf8 } from "./bytes.js";
import { Interrupted, refusalOf } from "./client.js";
import { refuse } from "./errors.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Signer} SignerFacts */
/** @typedef {import("./openedkey.js").OpenedKey} OpenedKey */
/** @typedef {{business: number, fingerprint: string, verdict: string}} Verdict */

const PREFIX = "dojang-register:";
// What is signed begins with the prefix and has this shape: it can never be taken for anything else that one signs.
const CHALLENGE = /^[\w.:=+/-]{16,300}$/;
const PAUSE = 500;
const MOST_ASKED = 60;

/**
 * Returns once the server says that the certificate belongs to the business. Each challenge is good for one
 * registration: the one in `context` is replaced as soon as the server has taken it.
 *
 * @param {{client: Client, key: OpenedKey, signer: SignerFacts, business: number, context: {challenge?: string},
 *   known: Verdict[], signal: AbortSignal, pause: (milliseconds: number, signal: AbortSignal) => Promise<void>}} means
 * @throws {import("./errors.js").Refusal} it does not, or the server does not take it
 */
export async function register({ client, key, signer, business, context, known, signal, pause }) {
  const { challenge } = context;
  const { fingerprint } = key.certificate;
  const verdict = known.find((one) => one.business === business && one.fingerprint === fingerprint)?.verdict;
  if (verdict === "matches") return;
  if (verdict === "mismatch") throw refuse("not_this_business_number");
  if (challenge === undefined) {
    // Registering is not offered here. Of one that is being checked the server says what is to be done.
    if (verdict === "pending") return;
    throw refuse("certificate_not_registered");
  }
  if (!CHALLENGE.test(challenge)) throw refuse("page_failed", { what: "challenge" });
  const signature = toBase64(await key.sign(utf8(PREFIX + challenge)));
  const registered = await client.register({ ...signer, business, challenge, signature }, signal);
  if (registered.challenge !== undefined) context.challenge = registered.challenge;
  /** @type {{state: string, code?: string, ko?: string, en?: string}} */
  let answer = registered;
  for (let asked = 0; answer.state === "pending"; asked += 1) {
    if (asked === MOST_ASKED) throw refuse("certificate_still_pending");
    await pause(PAUSE, signal);
    if (signal.aborted) throw new Interrupted(false);
    answer = await client.certificate(registered.id, signal);
  }
  if (answer.state === "mismatch") throw refuse("not_this_business_number");
  if (answer.state !== "matches") throw answer.ko ? refusalOf(answer) : refuse("certificate_refused");
  known.push({ business, fingerprint, verdict: "matches" });
}
