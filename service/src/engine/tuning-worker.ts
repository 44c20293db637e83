import { parentPort } from 'node:worker_threads';
import { SHIPPED_MODEL } from '@bellwether/models';
import { tuneOnHistory } from '@bellwether/models/learned';
import { readWeights } from './load-scorer.js';
import type { TuningRequest } from './messages.js';

parentPort?.once('message', ({ snapshot, name, seed }: TuningRequest) => {
  // What throws ends the thread, which its parent hears.
  void tuneOnHistory(readWeights(SHIPPED_MODEL, undefined), snapshot, name, seed).then((outcome) =>
    parentPort?.postMessage(outcome),
  );
});
