import { SHIPPED_MODEL, type Snapshot, type TuningOutcome } from '@bellwether/models';
import type { Deployment, Place } from '../../domain/deployment.js';
import { audit } from '../audit-trail.js';
import { imagineRelease } from '../calibration-check/imagined-release.js';
import type { AppContext } from '../context.js';
import { instantText } from '../instant-text.js';
import { newestRelease } from '../newest-release.js';
import { permit } from '../permit.js';
import { AppError, type Caller } from '../use-cases.js';
import type { LearnedTuning } from './learned-tuning.js';
import { modelsOf } from './models-of.js';
import { placeKey } from './place-key.js';

/** The same history, moment and seed give the same weights on the same machine. */
const SEED = 1;

function nameOf({ service, environment }: Place, atMs: number): string {
  const at = instantText(atMs).slice(0, 16).replaceAll(/[-:]/gu, '');
  return `${SHIPPED_MODEL.model}+${service}.${environment}.${at}`;
}

/**
 * The history that lies behind the one which calibrates the next watches: placebos that a model has learned from would look quieter to
 * it than a release does.
 */
async function olderHistory(ctx: AppContext, newest: Deployment): Promise<Snapshot> {
  const { policy } = newest;
  const momentMs = ctx.clock() - policy.historyMs - policy.watchMs;
  return (await imagineRelease(ctx, newest, momentMs)).snapshot;
}

function described(outcome: TuningOutcome): Omit<LearnedTuning, 'model' | 'isUsed'> {
  if (outcome.kind === 'insufficient') return { reason: outcome.reason };
  const { baseAuc, tunedAuc, low, high, tunedIsBetter, moments } = outcome.comparison;
  const comparison = { moments, baseAuc, tunedAuc, low, high };
  const reason = tunedIsBetter
    ? 'On quiet moments that were held back it tells injected harm from none better than the shipped model; new watches ask it.'
    : 'On quiet moments that were held back it is not better than the shipped model for certain; nothing is changed.';
  return { reason, comparison };
}

/**
 * Tunes the shipped model on a service's own quiet history, on a thread of its own, and has new watches ask the result where it beats
 * the shipped one on moments held back. Takes about a minute.
 * @throws AppError `not-found` where nothing was ever deployed, `invalid` where the policy does not ask the learned scorer
 */
export async function tuneLearnedScorer(
  ctx: AppContext,
  caller: Caller,
  place: Place,
  reason: string,
): Promise<LearnedTuning> {
  permit(caller, 'override', place);
  const models = modelsOf(ctx);
  const newest = await newestRelease(ctx.store, place);
  if (newest.policy.learnedScorer !== 'on')
    throw new AppError('invalid', `the policy "${newest.policy.name}" does not ask the learned scorer`, {
      field: '/learnedScorer',
      remedy: 'set learnedScorer: on in the policy and deploy once with it',
    });
  const name = nameOf(place, ctx.clock());
  const outcome = await models.tune(await olderHistory(ctx, newest), name, SEED);
  const isUsed = outcome.kind === 'tuned' && outcome.comparison.tunedIsBetter;
  const { project, service, environment } = place;
  return ctx.store.transaction(async (tx) => {
    const detail = { service, environment, reason, isUsed, ...(isUsed ? { model: name } : {}) };
    await audit(ctx, tx, caller, 'learned-scorer.tuned', { project }, detail);
    const key = placeKey(place);
    // Last, so that nothing is used that is not in the audit chain.
    const model = isUsed ? models.use(key, name, outcome.weights) : (models.inUse(key) ?? SHIPPED_MODEL);
    return { isUsed, model, ...described(outcome) };
  });
}

/**
 * The way back: new watches ask the shipped model again. Watches that run keep what they began with, and no tuned model is removed.
 * @throws AppError `not-found` where nothing was ever deployed
 */
export async function revertLearnedScorer(
  ctx: AppContext,
  caller: Caller,
  place: Place,
  reason: string,
): Promise<LearnedTuning> {
  permit(caller, 'override', place);
  const models = modelsOf(ctx);
  await newestRelease(ctx.store, place);
  const { project, service, environment } = place;
  return ctx.store.transaction(async (tx) => {
    const before = models.inUse(placeKey(place));
    const detail = { service, environment, reason, ...(before === undefined ? {} : { model: before.model }) };
    await audit(ctx, tx, caller, 'learned-scorer.reverted', { project }, detail);
    models.useShipped(placeKey(place));
    const text =
      before === undefined
        ? 'The shipped model was in use already.'
        : `New watches ask the shipped model, no longer ${before.model}.`;
    return { isUsed: false, model: SHIPPED_MODEL, reason: text };
  });
}
