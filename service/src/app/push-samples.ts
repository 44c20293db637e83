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
  try {
    return await ctx.store.samples.append(batches, ctx.limits);
  } catch (error) {
    throw error instanceof StoreError ? refusal(ctx, error) : error;
  }
}

function refusal(ctx: AppContext, error: StoreError): Error {
  if (error.code === 'conflict')
    return new AppError('conflict', error.message, {
      field: '/series',
      remedy: 'push a series always with the same type, or under another name',
    });
  if (error.code !== 'too-many-series') return error;
  return new AppError('too-many', `${error.message}; nothing of it was stored`, {
    field: '/series',
    remedy: `push no new label sets (known series still pass), or raise limits.maxSeriesPerProject (now ${ctx.limits.maxSeriesPerProject})`,
    // New series pass again once old ones fall out of retention, which is looked after every hour.
    retryAfterSeconds: 60,
  });
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
