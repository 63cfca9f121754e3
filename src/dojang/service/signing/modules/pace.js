/** Long work in slices, so that the page stays alive and can be cancelled. */

/** The longest a slice may keep the page waiting, in milliseconds. */
const SLICE = 15;

export class Pace {
  #signal;
  #began = performance.now();

  /** @param {AbortSignal} [signal] */
  constructor(signal) {
    this.#signal = signal;
  }

  /** Whether the slice is used up; cheap enough to be asked every few rounds. */
  get due() {
    return performance.now() - this.#began > SLICE;
  }

  /** Let the page breathe. Throws the signal's reason when the work was cancelled meanwhile. */
  async rest() {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    this.check();
    this.#began = performance.now();
  }

  /** Throws the signal's reason when the work was cancelled. */
  check() {
    this.#signal?.throwIfAborted();
  }
}
