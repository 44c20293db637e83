import { setImmediate as others } from 'node:timers/promises';
import type { NeighbourMetric } from '@bellwether/models';
import { SourceError } from '../../sources/port.js';
import type { AppContext } from '../context.js';
import { requireSource } from '../source-for.js';
import { readArm } from '../window/read-arm.js';
import { armValues, storedValues } from './arm-values.js';
import type { AttributionGrid } from './attribution-grid.js';
import type { NeighbourSeries } from './choose-neighbours.js';
import { withinTime } from './within-time.js';

/** Reading other services holds a verdict up for no longer. */
const TIME_LIMIT_MS = 3_000;

/** What was read in time. */
export interface NeighboursRead {
  readonly metrics: readonly NeighbourMetric[];
  /** Services of which nothing was asked for any more. */
  readonly servicesTooLate: number;
}

/**
 * Reads series of other services, the whole service each. One that cannot be read is left out: it is no part of this verdict. They are
 * read one after the other with room for other work between, for this is not what anybody waits for.
 */
export async function readNeighbours(
  ctx: Pick<AppContext, 'sources'>,
  series: readonly NeighbourSeries[],
  grid: AttributionGrid,
  limitMs = TIME_LIMIT_MS,
): Promise<NeighboursRead> {
  const endMs = performance.now() + limitMs;
  const metrics: NeighbourMetric[] = [];
  for (const [place, one] of series.entries()) {
    await others();
    const leftMs = endMs - performance.now();
    const read = leftMs > 0 ? await withinTime(readOne(ctx, one, grid), leftMs) : 'late';
    if (read === 'late') return { metrics, servicesTooLate: servicesOf(series.slice(place)) };
    if (read !== undefined) metrics.push(read);
  }
  return { metrics, servicesTooLate: 0 };
}

async function readOne(
  ctx: Pick<AppContext, 'sources'>,
  { deployment, spec }: NeighbourSeries,
  grid: AttributionGrid,
): Promise<NeighbourMetric | undefined> {
  try {
    const { arm } = await readArm({
      source: requireSource(ctx.sources, spec.signal.source, deployment.project),
      deployment,
      signal: spec.signal,
      arm: 'whole',
      overlay: {},
      grid,
    });
    const { name, kind, direction } = spec;
    return { service: deployment.service, name, kind, direction, values: storedValues(armValues(arm)) };
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function servicesOf(series: readonly NeighbourSeries[]): number {
  return new Set(series.map(({ deployment }) => deployment.service)).size;
}
