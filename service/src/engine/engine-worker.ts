import { parentPort } from 'node:worker_threads';
import { createCalibrations } from './calibrations.js';
import type { EngineRequest } from './messages.js';

const handle = createCalibrations();
parentPort?.on('message', (request: EngineRequest) => {
  const reply = handle(request);
  if (reply !== undefined) parentPort?.postMessage(reply);
});
