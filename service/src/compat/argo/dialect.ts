import { z } from 'zod';
import { nothing, type HookDialect } from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { workloadEvent } from '../kubernetes/workload-event.js';
import { workload } from '../kubernetes/workload.js';

/** What the template of docs/deployments-in.md makes Argo Rollouts send: the whole Rollout, as it is when something happens to it. */
const payload = z.object({ rollout: workload });

/**
 * Argo Rollouts' notifications. Each carries the Rollout itself, so what is lost or comes twice or late does no harm: the
 * next one tells all.
 */
export const argoRollouts: HookDialect = {
  decode({ body }) {
    const { rollout } = decodeJson(payload, body);
    const event = workloadEvent({ ...rollout, kind: 'Rollout' });
    return event === undefined ? nothing('the Rollout has no revision or no version yet') : [event];
  },
};
