import { z } from 'zod';
import { nothing, type HookDialect } from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { workloadEvent } from '../kubernetes/workload-event.js';
import { workload } from '../kubernetes/workload.js';

/**
 * What the templates of docs/deployments-in.md make Argo Rollouts send: the whole Rollout. It is the one from before the event, whose status
 * does not yet say that it is completed or aborted, so the message does.
 */
const payload = z.object({
  event: z.enum(['changed', 'completed', 'aborted']).default('changed'),
  rollout: workload,
});

/**
 * Argo Rollouts' notifications. Each carries the Rollout itself, so what is lost or comes twice or late does no harm: the
 * next one tells all.
 */
export const argoRollouts: HookDialect = {
  decode({ body }) {
    const { event, rollout } = decodeJson(payload, body);
    const told = workloadEvent({ ...rollout, kind: 'Rollout' });
    if (told === undefined) return nothing('the Rollout has no revision or no version yet');
    if (event === 'completed') return [{ ...told, move: 'finish', stepIndex: Number.MAX_SAFE_INTEGER }];
    if (event === 'aborted')
      return [{ ...told, move: 'cancel', reason: told.reason ?? 'the Rollout was aborted' }];
    return [told];
  },
};
