/** A thread that judges trials of the simulations, one at a time. */
import { parentPort } from 'node:worker_threads';
import { judgeTrial } from './judge-trial.js';
import type { Trial } from './trial.js';

parentPort?.on('message', (trial: Trial) => parentPort?.postMessage(judgeTrial(trial)));
