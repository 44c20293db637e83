import type { Deployment } from '../../domain/deployment.js';
import { requiredUpTo } from '../../domain/required-check.js';
import type { Watch } from '../../domain/watch.js';
import type { Reader } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { looksEndedAtMs } from './gate-inputs.js';
import { publishDecision } from './publish-decision.js';
import { settleGate } from './settle-gate.js';

/** What changes at the gate wakes nobody here, because it is settled where it happens; this is for what was missed. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Looks at the gate of a watch whose looks are over, and decides when a timeout has come.
 * @returns when to look again; undefined once the watch has ended
 */
export async function passGate(ctx: AppContext, watch: Watch): Promise<number | undefined> {
  const { decision, nextAtMs } = await ctx.store.transaction(async (tx) => {
    const settled = await settleGate(ctx, tx, watch.deploymentId);
    const current = await tx.watch(watch.id);
    const deployment = await tx.deployment(watch.deploymentId);
    if (current?.state !== 'watching' || deployment === undefined) return { decision: settled };
    return { decision: settled, nextAtMs: await nextChangeMs(tx, deployment, current, ctx.clock()) };
  });
  if (decision !== undefined) publishDecision(ctx, decision);
  return nextAtMs;
}

/** The earliest timeout of a required check or end of the hold that is still to come. */
async function nextChangeMs(
  reader: Pick<Reader, 'hold' | 'ticks'>,
  deployment: Deployment,
  watch: Watch,
  nowMs: number,
): Promise<number> {
  const endMs = await looksEndedAtMs(reader, watch, nowMs);
  const timeouts = requiredUpTo(deployment, watch.stepIndex).map(({ timeoutMs }) => endMs + timeoutMs);
  const hold = await reader.hold(deployment.id);
  const times = [...timeouts, ...(hold?.untilMs === undefined ? [] : [hold.untilMs])];
  return Math.min(nowMs + LONGEST_WAIT_MS, ...times.filter((atMs) => atMs > nowMs));
}
