import { createProgram, type Commands } from './cli/program.js';
import { describeToken, mintToken } from './cli/create-token.js';
import { environment } from './config/environment.js';
import { ConfigError } from './config/load-config.js';
import { serve } from './serve.js';
import { StoreError } from './store/port.js';
import { backupStore, verifyStoreAudit } from './cli/store-commands.js';

/** Exit code of anything that went wrong (see ARCHITECTURE.md). */
const EXIT_ERROR = 3;

const commands: Commands = {
  serve: (options) => serve(options, environment),
  createToken: (options) => {
    process.stdout.write(describeToken(mintToken(options)));
    return Promise.resolve();
  },
  verifyAudit: async ({ dataDir }) => {
    const { ok, text } = await verifyStoreAudit(dataDir);
    process.stdout.write(`${text}\n`);
    if (!ok) process.exitCode = 1;
  },
  backup: async (file, { dataDir }) => {
    process.stdout.write(`${await backupStore(dataDir, file)}\n`);
  },
};

try {
  await createProgram('0.1.0', commands).parseAsync();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StoreError;
  process.stderr.write(
    `bellwether: ${expected ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = EXIT_ERROR;
}
