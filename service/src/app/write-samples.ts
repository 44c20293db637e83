import { authorise, type Authorisation, type TargetPlace } from '../domain/authorise.js';
import type { SampleBatch } from '../domain/sample.js';
import { RefusalTally } from '../domain/sample-refusal.js';
import type { AppContext } from './context.js';
import { AppError, type Caller, type WrittenSamples } from './use-cases.js';

/** Storing this many takes some 40 ms; others get their turn in between. */
const SAMPLES_AT_ONCE = 10_000;

/**
 * Stores what an agent sends, which cannot correct a part that is refused: what can be kept is kept, the rest is counted by reason. It is
 * stored in pieces; where one fails, sending all of it again does no harm.
 * @throws AppError `forbidden` when the caller may store none of it; StoreError when the store cannot now
 */
export async function writeSamples(
  ctx: AppContext,
  caller: Caller,
  batches: readonly SampleBatch[],
): Promise<WrittenSamples> {
  const tally = new RefusalTally();
  const permitted = permittedBatches(caller, batches, tally);
  let stored = 0;
  let replaced = 0;
  for (const piece of inPieces(permitted)) {
    const done = await ctx.store.samples.appendWhatFits(piece, ctx.limits);
    stored += done.stored;
    replaced += done.replaced;
    for (const { project, timesMs } of done.leftOut)
      tally.add('project-series-limit', timesMs.length, () => tooManySeries(ctx, project));
  }
  return { stored, replaced, refusals: tally.list() };
}

/** A token scoped to a service or environment writes only series that carry it as a label. */
function permittedBatches(
  caller: Caller,
  batches: readonly SampleBatch[],
  tally: RefusalTally,
): readonly SampleBatch[] {
  let refusal = '';
  // Thousands of series are of a few places.
  const answers = new Map<string, Authorisation>();
  const permitted = batches.filter(({ project, metric, labels, timesMs }) => {
    const place = `${project}\n${labels['service'] ?? ''}\n${labels['environment'] ?? ''}`;
    const answer = answers.get(place) ?? authorise(caller, 'push', placeOf(project, labels));
    answers.set(place, answer);
    if (answer.kind === 'ok') return true;
    refusal = answer.reason;
    tally.add('forbidden', timesMs.length, () => `${metric}: ${answer.reason}`);
    return false;
  });
  if (permitted.length === 0 && refusal !== '') throw new AppError('forbidden', refusal);
  return permitted;
}

function placeOf(project: string, { service, environment }: SampleBatch['labels']): TargetPlace {
  return {
    project,
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
  };
}

function* inPieces(batches: readonly SampleBatch[]): Generator<readonly SampleBatch[]> {
  let piece: SampleBatch[] = [];
  let samples = 0;
  for (const batch of batches) {
    piece.push(batch);
    samples += batch.timesMs.length;
    if (samples < SAMPLES_AT_ONCE) continue;
    yield piece;
    piece = [];
    samples = 0;
  }
  if (piece.length > 0) yield piece;
}

function tooManySeries({ limits }: AppContext, project: string): string {
  return `project "${project}" has its ${limits.maxSeriesPerProject} series, and new ones are not taken (known ones still are); drop labels that change all the time, or raise limits.maxSeriesPerProject`;
}
