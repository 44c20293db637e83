import { CommanderError } from 'commander';
import { CommandError, forgetPerson, listTokens, revokeToken } from './cli/administer-store.js';
import { createProgram, type Commands, type DataPlace } from './cli/program.js';
import { describeToken, mintToken } from './cli/create-token.js';
import { environment } from './config/environment.js';
import { ConfigError, loadConfig } from './config/load-config.js';
import { serve } from './serve.js';
import { StoreError } from './store/port.js';
import { backupStore, verifyStoreAudit } from './cli/store-commands.js';

/** Exit code of anything that went wrong (see ARCHITECTURE.md). */
const EXIT_ERROR = 3;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const folderOf = ({ dataDir, config }: DataPlace): string =>
  dataDir ?? loadConfig(config, environment).dataDir;

const commands: Commands = {
  serve: (options) => serve(options, environment),
  createToken: (options) => {
    process.stdout.write(describeToken(mintToken(options)));
    return Promise.resolve();
  },
  listTokens: async (place) => say(await listTokens(folderOf(place))),
  revokeToken: async (id, place) => say(await revokeToken(folderOf(place), id, Date.now())),
  forgetPerson: async (pseudonym, place) => say(await forgetPerson(folderOf(place), pseudonym, Date.now())),
  verifyAudit: async (place) => {
    const { ok, text } = await verifyStoreAudit(folderOf(place));
    say(text);
    if (!ok) process.exitCode = 1;
  },
  backup: async (file, place) => say(await backupStore(folderOf(place), file)),
};

try {
  await createProgram('0.1.0', commands).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong; help and the version are no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_ERROR;
  const expected =
    error instanceof ConfigError || error instanceof StoreError || error instanceof CommandError;
  process.stderr.write(
    `bellwether: ${expected ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  return EXIT_ERROR;
}
