import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a transaction's work. */
interface Run {
  over: boolean;
}

/**
 * Notices the store being used where only the transaction may be: a second write would wait for the first for ever,
 * and a read would not see what the transaction has written.
 */
export class TransactionGuard {
  readonly #runs = new AsyncLocalStorage<Run>();

  /** Runs `work`; `assertInside` holds for it until it settles. */
  async run<T>(work: (assertInside: () => void) => Promise<T>): Promise<T> {
    const run: Run = { over: false };
    const assertInside = (): void => {
      if (run.over) throw new Error('this transaction is over: await everything that its work starts');
    };
    try {
      return await this.#runs.run(run, () => work(assertInside));
    } finally {
      run.over = true;
    }
  }

  /** @throws Error when called from within a transaction's work that is not over */
  assertOutside(call: string): void {
    if (this.#runs.getStore()?.over !== false) return;
    throw new Error(`${call} was called inside a transaction: use the \`tx\` that the work was given`);
  }
}
