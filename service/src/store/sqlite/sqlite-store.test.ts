import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseMs } from '../contract-fixtures.js';
import { storeContract } from '../contract.test-suite.js';
import { openSqliteStore } from './open-sqlite-store.js';

storeContract('SQLite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bellwether-store-'));
  const open = () => openSqliteStore({ file: join(directory, 'data', 'b.db'), clock: () => baseMs });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
