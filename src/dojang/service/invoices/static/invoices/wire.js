/** JSON with whole numbers of any size, and requests that say how they ended. */

const MARK = "\u0000";
const MARKED = /"\\u0000(-?\d+)"/g;

/**
 * JSON in which a bigint is a number, every digit of it.
 * @param {unknown} value
 */
export function stringify(value) {
  const text = JSON.stringify(value, (_name, one) => {
    if (typeof one === "bigint") return `${MARK}${one}`;
    return typeof one === "string" ? one.replaceAll(MARK, "") : one;
  });
  return text.replace(MARKED, "$1");
}

/** @typedef {{status: number, data: any}} Answer status 0: nobody knows whether it arrived */

const PATIENCE = 20_000;

/**
 * @param {string} url @param {unknown} [body] posted as JSON; without one it is a question @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export async function ask(url, body, signal) {
  const timeout = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json", "x-csrftoken": token() }),
      },
      ...(body === undefined ? {} : { body: stringify(body) }),
      credentials: "same-origin",
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { status: response.status, data: await response.json() };
  } catch {
    return { status: 0, data: null };
  }
}

/** The token of the log-in that holds now: another tab may have logged in anew. */
function token() {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
