import type { Deployment } from '../../domain/deployment.js';
import type { GateInputs } from '../../domain/gate.js';
import { inForce } from '../../domain/hold.js';
import {
  requiredUpTo,
  standingsOf,
  type CheckStanding,
  type Settlement,
} from '../../domain/required-check.js';
import type { Watch } from '../../domain/watch.js';
import type { Reader } from '../../store/port.js';
import type { NewVerdict } from '../write-verdict.js';

type WatchTimes = Pick<
  Watch,
  'id' | 'stepIndex' | 'lastLook' | 'changeAtMs' | 'intervalMs' | 'plannedLooks' | 'settleMs'
>;
type GateReader = Pick<Reader, 'checks' | 'hold' | 'ticks' | 'verdicts'>;

/**
 * What stands beside the metrics at this moment; undefined when no check is required and nobody holds.
 * @param look the last look that was taken, or the one being taken
 */
export async function gateInputs(
  reader: GateReader,
  deployment: Deployment,
  watch: WatchTimes,
  look: number,
  nowMs: number,
): Promise<GateInputs | undefined> {
  const looksOver = look >= watch.plannedLooks;
  const checks = await standingChecks(reader, deployment, watch, looksOver, nowMs);
  const hold = inForce(await reader.hold(deployment.id), nowMs);
  if (checks.length === 0 && hold === undefined) return undefined;
  return { checks, looksOver, ...(hold === undefined ? {} : { hold: wordOf(hold) }) };
}

function wordOf({ reason, sinceMs, untilMs }: NonNullable<GateInputs['hold']>) {
  return { reason, sinceMs, ...(untilMs === undefined ? {} : { untilMs }) };
}

async function standingChecks(
  reader: GateReader,
  deployment: Deployment,
  watch: WatchTimes,
  looksOver: boolean,
  nowMs: number,
): Promise<readonly CheckStanding[]> {
  if (requiredUpTo(deployment, watch.stepIndex).length === 0) return [];
  const endedAtMs = looksOver ? await looksEndedAtMs(reader, watch, nowMs) : undefined;
  return standingsAt(reader, deployment, watch.stepIndex, nowMs, endedAtMs);
}

/** How the required checks of a step and of those before it stand. */
export async function standingsAt(
  reader: Pick<Reader, 'checks' | 'verdicts'>,
  deployment: Deployment,
  stepIndex: number,
  nowMs: number,
  endedAtMs?: number,
): Promise<readonly CheckStanding[]> {
  const demands = requiredUpTo(deployment, stepIndex);
  const earlier = demands.some((one) => one.stepIndex < stepIndex);
  const settled = earlier ? await settledBy(reader, deployment.id) : undefined;
  return standingsOf(demands, await reader.checks(deployment.id), stepIndex, nowMs, {
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(settled === undefined ? {} : { settled }),
  });
}

async function settledBy(reader: Pick<Reader, 'verdicts'>, id: string): Promise<Settlement | undefined> {
  const override = (await reader.verdicts(id)).findLast(({ rule }) => rule === 'override');
  return override && { stepIndex: override.stepIndex, atMs: override.decidedAtMs };
}

/** When the last look of a watch had settled and was taken: nobody is late for looks that were late themselves. */
export async function looksEndedAtMs(
  reader: Pick<Reader, 'ticks'>,
  watch: WatchTimes,
  nowMs: number,
): Promise<number> {
  const plannedMs = watch.changeAtMs + watch.plannedLooks * watch.intervalMs + watch.settleMs;
  if (watch.lastLook < watch.plannedLooks) return Math.max(plannedMs, nowMs);
  const last = (await reader.ticks(watch.id)).find(({ look }) => look === watch.plannedLooks);
  return Math.max(plannedMs, last?.evaluatedAtMs ?? plannedMs);
}

/** What a verdict shows of the gate that it went through. */
export function gateFacts(inputs: GateInputs | undefined): Pick<NewVerdict, 'checks' | 'hold'> {
  return {
    ...(inputs === undefined || inputs.checks.length === 0 ? {} : { checks: inputs.checks }),
    ...(inputs?.hold === undefined ? {} : { hold: inputs.hold }),
  };
}
