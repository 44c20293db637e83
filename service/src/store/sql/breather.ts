import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work before others get their turn; a fifth of the 50 ms that people begin to notice. */
const longestMs = 10;

/**
 * Lets timers and requests in between the pieces of a long job. The embedded database answers at once, so that a chain
 * of awaited queries alone never would.
 */
export class Breather {
  #sinceMs = performance.now();

  /** To be called between pieces of a few milliseconds. */
  async pause(): Promise<void> {
    if (performance.now() - this.#sinceMs < longestMs) return;
    await setImmediate();
    this.#sinceMs = performance.now();
  }
}
