import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Store } from '../port.js';
import { baseMs } from '../contract-fixtures.js';
import { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.js';

/** A directory for each test, and the stores that it opens there; all closed and removed after it. */
export function temporaryStores(): {
  readonly path: (name: string) => string;
  readonly open: (options?: Partial<SqliteStoreOptions>) => Promise<Store>;
} {
  let directory: string | undefined;
  let stores: Store[] = [];
  const path = (name: string): string => {
    directory ??= mkdtempSync(join(tmpdir(), 'bellwether-store-'));
    return join(directory, name);
  };
  afterEach(async () => {
    for (const store of stores) await store.close();
    stores = [];
    if (directory !== undefined) rmSync(directory, { recursive: true });
    directory = undefined;
  });
  return {
    path,
    open: async (options = {}) => {
      const store = await openSqliteStore({ file: path('b.db'), clock: () => baseMs, ...options });
      stores.push(store);
      return store;
    },
  };
}
