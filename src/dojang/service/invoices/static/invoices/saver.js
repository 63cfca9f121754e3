/**
 * Saves what is typed: after a pause, one save at a time, again and again while there is no connection.
 *
 * A save whose answer never came may have arrived. Its name is sent along with the next one, so that the server knows
 * that page for the one that wrote it and does not take it for a second editor.
 */

/** @typedef {{status: number, data: any}} Answer */
/** @typedef {"clean" | "dirty" | "saving" | "offline" | "refused" | "conflict"} Phase */
/**
 * @typedef {object} Options
 * @property {(names: {save: string, lost: string[]}) => Promise<Answer>} send
 * @property {(phase: Phase, data: any) => void} tell what has become of it, with the server's words if it said any
 * @property {() => string} [name] a new name for a save
 * @property {{set: (act: () => void, delay: number) => unknown, clear: (timer: any) => void}} [clock]
 */

const PAUSE = 700;
const RETRIES = [2_000, 4_000, 8_000, 15_000, 30_000];
const MOST_LOST = 200;
const CONFLICT = 409;
const SERVER_ERROR = 500;

export class Saver {
  /** @type {Phase} */
  phase = "clean";
  #revision = 0;
  #saved = 0;
  #failures = 0;
  /** @type {string[]} */
  #lost = [];
  /** @type {unknown} */
  #timer;
  /** @type {Promise<void> | undefined} */
  #running;
  #options;
  #clock;
  #name;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#name = options.name ?? (() => crypto.randomUUID());
    this.#clock = options.clock ?? {
      set: (act, delay) => setTimeout(act, delay),
      clear: (timer) => clearTimeout(timer),
    };
  }

  /** Whether everything that was typed is with the server. */
  get isSafe() {
    return this.#revision === this.#saved;
  }

  /** Something was typed. */
  touch() {
    this.#revision += 1;
    if (this.phase === "conflict") return;
    if (this.phase === "clean" || this.phase === "refused") this.#become("dirty", null);
    if (this.phase === "dirty") this.#schedule(PAUSE);
  }

  /**
   * Save now what is not saved yet.
   * @returns {Promise<boolean>} whether everything is with the server
   */
  async flush() {
    while (!this.isSafe && this.phase !== "conflict") {
      const before = this.#saved;
      await this.#run();
      if (this.#saved === before) break;
    }
    return this.isSafe;
  }

  /** There may be a connection again. */
  retry() {
    if (this.phase === "offline" || this.phase === "refused") void this.#run();
  }

  #run() {
    this.#clock.clear(this.#timer);
    this.#running ??= this.#save().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #save() {
    const revision = this.#revision;
    const save = this.#name();
    this.#become("saving", null);
    const answer = await this.#options.send({ save, lost: [...this.#lost] });
    if (answer.status >= 200 && answer.status < 300) this.#succeed(revision, answer);
    else if (answer.status === 0 || answer.status >= SERVER_ERROR) this.#miss(save);
    else this.#become(isConflict(answer) ? "conflict" : "refused", answer.data);
  }

  /** @param {number} revision @param {Answer} answer */
  #succeed(revision, answer) {
    this.#saved = revision;
    this.#failures = 0;
    this.#lost = [];
    this.#become(this.isSafe ? "clean" : "dirty", answer.data);
    if (!this.isSafe) this.#schedule(PAUSE);
  }

  /** @param {string} save */
  #miss(save) {
    this.#lost = [...this.#lost, save].slice(-MOST_LOST);
    this.#become("offline", null);
    this.#schedule(RETRIES[Math.min(this.#failures, RETRIES.length - 1)] ?? PAUSE);
    this.#failures += 1;
  }

  /** @param {number} delay */
  #schedule(delay) {
    this.#clock.clear(this.#timer);
    this.#timer = this.#clock.set(() => void this.#run(), delay);
  }

  /** @param {Phase} phase @param {any} data */
  #become(phase, data) {
    this.phase = phase;
    this.#options.tell(phase, data);
  }
}

/** @param {Answer} answer */
function isConflict(answer) {
  return answer.status === CONFLICT;
}
