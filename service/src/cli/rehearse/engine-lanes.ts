import type { Engine } from '../../engine/port.js';

/** Engines that are lent to one window at a time, so that a thread that dies takes no other window with it. */
export interface EngineLanes {
  /** Waits for a free engine, lends it, and takes it back. @throws what `use` throws; the engine is then replaced */
  lend<T>(use: (engine: Engine) => Promise<T>): Promise<T>;
  /** Resolves when an engine is free. */
  free(): Promise<void>;
  /** Ends every engine, at once. */
  close(): Promise<void>;
}

/** @param create makes an engine of one thread */
export function createEngineLanes(count: number, create: () => Engine): EngineLanes {
  const idle = Array.from({ length: count }, create);
  const all = new Set(idle);
  const waiting: (() => void)[] = [];
  let isClosed = false;
  const giveBack = (engine: Engine): void => {
    idle.push(engine);
    waiting.shift()?.();
  };
  const replace = (broken: Engine): Engine => {
    all.delete(broken);
    void broken.close();
    const fresh = create();
    all.add(fresh);
    return fresh;
  };
  const free = async (): Promise<void> => {
    while (idle.length === 0 && !isClosed) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    free,
    async lend(use) {
      // Without a wait where none is needed, so that nobody else counts on the same engine.
      if (idle.length === 0) await free();
      const engine = idle.pop();
      if (engine === undefined) throw new Error('the engines are closed');
      try {
        const result = await use(engine);
        giveBack(engine);
        return result;
      } catch (error) {
        if (!isClosed) giveBack(replace(engine));
        throw error;
      }
    },
    async close() {
      isClosed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...all].map((engine) => engine.close()));
    },
  };
}
