import type { MetricEvidence } from '@bellwether/models';
import type { Verdict } from '../domain/verdict.js';
import type { Watch } from '../domain/watch.js';
import type { AppContext } from './context.js';
import { findingOf } from './evaluate/describe-finding.js';
import { currentVerdict, type LiveEvidence } from './read-deployment.js';
import { permittedDeployment } from './permit.js';
import type { Caller, WatchProgress } from './use-cases.js';

/** More than a terminal is wide. */
const SHOWN_LOOKS = 300;

/** How the newest watch of a deployment stands: the running one, else the last. */
export async function viewProgress(
  ctx: AppContext,
  liveEvidence: LiveEvidence,
  caller: Caller,
  id: string,
): Promise<WatchProgress> {
  const deployment = await permittedDeployment(ctx.store, caller, 'read', id);
  const verdict = await currentVerdict(ctx, caller, id);
  const watches = await ctx.store.watches({ deploymentId: id });
  const watch = watches.find((one) => one.state === 'watching') ?? watches.at(-1);
  if (watch === undefined)
    return { deployment, verdict, ticks: [], findings: [], reasons: [], stillNeeded: [] };
  // The tail after an early verdict goes on counting where the watch of its step ended.
  const ofStep = watches.filter((one) => one.stepIndex === watch.stepIndex);
  const ticks = (await Promise.all(ofStep.map((one) => ctx.store.ticks(one.id)))).flat().slice(-SHOWN_LOOKS);
  return { deployment, verdict, watch, ticks, ...newestLook(liveEvidence, watch, verdict) };
}

/** What the newest look found: of a running watch from memory, else what the verdict says. */
function newestLook(
  liveEvidence: LiveEvidence,
  watch: Watch,
  verdict: Verdict,
): Pick<WatchProgress, 'findings' | 'reasons' | 'stillNeeded' | 'newest'> {
  const live = watch.state === 'watching' ? liveEvidence(watch.deploymentId) : undefined;
  if (live?.watchId !== watch.id) {
    const { findings, reasons, stillNeeded } = verdict;
    return verdict.watchId === watch.id
      ? { findings, reasons, stillNeeded }
      : { findings: [], reasons: [], stillNeeded: [] };
  }
  const { metrics, reasons, stillNeeded, look, p, explanation, forecasts } = live.assessment;
  // Evidence is kept without its arrays, which no finding shows.
  const judged = metrics as unknown as readonly MetricEvidence[];
  const findings = judged.map((one) =>
    findingOf(one, watch.alpha, watch.changeAtMs, watch.intervalMs, false),
  );
  const newest = {
    ...{ look, p, asOfMs: watch.changeAtMs + look * watch.intervalMs },
    ...(explanation === undefined ? {} : { explanation }),
    ...(forecasts === undefined ? {} : { forecasts }),
  };
  return { findings, reasons, stillNeeded, newest };
}
