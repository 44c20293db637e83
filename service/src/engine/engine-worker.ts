import { parentPort, workerData } from 'node:worker_threads';
import { calibrate } from '@bellwether/models';
import { buildOf } from './build-of.js';
import { cachedCalibrate, type Calibrate } from './calibration-cache.js';
import { createCalibrations } from './calibrations.js';
import { createScorerLoader } from './load-scorer.js';
import type { EngineRequest, EngineWorkerData } from './messages.js';

const { cacheFolder, modelFolder } = workerData as EngineWorkerData;
/** Some hundred calibrations of twenty metrics. */
const MOST_CACHE_BYTES = 128 * 1024 * 1024;

function calibrateIn(folder: string): Calibrate {
  const build = buildOf(import.meta.resolve('@bellwether/models'));
  return cachedCalibrate({ folder, mostBytes: MOST_CACHE_BYTES, build }, calibrate);
}

const handle = createCalibrations(
  cacheFolder === undefined ? calibrate : calibrateIn(cacheFolder),
  createScorerLoader(modelFolder),
);
parentPort?.on('message', (request: EngineRequest) => {
  void handle(request).then((reply) => {
    if (reply !== undefined) parentPort?.postMessage(reply);
  });
});
