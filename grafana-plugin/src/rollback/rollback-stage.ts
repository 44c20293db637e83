import { say } from '../words/say.js';
import type { DeploymentDetail, DeploymentReport } from '../verdicts/wire.js';

/** How far a rollback has come; `over` when nothing more will change by itself. */
export interface RollbackStage {
  readonly steps: readonly { readonly text: string; readonly standing: 'done' | 'now' | 'open' | 'failed' }[];
  readonly over: boolean;
  readonly outcome: 'under-way' | 'recovered' | 'executed' | 'failed' | 'not-recovered';
}

/** Requested → executed → recovered, as the service tells it. The recovery is judged by a watch of its own. */
export function rollbackStage(
  deployment: Pick<DeploymentDetail, 'rollbacks'>,
  recovery: DeploymentReport['recovery'],
): RollbackStage {
  const newest = deployment.rollbacks.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt))[0];
  const state = newest?.state ?? 'requested';
  const failed = state === 'failed' || state === 'refused';
  const executed = state === 'executed';
  const verdict = recovery?.verdict;
  const outcome = outcomeOf({
    failed,
    executed,
    verdict: verdict?.final === true ? verdict.verdict : undefined,
  });
  const executing = failed ? 'failed' : executed ? 'done' : 'now';
  return {
    outcome,
    over: outcome !== 'under-way',
    steps: [
      { text: say('stage.requested'), standing: 'done' },
      {
        text: failed
          ? say('stage.execution-failed', { detail: newest?.detail ?? '' })
          : say('stage.executed', { executor: newest?.executor ?? '' }),
        standing: executing,
      },
      recoveryStep(outcome, executed),
    ],
  };
}

function recoveryStep(outcome: RollbackStage['outcome'], executed: boolean): RollbackStage['steps'][number] {
  if (outcome === 'not-recovered') return { text: say('stage.not-recovered'), standing: 'failed' };
  if (outcome === 'recovered') return { text: say('stage.recovered'), standing: 'done' };
  return { text: say('stage.recovered'), standing: executed ? 'now' : 'open' };
}

function outcomeOf(known: {
  readonly failed: boolean;
  readonly executed: boolean;
  readonly verdict: string | undefined;
}): RollbackStage['outcome'] {
  if (known.failed) return 'failed';
  if (!known.executed || known.verdict === undefined) return 'under-way';
  if (known.verdict === 'continue') return 'recovered';
  return known.verdict === 'rollback' ? 'not-recovered' : 'executed';
}
