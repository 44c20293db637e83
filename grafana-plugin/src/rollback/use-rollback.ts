import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { appActions, appReader, newRequestKey } from '../verdicts/service-client.js';
import { type ServiceTrouble, troubleOf } from '../verdicts/service-trouble.js';
import type { RollbackFacts } from './consequences.js';
import { rollbackStage, type RollbackStage } from './rollback-stage.js';

/** How often a rollback under way is looked at, in milliseconds: a rollback takes seconds to minutes. */
const FOLLOW_EVERY_MS = 1_500;

export type RollbackPhase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'refused'; readonly trouble: ServiceTrouble }
  | {
      readonly kind: 'asking';
      readonly facts: RollbackFacts;
      readonly trouble?: ServiceTrouble;
      readonly isSending: boolean;
    }
  | { readonly kind: 'following'; readonly facts: RollbackFacts; readonly stage: RollbackStage };

/**
 * One rollback from the question to the recovery: gathers what should be known with a dry run, sends the request once under one key
 * however often it is confirmed, and follows it until nothing changes any more.
 */
export function useRollback(id: string): {
  readonly phase: RollbackPhase;
  readonly confirm: (reason: string) => void;
} {
  const [phase, setPhase] = useState<RollbackPhase>({ kind: 'loading' });
  const key = useMemo(newRequestKey, [id]);
  const isSent = useRef(false);

  useEffect(() => {
    let isCurrent = true;
    gatherFacts(id).then(
      (facts) => {
        if (isCurrent) setPhase({ kind: 'asking', facts, isSending: false });
      },
      (error: unknown) => {
        if (isCurrent) setPhase({ kind: 'refused', trouble: troubleOf(error) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [id]);

  const confirm = useCallback(
    (reason: string) => {
      if (phase.kind !== 'asking' || isSent.current) return;
      isSent.current = true;
      const { facts } = phase;
      setPhase({ kind: 'asking', facts, isSending: true });
      const order = { dryRun: false, ...(reason === '' ? {} : { reason }) };
      appActions.rollback(id, order, key).then(
        (rollback) =>
          setPhase({ kind: 'following', facts, stage: rollbackStage({ rollbacks: [rollback] }, undefined) }),
        (error: unknown) => {
          // The same key is used again: a request whose answer was lost is still one rollback.
          isSent.current = false;
          setPhase({ kind: 'asking', facts, isSending: false, trouble: troubleOf(error) });
        },
      );
    },
    [phase, id, key],
  );

  const isFollowing = phase.kind === 'following' && !phase.stage.over;
  useEffect(() => {
    if (!isFollowing) return undefined;
    const timer = setInterval(() => {
      readStage(id).then(
        (stage) => setPhase((now) => (now.kind === 'following' ? { ...now, stage } : now)),
        // One lost answer is no news of the rollback; the next one tells.
        () => undefined,
      );
    }, FOLLOW_EVERY_MS);
    return () => clearInterval(timer);
  }, [id, isFollowing]);

  return { phase, confirm };
}

async function gatherFacts(id: string): Promise<RollbackFacts> {
  const reader = appReader();
  const deployment = await reader.deployment(id);
  const [rehearsal, later] = await Promise.all([
    // A reason is asked for below; the rehearsal needs one where the policy does.
    appActions.rollback(id, { dryRun: true, reason: 'rehearsal' }),
    reader.deployments({ environment: deployment.environment, fromMs: Date.parse(deployment.startedAt) }),
  ]);
  return { deployment, rehearsal, later: later.items };
}

async function readStage(id: string): Promise<RollbackStage> {
  const reader = appReader();
  const [deployment, report] = await Promise.all([reader.deployment(id), reader.report(id)]);
  return rollbackStage(deployment, report.recovery);
}
