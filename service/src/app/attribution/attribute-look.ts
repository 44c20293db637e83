import type { Attribution, AttributionInput, Snapshot } from '@bellwether/models';
import type { Compared, VerdictAttribution } from '../../domain/attribution.js';
import type { Deployment } from '../../domain/deployment.js';
import type { MetricFinding } from '../../domain/verdict.js';
import type { Watch } from '../../domain/watch.js';
import type { AppContext } from '../context.js';
import type { ReadMetric } from '../window/read-metric.js';
import type { NewVerdict } from '../write-verdict.js';
import { attributionGrid } from './attribution-grid.js';
import { chooseNeighbours } from './choose-neighbours.js';
import { findCandidates } from './find-rivals.js';
import { ownMetrics } from './own-metrics.js';
import { readNeighbours } from './read-neighbours.js';

/** Explanations that a verdict carries. */
const MOST_SHOWN = 6;

/** What a look showed. */
export interface AttributedLook {
  readonly watch: Watch;
  readonly snapshot: Snapshot;
  readonly live: readonly ReadMetric[];
  readonly verdict: Pick<NewVerdict, 'look' | 'rule' | 'findings' | 'reasons' | 'asOfMs'>;
}

/** An attribution with what it rests on. */
export interface LookAttribution {
  readonly input: AttributionInput;
  readonly result: VerdictAttribution;
}

/**
 * Asks whose doing the movement of a look is. Rests on the snapshot, the look's own window, the deployments of the time and what sources
 * know of other services.
 * @returns undefined where no metric moved, and for a canary that serves nothing: nothing else explains that
 */
export async function attributeLook(
  ctx: AppContext,
  deployment: Deployment,
  { watch, snapshot, live, verdict }: AttributedLook,
): Promise<LookAttribution | undefined> {
  const { asOfMs, findings, reasons } = verdict;
  const { factor, ...grid } = attributionGrid(deployment, watch, verdict.look);
  const metrics = ownMetrics(snapshot, live, movedFindings(findings, reasons), { ...grid, factor });
  if (metrics.length === 0 || verdict.rule === 'canary-silent') return undefined;
  const candidates = await findCandidates(ctx.store, deployment, asOfMs);
  const rivalServices = new Set(candidates.rivals.map(({ service }) => service));
  const kinds = new Set(metrics.map(({ kind }) => kind));
  const neighbours = await chooseNeighbours(ctx.store, deployment, kinds, rivalServices, asOfMs);
  const read = await readNeighbours(ctx, neighbours.series, { ...grid, factor });
  const input: AttributionInput = {
    ...grid,
    deployment: candidates.judged,
    rivals: candidates.rivals,
    dependencies: neighbours.dependencies,
    metrics,
    neighbours: read.metrics,
    armsDiffer: metrics.every(({ control }) => control !== undefined),
  };
  const compared: Compared = {
    series: read.metrics.length,
    servicesLeftOut: neighbours.servicesLeftOut + read.servicesTooLate,
    deploymentsLeftOut: candidates.leftOut,
  };
  return { input, result: inEventTime(input, await ctx.engine.attribute(input), compared) };
}

/** What harmed, or decided as a limit of the user's; else what moved at all. */
function movedFindings(
  findings: readonly MetricFinding[],
  reasons: NewVerdict['reasons'],
): readonly MetricFinding[] {
  const named = new Set(reasons.map(({ metric }) => metric));
  const harmed = findings.filter(
    ({ name, status }) => status === 'harmed' || (status !== 'insufficient' && named.has(name)),
  );
  return harmed.length > 0 ? harmed : findings.filter(({ status }) => status === 'moved');
}

/** What the science found on its grid, as a verdict says it. */
export function inEventTime(
  { startMs, intervalMs }: Pick<AttributionInput, 'startMs' | 'intervalMs'>,
  { onset, candidates, ...found }: Attribution,
  compared: Compared,
): VerdictAttribution {
  const instant = (index: number): number => startMs + index * intervalMs;
  return {
    ...found,
    candidates: candidates.slice(0, MOST_SHOWN),
    ...(onset === undefined
      ? {}
      : {
          onset: {
            atMs: instant(onset.at),
            fromMs: instant(onset.from),
            // It began within the last interval.
            toMs: instant(onset.to + 1),
            level: onset.level,
            beforeDeployment: onset.beforeDeployment,
          },
        }),
    compared,
  };
}
