/**
 * Every method side by side over labelled deployment windows: Bellwether by the path of `bellwether rehearse`, and the peers.
 *
 *   npm run bench:quality -- --cases DIR [--set NAME]… [--part train|test|all] [--out DIR] [--workers COUNT]
 */
import { CommandError } from '../src/cli/command-error.js';
import { createProcessIo } from '../src/cli/process-io.js';
import { createWorkerEngine } from '../src/engine/worker-engine.js';
import { codeMark } from './quality/code-mark.js';
import { readOptions, USAGE } from './quality/options.js';
import { createPeerLanes } from './quality/peer-lanes.js';
import { runQuality } from './quality/run-quality.js';

/** A window may take minutes where it holds hundreds of metrics; a thread that takes this long will never answer. */
const LIMIT_MS = { calibrate: 1_800_000, assess: 300_000, attribute: 300_000 };

const io = createProcessIo(process.env);
try {
  if (process.argv.includes('--help')) io.out(USAGE);
  else {
    const options = readOptions(process.argv.slice(2), io.environment);
    const startedMs = performance.now();
    const report = await runQuality(
      options,
      {
        createEngine: () => createWorkerEngine(1, () => undefined, { limitMs: LIMIT_MS }),
        peers: createPeerLanes(options.workers),
        mark: codeMark(),
      },
      io,
    );
    if (report === undefined) {
      io.err('Stopped before the end; the same command goes on from here.\n');
      io.setExitCode(5);
    } else
      io.err(
        `${((performance.now() - startedMs) / 1000).toFixed(0)} s; report, data and plots are in ${options.out}\n`,
      );
  }
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  io.err(`${error.message}\n`);
  io.setExitCode(3);
}
