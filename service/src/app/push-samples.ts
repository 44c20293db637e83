import type { SampleBatch } from '../domain/sample.js';
import { StoreError } from '../store/port.js';
import type { AppContext } from './context.js';
import { permit } from './permit.js';
import { AppError, type Caller } from './use-cases.js';

/** Samples are stored before the answer: what was acknowledged is not lost. */
export async function pushSamples(
  ctx: AppContext,
  caller: Caller,
  batches: readonly SampleBatch[],
): Promise<{ readonly stored: number; readonly replaced: number }> {
  for (const batch of batches) permitBatch(caller, batch);
  await checkSeriesLimit(ctx, batches);
  try {
    return await ctx.store.samples.append(batches);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'conflict')
      throw new AppError('conflict', error.message, {
        field: '/series',
        remedy: 'push a series always with the same type, or under another name',
      });
    throw error;
  }
}

/** A token scoped to a service or environment pushes only series that carry it as a label. */
function permitBatch(caller: Caller, batch: SampleBatch): void {
  const { service, environment } = batch.labels;
  permit(caller, 'push', {
    project: batch.project,
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
  });
}

async function checkSeriesLimit(ctx: AppContext, batches: readonly SampleBatch[]): Promise<void> {
  for (const project of new Set(batches.map((b) => b.project))) {
    if ((await ctx.store.samples.seriesCount(project)) < ctx.limits.maxSeriesPerProject) continue;
    throw new AppError(
      'too-many',
      `project "${project}" has reached its limit of ${ctx.limits.maxSeriesPerProject} series`,
      {
        remedy: 'push fewer label sets, or raise limits.maxSeriesPerProject',
        retryAfterSeconds: 60,
      },
    );
  }
}
