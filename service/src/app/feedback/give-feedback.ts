import type { Deployment } from '../../domain/deployment.js';
import { retractedIn, type Feedback, type FeedbackJudgement } from '../../domain/feedback.js';
import type { Verdict } from '../../domain/verdict.js';
import type { Transaction } from '../../store/port.js';
import { audit } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { permittedDeployment } from '../permit.js';
import { AppError, type Caller, type FeedbackRequest } from '../use-cases.js';

/** Entries of one deployment; whoever has more to say writes notes. */
const MOST_ENTRIES = 200;
/** As many again take something back: a full list of wrong words must not stand for ever. */
const MOST_WITH_RETRACTIONS = 2 * MOST_ENTRIES;

/**
 * Writes down what a person says of a verdict, or takes back what was said. What is there never changes. It counts for watches that begin
 * afterwards, and changes neither α nor a verdict.
 * @throws AppError `conflict` when there is no such verdict or entry, `invalid` when the judgement does not fit the verdict
 */
export function giveFeedback(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: FeedbackRequest,
): Promise<Feedback> {
  return ctx.store.transaction(async (tx) => {
    const deployment = await permittedDeployment(tx, caller, 'override', id);
    const entries = await tx.feedback(id);
    const most = request.retracts === undefined ? MOST_ENTRIES : MOST_WITH_RETRACTIONS;
    if (entries.length >= most)
      throw new AppError('conflict', `a deployment takes at most ${most} entries of feedback`, {
        remedy: 'leave a note instead (POST …/notes)',
      });
    const content =
      request.retracts === undefined
        ? await judged(tx, deployment, request)
        : retraction(entries, request.retracts, request.comment);
    const entryId = ctx.newId();
    const { comment, ...told } = content;
    const actor = await audit(ctx, tx, caller, actionOf(content), deployment, { feedback: entryId, ...told });
    const entry: Feedback = { id: entryId, deploymentId: id, ...content, actor, atMs: ctx.clock() };
    await tx.insertFeedback(entry);
    return entry;
  });
}

type Content = Omit<Feedback, 'id' | 'deploymentId' | 'actor' | 'atMs'>;

function actionOf({ retracts }: Content): string {
  return retracts === undefined ? 'feedback.give' : 'feedback.retract';
}

async function judged(
  tx: Transaction,
  deployment: Deployment,
  { judgement, metrics, comment, verdict: sequence }: FeedbackRequest,
): Promise<Content> {
  const verdict = spokenOf(await tx.verdicts(deployment.id), sequence);
  checkFit(judgement, verdict);
  checkMetrics(deployment, metrics ?? []);
  return {
    verdictId: verdict.id,
    ...(judgement === undefined ? {} : { judgement }),
    ...(metrics === undefined || metrics.length === 0 ? {} : { metrics }),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** The verdict that is named, else the newest one that looks came to, else the newest one. */
function spokenOf(newestFirst: readonly Verdict[], sequence: number | undefined): Verdict {
  const settled = newestFirst.find(
    ({ value, rule }) => rule !== 'override' && (value === 'rollback' || value === 'continue'),
  );
  const found =
    sequence === undefined
      ? (settled ?? newestFirst[0])
      : newestFirst.find((verdict) => verdict.sequence === sequence);
  if (found !== undefined) return found;
  throw sequence === undefined
    ? new AppError('conflict', 'there is no verdict to judge yet', { remedy: 'wait for the first look' })
    : new AppError('conflict', `there is no verdict with the number ${sequence}`, {
        field: '/verdict',
        remedy: 'GET …/{id} lists them; leave "verdict" out for the newest',
      });
}

function checkFit(judgement: FeedbackJudgement | undefined, { value }: Verdict): void {
  const isMisfit =
    (judgement === 'false-rollback' && value !== 'rollback') ||
    (judgement === 'missed-harm' && value === 'rollback');
  if (!isMisfit) return;
  throw new AppError('invalid', `the verdict is ${value}, so it is no ${judgement}`, {
    field: '/judgement',
    remedy:
      value === 'rollback'
        ? 'say "right" or "false-rollback", or name another verdict by its number'
        : 'say "right" or "missed-harm", or name another verdict by its number',
  });
}

function checkMetrics(
  { policy }: Deployment,
  metrics: readonly { readonly name: string; readonly relevance: string }[],
): void {
  const known = new Set(policy.metrics.map(({ name }) => name));
  const seen = new Set<string>();
  for (const [index, { name }] of metrics.entries()) {
    const field = `/metrics/${index}/name`;
    if (!known.has(name))
      throw new AppError('invalid', `the release was not judged by a metric "${name}"`, {
        field,
        remedy: `name one of ${[...known].slice(0, 20).join(', ')}`,
      });
    if (seen.has(name))
      throw new AppError('invalid', `"${name}" is named twice`, { field, remedy: 'name it once' });
    seen.add(name);
  }
}

function retraction(entries: readonly Feedback[], retracts: string, comment: string | undefined): Content {
  const target = entries.find(({ id }) => id === retracts);
  if (target === undefined)
    throw new AppError('conflict', `this deployment has no feedback "${retracts}"`, {
      field: '/retracts',
      remedy: 'GET …/{id} lists it with the ids',
    });
  if (retractedIn(entries).has(retracts))
    throw new AppError('conflict', `feedback "${retracts}" was retracted already`, {
      field: '/retracts',
      remedy: 'retract the retraction to bring it back',
    });
  return { verdictId: target.verdictId, retracts, ...(comment === undefined ? {} : { comment }) };
}
