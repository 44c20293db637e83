import { parentPort } from 'node:worker_threads';
import { mannWhitney, type LiveMetric, type Snapshot } from '../src/index.js';
import { drawDeployment, type SyntheticService } from './synthetic-service.js';
import { watchDeployment } from './watch-deployment.js';

/** A batch of deployments of one simulated service. */
export interface CellTask {
  readonly service: SyntheticService;
  readonly firstSeed: number;
  readonly deployments: number;
}

/** Counts of one batch. */
export interface CellResult {
  readonly deployments: number;
  readonly rollbacks: number;
  readonly mannWhitney: number;
  readonly injected: number;
  readonly found: number;
  /** Looks from the injected onset to the rollback. */
  readonly delays: readonly number[];
  readonly effective: readonly number[];
}

/** Confidence 98 %, two-sided, as canary judges use it. */
const MANN_WHITNEY_P = 0.02;
/** Intervals just before the change that the test compares with. */
const MANN_WHITNEY_BEFORE = 60;
const SHIFT = 0.2;
const ONSET = 2;
/** Every fifth deployment is judged once more with a shift. */
const INJECT_EVERY = 5;

function alarmsByMannWhitney(snapshot: Snapshot, live: readonly LiveMetric[]): boolean {
  return snapshot.metrics.some(({ treatment }, index) => {
    const arm = live[index]?.treatment;
    if (treatment.shape !== 'gauge' || arm?.shape !== 'gauge') return false;
    const before = treatment.values.subarray(-MANN_WHITNEY_BEFORE);
    for (let look = 2; look <= snapshot.plannedLooks; look++) {
      if (mannWhitney(before, arm.values.subarray(0, look)).p < MANN_WHITNEY_P) return true;
    }
    return false;
  });
}

/** Judges one batch. */
function runBatch({ service, firstSeed, deployments }: CellTask): CellResult {
  let rollbacks = 0;
  let rankTest = 0;
  let injected = 0;
  const delays: number[] = [];
  const effective: number[] = [];
  for (let index = 0; index < deployments; index++) {
    const quiet = drawDeployment(service, firstSeed + index);
    const outcome = watchDeployment(quiet.snapshot, quiet.live);
    effective.push(outcome.effectivePlacebos);
    if (outcome.rolledBackAt !== undefined) rollbacks++;
    if (alarmsByMannWhitney(quiet.snapshot, quiet.live)) rankTest++;
    if (index % INJECT_EVERY !== 0) continue;
    injected++;
    const shifted = drawDeployment(service, firstSeed + index, { shift: SHIFT, onset: ONSET });
    const { rolledBackAt } = watchDeployment(shifted.snapshot, shifted.live);
    if (rolledBackAt !== undefined) delays.push(rolledBackAt - ONSET);
  }
  return { deployments, rollbacks, mannWhitney: rankTest, injected, found: delays.length, delays, effective };
}

parentPort?.on('message', (task: CellTask) => parentPort?.postMessage(runBatch(task)));
